"""In clusters full of what is seldom seen many flows are asked for, by every way that there is.

Many clusters find more than all flows of a few: each seed asks for some of its own.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from ipaddress import ip_address, ip_network
from itertools import product
from pathlib import Path

import pytest

import netsim
from netsim import Answer, Flow, NetsimError, Protocol, Snapshot, Verdict
from netsim.compiler import sets
from netsim.engine import arriving, sums
from netsim.engine.flows import OutsideFlows
from netsim.engine.level import Level
from netsim.model.cluster import Address, Node, Pod
from netsim.sets.bitset import value_at

sys.path.insert(0, str(Path(__file__).parent))

from depth import seeds
from odd_clusters import BLOCKS, PORTS, odd_cluster, odd_options

QUESTIONS: list[tuple[Protocol, int | None]] = [
    *product((Protocol.TCP, Protocol.UDP, Protocol.SCTP), (*PORTS, 2, 79, 82, 8079, 65534)),
    (Protocol.ICMP, None),
]
ASKED = ("80", "http", "any/udp", "icmp", "dns/udp", "80-81/sctp", 65535)
OTHER_TEXTS = ("external", "203.0.113.7", "10.0.0.5", "fd00::77", "a/*", "*", "{app=web}")
MORE_TEXTS = ("new:a/{app=db}", "new:c/{}", "10.0.0.0/30", "node/nowhere", "192.168.0.3")

pytestmark = pytest.mark.parametrize("seed", seeds(40))


def read(seed: int) -> Snapshot:
    text = "\n---\n".join(map(json.dumps, odd_cluster(seed)))
    return netsim.loads(text, semantics=odd_options(seed))


def answer(snapshot: Snapshot, flow: Flow) -> Answer:
    return netsim.decide_by_reference(snapshot, flow)


def test_cells(seed: int) -> None:
    snapshot = read(seed)
    reachability = netsim.compile_snapshot(snapshot).reach()
    ends = [(end, at) for at, item in enumerate(reachability.classes) for end in item.members]
    for (source, i), (destination, j) in [*product(ends, ends)][seed % 4 :: 4]:
        other = destination
        if source == destination and isinstance(destination, Pod):
            other = replace(destination, replica=1)
        traffic, hanging = reachability.between(i, j), reachability.hanging(i, j)
        for protocol, port in QUESTIONS:
            expected = answer(snapshot, Flow(source, other, protocol, port))
            key = protocol.value.lower(), port
            where = f"{source} -> {destination} {protocol} {port}: {traffic}"
            assert (key in traffic) == expected.allowed, where
            assert key in hanging or not expected.assumptions, where


FAR = pytest.mark.parametrize("near", [(0, 0), (1, 2)], ids=["all far", "some far"])


def _is_near(most: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in zip(("_NEAR_BLOCKS", "_NEAR_CLASSES"), most, strict=True):
        monkeypatch.setattr(sets, name, value)


@FAR
def test_far_and_near_are_alike(
    seed: int, near: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = netsim.compile_snapshot(read(seed)).reach()
    _is_near(near, monkeypatch)
    found = netsim.compile_snapshot(read(seed)).reach()
    every = range(len(found.classes))
    assert [str(found.between(i, j)) for i in every for j in every] == [
        str(expected.between(i, j)) for i in every for j in every
    ]
    assert found.checksum() == expected.checksum()
    for few_steps, many_rows in ((-1, 10**9), (10**9, -1)):  # by matrix, and cell by cell
        monkeypatch.setattr(sums, "_FEW_STEPS", few_steps)
        monkeypatch.setattr(sums, "_MANY_ROWS", many_rows)
        assert netsim.compile_snapshot(read(seed)).reach().checksum() == expected.checksum()


@FAR
def test_rows_are_their_cells(
    seed: int, near: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those with marks, too: of what passes in any case, and at most, else is near."""
    _is_near(near, monkeypatch)
    monkeypatch.setattr(arriving, "_MANY_ROWS", 0 if seed % 2 else 64)
    reachability = netsim.compile_snapshot(read(seed)).reach()
    marks, universe = reachability.marks, reachability.universe
    every = range(len(universe))
    for source in every:
        rows = reachability.row_of(source), marks.row(source), marks.passing_row(source)
        for number in every:
            block, bit = universe.place(number)
            plain, marked, passing = (value_at(row.at(block), bit) for row in rows)
            traffic, hanging = reachability.marked_traffic(marked)
            assert reachability.traffic_of(plain) == traffic
            assert traffic == reachability.between(source, number)
            assert hanging == reachability.hanging(source, number)
            assert passing == (marked if traffic else 0)


