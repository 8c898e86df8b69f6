"""Diagnostics as SARIF 2.1.0, for code-scanning services."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from netsim import __version__
from netsim.errors import Diagnostic
from netsim.model.snapshot import Snapshot
from netsim.report.files import file_uri
from netsim.report.json_text import json_text

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def validation_sarif(snapshot: Snapshot) -> str:
    """One run with a result for each diagnostic, in order."""
    diagnostics = snapshot.diagnostics
    codes = sorted({diagnostic.code for diagnostic in diagnostics})
    run = {
        "tool": {"driver": _driver(codes)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "where netsim was run"}}},
        "results": [
            _result(diagnostic, codes.index(diagnostic.code), mark)
            for diagnostic, mark in zip(diagnostics, _fingerprints(diagnostics), strict=True)
        ],
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _driver(codes: Sequence[str]) -> dict[str, object]:
    return {
        "name": "netsim",
        "version": __version__,
        "rules": [
            {"id": code, "shortDescription": {"text": f"rule {code} of docs/semantics.md"}}
            for code in codes
        ],
    }


def _result(diagnostic: Diagnostic, rule: int, fingerprint: str) -> dict[str, object]:
    path = f"{diagnostic.path}: " if diagnostic.path else ""
    help = f"\n{diagnostic.help}" if diagnostic.help else ""
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": diagnostic.severity.value,  # SARIF has the same three words
        "message": {"text": f"{path}{diagnostic.message}{help}"},
        "locations": _locations(diagnostic),
        "partialFingerprints": {"netsim/v1": fingerprint},
    }


def _locations(diagnostic: Diagnostic) -> list[object]:
    place = diagnostic.location
    if place is None:
        return []
    uri = file_uri(place.file)
    artifact = {"uri": uri} if ":" in uri else {"uri": uri, "uriBaseId": "SRCROOT"}
    physical: dict[str, object] = {"artifactLocation": artifact}
    if place.line:
        physical["region"] = {"startLine": place.line, "startColumn": place.column}
    return [{"physicalLocation": physical}]


def _fingerprints(diagnostics: Sequence[Diagnostic]) -> list[str]:
    """A mark for each that edits elsewhere don't change: no line in it, and equals are counted."""
    from hashlib import sha256

    seen: Counter[str] = Counter()
    marks = []
    for diagnostic in diagnostics:
        file = file_uri(diagnostic.location.file) if diagnostic.location else ""
        parts = (diagnostic.code, diagnostic.type.value, file, diagnostic.path, diagnostic.message)
        text = "\0".join(parts)
        marks.append(sha256(f"{text}\0{seen[text]}".encode()).hexdigest())
        seen[text] += 1
    return marks
