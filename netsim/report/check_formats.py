"""The formats of outcomes by name, each loaded when something is told in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from netsim.report.check_told import Told
from netsim.report.style import Palette


def _text(told: Told, palette: Palette) -> Iterator[str]:
    from netsim.report.check_text import check_text

    return check_text(told, palette)


def _json(told: Told, palette: Palette) -> Iterator[str]:
    from netsim.report.check_json import check_json

    return check_json(told)


def _junit(told: Told, palette: Palette) -> Iterator[str]:
    from netsim.report.check_junit import check_junit

    return check_junit(told)


def _sarif(told: Told, palette: Palette) -> Iterator[str]:
    from netsim.report.check_sarif import check_sarif

    return check_sarif(told)


def _github(told: Told, palette: Palette) -> Iterator[str]:
    """Annotations, and after an empty line the summary."""
    from netsim.report.check_github import check_github
    from netsim.report.check_markdown import check_markdown

    yield from check_github(told)
    yield "\n"
    yield from check_markdown(told)


def _tap(told: Told, palette: Palette) -> Iterator[str]:
    from netsim.report.check_tap import check_tap

    return check_tap(told)


# Each yields the text in pieces.
CHECK: dict[str, Callable[[Told, Palette], Iterator[str]]] = {
    "text": _text,
    "json": _json,
    "junit": _junit,
    "sarif": _sarif,
    "github": _github,
    "tap": _tap,
}
FORMATS = tuple(CHECK)