def test_all_pairs_are_counted(seed: int) -> None:
    reachability = netsim.compile_snapshot(read(seed)).reach()
    each = [at for at, item in enumerate(reachability.classes) for _ in range(item.count)]
    pairs = [(i, j) for x, i in enumerate(each) for y, j in enumerate(each) if x != y]
    found = [reachability.between(i, j) for i, j in pairs]
    assert reachability.pairs() == sum(map(bool, found))
    assert reachability.port_pairs() == sum(
        sum(last - first + 1 for _, intervals in traffic.ports for first, last in intervals)
        + len(traffic.portless)
        for traffic in found
    )


def test_borders(seed: int) -> None:
    snapshot = read(seed)
    reachability = netsim.compile_snapshot(snapshot).reach()
    taken = set(_addresses(snapshot))
    edges = [address for address in _edges() if address not in taken]
    for party, inward in product(reachability.parties(Level.POD), (True, False)):
        parts = (
            reachability.marked_received_from_outside(party)
            if inward
            else reachability.marked_sent_outside(party)
        )
        own = party.members[0]
        for address in edges[seed % 11 :: 11]:
            (part,) = _at(address, parts) or (None,)
            source, destination = (address, own) if inward else (own, address)
            for protocol, port in QUESTIONS[seed % 3 :: 3]:
                expected = answer(snapshot, Flow(source, destination, protocol, port))
                key = protocol.value.lower(), port
                where = f"{source} -> {destination} {protocol} {port}: {part}"
                assert (part is not None and key in part.traffic) == expected.allowed, where
                hanging = part is not None and key in part.hanging
                assert hanging or not expected.assumptions, where


def _at(address: Address, parts: Iterable[OutsideFlows]) -> list[OutsideFlows]:
    return [part for part in parts if any(address in ip_network(cidr) for cidr in part.cidrs)]


def _addresses(snapshot: Snapshot) -> Iterator[Address]:
    for pod in snapshot.pods:
        yield from (*pod.addresses, *pod.host_addresses)
    for node in snapshot.nodes.values():
        yield from node.addresses


def _edges() -> list[Address]:
    """The first and the last address of every block, ±1."""
    found: set[Address] = set()
    for block in (ip_network(text) for cidr, holes in BLOCKS for text in (cidr, *holes)):
        edges = (int(block[0]), int(block[-1]))
        for number in {edge + step for edge in edges for step in (-1, 0, 1)}:
            if 0 <= number < 1 << block.max_prefixlen:
                found.add(type(block[0])(number))
    outside = [address for address in found if not address.is_loopback]
    return sorted([*outside, ip_address("203.0.113.7")], key=lambda at: (at.version, int(at)))


def test_ways_to_ask(seed: int) -> None:
    snapshot = read(seed)
    program = netsim.compile_snapshot(snapshot)
    texts = sorted({*map(str, _running(snapshot)), *map(str, snapshot.workloads)})
    texts += [*OTHER_TEXTS, *MORE_TEXTS]
    flows, expected = [], []
    pairs = list(enumerate(product(texts, texts)))
    for at, (source, destination) in pairs[seed % 11 :: 11]:
        flow = source, destination, ASKED[(at + seed) % len(ASKED)]
        verdict = _outcome(netsim.can, snapshot, *flow)
        assert _outcome(program.verdict, *flow) == verdict, flow
        if isinstance(verdict, Verdict):
            assert program.allows(*flow) == verdict.allowed, flow
            flows.append(flow)
            expected.append(verdict.allowed)
    again = netsim.compile_snapshot(snapshot)
    again.ids([])  # ready for vectors
    assert again.allows_many(flows) == expected


def _running(snapshot: Snapshot) -> list[Pod | Node]:
    return [*(pod for pod in snapshot.pods if not pod.finished), *snapshot.nodes.values()]


def _outcome(ask: object, *question: object) -> object:
    try:
        return ask(*question)  # type: ignore[operator]
    except NetsimError as error:
        return error.diagnostics


def test_edges_are_the_flows(seed: int) -> None:
    reachability = netsim.compile_snapshot(read(seed)).reach()
    for level in Level:
        flows = {
            (each.source.name, each.destination.name): each.traffic
            for each in reachability.flows(level)
        }
        for most in (10**6, -1):
            graph = netsim.graph(reachability, level.value, most_edges=most)
            kinds = ("external", "domain")
            beyond = {name for name, each in graph.nodes.items() if each["kind"] in kinds}
            inside = graph.subgraph({*graph} - beyond)
            edges = {(one, other): each["traffic"] for one, other, each in inside.edges(data=True)}
            assert edges == flows
            assert graph.size(weight="weight") == reachability.pairs()
