"""Boxes of traffic: every source with every destination, and what passes between each two."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from netsim.changes.ends import Ends
from netsim.sets.traffic import NOTHING, TrafficSet


@dataclass(frozen=True, slots=True)
class Box:
    """Each of `sources` and each of `destinations`: what passed between them, and what passes now."""

    sources: Ends
    destinations: Ends
    before: TrafficSet
    after: TrafficSet

    @property
    def opened(self) -> Part:
        """What passes now and didn't."""
        return Part(self.sources, self.destinations, self.after - self.before)

    @property
    def closed(self) -> Part:
        """What passed and doesn't now."""
        return Part(self.sources, self.destinations, self.before - self.after)


@dataclass(frozen=True, slots=True)
class Part:
    """Each of `sources` to each of `destinations`, on all of `traffic`; empty if one of them is."""

    sources: Ends
    destinations: Ends
    traffic: TrafficSet

    def __bool__(self) -> bool:
        return bool(self.sources and self.destinations and self.traffic)

    def __and__(self, other: Part) -> Part:
        """What is in both."""
        sources = self.sources & other.sources
        destinations = self.destinations & other.destinations if sources else sources
        # Most parts have no pair in common, and traffic costs the most to look at.
        if not destinations:
            return NO_PART
        return Part(sources, destinations, self.traffic & other.traffic)

    def without(self, other: Part) -> Iterator[Part]:
        """What is in this and not in `other`, as disjoint parts."""
        both = self & other
        if not both:
            yield self
            return
        cut = (
            replace(self, sources=self.sources - both.sources),
            Part(both.sources, self.destinations - both.destinations, self.traffic),
            Part(both.sources, both.destinations, self.traffic - both.traffic),
        )
        yield from (part for part in cut if part)


NO_PART = Part(Ends(), Ends(), NOTHING)


def without_all(parts: Iterable[Part], others: Iterable[Part]) -> list[Part]:
    """What is in some of `parts`, which are disjoint, and in none of `others`."""
    left = [part for part in parts if part]
    for other in others:
        left = [piece for part in left for piece in part.without(other)]
    return left


def in_both(parts: Iterable[Part], others: Iterable[Part]) -> list[Part]:
    """What is in some of `parts` and in some of `others`; each of the two is disjoint."""
    theirs = list(others)
    return [both for part in parts for other in theirs if (both := part & other)]


_Flat = TypeVar("_Flat", Box, Part)


def merged(flats: Iterable[_Flat]) -> list[_Flat]:
    """The same in fewer: those that differ in one end alone are put together."""
    by_sources = _joined(flats, lambda flat: _rest(flat, flat.sources), _with_destinations)
    return _joined(by_sources, lambda flat: _rest(flat, flat.destinations), _with_sources)


def _rest(flat: Box | Part, end: Ends) -> Hashable:
    """What two must share to be one. Ends of different sorts are never put together."""
    sorts = flat.sources.sort, flat.destinations.sort
    if isinstance(flat, Part):
        return end, flat.traffic, sorts
    return end, flat.before, flat.after, sorts


def _joined(
    flats: Iterable[_Flat],
    key: Callable[[_Flat], Hashable],
    put: Callable[[_Flat, _Flat], _Flat],
) -> list[_Flat]:
    found: dict[Hashable, _Flat] = {}
    for flat in flats:
        at = key(flat)
        found[at] = put(found[at], flat) if at in found else flat
    return list(found.values())


def _with_destinations(one: _Flat, other: _Flat) -> _Flat:
    return replace(one, destinations=one.destinations | other.destinations)


def _with_sources(one: _Flat, other: _Flat) -> _Flat:
    return replace(one, sources=one.sources | other.sources)
