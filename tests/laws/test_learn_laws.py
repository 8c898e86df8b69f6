"""What is learned holds where it was learned, and would miss whatever a policy decides there."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

import netsim
from netsim import QueryError, Semantics, Snapshot
from netsim.changes.boxes import Box
from netsim.changes.ends import Ends
from netsim.changes.pairing import Pairing
from netsim.changes.units import Unit
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.dialects.tiers.syntax import NamespacesPeer, PodsPeer, TierPolicy
from netsim.labels.selector import EVERYTHING
from netsim.model.cluster import Node, Pod
from netsim.model.snapshot import Policy
from netsim.sets.addresses import span
from netsim.sets.intervals import Interval, without
from netsim.suites.coverage import Exercise
from netsim.suites.learn import learn
from netsim.suites.removal import Removals

sys.path.insert(0, str(Path(__file__).parent))

from depth import examples, seeds
from hypothesis import given
from law_clusters import small_clusters
from odd_clusters import odd_cluster, odd_options

from netsim.testing.clusters import Manifest
from netsim.testing.tier_policies import SEVERAL
from netsim.testing.tiered_clusters import tiered_clusters

CLUSTERS = Path(__file__).parent.parent.parent / "fixtures/clusters"
DEFAULTS = Semantics()


def loaded(manifests: list[Manifest], semantics: Semantics = DEFAULTS) -> Snapshot:
    return netsim.loads("\n---\n".join(map(json.dumps, manifests)), semantics=semantics)


def holds(snapshot: Snapshot, folder: Path) -> None:
    program = netsim.compile_snapshot(snapshot)
    try:
        learned = learn(program)
    except QueryError:
        assert not is_any_governed(snapshot)
        return
    (folder / "suite.yaml").write_text(learned.text)
    [suite] = netsim.load_suites(folder / "suite.yaml")
    assert suite == learned.suite
    [found] = netsim.check(program, suite)
    assert [str(each.expectation) for each in found.outcomes if not each.holds] == []
    assert not any(each.empty for each in found.outcomes)


def is_any_governed(snapshot: Snapshot) -> bool:
    return any(
        governs(policy, pod, snapshot)
        for policy in snapshot.policies
        for pod in snapshot.pods
        if not pod.finished and not pod.host_network
    )


def governs(policy: Policy, pod: Pod, snapshot: Snapshot) -> bool:
    match policy:
        case NetworkPolicy():
            return pod.namespace == policy.namespace and policy.subject.matches(pod.labels)
        case TierPolicy(subject=NamespacesPeer(namespaces)):
            pods = EVERYTHING
        case TierPolicy(subject=PodsPeer(namespaces, pods)):
            pass
        case _:
            return False
    labels = snapshot.namespace(pod.namespace).labels
    rules = [*policy.ingress, *policy.egress]
    return bool(rules) and namespaces.matches(labels) and pods.matches(pod.labels)


def misses_nothing(snapshot: Snapshot) -> None:
    """Of what decides anything between pods, or with the outside, each is exercised."""
    program = netsim.compile_snapshot(snapshot)
    try:
        suite = learn(program).suite
    except QueryError:
        return
    removals = Removals(snapshot)
    for item in netsim.coverage(program, suite).of(Exercise.NOT_EXERCISED):
        for box in removals.of(item.policy, item.rule).boxes:
            assert not has_pods(box, removals.pairing, snapshot), str(item)


def has_pods(box: Box, pairing: Pairing, snapshot: Snapshot) -> bool:
    """Whether any pair is of two pods, or of a pod and an address outside."""
    ours, theirs = (pods_of(each, pairing) for each in (box.sources, box.destinations))
    if any(one is not other or one.several for one in ours for other in theirs):
        return True
    return bool(
        (ours and is_outside(box.destinations, snapshot))
        or (theirs and is_outside(box.sources, snapshot))
    )


def pods_of(ends: Ends, pairing: Pairing) -> list[Unit]:
    """Without the nodes that pods tell of."""
    return [unit for unit in pairing.at(ends.units) if not isinstance(unit.either, Node)]


def is_outside(ends: Ends, snapshot: Snapshot) -> bool:
    """Whether any address is outside: those for pods aren't, though no pod has them."""
    pools: dict[int, list[Interval]] = {4: [], 6: []}
    for cidr in snapshot.semantics.pod_cidrs:
        pools[cidr.version].append(span(cidr))
    return any(
        without(interval, pools[version])
        for version, intervals in ends.addresses
        for interval in intervals
    )


def in_pod_network(cluster: list[Manifest]) -> list[Manifest]:
    """Without nodes: nothing is learned of them, nor of what one can't tell for want of one."""
    return [each for each in cluster if each["kind"] != "Node" and not is_on_host(each)]


def is_on_host(manifest: Manifest) -> bool:
    return '"hostNetwork": true' in json.dumps(manifest)


@pytest.mark.parametrize("seed", seeds(60))
def test_of_odd_clusters(seed: int, tmp_path: Path) -> None:
    holds(loaded(odd_cluster(seed), odd_options(seed)), tmp_path)


@pytest.mark.parametrize("seed", seeds(40))
def test_odd_clusters_are_covered(seed: int) -> None:
    misses_nothing(loaded(in_pod_network(odd_cluster(seed)), odd_options(seed)))


@examples(40)
@given(small_clusters)
def test_drawn_clusters_are_covered(cluster: list[Manifest]) -> None:
    if pods := in_pod_network(cluster):
        misses_nothing(loaded(pods))


@examples(60)
@given(small_clusters)
def test_of_drawn_clusters(
    tmp_path_factory: pytest.TempPathFactory, cluster: list[Manifest]
) -> None:
    holds(loaded(cluster), tmp_path_factory.mktemp("learned"))


@examples(60)
@given(tiered_clusters(SEVERAL))
def test_of_clusters_with_tiers(
    tmp_path_factory: pytest.TempPathFactory, cluster: list[Manifest]
) -> None:
    holds(loaded(cluster), tmp_path_factory.mktemp("learned"))


@examples(30)
@given(tiered_clusters(SEVERAL))
def test_clusters_with_tiers_are_covered(cluster: list[Manifest]) -> None:
    if pods := in_pod_network(cluster):
        misses_nothing(loaded(pods))


@pytest.mark.parametrize("name", ["shop", "boutique"])
def test_of_whole_clusters(name: str, tmp_path: Path) -> None:
    snapshot = netsim.load(CLUSTERS / name)
    holds(snapshot, tmp_path)
    misses_nothing(snapshot)
