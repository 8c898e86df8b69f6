"""What addresses outside may send to classes, or get from them."""

from __future__ import annotations

from netsim.compiler.opened import Opened, Ports
from netsim.compiler.relation import Half
from netsim.compiler.tables import Border, Gate
from netsim.model.rules import AddressSet, Anyone, Peers, PodSet
from netsim.sets.blocks import Places


def ingress_border(half: Half, ports: Ports) -> Border:
    """What comes in: a port name is what the governed class declares."""
    gates = (
        _inward(rules, governed, ports)
        for rules, governed in zip(half.rules.values(), half.subjects, strict=True)
    )
    return Border(half.isolated, tuple(gates), half.containing)


def egress_border(half: Half) -> Border:
    """What goes out: an address declares no port, so names open nothing (NP-53)."""
    return Border(half.isolated, tuple(map(_outward, half.rules.values())), half.containing)


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
                for cells in ports.by_name(each, block, bits):
                    for atoms, places in cells.items():
                        there = named.setdefault(atoms, {})
                        there[block] = there.get(block, 0) | places
            found += ((peers, atoms, where) for atoms, where in named.items())
    return Gate(tuple(found))
