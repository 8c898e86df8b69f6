"""A listing in numbers: how many pairs, and who is open to how many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from netsim.analysis.listing import Addresses, Grant, Listing, Shared
from netsim.engine.parties import Party
from netsim.engine.reach import Reachability
from netsim.model.cluster import Pod
from netsim.model.flow import Direction

SHOWN = 5  # parties at either end of the order of exposure


@dataclass(frozen=True, slots=True)
class Exposure:
    """From how many pods and nodes anything may reach a party, and whether also from outside."""

    party: Party
    senders: int
    outside: bool


@dataclass(frozen=True, slots=True)
class Exposures:
    """A listing in numbers. Pods whose number nobody knows count as one.

    `allowed` of `possible` ordered pairs of different pods or nodes have any traffic between them.
    `most` and `least` exposed are a few parties each, none of them in both.
    `not_isolated` are pods that no policy selects, by direction.
    """

    pods: int
    nodes: int
    classes: int
    allowed: int
    possible: int
    most: tuple[Exposure, ...]
    least: tuple[Exposure, ...]
    not_isolated: dict[Direction, int]


def exposures_of(listing: Listing, reachability: Reachability) -> Exposures:
    """Count a listing. The cost grows with its lists, not with its pairs."""
    counts = _Counts(listing)
    for sending in listing.sendings():
        counts.add(sending.source, sending.grants)
    exposed = counts.exposures()
    shown = min(SHOWN, (len(exposed) + 1) // 2)
    spoken = listing.spoken_of()
    pods = [party for party in spoken if _is_pod(party)]
    return Exposures(
        pods=_sum(pods),
        nodes=_sum(party for party in spoken if not _is_pod(party)),
        classes=len({party.number for party in spoken}),
        allowed=counts.allowed,
        possible=_possible(listing),
        most=tuple(exposed[:shown]),
        least=tuple(reversed(exposed[shown:][-shown:])),
        not_isolated={
            direction: _sum(
                party for party in pods if not reachability.is_isolated(party.number, direction)
            )
            for direction in Direction
        },
    )


class _Counts:
    """Sums over sendings as they come."""

    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self._weights = [party.count or 1 for party in listing.parties]
        self._place = {party: at for at, party in enumerate(listing.parties)}
        self._totals: dict[int, int] = {}  # of the weights in a shared list
        self._senders = [0] * len(listing.parties)
        self._from_shared: dict[Shared, int] = {}
        self._from_outside: set[int] = set()
        self.allowed = 0

    def add(self, source: Party | Addresses, grants: Sequence[Grant]) -> None:
        """Count one sending."""
        if isinstance(source, Addresses):
            self._from_outside.update(at for grant in grants for at in grant.own)
            return
        place = self._place[source]
        weight = self._weights[place]
        for grant in grants:
            reached = self._reached(grant)
            itself = source.several and place in grant
            self.allowed += weight * (reached - itself)
            self._count_senders(grant, weight)
            self._senders[place] -= itself

    def exposures(self) -> list[Exposure]:
        """Each destination with its senders; the most exposed first, then by name."""
        for shared, weight in self._from_shared.items():
            for at in shared.places:
                self._senders[at] += weight
        self._from_shared.clear()
        found = [
            Exposure(self._listing.parties[at], self._senders[at], at in self._from_outside)
            for at in self._listing.destinations
        ]
        return sorted(found, key=lambda item: (not item.outside, -item.senders))

    def _reached(self, grant: Grant) -> int:
        """How many pods and nodes are among the destinations."""
        found = sum(self._weights[at] for at in grant.own)
        if grant.shared:
            number = grant.shared.number
            if number not in self._totals:
                self._totals[number] = sum(self._weights[at] for at in grant.shared.places)
            found += self._totals[number] - sum(self._weights[at] for at in grant.excepted)
        return found

    def _count_senders(self, grant: Grant, weight: int) -> None:
        for at in grant.own:
            self._senders[at] += weight
        for at in grant.excepted:
            self._senders[at] -= weight
        if grant.shared:
            self._from_shared[grant.shared] = self._from_shared.get(grant.shared, 0) + weight


def _possible(listing: Listing) -> int:
    """How many pairs of different pods or nodes the scope has."""
    near = [at for at in listing.destinations if listing.touching(at)]
    everyone = _sum(listing.parties[at] for at in listing.destinations)
    nearby = _sum(listing.parties[at] for at in near)
    among, among_near = {*listing.destinations}, {*near}
    total = 0
    for at in listing.sources:
        weight = listing.parties[at].count or 1
        met, whom = (everyone, among) if listing.touching(at) else (nearby, among_near)
        total += weight * (met - (at in whom))
    return total


def _sum(parties: Iterable[Party]) -> int:
    return sum(party.count or 1 for party in parties)


def _is_pod(party: Party) -> bool:
    return isinstance(party.members[0], Pod)
