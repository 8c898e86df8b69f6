"""SARIF 2.1.0, for code-scanning services; diagnostics in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from netsim import __version__
from netsim.errors import Diagnostic, Location
from netsim.model.snapshot import Snapshot
from netsim.report.files import file_uri
from netsim.report.findings_told import Evaluated
from netsim.report.json_text import json_text

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def validation_sarif(snapshot: Snapshot, evaluated: Evaluated | None = None) -> str:
    """One run with a result for each diagnostic, in order, and then for each finding."""
    diagnostics = snapshot.diagnostics + (evaluated.diagnostics if evaluated else ())
    codes = sorted({diagnostic.code for diagnostic in diagnostics})
    rules = {code: f"rule {code} of docs/semantics.md" for code in codes}
    found = zip(diagnostics, sarif_marks(map(_identity, diagnostics)), strict=True)
    return sarif_log(
        rules,
        [_result(diagnostic, codes.index(diagnostic.code), mark) for diagnostic, mark in found],
    )


def sarif_log(rules: Mapping[str, str], results: Sequence[object]) -> str:
    """A log of one run. `rules` are those that its results name by index, with what they say."""
    driver = {
        "name": "netsim",
        "version": __version__,
        "rules": [{"id": id, "shortDescription": {"text": text}} for id, text in rules.items()],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "where netsim was run"}}},
        "results": results,
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def sarif_location(place: Location) -> dict[str, object]:
    """A place; its file as seen from where netsim was run, if it lies below that."""
    uri = file_uri(place.file)
    artifact = {"uri": uri} if ":" in uri else {"uri": uri, "uriBaseId": "SRCROOT"}
    physical: dict[str, object] = {"artifactLocation": artifact}
    if place.line:
        physical["region"] = {"startLine": place.line, "startColumn": place.column}
    return {"physicalLocation": physical}


def sarif_marks(identities: Iterable[str]) -> list[str]:
    """A mark for each result that edits elsewhere don't change: no line in it, and equals are counted."""
    from hashlib import sha256

    seen: Counter[str] = Counter()
    marks = []
    for text in identities:
        marks.append(sha256(f"{text}\0{seen[text]}".encode()).hexdigest())
        seen[text] += 1
    return marks


def _result(diagnostic: Diagnostic, rule: int, mark: str) -> dict[str, object]:
    path = f"{diagnostic.path}: " if diagnostic.path else ""
    help = f"\n{diagnostic.help}" if diagnostic.help else ""
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": diagnostic.severity.value,  # SARIF has the same three words
        "message": {"text": f"{path}{diagnostic.message}{help}"},
        "locations": [sarif_location(diagnostic.location)] if diagnostic.location else [],
        "partialFingerprints": {"netsim/v1": mark},
    }


def _identity(diagnostic: Diagnostic) -> str:
    file = file_uri(diagnostic.location.file) if diagnostic.location else ""
    parts = (diagnostic.code, diagnostic.type.value, file, diagnostic.path, diagnostic.message)
    return "\0".join(parts)
