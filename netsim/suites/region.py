"""The pairs that an expectation asks about, as units: so that differences can be held against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netsim.changes.boxes import Box, Part
from netsim.changes.ends import Ends
from netsim.changes.pairing import Pairing
from netsim.engine.recognisable import recognisable_address
from netsim.model.cluster import Node, Pod
from netsim.sets.bitset import members
from netsim.sets.intervals import common
from netsim.sets.traffic import TrafficSet
from netsim.suites.crowd import Crowd
from netsim.suites.ground import Ground
from netsim.suites.pairs import hits_of
from netsim.suites.view import Hit, Inside
from netsim.suites.wish import Kind, Wish

# Of pairs it matters here who they are; what passes is the same traffic for all.
ANY = TrafficSet(portless=("any",))


class Region:
    """The pairs that a wish asks about, and the traffic."""

    def __init__(self, wish: Wish, ground: Ground, pairing: Pairing) -> None:
        self.wish, self._ground, self._pairing = wish, ground, pairing
        self.sources, self.destinations = (
            units_of(crowd, pairing) for crowd in (wish.sources, wish.destinations)
        )
        self._traffic = ground.atoms.traffic(wish.atoms)

    def passes(self, traffic: TrafficSet) -> bool:
        """Whether a pair that may exchange this passes the test."""
        match self.wish.kind:
            case Kind.SOME_PASSES:
                return bool(traffic & self._traffic)
            case Kind.SOME_LACKS:
                return bool(self._traffic - traffic)
        return not traffic & self._traffic

    def is_hit(self, box: Box) -> bool:
        """Whether some pair of a box is asked about and then passes the test."""
        return self._asks(box.sources, box.destinations) and self.passes(box.after)

    def hits(self) -> Iterator[Part]:
        """The pairs that pass the test in the whole snapshot."""
        for hit in hits_of(self.wish, self._ground.view, self._ground):
            yield Part(*self._ends(hit), ANY)

    def has_pair(self, part: Part) -> bool:
        """Whether two different endpoints are in some pairs, or an address that is nobody's."""
        return self._asks(part.sources, part.destinations)

    def _ends(self, hit: Hit) -> tuple[Ends, Ends]:
        wish = self.wish
        if isinstance(hit, Inside):
            theirs = self._ground.view.tables.universe.numbers(hit.found.places)
            return (
                Ends(self._of(wish.sources, members(hit.found.sources))),
                Ends(self._of(wish.destinations, theirs)),
            )
        outside = Ends.outside(hit.addresses)
        crowd = wish.destinations if hit.incoming else wish.sources
        inside = Ends(self._of(crowd, [hit.number]))
        return (outside, inside) if hit.incoming else (inside, outside)

    def _of(self, crowd: Crowd, classes: Iterable[int]) -> int:
        each = (member.endpoint for at in classes for member in crowd.members[at])
        return self._pairing.old.of(each)

    def _asks(self, sources: Ends, destinations: Ends) -> bool:
        """Whether some pair of these is asked about."""
        ours, theirs = sources.units & self.sources, destinations.units & self.destinations
        if ours and theirs:
            return ours != theirs or self._are_several(ours)
        if theirs and sources.addresses:
            return self._meets(sources, self.wish.sources)
        return bool(
            ours and destinations.addresses and self._meets(destinations, self.wish.destinations)
        )

    def _are_several(self, units: int) -> bool:
        if units.bit_count() > 1:
            return True
        unit = self._pairing.units[units.bit_length() - 1]
        return unit.several or isinstance(unit.either, Node)

    def _meets(self, ends: Ends, crowd: Crowd) -> bool:
        """Whether an address that is nobody's is in both. `ends` is in the IP versions that pass."""
        if not crowd.has_addresses:
            return False
        there = dict(ends.addresses)
        asked = crowd.ranges(frozenset(there))
        both = {at: tuple(common(each, asked.get(at, ()))) for at, each in there.items()}
        return recognisable_address(both, self._ground.view.owned) is not None


def units_of(crowd: Crowd, pairing: Pairing) -> int:
    """The pods and nodes of a crowd as units."""
    inside = (member.endpoint for each in crowd.members.values() for member in each)
    strange = (each for each in crowd.strangers if isinstance(each, Pod | Node))
    return pairing.old.of(inside) | pairing.old.of(strange)
