"""What `netsim validate` found, as data (docs/json.md)."""

from __future__ import annotations

from netsim.errors import Diagnostic, Severity
from netsim.model.snapshot import Snapshot
from netsim.report.findings_told import Evaluated
from netsim.report.json_text import API_VERSION, json_text, place
from netsim.report.validation_text import left_out_kinds


def validation_json(snapshot: Snapshot, evaluated: Evaluated | None = None) -> str:
    """One object, `kind: Validation`."""
    summary = snapshot.summary
    diagnostics = snapshot.diagnostics
    errors = [item for item in diagnostics if item.severity is Severity.ERROR]
    return json_text(
        {
            "apiVersion": API_VERSION,
            "kind": "Validation",
            "valid": not errors,
            "files": summary.files,
            "read": dict(sorted(summary.read.items())),
            "atFault": dict(sorted(left_out_kinds(snapshot).items())),
            "skipped": dict(sorted(summary.skipped.items())),
            "diagnostics": [diagnostic_value(item) for item in diagnostics],
            "findings": evaluated and [evaluated.value(each) for each in evaluated.findings],
        },
        indent=2,
    )


def diagnostic_value(diagnostic: Diagnostic) -> dict[str, object]:
    """One diagnostic; the keys of its place are null where it has none."""
    return {
        "severity": diagnostic.severity.value,
        "type": diagnostic.type.value,
        "code": diagnostic.code,
        "path": diagnostic.path,
        "message": diagnostic.message,
        "help": diagnostic.help,
        **place(diagnostic.location),
    }
