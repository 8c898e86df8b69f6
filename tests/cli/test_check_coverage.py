"""`netsim check` with --coverage, --fail-under and --learn."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netsim.cli.main import main

MANIFESTS = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress]
  ingress:
  - from: [{podSelector: {matchLabels: {app: web}}}]
    ports: [{port: 5432}]
  - from: [{podSelector: {matchLabels: {app: web}}}]
    ports: [{port: 5432}, {port: 9090}]
  - from: [{podSelector: {matchLabels: {app: nobody}}}]
  egress: [{}]
"""
SUITE = """\
apiVersion: netsim.dev/v1
kind: Suite
metadata: {name: db}
expect:
- deny: {from: external, to: shop/db}
"""
CHECK = ("check", "suite.yaml", "-f", "m.yaml")


@pytest.fixture(autouse=True)
def written(folder: Path) -> None:
    (folder / "m.yaml").write_text(MANIFESTS)
    (folder / "suite.yaml").write_text(SUITE)


def test_what_nothing_would_miss_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*CHECK, "--coverage"]) == 0
    assert (
        capsys.readouterr().out
        == """\
1 of 1 expectation holds

1 of 2 policies and rules are exercised (50 %); 2 are of no effect; 1 is dead
  not exercised  shop/db ingress[1]  (m.yaml:20:5)
  of no effect  shop/db ingress[0]  (m.yaml:18:5)
  of no effect  shop/db ingress[2]  (m.yaml:22:5)
  dead  shop/db egress[0]  (m.yaml:23:12)
"""
    )


def test_in_full_it_says_who_would_miss_what(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*CHECK, "--coverage", "-v"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "  exercised  shop/db, by deny external -> shop/db any  (m.yaml:11:1)"


def test_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*CHECK, "--coverage", "-o", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["coverage"]
    assert (found["ratio"], found["exercised"], found["notExercised"]) == (0.5, 1, 1)
    policy, *rules = found["items"]
    assert (policy["policy"], policy["rule"], policy["by"]["line"]) == ("db", None, 5)
    assert [rule["rule"] for rule in rules] == [
        "ingress[0]",
        "ingress[1]",
        "ingress[2]",
        "egress[0]",
    ]
    main([*CHECK, "-o", "json"])
    assert json.loads(capsys.readouterr().out)["coverage"] is None


def test_too_little_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*CHECK, "--fail-under", "50"]) == 0
    assert main([*CHECK, "--fail-under", "50.1", "-o", "tap"]) == 1
    said = [line for line in capsys.readouterr().err.splitlines() if "exercised" in line]
    line = "1 of 2 policies and rules are exercised (50 %); 2 are of no effect; 1 is dead"
    assert said == [f"warning: {line}: fewer than 50.1 %"]


def test_a_failure_fails_whatever_is_exercised(folder: Path) -> None:
    (folder / "suite.yaml").write_text(f"{SUITE}- deny: {{from: shop/web, to: shop/db}}\n")
    assert main([*CHECK, "--fail-under", "0"]) == 1


def test_what_is_learned_holds_and_misses_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--learn", "-f", "m.yaml"]) == 0
    text = capsys.readouterr().out
    assert "- only: {to: shop/db, from: shop/web, port: [5432, 9090]}" in text.splitlines()
    assert main(["check", "--learn", "-f", "m.yaml", "--output-file", "suite.yaml"]) == 0
    assert (folder / "suite.yaml").read_text() == text
    assert main([*CHECK, "--fail-under", "100"]) == 0


def test_nothing_can_be_learned_where_nothing_is_isolated(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "m.yaml").write_text(MANIFESTS.split("---\napiVersion: networking")[0])
    assert main(["check", "--learn", "-f", "m.yaml"]) == 2
    assert "there is nothing to expect" in capsys.readouterr().err


def test_what_was_left_out_could_be_otherwise(folder: Path) -> None:
    faulty = MANIFESTS.replace("policyTypes: [Ingress]", "policyTypes: [Ingres]")
    (folder / "more.yaml").write_text(faulty.replace("name: db", "name: faulty").split("---\n")[2])
    assert main(["check", "--learn", "-f", "m.yaml", "-f", "more.yaml", "--keep-going"]) == 3


@pytest.mark.parametrize(
    "flags",
    [
        ("suite.yaml", "--learn"),
        ("--learn", "-o", "json"),
        ("--learn", "--coverage"),
        ("--learn", "--fail-under", "3"),
        ("suite.yaml", "--coverage", "-o", "junit"),
        ("suite.yaml", "--fail-under", "101"),
        ("suite.yaml", "--fail-under", "nan"),
    ],
)
def test_options_that_do_not_fit(flags: tuple[str, ...]) -> None:
    assert main(["check", *flags, "-f", "m.yaml"]) == 2


@pytest.mark.parametrize("command", [["check", "--fail-under"], ["fuzz", "--time"]])
def test_a_number_is_one(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is less than `nan`, nor more: it would never fail, or never end."""
    assert main([*command, "nan"]) == 2
    assert "`nan` is not a valid number" in capsys.readouterr().err
