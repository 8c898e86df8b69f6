"""Which expectations come out otherwise without some part of a policy.

What is other is known as boxes of pairs, each with all that passes then. So an expectation that
no pair breaks is held against these alone. One that some pair breaks stays so if one of a few
such pairs does; else one that is in no box is looked for. Only hops are made again, and what no
class answers for is asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, assert_never

from netsim.changes.boxes import Box, Part, without_all
from netsim.changes.ends import Ends
from netsim.changes.pairing import Pairing
from netsim.changes.slicing import Field
from netsim.errors import QueryError
from netsim.model.cluster import Node, Pod
from netsim.model.flow import Domain, Endpoint
from netsim.suites.ground import Ground
from netsim.suites.hops import stepped
from netsim.suites.meant import meant
from netsim.suites.outcome import Outcome
from netsim.suites.pairs import asked_of, hits_of
from netsim.suites.region import ANY, Region, units_of
from netsim.suites.removal import Removal
from netsim.suites.strangers import unanswered
from netsim.suites.suite import Allow, Deny, Isolated, Only, ReachAtMost
from netsim.suites.wish import Wish
from netsim.suites.witness import flows_of

# So many pairs of an expectation that some pair breaks are looked at first.
_WITNESSES = 5


class Turning(Protocol):
    """An expectation, and what may turn its outcome."""

    @property
    def field(self) -> Field:
        """The pairs that it is about: what governs neither end of them doesn't turn it."""
        ...

    def turns(self, removal: Removal) -> bool:
        """Whether it holds and wouldn't, or fails and wouldn't."""
        ...


@dataclass(frozen=True)
class _Judged:
    """An expectation that is judged again."""

    outcome: Outcome
    ground: Ground
    field: Field

    def turns(self, removal: Removal) -> bool:
        found = removal.judged(self.outcome.expectation, self.ground)
        return found.holds is not self.outcome.holds


@dataclass(frozen=True)
class _Isolation:
    """Pods that are isolated. Without a policy no other pod is."""

    claim: Isolated
    field: Field

    def turns(self, removal: Removal) -> bool:
        pods = self.field.senders
        return any(removal.bared(each) & pods for each in self.claim.directions)


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


@dataclass(frozen=True)
class _Unhit:
    """Pairs of which none passes its test."""

    regions: list[Region]

    @cached_property
    def field(self) -> Field:
        return _field(self.regions)

    def turns(self, removal: Removal) -> bool:
        return any(region.is_hit(box) for box in removal.boxes for region in self.regions)


@dataclass(frozen=True)
class _Witness:
    """A pair that passes its test."""

    region: Region
    source: Ends
    destination: Ends

    def stands(self, boxes: Iterable[Box]) -> bool:
        """Whether it still does where these pairs are others."""
        for box in boxes:
            if self.source & box.sources and self.destination & box.destinations:
                return self.region.passes(box.after)
        return True


@dataclass(frozen=True)
class _Hit:
    """Pairs of which some pass their test: there is at least one witness of it."""

    regions: list[Region]
    witnesses: list[_Witness]

    @property
    def field(self) -> Field:
        """One witness: where it isn't another, it stands."""
        first = self.witnesses[0]
        return Field(first.source.units, first.destination.units)

    def turns(self, removal: Removal) -> bool:
        boxes = removal.boxes
        if any(witness.stands(boxes) for witness in self.witnesses):
            return False
        if any(region.is_hit(box) for box in boxes for region in self.regions):
            return False
        others = [Part(box.sources, box.destinations, ANY) for box in boxes]
        return not any(
            region.has_pair(part)
            for region, hits in self._hits
            for part in without_all(hits, others)
        )

    @cached_property
    def _hits(self) -> list[tuple[Region, list[Part]]]:
        return [(region, list(region.hits())) for region in self.regions]


def turning_of(found: Outcome, ground: Ground, pairing: Pairing) -> Turning | None:
    """What may turn an outcome; None where nothing that a policy says does."""
    if found.empty:
        return None
    claim = found.expectation.claim
    try:
        if found.expectation.allow_empty:
            claim = meant(claim, ground)
        match claim:
            case Isolated():
                # Without a policy no more are isolated.
                crowd = ground.crowds.of(claim.pods)
                pods = units_of(crowd, pairing)
                return _Isolation(claim, Field(pods, pods)) if found.holds else None
            case ReachAtMost():
                steps = pairing.old.of(stepped(claim, ground))
                everyone = Field(pairing.everyone, pairing.everyone)
                return _Hops(found, ground, everyone, steps)
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
    regions = [Region(wish, ground, pairing) for wish in wishes]
    if any(unanswered(wish, ground.roll) or _is_odd(wish, ground) for wish in wishes):
        return _Judged(found, ground, _field(regions))
    if not hit:
        return _Unhit(regions)
    witnesses = [each for region in regions for each in _witnesses(region, ground, pairing)]
    return _Hit(regions, witnesses)


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


def _witnesses(region: Region, ground: Ground, pairing: Pairing) -> Iterator[_Witness]:
    for flow in flows_of(hits_of(region.wish, ground.view, ground), ground.view, _WITNESSES):
        ends = (_ends(each, pairing) for each in (flow.source, flow.destination))
        yield _Witness(region, *ends)


def _ends(endpoint: Endpoint, pairing: Pairing) -> Ends:
    assert not isinstance(endpoint, Domain), "what no class answers for is judged again"
    if isinstance(endpoint, Pod | Node):
        return Ends(pairing.old.of([endpoint]))
    number = int(endpoint)
    return Ends.outside({endpoint.version: [(number, number)]})


def _field(regions: Iterable[Region]) -> Field:
    sources = destinations = 0
    for region in regions:
        sources |= region.sources
        destinations |= region.destinations
    return Field(sources, destinations)
