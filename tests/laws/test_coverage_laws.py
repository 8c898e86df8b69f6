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
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.engine.reach import Reachability
from netsim.model.cluster import Pod
from netsim.model.flow import Direction
from netsim.sets.traffic import TrafficSet
from netsim.suites.coverage import CoverageItem, Exercise, coverage
from netsim.suites.removal import Parted, Place

sys.path.insert(0, str(Path(__file__).parent))

from depth import examples, seeds
from drawn_suites import drawn_suite
from hypothesis import given
from hypothesis import strategies as st
from law_clusters import small_clusters
from odd_clusters import odd_cluster, odd_options

from netsim.testing.clusters import Manifest
from netsim.testing.tier_policies import SEVERAL
from netsim.testing.tiered_clusters import tiered_clusters

DEFAULTS = Semantics()
CLUSTERS = Path(__file__).parent.parent.parent / "fixtures/clusters"


def loaded(manifests: list[Manifest], semantics: Semantics = DEFAULTS) -> Snapshot:
    return netsim.loads("\n---\n".join(map(json.dumps, manifests)), semantics=semantics)


def judged(snapshot: Snapshot, suite: Suite) -> list[bool]:
    [found] = netsim.check(netsim.compile_snapshot(snapshot), suite)
    return [outcome.holds for outcome in found.outcomes]


def items(snapshot: Snapshot) -> Iterator[tuple[Parted, Place | None]]:
    for policy in snapshot.policies:
        assert isinstance(policy, NetworkPolicy | TierPolicy)
        yield policy, None
        for direction in (Direction.INGRESS, Direction.EGRESS):
            for number in range(len(policy.rules(direction))):
                yield policy, (direction, number)


def without(snapshot: Snapshot, gone: Parted, rule: Place | None) -> Snapshot:
    others = [policy for policy in snapshot.policies if policy is not gone]
    if rule:
        others.append(without_rule(gone, *rule))
    return replace(snapshot, policies=tuple(others))


def without_rule(policy: Parted, direction: Direction, number: int) -> Parted:
    if isinstance(policy, TierPolicy):
        ranked = [rule for at, rule in enumerate(policy.rules(direction)) if at != number]
        if direction is Direction.INGRESS:
            return replace(policy, ingress=tuple(ranked))
        return replace(policy, egress=tuple(ranked))
    rules = [rule for at, rule in enumerate(policy.rules(direction)) if at != number]
    if direction is Direction.INGRESS:
        return replace(policy, ingress=tuple(rules))
    return replace(policy, egress=tuple(rules))


def under_names(snapshot: Snapshot, names: tuple[str, ...]) -> dict[str, list[TrafficSet]]:
    """What each pod may send to what is reached under some names: as taken, at least, at most."""
    reach = netsim.compile_snapshot(snapshot).reach()
    return {
        str(pod): [each for name in names for each in sent_to(reach, name, number)]
        for number, item in enumerate(reach.classes)
        for pod in item.members
        if isinstance(pod, Pod)
    }


def sent_to(reach: Reachability, name: str, number: int) -> Iterator[TrafficSet]:
    return map(reach.traffic_of, reach.outside.sent_to(name, number))


def has_effect(snapshot: Snapshot, edited: Snapshot) -> bool:
    if netsim.diff(snapshot, edited):
        return True
    names = netsim.compile_snapshot(snapshot).reach().domains
    return bool(names) and under_names(snapshot, names) != under_names(edited, names)


def plainly(
    snapshot: Snapshot,
    suite: Suite,
    before: list[bool],
    policy: Parted,
    rule: Place | None,
) -> CoverageItem:
    """What the words say, one after the other."""
    if rule and isinstance(policy, NetworkPolicy) and rule[0] not in policy.directions:
        return CoverageItem(policy, rule, Exercise.DEAD)
    edited = without(snapshot, policy, rule)
    each = zip(before, judged(edited, suite), strict=True)
    turned = [at for at, (one, other) in enumerate(each) if one != other]
    if turned:
        by = suite, suite.expectations[turned[0]]
        return CoverageItem(policy, rule, Exercise.EXERCISED, by)
    effect = has_effect(snapshot, edited)
    return CoverageItem(policy, rule, Exercise.NOT_EXERCISED if effect else Exercise.NO_EFFECT)


def holds(snapshot: Snapshot, suite: Suite) -> None:
    found = coverage(netsim.compile_snapshot(snapshot), suite)
    before = judged(snapshot, suite)
    expected = [plainly(snapshot, suite, before, *each) for each in items(snapshot)]
    assert list(found.items) == expected


@pytest.mark.parametrize("seed", seeds(12))
def test_of_odd_clusters(seed: int) -> None:
    snapshot = loaded(odd_cluster(seed), odd_options(seed))
    # Few expectations, so that many parts are exercised by none.
    for size in (1, 4):
        holds(snapshot, drawn_suite(snapshot, seed * 10 + size, size))


@examples(40)
@given(small_clusters, st.integers(0, 1 << 30))
def test_of_drawn_clusters(cluster: list[Manifest], seed: int) -> None:
    snapshot = loaded(cluster)
    holds(snapshot, drawn_suite(snapshot, seed, 1 + seed % 4))


@examples(40)
@given(tiered_clusters(SEVERAL), st.integers(0, 1 << 30), st.booleans())
def test_of_clusters_with_tiers(cluster: list[Manifest], seed: int, by_pod: bool) -> None:
    snapshot = loaded(cluster, Semantics(baseline_scope="pod") if by_pod else DEFAULTS)
    holds(snapshot, drawn_suite(snapshot, seed, 1 + seed % 4))


@pytest.mark.parametrize("name", ["shop", "boutique"])
def test_of_whole_clusters(name: str) -> None:
    snapshot = netsim.load(CLUSTERS / name)
    for seed in seeds(6):
        holds(snapshot, drawn_suite(snapshot, seed, 1 + 3 * seed))
