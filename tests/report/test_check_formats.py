"""What came of suites, in the formats of other programs: as these want it, and harmless."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from published_schemas import hold_junit, hold_sarif

import netsim
from netsim.report.check_formats import CHECK, FORMATS
from netsim.report.check_told import Told
from netsim.report.style import PLAIN
from netsim.suites.outcome import SuiteOutcome
from netsim.suites.reading import suites_of

FIXTURES = Path(__file__).parents[2] / "fixtures"
CLUSTERS = ("shop", "boutique")

EVIL = "a\n::error::b`|<img src=x onerror=alert(1)>\"'@x\x1b[2J\u202e=1 # TODO ]]> \ufffe``` ~~~"
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
spec: {podSelector: {matchLabels: {app: db}}}
"""


@cache
def told_of(cluster: str) -> Told:
    program = netsim.compile_snapshot(netsim.load(FIXTURES / "clusters" / cluster))
    return Told(netsim.check(program, *netsim.load_suites(FIXTURES / "suites" / cluster)))


@cache
def told_of_evil() -> Told:
    """Two suites of that name, in a file of that name, with that for a reason."""
    suite = {
        "apiVersion": "netsim.dev/v1",
        "kind": "Suite",
        "metadata": {"name": EVIL},
        "expect": [
            {"deny": {"from": "shop/db", "to": "shop/web", "why": EVIL}},
            {"isolated": {"pods": "shop/web", "why": EVIL}},
            {"deny": {"from": "shop/{app=web}", "to": "shop/nobody", "why": EVIL}},
            {"deny": {"from": "shop/nobody", "to": "shop/db", "allow-empty": True}},
            {"deny": {"from": "shop/web", "to": "shop/db"}},
        ],
    }
    program = netsim.compile_snapshot(netsim.loads(MANIFESTS, name=EVIL))
    [found] = netsim.check(program, *suites_of(json.dumps(suite), EVIL))
    left_out = found.outcomes[-1]._replace(incomplete=(EVIL,), assumptions=(EVIL,))
    unsure = found.outcomes[-1]._replace(assumptions=(EVIL,))
    found = SuiteOutcome(found.suite, (*found.outcomes, left_out, unsure))
    return Told((found, found), ("netsim", "can", "-f", EVIL))


def text_of(told: Told, form: str) -> str:
    return "".join(CHECK[form](told, PLAIN))


def every_told() -> list[Told]:
    return [*map(told_of, CLUSTERS), told_of_evil()]


def test_evil_comes_out_in_every_way() -> None:
    [outcomes] = {suite.outcomes for suite in told_of_evil().suites}
    assert [outcome.holds for outcome in outcomes] == [False, False, False, True, True, True, True]
    assert [outcome.empty for outcome in outcomes[:4]] == [False, False, True, True]


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_acts_on_a_terminal(form: str) -> None:
    assert all(line.isprintable() for line in text_of(told_of_evil(), form).split("\n"))


