"""The clusters that laws are held on aren't trivial: policies govern, rules match, ports decide."""

from __future__ import annotations

import json
from collections import Counter
from random import Random

import pytest
from depth import examples
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from tier_flows import flows, read

import netsim
from netsim import Cause, Flow, Protocol, Snapshot, testing
from netsim.dialects.networkpolicy.syntax import AnyPort, NetworkPolicy, PortRange
from netsim.dialects.tiers import syntax
from netsim.model.flow import Decision
from netsim.model.tiers import Action, Tier
from netsim.reference.decide import decide
from netsim.testing import undirected_network_policies, undirected_snapshots
from netsim.testing.clusters import PORTS, Manifest, clusters
from netsim.testing.tiered_clusters import tiered_clusters
from netsim.testing.wide_clusters import wide_clusters

SAMPLE = settings(
    max_examples=120,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    deadline=None,
)
FLOWS_OF_EACH = 10


@pytest.mark.parametrize("strategy", [clusters(), wide_clusters()], ids=["small", "wide"])
def test_many_flows_are_decided_by_a_rule_or_by_its_absence(
    strategy: st.SearchStrategy[list[Manifest]],
) -> None:
    causes: Counter[Cause] = Counter()

    @seed(1)
    @SAMPLE
    @given(strategy, st.randoms(use_true_random=False))
    def sample(cluster: list[Manifest], random: Random) -> None:
        snapshot = netsim.loads("\n---\n".join(map(json.dumps, cluster)))
        pods = [pod for pod in snapshot.pods if not pod.finished]
        for _ in range(FLOWS_OF_EACH if len(pods) > 1 else 0):
            source, destination = random.sample(pods, 2)
            answer = decide(snapshot, Flow(source, destination, Protocol.TCP, random.choice(PORTS)))
            causes.update((answer.egress.cause, answer.ingress.cause))

    sample()
    total = sum(causes.values())
    assert causes[Cause.RULE] > 0.04 * total, causes
    assert causes[Cause.NO_RULE] > 0.04 * total, causes
    assert causes[Cause.NOT_ISOLATED] > 0.1 * total, causes


def test_many_flows_are_decided_by_each_action_of_each_tier() -> None:
    decisions: list[Decision] = []

    @seed(1)
    @SAMPLE
    @given(tiered_clusters(), st.data())
    def sample(cluster: list[Manifest], data: st.DataObject) -> None:
        snapshot = read(cluster)
        for flow in data.draw(flows(snapshot)):
            answer = decide(snapshot, flow)
            decisions.extend((answer.egress, answer.ingress))

    sample()
    total = len(decisions)
    asked = [each for each in decisions if each.steps]
    assert len(asked) > 0.15 * total, len(asked) / total
    says = Counter((step.tier, step.action) for each in asked for step in each.steps)
    for tier, share in ((Tier.ADMIN, 0.02), (Tier.BASELINE, 0.01)):
        for action in (*Action, None):
            assert says[tier, action] > share * len(asked), (tier, action, says)
    causes = Counter(each.cause for each in asked)
    for cause in (Cause.TIER_ALLOW, Cause.TIER_DENY, Cause.RULE, Cause.NO_RULE, Cause.UNDECIDED):
        assert causes[cause] > 0.01 * len(asked), (cause, causes)
    assert sum(bool(each.ambiguous) for each in asked) > 0.003 * len(asked)
    assert sum(len(each.steps) > 1 for each in asked) > 0.1 * len(asked)
    matched = Counter(kind for each in asked for kind in _matched(each))
    for kind in (*_PEERS, *_PORTS):
        assert matched[kind] > 5, (kind, matched)


_PEERS = (
    syntax.NamespacesPeer,
    syntax.PodsPeer,
    syntax.NodesPeer,
    syntax.NetworksPeer,
    syntax.DomainsPeer,
    syntax.UnusablePeer,
)
_PORTS = (syntax.AnyPort, syntax.Ports, syntax.NamedPort)


def _matched(decision: Decision) -> set[type[object]]:
    """By what kinds of peers and ports rules of tiers matched."""
    found: set[type[object]] = set()
    for reason in (each for step in decision.steps for each in step.reasons):
        rule = reason.written
        assert isinstance(rule, syntax.Rule)
        assert reason.peer is not None
        found.add(type(rule.peers[reason.peer]))
        ports = rule.ports
        found.add(type(ports[reason.port or 0]) if isinstance(ports, tuple) else type(ports))
    return found


@pytest.mark.parametrize(
    "strategy",
    [
        testing.cluster_network_policies(),
        testing.admin_network_policies(),
        testing.baseline_admin_network_policies(),
    ],
    ids=["cluster", "admin", "baseline"],
)
def test_policies_of_tiers_are_valid(strategy: st.SearchStrategy[Manifest]) -> None:
    @examples(40)
    @given(strategy)
    def sample(policy: Manifest) -> None:
        (found,) = netsim.loads(json.dumps(policy)).policies
        assert (found.kind, found.name) == (policy["kind"], policy["metadata"]["name"])

    sample()


@examples(20)
@given(testing.tiered_snapshots())
def test_snapshots_with_tiers_have_at_most_four(snapshot: Snapshot) -> None:
    assert sum(isinstance(each, syntax.TierPolicy) for each in snapshot.policies) <= 4


@examples(60)
@given(undirected_snapshots(), st.randoms(use_true_random=False))
def test_whatever_is_valid_is_answered_as_by_the_reference(
    snapshot: Snapshot, random: Random
) -> None:
    program = netsim.compile_snapshot(snapshot)
    ports = sorted(_boundaries(snapshot))
    for _ in range(FLOWS_OF_EACH):
        source, destination = random.choice(snapshot.pods), random.choice(snapshot.pods)
        flow = Flow(source, destination, Protocol.TCP, random.choice(ports))
        answer = program.allows(str(source), str(destination), flow.port)
        assert answer == decide(snapshot, flow).allowed, flow


def _boundaries(snapshot: Snapshot) -> set[int]:
    """Every port that a policy speaks of, with the ones beside it."""
    found = {80}
    for policy in snapshot.policies:
        assert isinstance(policy, NetworkPolicy)
        for rule in (*policy.ingress, *policy.egress):
            for entry in () if isinstance(rule.ports, AnyPort) else rule.ports:
                if isinstance(entry.port, PortRange):
                    ends = entry.port.first, entry.port.last
                    found |= {port + beside for port in ends for beside in (-1, 0, 1)}
    return {port for port in found if 1 <= port <= 65535}


@examples(40)
@given(undirected_network_policies())
def test_undirected_policies_are_valid(policy: Manifest) -> None:
    (read,) = netsim.loads(json.dumps(policy)).policies
    assert (read.namespace, read.name) == (
        policy["metadata"]["namespace"],
        policy["metadata"]["name"],
    )
