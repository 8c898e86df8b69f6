"""`netsim check` as a person sees it.

What each format looks like stands in tests/golden/check: in the root of the repository `netsim
check fixtures/suites/shop -f fixtures/clusters/shop -o tap > tests/golden/check/shop.tap` writes
it anew.
"""

from __future__ import annotations

import io
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from netsim.cli.main import main
from netsim.report.check_formats import FORMATS

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "check"
# By file in tests/golden/check.
FLAGS = {
    **{f"{name}.{form}": (name, "-o", form) for name in ("shop", "boutique") for form in FORMATS},
    "shop.verbose": ("shop", "-v"),
}

SUITE = """\
apiVersion: netsim.dev/v1
kind: Suite
metadata: {name: db}
expect:
- allow: {from: shop/web, to: shop/db, port: 5432}
- deny: {from: external, to: shop/db}
"""
FAILING = "- deny: {from: shop/web, to: shop/db, why: the web is no place for it}\n"
FAULTY = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: faulty, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingres]}
"""
BY_ADDRESS = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]
"""
ON_EACH_NODE = """\
---
apiVersion: v1
kind: Node
metadata: {name: n1}
---
apiVersion: v1
kind: Node
metadata: {name: n2}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: shop}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {hostNetwork: true, containers: [{name: c, image: i}]}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: probe, namespace: shop}
spec:
  selector: {matchLabels: {app: probe}}
  template:
    metadata: {labels: {app: probe}}
    spec: {containers: [{name: c, image: i}]}
"""
ROLLOUT = """\
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: r, namespace: shop}
spec: {template: {spec: {containers: [{name: c, image: i}]}}}
"""


@pytest.fixture(autouse=True)
def outside_of_github_actions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)


@pytest.fixture
def suite(folder: Path) -> Path:
    """A suite about what `manifests` has, of which all holds."""
    path = folder / "suite.yaml"
    path.write_text(SUITE)
    return path


@pytest.fixture
def check(suite: Path, manifests: Path) -> list[str]:
    """The beginning of a command line that checks one against the other."""
    return ["check", suite.name, "-f", manifests.name]


