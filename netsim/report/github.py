"""Diagnostics as annotations of GitHub Actions, one workflow command a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netsim.errors import Diagnostic, Location, Severity, visible
from netsim.model.snapshot import Snapshot
from netsim.report.files import in_workspace
from netsim.report.findings_told import Evaluated
from netsim.report.validation_text import summary_lines

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def validation_github(snapshot: Snapshot, evaluated: Evaluated | None = None) -> str:
    """An annotation for each diagnostic and finding, then the summary for the log."""
    said = snapshot.diagnostics + (evaluated.diagnostics if evaluated else ())
    lines = [*map(_annotation, said), *summary_lines(snapshot)]
    return "\n".join(lines) + "\n"


def annotation(command: str, place: Location | None, title: str, text: str) -> str:
    """A workflow command: `error`, `warning` or `notice`.

    The file of its place is named from the top of the repository.
    """
    properties = (*_place(place), ("title", title))
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties)
    return f"::{command} {listed}::{_data(text)}"


def _annotation(diagnostic: Diagnostic) -> str:
    path = f"{diagnostic.path}: " if diagnostic.path else ""
    help = f"\n{diagnostic.help}" if diagnostic.help else ""
    return annotation(
        _COMMANDS[diagnostic.severity],
        diagnostic.location
        and replace(diagnostic.location, file=in_workspace(diagnostic.location.file)),
        f"netsim {diagnostic.code}: {diagnostic.type.value}",
        path + diagnostic.message + help,
    )


def _place(place: Location | None) -> Iterator[tuple[str, str]]:
    if place is not None:
        yield "file", place.file
        if place.line:
            yield from (("line", str(place.line)), ("col", str(place.column)))


def _data(text: str) -> str:
    return "%0A".join(visible(line).replace("%", "%25") for line in text.split("\n"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
