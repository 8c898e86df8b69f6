"""Which expectations come out otherwise without some part of a policy.

What is other is known as boxes of pairs, each with all that passes then. So an expectation that
no pair breaks is held against these alone, and one that some pair breaks first against a few such
pairs: it is judged again only where each of them may be another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, assert_never

from netsim.changes.boxes import Box
from netsim.changes.ends import Ends as BoxEnds
from netsim.changes.pairing import Pairing
from netsim.engine.recognisable import recognisable_address
from netsim.errors import QueryError
from netsim.model.cluster import Node, Pod
from netsim.model.flow import Endpoint
from netsim.sets.intervals import common
from netsim.sets.traffic import TrafficSet
from netsim.suites.crowd import Crowd
from netsim.suites.ground import Ground
from netsim.suites.hops import stepped
from netsim.suites.outcome import Outcome
from netsim.suites.pairs import asked_of, hits_of
from netsim.suites.removal import Removal
from netsim.suites.strangers import unanswered
from netsim.suites.suite import Allow, Deny, Isolated, Only, ReachAtMost
from netsim.suites.wish import Kind, Wish
from netsim.suites.witness import flows_of

# So many pairs of an expectation that some pair breaks are looked at first.
_WITNESSES = 5


class Turning(Protocol):
    """An expectation, and what may turn its outcome."""

    @property
    def units(self) -> int:
        """The endpoints that it is about: no policy that governs none of them turns it."""
        ...

    def turns(self, removal: Removal) -> bool:
        """Whether it holds and wouldn't, or fails and wouldn't."""
        ...


@dataclass(frozen=True)
class _Judged:
    """An expectation that is judged again."""

    outcome: Outcome
    ground: Ground
    units: int

    def turns(self, removal: Removal) -> bool:
        found = removal.judged(self.outcome.expectation, self.ground)
        return found.holds is not self.outcome.holds


@dataclass(frozen=True)
class _Isolation:
    """Pods that are isolated. Without a policy no other pod is."""

    claim: Isolated
    units: int

    def turns(self, removal: Removal) -> bool:
        return any(removal.bared(each) & self.units for each in self.claim.directions)


@dataclass(frozen=True)
class _Hops(_Judged):
    """Hops from pods. Only what they may send besides leads them further."""

    steps: int

    def turns(self, removal: Removal) -> bool:
        if self.outcome.holds:
            hops = (box for box in removal.boxes if box.sources.units & self.steps)
            turned = any(box.after - box.before for box in hops)
        else:
            turned = any(box.before - box.after for box in removal.boxes)
        return turned and super().turns(removal)


class _Region:
    """The pairs that a wish asks about, in units, and the traffic."""

    def __init__(self, wish: Wish, ground: Ground, pairing: Pairing) -> None:
        self.wish, self._pairing = wish, pairing
        self._sources, self._destinations = (
            units_of(crowd, pairing) for crowd in (wish.sources, wish.destinations)
        )
        self.units = self._sources | self._destinations
        self._traffic = ground.atoms.traffic(wish.atoms)
        self._owned = ground.view.owned

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
        sources = box.sources.units & self._sources
        destinations = box.destinations.units & self._destinations
        if sources and destinations:
            met = sources != destinations or self._are_several(sources)
        elif destinations and box.sources.addresses:
            met = self._meets(box.sources, self.wish.sources)
        elif sources and box.destinations.addresses:
            met = self._meets(box.destinations, self.wish.destinations)
        else:
            met = False
        return met and self.passes(box.after)

    def _are_several(self, units: int) -> bool:
        return units.bit_count() > 1 or self._pairing.units[units.bit_length() - 1].several

    def _meets(self, ends: BoxEnds, crowd: Crowd) -> bool:
        """Whether an address that is nobody's is in both. `ends` is in the IP versions that pass."""
        if not crowd.has_addresses:
            return False
        there = dict(ends.addresses)
        asked = crowd.ranges(frozenset(there))
        both = {at: tuple(common(each, asked.get(at, ()))) for at, each in there.items()}
        return recognisable_address(both, self._owned) is not None


