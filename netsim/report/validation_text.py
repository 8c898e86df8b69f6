"""What `netsim validate` found, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from netsim.errors import Diagnostic, Severity, visible
from netsim.model.snapshot import Snapshot
from netsim.report.diagnostics_text import diagnostic_text
from netsim.report.findings_told import Evaluated
from netsim.report.style import Palette, counted

_UNKNOWN = "document"  # the kind of what can't be read


def validation_text(
    snapshot: Snapshot, palette: Palette, evaluated: Evaluated | None = None
) -> str:
    """Every diagnostic, then what evaluation found, what was read, and whether all is well."""
    lines = [diagnostic_text(diagnostic, palette) for diagnostic in snapshot.diagnostics]
    lines += _findings(evaluated, palette) if evaluated else ()
    if lines:
        lines.append("")
    said = snapshot.diagnostics + (evaluated.diagnostics if evaluated else ())
    return "\n".join([*lines, *summary_lines(snapshot), _outcome(said, palette), ""])


def _findings(evaluated: Evaluated, palette: Palette) -> Iterator[str]:
    for finding in evaluated.findings:
        yield diagnostic_text(finding.diagnostic, palette)
        if line := evaluated.flow_line(finding):
            yield f"  {line}"


def summary_lines(snapshot: Snapshot) -> list[str]:
    """How many of each kind were read and passed over, in one line each."""
    summary = snapshot.summary
    lines = [f"read {counted(summary.files, 'file')}: {_kinds(summary.read) or 'no object'}"]
    known = {kind: number for kind, number in left_out_kinds(snapshot).items() if kind != _UNKNOWN}
    if known:
        lines.append(f"at fault: {_kinds(known)}")
    if unread := len(snapshot.left_out) - sum(known.values()):
        lines.append(f"not read: {unread} (files or documents)")
    if summary.skipped:
        lines.append(f"passed over, as they say nothing of traffic: {_kinds(summary.skipped)}")
    return lines


def left_out_kinds(snapshot: Snapshot) -> Counter[str]:
    """How many objects were at fault, by kind; `document` where not even that is known."""
    return Counter(item.kind or _UNKNOWN for item in snapshot.left_out)


def _kinds(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {visible(kind)}" for kind, number in sorted(counts.items()))


def _outcome(diagnostics: tuple[Diagnostic, ...], palette: Palette) -> str:
    errors, warnings, notes = (
        _count(diagnostics, severity)
        for severity in (Severity.ERROR, Severity.WARNING, Severity.NOTE)
    )
    found = [
        counted(number, word)
        for number, word in ((errors, "error"), (warnings, "warning"), (notes, "note"))
        if number
    ]
    verdict = palette.decision(not errors, "not valid" if errors else "valid")
    return f"{verdict}: {', '.join(found) or 'nothing to complain of'}"


def _count(diagnostics: tuple[Diagnostic, ...], severity: Severity) -> int:
    """How many of the diagnostics have this severity."""
    return sum(diagnostic.severity is severity for diagnostic in diagnostics)
