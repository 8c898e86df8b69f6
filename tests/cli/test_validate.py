"""`netsim validate --semantic`: what evaluating cluster policies finds.

tests/golden/validate has what a reader sees of fixtures/tiers/findings.yaml, as `manifests.yaml`:
`netsim validate -f manifests.yaml --semantic --profile ovn-kubernetes` writes `text` anew.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import netsim
from netsim.cli.main import main

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "validate"
MANIFESTS = ROOT / "fixtures" / "tiers" / "findings.yaml"
ASK = ["validate", "-f", "manifests.yaml", "--semantic", "--profile", "ovn-kubernetes"]


@pytest.fixture(autouse=True)
def clusters(folder: Path) -> None:
    (folder / "manifests.yaml").write_bytes(MANIFESTS.read_bytes())


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_golden(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ASK, "-o", form]) == 0
    captured = capsys.readouterr()
    assert captured.out == (GOLDEN / form).read_text(encoding="utf-8")
    assert captured.err.startswith("warning: profile ovn-kubernetes describes")


def test_each_kind_is_found_once_or_more_and_flows_are_as_they_are_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main([*ASK, "-o", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert {each["kind"] for each in found} == {
        "ambiguous",
        "shadowed",
        "denies-pods",
        "hidden",
        "priority",
        "nobody",
    }
    snapshot = netsim.load("manifests.yaml")
    flows = [each["witness"] for each in found if each["witness"]]
    assert len(flows) >= 4
    for flow in flows:
        verdict = netsim.can(snapshot, flow["source"], flow["destination"], flow["port"])
        assert verdict.word == flow["verdict"]
    ambiguous = next(each["witness"] for each in found if each["kind"] == "ambiguous")
    ends = ambiguous["source"], ambiguous["destination"], ambiguous["port"]
    assert netsim.can(snapshot, *ends).ambiguous


def test_the_command_that_is_given_can_be_run(capsys: pytest.CaptureFixture[str]) -> None:
    main([*ASK, "-o", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    command = next(each["witness"]["command"] for each in found if each["kind"] == "ambiguous")
    program, *words = command.split()
    assert program == "netsim"
    assert main(words) == 1
    assert "have the same priority and disagree" in capsys.readouterr().out


def test_nothing_is_evaluated_unless_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "-f", "manifests.yaml", "-o", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] is None


def test_a_profile_has_a_say_in_priorities_alone(capsys: pytest.CaptureFixture[str]) -> None:
    main(["validate", "-f", "manifests.yaml", "--semantic", "-o", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert "priority" not in {each["kind"] for each in found}


def test_without_pods_it_says_that_nothing_was_evaluated(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = (folder / "manifests.yaml").read_text().split("---\n")
    kept = [each for each in documents if "kind: Pod" not in each]
    (folder / "manifests.yaml").write_text("---\n".join(kept))
    assert main(["validate", "-f", "manifests.yaml", "--semantic"]) == 0
    out = capsys.readouterr().out
    assert "\nnote: there is no pod in the input" in out
    assert out.endswith("valid: 1 warning, 1 note\n")


def test_errors_are_told_as_ever(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (folder / "manifests.yaml").read_text().replace("priority: 20", "priority: 2000")
    (folder / "manifests.yaml").write_text(text)
    assert main(["validate", "-f", "manifests.yaml", "--semantic"]) == 1
    assert "not valid: 1 error" in capsys.readouterr().out
