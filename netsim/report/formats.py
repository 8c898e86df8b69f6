"""The formats by name."""

from __future__ import annotations

from collections.abc import Callable

from netsim.model.snapshot import Snapshot
from netsim.model.verdict import Verdict
from netsim.report.context import Context
from netsim.report.github import validation_github
from netsim.report.rows import RowFormat, error_line, error_row, verdict_line, verdict_row
from netsim.report.sarif import validation_sarif
from netsim.report.style import Palette, Style
from netsim.report.text import verdict_text
from netsim.report.validation_json import validation_json
from netsim.report.validation_text import validation_text
from netsim.report.verdict_json import verdict_json

# A form for people is set in a style or in colours; those for programs look at neither.
VERDICT: dict[str, Callable[[Verdict, Context, Style], str]] = {
    "text": verdict_text,
    "json": lambda verdict, context, _: verdict_json(verdict, context),
}
VALIDATION: dict[str, Callable[[Snapshot, Palette], str]] = {
    "text": validation_text,
    "json": lambda snapshot, _: validation_json(snapshot),
    "github": lambda snapshot, _: validation_github(snapshot),
    "sarif": lambda snapshot, _: validation_sarif(snapshot),
}
ROWS = {
    "text": RowFormat(verdict_row, error_row),
    "jsonl": RowFormat(verdict_line, error_line),
}