@dataclass(frozen=True)
class _Unhit:
    """Pairs of which none passes its test."""

    regions: list[_Region]

    @cached_property
    def units(self) -> int:
        return _united(region.units for region in self.regions)

    def turns(self, removal: Removal) -> bool:
        return any(region.is_hit(box) for box in removal.boxes for region in self.regions)


@dataclass(frozen=True)
class _Witness:
    """A pair that passes its test."""

    region: _Region
    source: BoxEnds
    destination: BoxEnds

    def stands(self, boxes: Iterable[Box]) -> bool:
        """Whether it still does where these pairs are others."""
        for box in boxes:
            if self.source & box.sources and self.destination & box.destinations:
                return self.region.passes(box.after)
        return True


@dataclass(frozen=True)
class _Hit(_Judged):
    """Pairs of which some pass their test."""

    witnesses: list[_Witness]

    def turns(self, removal: Removal) -> bool:
        if any(witness.stands(removal.boxes) for witness in self.witnesses):
            return False
        return super().turns(removal)


def turning_of(found: Outcome, ground: Ground, pairing: Pairing) -> Turning | None:
    """What may turn an outcome; None where nothing that a policy says does."""
    if found.empty:
        return None
    claim = found.expectation.claim
    try:
        match claim:
            case Isolated():
                # Without a policy no more are isolated.
                crowd = ground.crowds.of(claim.pods)
                return _Isolation(claim, units_of(crowd, pairing)) if found.holds else None
            case ReachAtMost():
                steps = pairing.old.of(stepped(claim, ground))
                return _Hops(found, ground, pairing.everyone, steps)
            case Allow() | Deny() | Only():
                asked = asked_of(claim, ground)
                hit = found.holds is asked.some
                return _of_pairs(found, asked.wishes, hit, ground, pairing)
    except QueryError:
        return None
    assert_never(claim)


def _of_pairs(
    found: Outcome, wishes: list[Wish], hit: bool, ground: Ground, pairing: Pairing
) -> Turning | None:
    regions = [_Region(wish, ground, pairing) for wish in wishes]
    units = _united(region.units for region in regions)
    if any(unanswered(wish, ground.roll) or _is_odd(wish, ground) for wish in wishes):
        return _Judged(found, ground, units)
    if not hit:
        return _Unhit(regions)
    witnesses = [each for region in regions for each in _witnesses(region, ground, pairing)]
    return _Hit(found, ground, units, witnesses)


def _is_odd(wish: Wish, ground: Ground) -> bool:
    """Whether it is about addresses of an IP version that the other end hasn't.

    No box speaks of those.
    """
    ends = (wish.sources, wish.destinations), (wish.destinations, wish.sources)
    return any(
        not addressed.addresses.keys() <= ground.view.versions(number)
        for addressed, inside in ends
        if addressed.addresses
        for number in inside.members
    )


def _witnesses(region: _Region, ground: Ground, pairing: Pairing) -> Iterator[_Witness]:
    for flow in flows_of(hits_of(region.wish, ground.view, ground), ground.view, _WITNESSES):
        ends = (_ends(each, pairing) for each in (flow.source, flow.destination))
        yield _Witness(region, *ends)


def _ends(endpoint: Endpoint, pairing: Pairing) -> BoxEnds:
    if isinstance(endpoint, Pod | Node):
        return BoxEnds(pairing.old.of([endpoint]))
    number = int(endpoint)
    return BoxEnds.outside({endpoint.version: [(number, number)]})


def units_of(crowd: Crowd, pairing: Pairing) -> int:
    """The pods and nodes of a crowd as units."""
    inside = (member.endpoint for each in crowd.members.values() for member in each)
    strange = (each for each in crowd.strangers if isinstance(each, Pod | Node))
    return pairing.old.of(inside) | pairing.old.of(strange)


def _united(sets: Iterable[int]) -> int:
    found = 0
    for each in sets:
        found |= each
    return found
