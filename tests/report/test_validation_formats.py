"""The four forms of what `netsim validate` finds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from published_schemas import hold_sarif

from netsim.errors import Diagnostic, FaultType, Location, Severity
from netsim.model.snapshot import Snapshot, Summary
from netsim.report.github import validation_github
from netsim.report.sarif import validation_sarif
from netsim.report.style import COLOURED, PLAIN
from netsim.report.validation_json import validation_json
from netsim.report.validation_text import validation_text

PEER = Diagnostic(
    Severity.ERROR,
    FaultType.FORBIDDEN,
    "VAL-21",
    "may not specify both ipBlock and another peer",
    Location("policies/web.yaml", 14, 9),
    "spec.ingress[0].from[1]",
    "write two items",
)
EMPTY = Diagnostic(
    Severity.WARNING, FaultType.UNREADABLE, "INPUT", "the folder is empty", Location("more")
)
FOUND = Snapshot(
    diagnostics=(PEER, EMPTY),
    summary=Summary({"Pod": 2, "NetworkPolicy": 1}, {"ConfigMap": 3}, 4),
)


def with_message(message: str, file: str = "a.yaml") -> Snapshot:
    location = Location(file, 1, 1)
    return Snapshot(
        diagnostics=(Diagnostic(Severity.ERROR, FaultType.INVALID, "VAL-1", message, location),)
    )


def test_text() -> None:
    assert validation_text(FOUND, PLAIN) == (
        "policies/web.yaml:14:9: spec.ingress[0].from[1]: may not specify both ipBlock and another peer\n"
        "  help: write two items\n"
        "more: warning: the folder is empty\n"
        "\n"
        "read 4 files: 1 NetworkPolicy, 2 Pod\n"
        "passed over, as they say nothing of traffic: 3 ConfigMap\n"
        "not valid: 1 error, 1 warning\n"
    )


def test_text_without_a_fault() -> None:
    assert validation_text(Snapshot(summary=Summary({"Pod": 1}, {}, 1)), PLAIN) == (
        "read 1 file: 1 Pod\nvalid: nothing to complain of\n"
    )


def test_text_escapes_what_comes_from_input() -> None:
    text = validation_text(with_message("no `\x1b[2J`", "a\nb.yaml"), COLOURED)
    assert r"no `\x1b[2J`" in text
    assert r"a\nb.yaml:1:1" in text


def test_json() -> None:
    value = json.loads(validation_json(FOUND))
    assert value["valid"] is False
    assert value["skipped"] == {"ConfigMap": 3}
    assert value["diagnostics"][0] == {
        "severity": "error",
        "type": "Forbidden",
        "code": "VAL-21",
        "path": "spec.ingress[0].from[1]",
        "message": "may not specify both ipBlock and another peer",
        "help": "write two items",
        "file": "policies/web.yaml",
        "line": 14,
        "column": 9,
    }
    assert value["diagnostics"][1]["line"] is None


def test_github() -> None:
    first, second, *_ = validation_github(FOUND).splitlines()
    assert first == (
        "::error file=policies/web.yaml,line=14,col=9,title=netsim VAL-21%3A Forbidden::"
        "spec.ingress[0].from[1]: may not specify both ipBlock and another peer%0Awrite two items"
    )
    assert second.startswith("::warning file=more,title=netsim INPUT%3A Unreadable::")


def test_github_escapes() -> None:
    text = validation_github(with_message("100%0A\n::error::x\r\x1b", "a,b:c%.yaml"))
    first = text.splitlines()[0]
    assert "file=a%2Cb%3Ac%25.yaml," in first
    assert first.endswith(r"::100%250A%0A::error::x\r\x1b")


def sarif(snapshot: Snapshot) -> dict[str, Any]:
    value = json.loads(validation_sarif(snapshot))
    assert value["version"] == "2.1.0"
    (run,) = value["runs"]
    assert isinstance(run, dict)
    return run


def test_sarif() -> None:
    run = sarif(FOUND)
    assert run["tool"]["driver"]["name"] == "netsim"
    first, second = run["results"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules[first["ruleIndex"]] == first["ruleId"] == "VAL-21"
    assert (first["level"], second["level"]) == ("error", "warning")
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "policies/web.yaml", "uriBaseId": "SRCROOT"},
                "region": {"startLine": 14, "startColumn": 9},
            }
        }
    ]
    assert "region" not in second["locations"][0]["physicalLocation"]


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("./a/../b c%.yaml", "b%20c%25.yaml"),
        (str(Path.cwd() / "x.yaml"), "x.yaml"),
        ("../up.yaml", "../up.yaml"),
        ("/etc/x.yaml", "file:///etc/x.yaml"),
        ("<stdin>", "%3Cstdin%3E"),
        ("\udcff.yaml", "%FF.yaml"),
    ],
)
def test_sarif_uris(file: str, uri: str) -> None:
    (result,) = sarif(with_message("x", file))["results"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact["uri"] == uri
    assert ("uriBaseId" in artifact) == (not uri.startswith("file:"))


def fingerprints(*diagnostics: Diagnostic) -> list[str]:
    results = sarif(Snapshot(diagnostics=diagnostics))["results"]
    return [result["partialFingerprints"]["netsim/v1"] for result in results]


def test_sarif_fingerprints_outlive_moved_lines_and_tell_equals_apart() -> None:
    moved = Diagnostic(
        PEER.severity,
        PEER.type,
        PEER.code,
        PEER.message,
        Location("policies/web.yaml", 99, 1),
        PEER.path,
    )
    assert fingerprints(PEER)[0] == fingerprints(moved)[0]
    one, two = fingerprints(PEER, moved)
    assert one != two


def test_sarif_is_as_its_schema_says() -> None:
    for snapshot in (FOUND, Snapshot(), with_message("\x1b[31m\n", "/tmp/a b:c.yaml")):
        hold_sarif(validation_sarif(snapshot))
