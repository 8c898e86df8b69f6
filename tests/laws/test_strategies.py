"""The clusters that laws are held on aren't trivial: policies govern, rules match, ports decide."""

from __future__ import annotations

import json
from collections import Counter
from random import Random

import pytest
from depth import examples
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

import netsim
from netsim import Cause, Flow, Protocol, Snapshot
from netsim.dialects.networkpolicy.syntax import AnyPort, NetworkPolicy, PortRange
from netsim.reference.decide import decide
from netsim.testing import undirected_network_policies, undirected_snapshots
from netsim.testing.clusters import PORTS, Manifest, clusters
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