@pytest.mark.parametrize("told", every_told())
def test_sarif_is_sarif(told: Told) -> None:
    text = text_of(told, "sarif")
    hold_sarif(text)
    [run] = json.loads(text)["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[each["ruleIndex"]] == each["ruleId"] for each in run["results"])
    marks = [each["partialFingerprints"]["netsim/v1"] for each in run["results"]]
    assert len(marks) == len(set(marks))


def test_sarif_has_a_result_for_each_failure_where_it_stands() -> None:
    told = told_of("shop")
    [run] = json.loads(text_of(told, "sarif"))["runs"]
    failing = [outcome for outcome in told.outcomes if not outcome.holds]
    assert len(run["results"]) == len(failing) > 20
    for result, outcome in zip(run["results"], failing, strict=True):
        [place] = result["locations"]
        region = place["physicalLocation"]["region"]
        location = outcome.expectation.location
        assert (region["startLine"], region["startColumn"]) == (location.line, location.column)
        deciding = {
            reason.location
            for breach in outcome.breaches
            if breach.verdict is not None
            for reason in breach.verdict.reasons
        }
        lines = {each.line for each in deciding}
        related = [each["physicalLocation"]["region"] for each in result["relatedLocations"]]
        assert {each["startLine"] for each in related} <= lines
        assert bool(related) or not deciding or outcome.expectation.word == "reach-at-most"


@pytest.mark.parametrize("told", every_told())
def test_junit_is_junit(told: Told) -> None:
    text = text_of(told, "junit")
    hold_junit(text)
    root = ET.fromstring(text)
    cases = root.findall("testsuite/testcase")
    assert len(cases) == int(root.attrib["tests"]) == sum(1 for _ in told.outcomes)
    for kind, element in (("failures", "failure"), ("errors", "error")):
        found = [case for case in cases if case.find(element) is not None]
        assert len(found) == int(root.attrib[kind])
        assert len(found) == sum(int(each.attrib[kind]) for each in root.findall("testsuite"))


def test_junit_tells_where_it_stands_and_why() -> None:
    root = ET.fromstring(text_of(told_of("shop"), "junit"))
    failure = root.find("testsuite/testcase/failure")
    assert failure is not None
    assert failure.attrib["message"] == "6 of 6 pairs are denied"
    said = "".join(failure.itertext())
    assert "failing.yaml:7:3\n  why: the storefront sells what the shop has\n" in said
    assert "\n    ingress  denied: shop/deployment/api is isolated" in said
    assert "\n    netsim can storefront/deployment/checkout shop/deployment/api 8080\n" in said


@pytest.mark.parametrize("told", every_told())
def test_tap_is_tap(told: Told) -> None:
    tests = parsed(text_of(told, "tap"))
    assert len(tests) == sum(1 for _ in told.outcomes)
    for (ok, description, diagnostics), outcome in zip(tests, told.outcomes, strict=True):
        assert ok is (outcome.holds and not outcome.incomplete)
        assert not re.search(r"(?<!\\)#", description)
        if not ok:
            place = diagnostics["at"]
            assert (place["line"], place["column"]) == (
                outcome.expectation.location.line,
                outcome.expectation.location.column,
            )
            named = [breach["from"] for breach in diagnostics.get("breaches", ())]
            assert named == [breach.source for breach in outcome.breaches]


def parsed(text: str) -> list[tuple[bool, str, Any]]:
    """The tests of a TAP stream: whether ok, what it is called, and its YAML."""
    version, plan, *lines = text.splitlines()
    assert version == "TAP version 13"
    tests: list[tuple[bool, str, Any]] = []
    block: list[str] | None = None
    for line in lines:
        if line == "  ---":
            block = []
        elif line == "  ...":
            assert block is not None
            ok, description, _ = tests.pop()
            tests.append((ok, description, yaml.safe_load("\n".join(block))))
            block = None
        elif block is not None:
            assert line.startswith("  ")
            block.append(line)
        elif not line.startswith("# "):
            found = re.fullmatch(r"(ok|not ok) (\d+) - (.*)", line)
            assert found, line
            assert int(found[2]) == len(tests) + 1
            tests.append((found[1] == "ok", found[3], {}))
    assert block is None
    assert plan == f"1..{len(tests)}"
    return tests


@pytest.mark.needs_program("prove")
def test_prove_reads_it(tmp_path: Path) -> None:
    (tmp_path / "shop.tap").write_text(text_of(told_of_evil(), "tap"), encoding="utf-8")
    prove = shutil.which("prove")
    assert prove
    command = [prove, "--exec", "cat", "shop.tap"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8").stdout
    assert "Failed 8/14 subtests" in said
    assert "todo" not in said.lower()
    assert "Parse errors" not in said


@pytest.mark.parametrize("told", every_told())
def test_github_has_an_annotation_a_failure(told: Told) -> None:
    lines = text_of(told, "github").split("\n\n")[0].splitlines()
    assert all(
        re.match(r"::(error|warning|notice) file=[^:]*,line=\d+,col=\d+,title=", each)
        for each in lines
    )
    failing = sum(not outcome.holds for outcome in told.outcomes)
    assert sum(each.startswith("::error ") for each in lines) == failing


def test_a_block_of_markdown_ends_where_it_should() -> None:
    text = text_of(told_of_evil(), "github").partition("\n\n")[2]
    outside = re.sub(r"^```text\n.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    assert outside.count("<details>") == outside.count("</details>") == text.count("```text\n")
    assert "<img" not in outside.replace("\\<img", "")
    assert "\n::" not in text
