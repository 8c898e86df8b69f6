"""The formats of a difference by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from netsim.report.diff_json import diff_json
from netsim.report.diff_pairs import diff_csv, diff_lines, pairs_text
from netsim.report.diff_text import diff_text
from netsim.report.diff_told import Told
from netsim.report.style import Palette


def _text(told: Told, palette: Palette) -> Iterator[str]:
    return pairs_text(told, palette) if told.pairs else diff_text(told, palette)


# Each yields the text in pieces.
DIFF: dict[str, Callable[[Told, Palette], Iterator[str]]] = {
    "text": _text,
    "json": lambda told, palette: diff_json(told),
    "jsonl": lambda told, palette: diff_lines(told),
    "csv": lambda told, palette: diff_csv(told),
}
FORMATS = tuple(DIFF)
