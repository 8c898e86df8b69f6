"""A difference as annotations of GitHub Actions, on the lines to blame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netsim.errors import Location
from netsim.report.diff_told import Told
from netsim.report.diff_view import Line, Paragraph, Said, View, cut_text
from netsim.report.files import in_workspace
from netsim.report.github import annotation


def diff_github(told: Told) -> Iterator[str]:
    """A warning for each edit that opened something, a notice for each that only closed something.

    It stands where the new version has it, or where the old one had it. No endpoint that came or
    went is annotated: the summary, which is Markdown, has them.
    """
    for paragraph in View(told).paragraphs():
        for edit in paragraph.edits.shown:
            yield _annotation(paragraph, edit, told) + "\n"


def _annotation(paragraph: Paragraph, edit: Said, told: Told) -> str:
    command = "warning" if paragraph.opened.shown else "notice"
    place = _in_repository(edit.locations[-1], told.revisions) if edit.locations else None
    lines = [edit.text, *map(_line, (*paragraph.opened.shown, *paragraph.closed.shown))]
    others = paragraph.opened.others + paragraph.closed.others
    lines += [f"… and {others} more"] if others else []
    title = "reachability opened" if paragraph.opened.shown else "reachability closed"
    return annotation(command, place, f"netsim: {title}", "\n".join(lines))


def _line(line: Line) -> str:
    sign = "+" if line.opened else "-"
    return f"{sign} {line.traffic}  {cut_text(line.sources)} -> {cut_text(line.destinations)}"


def _in_repository(place: Location, revisions: tuple[str, ...]) -> Location:
    """As the repository names it: without the revision that git has the file in, if that is so."""
    for revision in revisions:
        if place.file.startswith(f"{revision}:"):
            return replace(place, file=place.file.removeprefix(f"{revision}:"))
    return replace(place, file=in_workspace(place.file))