def add(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def pipe(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def told(capsys: pytest.CaptureFixture[str], *args: str) -> Any:
    """What a command line writes as JSON."""
    main([*args, "-o", "json"])
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", FLAGS)
def test_golden(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    cluster, *flags = FLAGS[name]
    command = ["check", f"fixtures/suites/{cluster}", "-f", f"fixtures/clusters/{cluster}", *flags]
    assert main(command) == 1
    captured = capsys.readouterr()
    # SARIF has no place for what may be otherwise of an expectation that holds.
    assert captured.err.startswith("warning: assuming ") if "sarif" in name else not captured.err
    assert captured.out == (GOLDEN / name).read_text(encoding="utf-8")


def test_golden_faults(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """All of them, in every file; and nothing is checked."""
    monkeypatch.chdir(ROOT)
    assert main(["check", "fixtures/suites/misspelt", "-f", "fixtures/clusters/shop"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (GOLDEN / "misspelt").read_text(encoding="utf-8")


def test_the_bytes_are_the_same_in_every_process() -> None:
    for form in ("text", "json", "sarif"):
        command = [sys.executable, "-m", "netsim", "check", "fixtures/suites/shop", "-o", form]
        answers = {
            subprocess.run(
                [*command, "-f", "fixtures/clusters/shop"],
                cwd=ROOT,
                env={**os.environ, "PYTHONHASHSEED": seed},
                capture_output=True,
            ).stdout
            for seed in ("0", "1")
        }
        assert len(answers) == 1


@pytest.mark.parametrize("cluster", ["shop", "boutique"])
def test_each_flow_that_is_shown_is_answered_so(
    cluster: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command under a failure can be run, and says what the failure does."""
    monkeypatch.chdir(ROOT)
    flags = ("-f", f"fixtures/clusters/{cluster}", "--set", "icmp=deny", "--profile", "calico")
    found = told(capsys, "check", f"fixtures/suites/{cluster}", *flags)
    outcomes = [outcome for suite in found["suites"] for outcome in suite["outcomes"]]
    breaches = [breach for outcome in outcomes for breach in outcome["breaches"]]
    asked = [breach for breach in breaches if breach["verdict"]]
    assert len(asked) > 8
    for breach in asked:
        program, *words = shlex.split(breach["command"])
        assert program == "netsim"
        assert main(words) == (0 if breach["verdict"]["allowed"] else 1)
        assert breach["verdict"]["verdict"] in ("allow", "deny")


def test_a_pod_on_each_node_is_asked_about_by_its_node(
    check: list[str], suite: Path, manifests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(manifests, ON_EACH_NODE)
    add(suite, "- deny: {from: shop/agent, to: shop/web, port: 8080}\n")
    add(suite, "- deny: {from: node/n1, to: shop/probe, port: 443}\n")
    assert main(check) == 1
    out = capsys.readouterr().out
    assert "allow shop/agent on n1 -> shop/web 8080/tcp\n" in out
    assert "\n    netsim can -f manifests.yaml node/n1 shop/web 8080\n" in out
    assert "allow node/n1 -> shop/probe on n1 443/tcp\n" in out
    assert "\n    netsim can -f manifests.yaml node/n1 shop/daemonset/probe 443\n" in out


def test_exit_status_and_summary(
    check: list[str], suite: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(check) == 0
    assert capsys.readouterr().out == "2 of 2 expectations hold\n"
    add(suite, FAILING)
    assert main(check) == 1
    captured = capsys.readouterr()
    assert captured.err == ""
    assert captured.out.startswith("db  (suite.yaml)\n\nfail  deny shop/web -> shop/db any  (")
    assert "\n  why: the web is no place for it\n  1 of 1 pair is allowed\n" in captured.out
    assert captured.out.endswith("\n\n2 of 3 expectations hold\n")


def test_of_all_suites_nothing_is_left_out_with_v(
    check: list[str], suite: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*check, "-v"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "db  (suite.yaml)",
        "",
        "ok    allow shop/web -> shop/db 5432/tcp  (suite.yaml:5:3)",
        "ok    deny external -> shop/db any  (suite.yaml:6:3)",
        "",
        "2 of 2 expectations hold",
    ]


def test_what_holds_by_an_assumption_is_said(
    check: list[str], suite: Path, manifests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(manifests, BY_ADDRESS)
    add(suite, "- deny: {from: shop/db, to: shop/web}\n")
    assert main(check) == 0
    out = capsys.readouterr().out
    assert "ok    deny shop/db -> shop/web any  (suite.yaml:7:3)\n  may be otherwise [1]: " in out
    assert told(capsys, *check)["assumptions"]
    assert main([*check, "-o", "github"]) == 0
    assert "::notice file=suite.yaml,line=7,col=3,title=" in capsys.readouterr().out


def test_an_assumption_is_said_in_full_once(
    check: list[str], suite: Path, manifests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(manifests, BY_ADDRESS)
    add(manifests, BY_ADDRESS.replace("10.", "20.").replace("web", "api"))
    api = '"new:shop/{app=api}"'
    for to in ("shop/web", f"[shop/web, {api}]", "shop/web", f"[shop/web, {api}]"):
        add(suite, f"- deny: {{from: shop/db, to: {to}}}\n")
    assert main(check) == 0
    lines = capsys.readouterr().out.splitlines()
    first, second = (f"assuming that no pod has an address in {ten}0.0.0.0/8" for ten in (1, 2))
    assert [line.partition(";")[0] for line in lines if "otherwise" in line] == [
        f"  may be otherwise [1]: {first}",
        f"  may be otherwise [2]: {second}",
        "  may be otherwise [1], as above",
        "  may be otherwise [1], as above",
        "  may be otherwise [1] [2], as above",
    ]
    for form in ("junit", "tap"):
        main([*check, "-o", form])
        out = capsys.readouterr().out
        assert (out.count(first), out.count(second)) == (4, 2)


def test_what_was_left_out_may_matter(
    check: list[str], manifests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(manifests, FAULTY)
    assert main(check) == 2
    capsys.readouterr()
    check.append("--keep-going")
    assert main(check) == 3
    captured = capsys.readouterr()
    assert (
        "incomplete  deny external -> shop/db any  (suite.yaml:6:3)\n  incomplete: " in captured.out
    )
    assert captured.out.endswith("it can't be told, for what was left out\n")
    assert "warning: incomplete: NetworkPolicy `shop/faulty` was left out" in captured.err
    found = told(capsys, *check)
    assert found["holds"] is False
    assert (found["failed"], len(found["incomplete"])) == (0, 1)
    main([*check, "-o", "junit"])
    assert 'failures="0" errors="2"' in capsys.readouterr().out
    main([*check, "-o", "tap"])
    assert capsys.readouterr().out.count("\nnot ok ") == 2
    main([*check, "-o", "sarif"])
    results = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert [(each["kind"], each["level"]) for each in results] == [("open", "none")] * 2
    main([*check, "-o", "github"])
    assert capsys.readouterr().out.count("::warning file=suite.yaml") == 2


def test_a_failure_stays_one_whatever_was_left_out(
    check: list[str], suite: Path, manifests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(manifests, FAULTY)
    add(suite, FAILING)
    assert main([*check, "--keep-going", "-o", "junit"]) == 3
    assert 'tests="3" failures="1" errors="2"' in capsys.readouterr().out


def test_what_is_not_modelled_is_noted(
    check: list[str], manifests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(manifests, ROLLOUT)
    assert main(check) == 0
    assert "Rollout `shop/r` may run pods" in capsys.readouterr().err
    assert told(capsys, *check)["notes"]


def test_either_comes_from_stdin_and_not_both(
    check: list[str],
    suite: Path,
    manifests: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pipe(suite.read_text() + FAILING, monkeypatch)
    assert main(["check", "-", "-f", manifests.name]) == 1
    assert "(<stdin>:7:3)" in capsys.readouterr().out
    pipe(manifests.read_text(), monkeypatch)
    assert main(["check", suite.name, "-f", "-"]) == 0
    assert main(["check", "-", "-f", "-"]) == 2
    assert "only one of SUITE and -f can come from stdin" in capsys.readouterr().err


def test_folders_and_globs_hold_other_things_too(
    suite: Path, manifests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(suite, "---\n" + SUITE.replace("name: db", "name: again"))
    assert main(["check", ".", "-f", manifests.name]) == 0
    assert main(["check", "*.yaml", "-f", manifests.name]) in (0, 2)
    capsys.readouterr()
    found = told(capsys, "check", "s*.yaml", "-f", manifests.name)
    assert [each["name"] for each in found["suites"]] == ["db", "again"]
    assert [each["line"] for each in found["suites"]] == [1, 8]


def test_no_suite(manifests: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "-f", manifests.name]) == 2
    assert "give a suite" in capsys.readouterr().err
    assert main(["check", ".", "-f", manifests.name]) == 2
    assert "there is no suite in ." in capsys.readouterr().err
    assert main(["check", manifests.name, "-f", manifests.name]) == 2
    assert "give manifests with -f" in capsys.readouterr().err
    assert main(["check", "nowhere.yaml", "-f", manifests.name]) == 2
    assert "nowhere.yaml" in capsys.readouterr().err


def test_no_manifests(suite: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", suite.name]) == 2
    assert "give manifests with -f PATH" in capsys.readouterr().err


def test_v_is_for_text(check: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*check, "-v", "-o", "json"]) == 2
    assert "-v is for text" in capsys.readouterr().err


def test_the_summary_of_a_step(
    check: list[str],
    suite: Path,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    add(suite, FAILING)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))
    (folder / "summary.md").write_text("before\n")
    assert main([*check, "-o", "github"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("::error file=suite.yaml,line=7,col=3,title=netsim%3A an expectation ")
    assert out.count("\n") == 1
    summary = (folder / "summary.md").read_text()
    assert summary.startswith("before\n### 2 of 3 expectations hold\n\n**deny shop/web -\\> ")


def test_the_answer_goes_into_a_file(
    check: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*check, "-o", "junit", "--output-file", "report.xml"]) == 0
    assert capsys.readouterr().out == ""
    assert (folder / "report.xml").read_text().startswith('<?xml version="1.0"')


def test_options_of_the_semantics(
    check: list[str], suite: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(suite, "- deny: {from: shop/web, to: shop/db, port: icmp}\n")
    assert main(check) == 0
    assert main([*check, "--set", "icmp=allow"]) == 1
    capsys.readouterr()
    found = told(capsys, *check, "--set", "icmp=allow", "--profile", "calico")
    assert found["semantics"]["icmp"] == "allow"
    assert found["profile"]["name"] == "calico"


def test_colours_mean_what_is_said(
    check: list[str],
    suite: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    add(suite, FAILING)
    assert main([*check, "-v"]) == 1
    out = capsys.readouterr().out
    assert "\x1b[32mok  \x1b[0m  allow" in out
    assert "\x1b[31mfail\x1b[0m  deny" in out
    assert "  \x1b[32mallow\x1b[0m shop/web -> shop/db" in out
    assert out.endswith("\x1b[31m2 of 3 expectations hold\x1b[0m\n")


def test_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "netsim suite"
