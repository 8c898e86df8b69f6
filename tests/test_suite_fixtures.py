"""The suites of fixtures/suites: what each file is called is what comes of all that is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import netsim
from netsim.suites.outcome import Outcome
from netsim.suites.reading import suites_of
from netsim.suites.suite import WORDS

FIXTURES = Path(__file__).parent.parent / "fixtures"
CLUSTERS = ("shop", "boutique")


@cache
def _program(cluster: str) -> netsim.Program:
    return netsim.compile_snapshot(netsim.load(FIXTURES / "clusters" / cluster))


def _outcomes(cluster: str, name: str) -> Iterator[Outcome]:
    suites = netsim.load_suites(FIXTURES / "suites" / cluster / f"{name}.yaml")
    for suite in netsim.check(_program(cluster), *suites):
        yield from suite.outcomes


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_passing(cluster: str) -> None:
    for outcome in _outcomes(cluster, "passing"):
        assert outcome.holds, outcome
        assert not outcome.empty
        assert outcome.pairs or outcome.expectation.word == "reach-at-most"


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_failing(cluster: str) -> None:
    for outcome in _outcomes(cluster, "failing"):
        assert not outcome.holds, outcome
        assert not outcome.empty
        assert outcome.reason
        assert outcome.breaches


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_vacuous(cluster: str) -> None:
    for outcome in _outcomes(cluster, "vacuous"):
        assert outcome.empty, outcome
        assert outcome.holds is outcome.expectation.allow_empty
        assert outcome.reason


@pytest.mark.parametrize("name", ["passing", "failing"])
def test_every_expectation_is_shown(name: str) -> None:
    words = {each.expectation.word for cluster in CLUSTERS for each in _outcomes(cluster, name)}
    assert words == set(WORDS.values())


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_the_flows_of_failures_are_what_is_said_of_them(cluster: str) -> None:
    """Asked by themselves, of the reference too."""
    snapshot = _program(cluster).snapshot
    asked = 0
    for outcome in _outcomes(cluster, "failing"):
        for breach in outcome.breaches:
            if breach.verdict is None:
                continue
            verdict = netsim.can(snapshot, breach.source, breach.destination, breach.port)
            assert verdict.word == breach.verdict.word
            assert verdict.allowed is breach.allowed
            asked += 1
    assert asked >= 8


def test_the_suite_of_the_guide_holds() -> None:
    guide = (FIXTURES.parent / "docs" / "suites.md").read_text(encoding="utf-8")
    found = re.search(r"^```yaml\n(.*?)^```$", guide, flags=re.MULTILINE | re.DOTALL)
    assert found
    [suite] = netsim.check(_program("shop"), *suites_of(found[1]))
    assert suite.holds
    assert len(suite.outcomes) == 6
