"""What endpoints may send to addresses outside or get from them, in two versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from netsim.changes.boxes import Box, Part, merged
from netsim.changes.domains import parts_to_names
from netsim.changes.ends import Ends
from netsim.changes.pairing import Pairing
from netsim.changes.sides import Side, bits_of
from netsim.changes.slicing import Field, Slice, slice_of
from netsim.engine.outside import Outside, Pieces
from netsim.sets.bitset import members
from netsim.sets.traffic import NOTHING, TrafficSet

# Addresses by what passes between them and an endpoint. Disjoint.
Shares = tuple[tuple[TrafficSet, Ends], ...]
_Versions = Callable[[int], frozenset[int]]


def compared_outside(pairing: Pairing, old: Slice, new: Slice, field: Field) -> list[Box]:
    """What is other between the units of a field and addresses outside, each way by itself.

    `field.senders` send there, `field.receivers` receive from there; both versions have them. They
    are asked about in the IP versions that they have in either, as policies have them (NP-41).
    """
    if not field.senders | field.receivers:
        return []
    one, other = (_Border(each, pairing.ip_versions) for each in (old, new))
    sent = _boxes(one.sent, other.sent, field.senders)
    received = _boxes(one.received, other.received, field.receivers)
    return merged(
        [
            *(Box(Ends(units), there, before, after) for units, there, before, after in sent),
            *(Box(there, Ends(units), before, after) for units, there, before, after in received),
        ]
    )


def passing_outside(side: Side, field: Field) -> tuple[list[Part], list[Part]]:
    """What units of a field that one side has may send outside, and what may come from there."""
    own = slice_of(side, field)
    border = _Border(own, lambda _: frozenset())
    sent = [
        Part(Ends(1 << unit), there, traffic)
        for unit in members(field.senders)
        for traffic, there in border.sent(unit)
    ]
    sent += parts_to_names(sorted(side.version.tiers.domains), own, field.senders)
    received = [
        Part(there, Ends(1 << unit), traffic)
        for unit in members(field.receivers)
        for traffic, there in border.received(unit)
    ]
    return merged(sent), merged(received)


class _Border:
    """The traffic of some units of one version with the outside."""

    def __init__(self, of: Slice, in_either: _Versions) -> None:
        """`in_either` tells the IP versions that a unit has there or in another version."""
        self._slice, self._in_either = of, in_either
        self._outside = Outside(of.tables)
        pools = of.tables.snapshot.semantics.pod_cidrs
        self._expected = frozenset(cidr.version for cidr in pools) or frozenset({4})
        self._known: dict[tuple[int, frozenset[int]], Shares] = {}

    def sent(self, unit: int) -> Shares:
        """What a unit may send, and where to."""
        number = self._slice.class_of[unit]
        return self._shares(self._outside.sent(number), self._versions(unit))

    def received(self, unit: int) -> Shares:
        """What a unit may get, and where from."""
        number = self._slice.class_of[unit]
        return self._shares(self._outside.received(number), self._versions(unit))

    def _versions(self, unit: int) -> frozenset[int]:
        number = self._slice.class_of[unit]
        found = self._slice.tables.versions[number] | self._in_either(unit)
        return found or self._expected

    def _shares(self, pieces: Pieces, versions: frozenset[int]) -> Shares:
        """In these IP versions. `pieces` are kept by `Outside`."""
        known = self._known.get((id(pieces), versions))
        if known is None:
            found = (
                (
                    self._slice.places.traffic(atoms),
                    Ends.outside({at: each for at, each in by_version.items() if at in versions}),
                )
                for atoms, by_version in pieces.items()
            )
            known = tuple((traffic, ends) for traffic, ends in found if traffic and ends)
            self._known[id(pieces), versions] = known
        return known


def _boxes(
    old: Callable[[int], Shares], new: Callable[[int], Shares], units: int
) -> Iterator[tuple[int, Ends, TrafficSet, TrafficSet]]:
    alike: dict[tuple[Shares, Shares], list[int]] = {}
    for unit in members(units):
        alike.setdefault((old(unit), new(unit)), []).append(unit)
    for (one, other), some in alike.items():
        for there, before, after in differing_shares(one, other):
            yield bits_of(some), there, before, after


def differing_shares(old: Shares, new: Shares) -> Iterator[tuple[Ends, TrafficSet, TrafficSet]]:
    """Where what passed before and what passes after is other."""
    if old == new:
        return
    for before, there in old:
        for after, then in new:
            both = there & then
            if both:
                there = there - both
                if before != after:
                    yield both, before, after
        if there:
            yield there, before, NOTHING
    for after, then in new:
        for _, there in old:
            then = then - there
        if then:
            yield then, NOTHING, after
