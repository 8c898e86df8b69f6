"""A listing in numbers: how many pairs, and who is open to how many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from netsim.analysis.listing import Listing
from netsim.analysis.sending import Addresses, Passing, Sending, Shared
from netsim.engine.parties import Party
from netsim.engine.reach import Reachability
from netsim.model.cluster import Pod
from netsim.model.flow import Direction
from netsim.sets.bitset import members

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

    `allowed` of `possible` ordered pairs of different pods or nodes have any traffic between them;
    `assumed` hang on an assumption, those without traffic if the listing takes them in.
    `most` and `least` exposed are a few parties each, none of them in both.
    `not_isolated` are pods that no policy selects, by direction.
    """

    pods: int
    nodes: int
    classes: int
    allowed: int
    possible: int
    assumed: int
    most: tuple[Exposure, ...]
    least: tuple[Exposure, ...]
    not_isolated: dict[Direction, int]


def exposures_of(listing: Listing, reachability: Reachability) -> Exposures:
    """Count a listing. The cost grows with its lists, not with its pairs."""
    counts = _Counts(listing)
    for sending in listing.sendings():
        counts.add(sending)
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
        assumed=counts.assumed,
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
        self._totals: dict[Shared, int] = {}
        self._nothing: dict[Shared, frozenset[int]] = {}
        self._hanging_in: dict[Shared, int] = {}
        self._senders = [0] * len(listing.parties)
        self._from_shared: dict[Shared, int] = {}
        self._from_outside: set[int] = set()
        self.allowed = 0
        self.assumed = 0

    def add(self, sending: Sending) -> None:
        """Count one sending."""
        source = sending.source
        if isinstance(source, Addresses):
            passing = (grant for grant in sending.own if grant.traffic)
            self._from_outside.update(at for grant in passing for at in grant.places)
            return
        place = self._place[source]
        weight = self._weights[place]
        itself = self._itself(sending, place) if source.several else None
        passes = itself is not None and bool(itself.traffic)
        excepted = self._excepted(sending)
        self.allowed += weight * (self._reached(sending, excepted) - passes)
        self.assumed += weight * (self._hanging(sending) - (itself is not None and itself.assumed))
        self._count_senders(sending, excepted, weight)
        self._senders[place] -= passes

    def exposures(self) -> list[Exposure]:
        """Each destination with its senders; the most exposed first, then by name."""
        for shared, weight in self._from_shared.items():
            for grant in shared.grants:
                if grant.traffic:
                    for at in grant.places:
                        self._senders[at] += weight
        self._from_shared.clear()
        found = [
            Exposure(self._listing.parties[at], self._senders[at], at in self._from_outside)
            for at in self._listing.destinations
        ]
        return sorted(found, key=lambda item: (not item.outside, -item.senders))

    def _itself(self, sending: Sending, place: int) -> Passing | None:
        """What a party may send to others of its own."""
        for grant in sending.own:
            if place in grant.places:
                return Passing(grant.traffic, grant.assumed)
        if sending.shared is None or place in sending.excepted:
            return None
        return sending.shared.passing(place)

    def _excepted(self, sending: Sending) -> Sequence[int]:
        """The excepted places that the shared grants give anything to."""
        if sending.shared is None:
            return ()
        nothing = self._nothing.get(sending.shared)
        if nothing is None:
            grants = (grant for grant in sending.shared.grants if not grant.traffic)
            nothing = frozenset(at for grant in grants for at in grant.places)
            self._nothing[sending.shared] = nothing
        return [at for at in sending.excepted if at not in nothing]

    def _reached(self, sending: Sending, excepted: Sequence[int]) -> int:
        """How many pods and nodes are among the destinations."""
        found = sum(self._total(grant.places) for grant in sending.own if grant.traffic)
        if sending.shared:
            known = self._totals.get(sending.shared)
            if known is None:
                grants = sending.shared.grants
                known = sum(self._total(grant.places) for grant in grants if grant.traffic)
                self._totals[sending.shared] = known
            found += known - self._total(excepted)
        return found

    def _hanging(self, sending: Sending) -> int:
        """How many of the pods and nodes asked about hang on an assumption."""
        own, shared = self._total(sending.own_hanging()), sending.shared
        if shared is None or not shared.hanging:
            return own
        known = self._hanging_in.get(shared)
        if known is None:
            known = self._hanging_in[shared] = self._total(members(shared.hanging))
        excepted = (at for at in sending.excepted if shared.hanging >> at & 1)
        return own + known - self._total(excepted)

    def _count_senders(self, sending: Sending, excepted: Sequence[int], weight: int) -> None:
        for grant in sending.own:
            if grant.traffic:
                for at in grant.places:
                    self._senders[at] += weight
        for at in excepted:
            self._senders[at] -= weight
        if sending.shared:
            self._from_shared[sending.shared] = self._from_shared.get(sending.shared, 0) + weight

    def _total(self, places: Iterable[int]) -> int:
        return sum(self._weights[at] for at in places)


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
