"""One relation, asked about whole crowds: the pairs whose traffic passes a test."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from netsim.compiler.tables import Tables
from netsim.engine.outside import Outside, Pieces
from netsim.engine.recognisable import recognisable_address
from netsim.engine.sweep import Found, Sweep
from netsim.engine.tested import AtomTest
from netsim.model.cluster import Address
from netsim.model.flow import Direction
from netsim.sets.intervals import Interval, common, without
from netsim.suites.crowd import Crowd, Ranges
from netsim.suites.wish import Wish


class Inside(NamedTuple):
    """Pairs of members: each of some classes with each of some places."""

    wish: Wish
    found: Found


class Across(NamedTuple):
    """Pairs of the members of one class with addresses outside; `value` is what may pass."""

    wish: Wish
    number: int
    addresses: Mapping[int, tuple[Interval, ...]]
    value: int
    incoming: bool


Hit = Inside | Across


class View:
    """The relation of some tables.

    `versions` says which IP versions a class is taken to have; `owned` are the addresses that are
    somebody's in the cluster.
    """

    def __init__(
        self,
        tables: Tables,
        sweep: Sweep,
        outside: Outside,
        versions: Callable[[int], frozenset[int]],
        owned: Container[Address],
    ) -> None:
        self.tables, self.owned, self.versions = tables, owned, versions
        self._sweep, self._outside = sweep, outside
        self._pieces: dict[tuple[bool, int], Pieces] = {}

    def value(self, source: int, destination: int) -> int:
        """The port atoms that one class may send to another."""
        return self._sweep.value(source, destination)

    def isolated(self, direction: Direction) -> int:
        """The classes, as a set, that some policy selects in this direction (NP-3, NP-6)."""
        ingress, egress = self._isolated
        return ingress if direction is Direction.INGRESS else egress

    @cached_property
    def _isolated(self) -> tuple[int, int]:
        tables, classes_at = self.tables, self.tables.universe.classes_at
        return classes_at(tables.ingress.isolated), classes_at(tables.egress.isolated)

    def reached(self, sources: int, test: AtomTest) -> Iterator[Found]:
        """Whom some classes may reach with what passes a test; may overlap."""
        return self._sweep.reached(sources, test)

    def hits(self, wish: Wish) -> Iterator[Hit]:
        """The pairs that pass the test, but for those of strangers; each in one hit."""
        ours, theirs = wish.sources, wish.destinations
        universe = self.tables.universe
        if ours.members and theirs.members:
            found = self._sweep.pairs(
                ours.classes, theirs.places(universe), ours.alone(theirs), wish.test
            )
            for each in found:
                yield Inside(wish, each)
        if ours.has_addresses:
            yield from self._across(wish, ours, theirs, incoming=True)
        if theirs.has_addresses:
            yield from self._across(wish, theirs, ours, incoming=False)

    def _across(
        self, wish: Wish, outside: Crowd, inside: Crowd, *, incoming: bool
    ) -> Iterator[Across]:
        known: dict[tuple[int, frozenset[int]], list[tuple[int, dict[int, tuple[Interval, ...]]]]]
        known = {}
        for number in inside.members:
            pieces, versions = self._of(number, incoming), self.versions(number)
            key = id(pieces), versions
            if key not in known:
                asked = outside.ranges(versions)
                known[key] = [
                    found
                    for found in _passing(pieces, asked, wish)
                    if recognisable_address(found[1], self.owned)
                ]
            for value, addresses in known[key]:
                yield Across(wish, number, addresses, value, incoming)

    def _of(self, number: int, incoming: bool) -> Pieces:
        found = self._pieces.get((incoming, number))
        if found is None:
            end = self._outside
            found = end.received(number) if incoming else end.sent(number)
            self._pieces[incoming, number] = found
        return found


def _passing(
    pieces: Pieces, asked: Ranges, wish: Wish
) -> Iterator[tuple[int, dict[int, tuple[Interval, ...]]]]:
    """The addresses asked about whose value passes the test, by value."""
    test = wish.test
    for value, by_version in pieces.items():
        if test.passes(value) and (inside := _in_both(by_version, asked)):
            yield value, inside
    if test.passes(0):
        left = {}
        for version, intervals in asked.items():
            holes = [each for found in pieces.values() for each in found.get(version, ())]
            rest = [one for interval in intervals for one in without(interval, holes)]
            if rest:
                left[version] = tuple(rest)
        if left:
            yield 0, left


def _in_both(one: Ranges, other: Ranges) -> dict[int, tuple[Interval, ...]]:
    found = {version: tuple(common(each, other.get(version, ()))) for version, each in one.items()}
    return {version: each for version, each in found.items() if each}
