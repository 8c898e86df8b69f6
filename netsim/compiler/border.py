"""What addresses outside may send to classes, or get from them."""

from __future__ import annotations

from netsim.compiler.classes import Universe
from netsim.compiler.opened import Opened, Ports
from netsim.compiler.peers import PeerSets
from netsim.compiler.relation import Half, containing
from netsim.compiler.tables import Border, Gate
from netsim.model.rules import AddressSet, Anyone, Peers, PodSet
from netsim.sets.blocks import Places


def ingress_border(half: Half, universe: Universe, peers: PeerSets, ports: Ports) -> Border:
    """What comes in: a port name is what the governed class declares."""
    subjects = [peers.pods.places(subject) for subject in half.rules]
    gates = (
        _inward(rules, governed, ports)
        for rules, governed in zip(half.rules.values(), subjects, strict=True)
    )
    return Border(half.isolated, tuple(gates), containing(universe, subjects))


def egress_border(half: Half, universe: Universe, peers: PeerSets) -> Border:
    """What goes out: an address declares no port, so names open nothing (NP-53)."""
    subjects = [peers.pods.places(subject) for subject in half.rules]
    gates = tuple(map(_outward, half.rules.values()))
    return Border(half.isolated, gates, containing(universe, subjects))


def _outward(rules: dict[Peers, list[Opened]]) -> Gate:
    return Gate(
        tuple(
            (peers, each.numbers, None)
            for peers, opened in rules.items()
            if not isinstance(peers, PodSet)
            for each in opened
        ),
        tuple(
            (peers, each.names)
            for peers, opened in rules.items()
            if isinstance(peers, AddressSet)
            for each in opened
            if each.names
        ),
    )


def _inward(rules: dict[Peers, list[Opened]], governed: Places, ports: Ports) -> Gate:
    found: list[tuple[AddressSet | Anyone, int, Places | None]] = []
    for peers, opened in rules.items():
        if isinstance(peers, PodSet):
            continue
        for each in opened:
            if each.numbers:
                found.append((peers, each.numbers, None))
            named: dict[int, dict[int, int]] = {}
            for block, bits in governed.items() if each.names else ():
                for cells in ports.at(Opened(0, each.names), block, bits):
                    for atoms, places in cells.items():
                        there = named.setdefault(atoms, {})
                        there[block] = there.get(block, 0) | places
            found += ((peers, atoms, where) for atoms, where in named.items())
    return Gate(tuple(found))
