"""A question answers for every flow that it stands for, as the reference answers them one by one."""

from __future__ import annotations

import json
import sys
from ipaddress import IPv4Address, ip_address, ip_network
from itertools import permutations
from pathlib import Path

from hypothesis import assume, event, given
from hypothesis import strategies as st

import netsim
from netsim import Flow, Protocol, Snapshot, Verdict
from netsim.model.cluster import Pod

sys.path.insert(0, str(Path(__file__).parent))

from depth import examples

from netsim.testing.clusters import CIDRS, PORTS, Manifest, clusters

protocols = st.sampled_from([Protocol.TCP, Protocol.UDP, Protocol.SCTP])
# Every place where the policies of these clusters can cut, and its neighbours.
NUMBERS = sorted({1, 65535, *(port + step for port in PORTS for step in (-1, 0, 1))})
_BLOCKS = {ip_network(text) for cidr, holes in CIDRS.items() for text in (cidr, *holes)}
_EDGES = {
    edge + step
    for block in _BLOCKS
    if block.version == 4
    for edge in (int(block.network_address), int(block.broadcast_address))
    for step in (-1, 0, 1)
}
ADDRESSES = [IPv4Address(number) for number in sorted(_EDGES) if 0 <= number < 2**32]

laws = examples(60)


def snapshot_of(cluster: list[Manifest]) -> Snapshot:
    return netsim.loads("\n---\n".join(json.dumps(manifest) for manifest in cluster))


def allowed(snapshot: Snapshot, flow: Flow) -> bool:
    return netsim.decide_by_reference(snapshot, flow).allowed


@laws
@given(clusters(), protocols, st.sampled_from(PORTS))
def test_all_pods_to_all_pods(cluster: list[Manifest], protocol: Protocol, port: int) -> None:
    snapshot = snapshot_of(cluster)
    expected = [
        allowed(snapshot, Flow(one, other, protocol, port))
        for one, other in permutations(snapshot.pods, 2)
    ]
    verdict = netsim.can(snapshot, "*", "*", port, protocol=protocol.value)
    event(verdict.word)
    assert sum(group.count for group in verdict.groups) == len(expected)
    assert sum(group.count for group in verdict.groups if group.allowed) == sum(expected)


@laws
@given(clusters(), protocols, st.data())
def test_all_ports(cluster: list[Manifest], protocol: Protocol, data: st.DataObject) -> None:
    snapshot = snapshot_of(cluster)
    one, other = data.draw(st.sampled_from(list(permutations(snapshot.pods, 2))))
    verdict = netsim.can(snapshot, str(one), str(other), "any", protocol=protocol.value)
    event(verdict.word)
    for number in NUMBERS:
        expected = allowed(snapshot, Flow(one, other, protocol, number))
        assert _ports(verdict, number) == {expected}, number


def _ports(verdict: Verdict, number: int) -> set[bool]:
    """What the groups that have this port say."""
    found = set()
    for group in verdict.groups:
        for text in group.ports:
            first, _, last = text.partition("/")[0].partition("-")
            if int(first) <= number <= int(last or first):
                found.add(group.allowed)
    return found


@laws
@given(clusters(), protocols, st.sampled_from(PORTS), st.data())
def test_all_addresses(
    cluster: list[Manifest], protocol: Protocol, port: int, data: st.DataObject
) -> None:
    snapshot = snapshot_of(cluster)
    pod: Pod = data.draw(st.sampled_from(snapshot.pods))
    assume(any(address.version == 4 for address in pod.addresses))
    inward = data.draw(st.booleans())
    ends = ("0.0.0.0/0", str(pod)) if inward else (str(pod), "0.0.0.0/0")
    verdict = netsim.can(snapshot, *ends, port, protocol=protocol.value)
    event(verdict.word)
    owned = {address for item in snapshot.pods for address in item.addresses}
    owned |= {address for node in snapshot.nodes.values() for address in node.addresses}
    for address in ADDRESSES:
        if address in owned or address.is_loopback:
            continue
        flow = Flow(address, pod, protocol, port) if inward else Flow(pod, address, protocol, port)
        assert _addresses(verdict, address, inward) == {allowed(snapshot, flow)}, address


def _addresses(verdict: Verdict, address: IPv4Address, inward: bool) -> set[bool]:
    """What the groups that have this address say."""
    return {
        group.allowed
        for group in verdict.groups
        for text in (group.sources if inward else group.destinations)
        if text[0].isdigit() and address in ip_network(text)
    }


@laws
@given(clusters(), protocols, st.sampled_from(PORTS), st.data())
def test_whoever_has_an_address_answers_for_it(
    cluster: list[Manifest], protocol: Protocol, port: int, data: st.DataObject
) -> None:
    """NP-42: the index of a question and the walk of the reference find the same."""
    snapshot = snapshot_of(cluster)
    addresses = [address for pod in snapshot.pods for address in pod.addresses]
    one, other = data.draw(st.tuples(st.sampled_from(addresses), st.sampled_from(addresses)))
    expected = allowed(snapshot, Flow(ip_address(str(one)), ip_address(str(other)), protocol, port))
    verdict = netsim.can(snapshot, str(one), str(other), port, protocol=protocol.value)
    assert verdict.allowed == expected
