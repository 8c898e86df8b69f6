"""A listing as sums over its pairs: from rows as vectors, class by class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from netsim.analysis.counts import Counts, reached_from_outside
from netsim.analysis.listing import Listing
from netsim.engine.marked_words import Marked, MarkedWords
from netsim.engine.words import Flags, Numbers
from netsim.sets.bitset import of

_Sizes = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


def counted(listing: Listing, words: MarkedWords) -> Counts:
    """The sums of a listing of whole traffic, which knows its assumptions then."""
    sums = _Sums(listing, words)
    numbers = (listing.parties[at].number for at in listing.sources)
    for alike in words.by_sight(numbers).values():
        sums.add(alike)
    listing.tell_outside()
    return Counts(sums.allowed, sums.assumed, sums.senders(), reached_from_outside(listing))


class _Told(NamedTuple):
    """Of some ends, in one order: whether anything passes, and what is told hangs on an assumption."""

    passes: Flags
    hangs: Flags

    def at(self, places: Numbers) -> _Told:
        """The same at these places."""
        return _Told(self.passes[places], self.hangs[places])


class _Side:
    """Sources that may meet the same destinations; and these, by class."""

    def __init__(self, listing: Listing, anyone: bool) -> None:
        met, count = listing.met, len(listing.met.members[anyone])
        self.members = met.members[anyone]
        self.sources: list[list[int]] = [[] for _ in range(count)]
        for at in met.sources:
            if met.touching[at] is anyone:
                self.sources[met.parties[at].number].append(at)
        weights = weights_of(listing)
        self.sending = _summed(self.sources, weights)
        self.receiving = _summed(self.members, weights)
        self.parties: _Sizes = np.array([len(each) for each in self.members], np.int64)
        # From how many pods and nodes anything may reach the members of a class.
        self.senders: _Sizes = np.zeros(count, np.int64)


class _Sums:
    """Sums over the pairs of sources that far-reaching rules see alike, as they come."""

    def __init__(self, listing: Listing, words: MarkedWords) -> None:
        self._listing, self._words = listing, words
        self._sides = [_Side(listing, anyone) for anyone in (True, False)]
        self._from_itself = [0] * len(listing.parties)
        self.allowed = 0
        self.assumed = 0

    def senders(self) -> list[int]:
        """From how many pods and nodes anything may reach each party, by place."""
        found = [-itself for itself in self._from_itself]
        for side in self._sides:
            for members, senders in zip(side.members, side.senders.tolist(), strict=True):
                for at in members:
                    found[at] += senders
        return found

    def add(self, alike: list[int]) -> None:
        """Take in all pairs of these sources."""
        rows, sources = self._words.rows(alike), np.array(alike, np.intp)
        far = self._told(rows.far).at(self._words.groups)
        near = self._told(rows.near)
        pairs = _Pairs(sources, rows.sources, rows.destinations, far, near)
        for side in self._sides:
            sending = side.sending[sources]
            if sending.any():
                self._count(side, sending, pairs)
                self._count_themselves(side, pairs)
                if self._listing.has_doubts:
                    self._tell(side, pairs)

    def _told(self, marked: Marked) -> _Told:
        passes, hangs = ((each != 0).any(axis=1).astype(np.bool_) for each in marked)
        return _Told(passes, hangs if self._listing.unsure else hangs & passes)

    def _count(self, side: _Side, sending: _Sizes, pairs: _Pairs) -> None:
        far, near, ends = pairs.far, pairs.near, pairs.destinations
        total, receiving = int(sending.sum()), side.receiving
        each = sending[pairs.places] * (near.passes.astype(np.int64) - far.passes[ends])
        side.senders += total * far.passes
        np.add.at(side.senders, ends, each)
        self.allowed += total * int(receiving @ far.passes) + int(each @ receiving[ends])
        each = sending[pairs.places] * (near.hangs.astype(np.int64) - far.hangs[ends])
        self.assumed += total * int(receiving @ far.hangs) + int(each @ receiving[ends])

    def _count_themselves(self, side: _Side, pairs: _Pairs) -> None:
        """A pod is no pair with itself; so of those that are several, each sends to one fewer."""
        passes, hangs = (each.tolist() for each in pairs.themselves())
        for place, number in enumerate(pairs.sources.tolist()):
            members = side.members[number]
            for at in side.sources[number] if members and (passes[place] or hangs[place]) else ():
                if at in members:
                    weight = self._listing.parties[at].count or 1
                    self.allowed -= weight * passes[place]
                    self.assumed -= weight * hangs[place]
                    self._from_itself[at] += passes[place]

    def _tell(self, side: _Side, pairs: _Pairs) -> None:
        """Take down what these pairs hang on."""
        met = side.parties > 0
        common = of(np.flatnonzero(pairs.far.hangs & met).tolist())
        near = pairs.near_sets(met)
        for place, number in enumerate(pairs.sources.tolist()):
            if sources := side.sources[number]:
                touched, hanging = near.get(place, (0, 0))
                hanging |= common & ~touched
                if len(side.members[number]) == 1 and not self._listing.parties[sources[0]].several:
                    hanging &= ~(1 << number)  # it is no pair with itself
                if hanging:
                    self._listing.tell(1 << number, hanging)


class _Pairs:
    """What is told of the pairs of some sources: by class, but for those of `places` and `destinations`."""

    def __init__(
        self, sources: Numbers, places: Numbers, destinations: Numbers, far: _Told, near: _Told
    ) -> None:
        self.sources, self.places, self.destinations = sources, places, destinations
        self.far, self.near = far, near

    def themselves(self) -> _Told:
        """That of each source with others of its class."""
        found = self.far.at(self.sources)
        own = np.flatnonzero(self.destinations == self.sources[self.places])
        for each, near in zip(found, self.near, strict=True):
            each[self.places[own]] = near[own]
        return found

    def near_sets(self, met: Flags) -> dict[int, tuple[int, int]]:
        """By source the classes of its pairs as a set, of those that are met, and which of them hang."""
        found: dict[int, tuple[int, int]] = {}
        inside = np.flatnonzero(met[self.destinations])
        ends = (each[inside].tolist() for each in (self.places, self.destinations, self.near.hangs))
        for place, number, hangs in zip(*ends, strict=True):
            every, hanging = found.get(place, (0, 0))
            bit = 1 << number
            found[place] = every | bit, hanging | bit if hangs else hanging
        return found


def weights_of(listing: Listing) -> list[int]:
    """How many pods or nodes each party counts as."""
    return [party.count or 1 for party in listing.parties]


def _summed(places: Sequence[Sequence[int]], weights: Sequence[int]) -> _Sizes:
    return np.array([sum(weights[at] for at in each) for each in places], np.int64)
