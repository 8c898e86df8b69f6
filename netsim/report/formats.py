"""The formats by name, each loaded when something is told in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from netsim.model.snapshot import Snapshot
from netsim.model.verdict import Verdict
from netsim.report.context import Context
from netsim.report.style import Palette, Style

if TYPE_CHECKING:
    from netsim.report.findings_told import Evaluated


def _verdict_text(verdict: Verdict, context: Context, style: Style) -> str:
    from netsim.report.text import verdict_text

    return verdict_text(verdict, context, style)


def _verdict_json(verdict: Verdict, context: Context, style: Style) -> str:
    from netsim.report.verdict_json import verdict_json

    return verdict_json(verdict, context)


def _validation_text(snapshot: Snapshot, palette: Palette, evaluated: Evaluated | None) -> str:
    from netsim.report.validation_text import validation_text

    return validation_text(snapshot, palette, evaluated)


def _validation_json(snapshot: Snapshot, palette: Palette, evaluated: Evaluated | None) -> str:
    from netsim.report.validation_json import validation_json

    return validation_json(snapshot, evaluated)


def _validation_github(snapshot: Snapshot, palette: Palette, evaluated: Evaluated | None) -> str:
    from netsim.report.github import validation_github

    return validation_github(snapshot, evaluated)


def _validation_sarif(snapshot: Snapshot, palette: Palette, evaluated: Evaluated | None) -> str:
    from netsim.report.sarif import validation_sarif

    return validation_sarif(snapshot, evaluated)


# A form for people is set in a style or in colours; those for programs look at neither.
VERDICT: dict[str, Callable[[Verdict, Context, Style], str]] = {
    "text": _verdict_text,
    "json": _verdict_json,
}
VALIDATION: dict[str, Callable[[Snapshot, Palette, Evaluated | None], str]] = {
    "text": _validation_text,
    "json": _validation_json,
    "github": _validation_github,
    "sarif": _validation_sarif,
}
