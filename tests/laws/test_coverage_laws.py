"""Coverage is what its words say: taken away, compiled from nothing, checked again."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import netsim
from netsim import Semantics, Snapshot, Suite
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.model.flow import Direction
from netsim.suites.coverage import CoverageItem, Exercise, coverage

sys.path.insert(0, str(Path(__file__).parent))

from depth import DEPTH, examples
from drawn_suites import drawn_suite
from hypothesis import given
from hypothesis import strategies as st
from odd_clusters import odd_cluster, odd_options

from netsim.testing.clusters import Manifest, clusters

DEFAULTS = Semantics()
CLUSTERS = Path(__file__).parent.parent.parent / "fixtures/clusters"


def loaded(manifests: list[Manifest], semantics: Semantics = DEFAULTS) -> Snapshot:
    return netsim.loads("\n---\n".join(map(json.dumps, manifests)), semantics=semantics)


def judged(snapshot: Snapshot, suite: Suite) -> list[bool]:
    [found] = netsim.check(netsim.compile_snapshot(snapshot), suite)
    return [outcome.holds for outcome in found.outcomes]


def items(snapshot: Snapshot) -> Iterator[tuple[NetworkPolicy, tuple[Direction, int] | None]]:
    for policy in snapshot.policies:
        assert isinstance(policy, NetworkPolicy)
        yield policy, None
        for direction in (Direction.INGRESS, Direction.EGRESS):
            for number in range(len(policy.rules(direction))):
                yield policy, (direction, number)


def without(
    snapshot: Snapshot, gone: NetworkPolicy, rule: tuple[Direction, int] | None
) -> Snapshot:
    others = [policy for policy in snapshot.policies if policy is not gone]
    if rule:
        direction, number = rule
        rules = {each: list(gone.rules(each)) for each in Direction}
        del rules[direction][number]
        ingress, egress = (tuple(rules[each]) for each in (Direction.INGRESS, Direction.EGRESS))
        others.append(replace(gone, ingress=ingress, egress=egress))
    return replace(snapshot, policies=tuple(others))


def plainly(
    snapshot: Snapshot,
    suite: Suite,
    before: list[bool],
    policy: NetworkPolicy,
    rule: tuple[Direction, int] | None,
) -> CoverageItem:
    """What the words say, one after the other."""
    if rule and rule[0] not in policy.directions:
        return CoverageItem(policy, rule, Exercise.DEAD)
    edited = without(snapshot, policy, rule)
    each = zip(before, judged(edited, suite), strict=True)
    turned = [at for at, (one, other) in enumerate(each) if one != other]
    if turned:
        by = suite, suite.expectations[turned[0]]
        return CoverageItem(policy, rule, Exercise.EXERCISED, by)
    effect = netsim.diff(snapshot, edited)
    return CoverageItem(policy, rule, Exercise.NOT_EXERCISED if effect else Exercise.NO_EFFECT)


def holds(snapshot: Snapshot, suite: Suite) -> None:
    found = coverage(netsim.compile_snapshot(snapshot), suite)
    before = judged(snapshot, suite)
    expected = [plainly(snapshot, suite, before, *each) for each in items(snapshot)]
    assert list(found.items) == expected


@pytest.mark.parametrize("seed", range(12 * DEPTH))
def test_of_odd_clusters(seed: int) -> None:
    snapshot = loaded(odd_cluster(seed), odd_options(seed))
    # Few expectations, so that many parts are exercised by none.
    for size in (1, 4):
        holds(snapshot, drawn_suite(snapshot, seed * 10 + size, size))


@examples(40)
@given(clusters(), st.integers(0, 1 << 30))
def test_of_drawn_clusters(cluster: list[Manifest], seed: int) -> None:
    snapshot = loaded(cluster)
    holds(snapshot, drawn_suite(snapshot, seed, 1 + seed % 4))


@pytest.mark.parametrize("name", ["shop", "boutique"])
def test_of_whole_clusters(name: str) -> None:
    snapshot = netsim.load(CLUSTERS / name)
    for seed in range(3 * DEPTH):
        holds(snapshot, drawn_suite(snapshot, seed, 1 + 3 * seed))
