"""Questions in clusters with policies of the whole cluster: each flow as the reference answers it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from ipaddress import ip_network
from itertools import permutations
from pathlib import Path

from hypothesis import assume, event, given
from hypothesis import strategies as st

import netsim
from netsim import Flow, Protocol, Snapshot, Verdict
from netsim.model.cluster import Address, Node, Pod
from netsim.model.directory import Directory
from netsim.model.flow import Endpoint
from netsim.model.verdict import Group
from netsim.model.walk import walk_text

sys.path.insert(0, str(Path(__file__).parent))

from depth import examples
from tier_flows import SOME_PORTS, addresses_near, read

from netsim.testing.clusters import PORTS, Manifest, clusters
from netsim.testing.tiered_clusters import domain_texts, tiered, tiered_clusters

protocols = st.sampled_from([Protocol.TCP, Protocol.UDP, Protocol.SCTP])
laws = examples(40)
# In these a pod of a manifest is one pod.
of_single_pods = tiered(clusters())


def allowed(snapshot: Snapshot, flow: Flow) -> bool:
    return netsim.decide_by_reference(snapshot, flow).allowed


def _running(snapshot: Snapshot) -> list[Pod]:
    return [pod for pod in snapshot.pods if not pod.finished]


@laws
@given(of_single_pods, protocols, st.sampled_from(PORTS))
def test_all_pods_to_all_pods(cluster: list[Manifest], protocol: Protocol, port: int) -> None:
    snapshot = read(cluster)
    verdict = netsim.can(snapshot, "*", "*", port, protocol=protocol.value)
    event(verdict.word)
    expected = [
        allowed(snapshot, Flow(one, other, protocol, port))
        for one, other in permutations(_running(snapshot), 2)
    ]
    assert sum(group.count for group in verdict.groups) == len(expected)
    assert sum(group.count for group in verdict.groups if group.allowed) == sum(expected)


@laws
@given(of_single_pods, protocols, st.data())
def test_all_ports(cluster: list[Manifest], protocol: Protocol, data: st.DataObject) -> None:
    snapshot = read(cluster)
    one, other = data.draw(st.permutations(_running(snapshot)))[:2]
    verdict = netsim.can(snapshot, str(one), str(other), "any", protocol=protocol.value)
    event(verdict.word)
    for number in SOME_PORTS:
        expected = allowed(snapshot, Flow(one, other, protocol, number))
        assert _ports(verdict, number) == {expected}, number


def _ports(verdict: Verdict, number: int) -> set[bool]:
    """What the groups that have this port say."""
    return {
        group.allowed
        for group in verdict.groups
        for text in group.ports
        for first, _, last in (text.partition("/")[0].partition("-"),)
        if int(first) <= number <= int(last or first)
    }


@laws
@given(of_single_pods, protocols, st.sampled_from(PORTS), st.data())
def test_all_addresses(
    cluster: list[Manifest], protocol: Protocol, port: int, data: st.DataObject
) -> None:
    """Whoever has them: pods and nodes are asked themselves."""
    snapshot = read(cluster)
    pod = data.draw(st.sampled_from(_running(snapshot)))
    version = data.draw(st.sampled_from((4, 4, 6)))
    assume(any(address.version == version for address in pod.addresses))
    verdict = netsim.can(
        snapshot, str(pod), {4: "0.0.0.0/0", 6: "::/0"}[version], port, protocol=protocol.value
    )
    event(verdict.word)
    directory = Directory(snapshot)
    for address in addresses_near(snapshot):
        if address.version != version or address.is_loopback:
            continue
        owner = directory.owner_of(address)
        if isinstance(owner, Pod) and owner.identity == pod.identity:
            continue
        expected = allowed(snapshot, Flow(pod, owner or address, protocol, port))
        assert expected in set(_of_address(verdict, address, owner)), address


def _of_address(verdict: Verdict, address: Address, owner: Pod | Node | None) -> Iterator[bool]:
    for group in verdict.groups:
        if _has(group, address, owner):
            yield group.allowed


def _has(group: Group, address: Address, owner: Endpoint | None) -> bool:
    if owner is not None:
        return str(owner) in group.destinations
    return any(
        address in ip_network(text)
        for text in group.destinations
        if text[0].isdigit() or ":" in text
    )


@laws
@given(tiered_clusters(), domain_texts, protocols, st.sampled_from(PORTS), st.data())
def test_dns_names(
    cluster: list[Manifest], text: str, protocol: Protocol, port: int, data: st.DataObject
) -> None:
    """The question finds the policies, ports and pods behind a name as the reference does."""
    snapshot = read(cluster)
    assume(_running(snapshot))
    sources: list[Pod | Node] = [*_running(snapshot), *snapshot.nodes.values()]
    source = data.draw(st.sampled_from(sources))
    (domain,) = Directory(snapshot).find(text).members
    answer = netsim.decide_by_reference(snapshot, Flow(source, domain, protocol, port))
    verdict = netsim.can(snapshot, str(source), text, port, protocol=protocol.value)
    event(f"{answer.egress.cause.name}, {answer.ingress.cause.name}")
    if len(verdict.groups) == 1:
        (group,) = verdict.groups
        assert group.answer.egress == answer.egress
        assert group.answer.ingress == answer.ingress
    assert answer.allowed in {group.allowed for group in verdict.groups}
    every = netsim.can(snapshot, str(source), text, "any", protocol=protocol.value)
    for number in SOME_PORTS:
        expected = allowed(snapshot, Flow(source, domain, protocol, number))
        assert expected in _ports(every, number), number


@laws
@given(tiered_clusters(), st.sampled_from(PORTS))
def test_every_walk_can_be_told(cluster: list[Manifest], port: int) -> None:
    """In a line that names who was asked, in order, and ends with the word of the decision."""
    snapshot = read(cluster)
    assume(_running(snapshot))
    verdict = netsim.can(snapshot, "*", "*", port)
    sides = [side for each in verdict.groups for side in (each.answer.egress, each.answer.ingress)]
    for decision in sides:
        walk = walk_text(decision, len(decision.steps))
        event(f"{decision.cause.name} {'walk' if walk else ''}")
        assert bool(walk) is bool(decision.steps)
        places = [walk.index(f"{step.priority} {step.policy}: ") for step in decision.steps]
        assert places == sorted(places)
        if walk:
            assert f": {'ALLOW' if decision.allowed else 'DENY'}" in walk.rpartition(" → ")[2]
