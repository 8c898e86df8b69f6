"""The formats of a difference by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from netsim.report.diff_dot import diff_dot
from netsim.report.diff_github import diff_github
from netsim.report.diff_html import diff_html
from netsim.report.diff_json import diff_json
from netsim.report.diff_markdown import diff_markdown
from netsim.report.diff_pairs import diff_csv, diff_lines, pairs_text
from netsim.report.diff_text import diff_text
from netsim.report.diff_told import Told
from netsim.report.style import Palette


def _github(told: Told) -> Iterator[str]:
    """Annotations, and after an empty line the summary."""
    yield from diff_github(told)
    yield "\n"
    yield from diff_markdown(told)


def _text(told: Told, palette: Palette) -> Iterator[str]:
    return pairs_text(told, palette) if told.pairs else diff_text(told, palette)


# Each yields the text in pieces.
DIFF: dict[str, Callable[[Told, Palette], Iterator[str]]] = {
    "text": _text,
    "json": lambda told, palette: diff_json(told),
    "jsonl": lambda told, palette: diff_lines(told),
    "csv": lambda told, palette: diff_csv(told),
    "markdown": lambda told, palette: diff_markdown(told),
    "html-fragment": lambda told, palette: diff_html(told),
    "dot": lambda told, palette: diff_dot(told),
    "github": lambda told, palette: _github(told),
}
FORMATS = tuple(DIFF)
