"""A listing as sums over its pairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from netsim.analysis.listing import Listing
from netsim.analysis.sending import Addresses, Passing, Sending, Shared
from netsim.sets.bitset import members


class Counts(NamedTuple):
    """How many pairs of different pods or nodes have any traffic, and how many hang on an assumption.

    `senders` says, by place, from how many pods and nodes anything may reach a party;
    `from_outside` are the places to which anything may be sent from outside.
    """

    allowed: int
    assumed: int
    senders: Sequence[int]
    from_outside: set[int]


def counts_of(listing: Listing) -> Counts:
    """The sums of a listing, which knows its assumptions then."""
    if not listing.is_limited and listing.words is not None:
        from netsim.analysis.counts_vectors import counted  # loads numpy

        return counted(listing, listing.words)
    sums = _Sums(listing)
    for sending in listing.sendings():
        sums.add(sending)
    return sums.counts()


def reached_from_outside(listing: Listing) -> set[int]:
    """The places to which anything may be sent from outside; the listing knows its assumptions then."""
    return {at for sending in listing.from_outside() for at in _passing_places(sending)}


def _passing_places(sending: Sending) -> Iterator[int]:
    return (at for grant in sending.own if grant.traffic for at in grant.places)


class _Sums:
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
            self._from_outside.update(_passing_places(sending))
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

    def counts(self) -> Counts:
        """What they come to."""
        for shared, weight in self._from_shared.items():
            for grant in shared.grants:
                if grant.traffic:
                    for at in grant.places:
                        self._senders[at] += weight
        return Counts(self.allowed, self.assumed, self._senders, self._from_outside)

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
