"""Every pair of many sources and many destinations at once: which of them fail a test.

Sources that far-reaching rules see alike are looked at once for all of them, and by itself only
who has something of its own to say about one of the destinations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, reduce
from operator import or_
from typing import NamedTuple

from netsim.compiler.tables import Tables
from netsim.engine.rows import Bearings, Rows
from netsim.engine.tested import AtomTest
from netsim.sets.bitset import Cells, members, of
from netsim.sets.blocks import Blocks, Places

_NONE: Cells = {}
# So few blocks of a row cost less than the whole of it, which is kept.
_FEW_BLOCKS = 4
# Of so few sources it is looked up which groups they are in.
_FEW_SOURCES = 8


class Found(NamedTuple):
    """Each of these sources, a set of class numbers, with each of these places."""

    sources: int
    places: Places


class _Group(NamedTuple):
    """Sources of the same bearings, as a set and as numbers."""

    classes: int
    numbers: list[int]
    bearings: Bearings


# Kinds of source, each in an IP version.
_Kinds = tuple[tuple[int, int], ...]


class _Alike(NamedTuple):
    """Groups of sources that are let in alike."""

    classes: int
    kinds: _Kinds
    groups: list[_Group]


class Sweep:
    """Looks through the rows of compiled tables."""

    def __init__(self, tables: Tables, rows: Rows) -> None:
        self._universe, self._rows = tables.universe, rows
        self._known_near: dict[int, tuple[int, ...]] = {}

    def value(self, source: int, destination: int) -> int:
        """The port atoms that one class may send to another."""
        return self._rows.cell(source, destination)

    def pairs(
        self, sources: int, destinations: Places, alone: int, test: AtomTest
    ) -> Iterator[Found]:
        """The pairs of classes whose traffic passes the test, in disjoint rectangles.

        Sources are a set of class numbers; those of `alone` are no pair with themselves. A test that
        no traffic at all fails must pass with more, too, of what passes it: so it costs less. Costs a
        look at each destination's block for each bearing, and for each source with near rules there.
        """
        near = {at: self._near_to(at, asked) & sources for at, asked in destinations.items()}
        for source in members(reduce(or_, near.values(), 0)):
            if own := self._of_one(source, near, destinations, test, alone):
                yield Found(1 << source, own)
        among = [alike for alike in self._alike_among(sources) if alike.classes & sources]
        for alike in self._let_in(among, destinations, test):
            for group in alike.groups:
                if inside := group.classes & sources:
                    common = _passing(self._far(group, destinations), destinations, test)
                    yield from self._of_all(inside, common, near, alone)

    def _alike_among(self, sources: int) -> Iterable[_Alike]:
        """All groups that any of some sources is in, and perhaps others."""
        if sources.bit_count() > _FEW_SOURCES:
            return self._let_in_alike
        numbers = sorted({self._alike_of[source] for source in members(sources)})
        return [self._let_in_alike[number] for number in numbers]

    def _let_in(
        self, among: list[_Alike], destinations: Places, test: AtomTest
    ) -> Iterable[_Alike]:
        """Those from whom far-reaching rules may let in what passes."""
        # Tiers around NetworkPolicy may let in more.
        if test.passes(0) or self._rows.is_overruled:
            return among
        kinds = dict.fromkeys(self._rows.passages, 0)
        for alike in among:
            for version, kind in alike.kinds:
                kinds[version] |= 1 << kind
        let_in = {
            version: self._rows.passages[version].arriving.let_in(asked, destinations, test.asked)
            for version, asked in kinds.items()
        }
        return _of_kinds(let_in, among)

    def _far(self, group: _Group, destinations: Places) -> Blocks:
        """What far-reaching rules let pass, at least to these blocks."""
        if len(destinations) > _FEW_BLOCKS:
            return self._rows.shared(group.numbers[0], group.bearings)
        return {
            block: self._rows.far(group.numbers[0], group.bearings, block) for block in destinations
        }

    def _of_all(
        self, sources: int, common: Places, near: Mapping[int, int], alone: int
    ) -> Iterator[Found]:
        """The common places of sources of one bearing, without those of near blocks."""
        together = {}
        for block, bits in common.items():
            start = self._universe.starts[block]
            lone = alone & sources & bits << start & ~near[block]
            if not (lone or near[block] & sources):
                together[block] = bits
                continue
            if rest := sources & ~near[block] & ~lone:
                yield Found(rest, {block: bits})
            for source in members(lone):
                if others := bits & ~(1 << source - start):
                    yield Found(1 << source, {block: others})
        if together:
            yield Found(sources, together)

    def _of_one(
        self,
        source: int,
        near: Mapping[int, int],
        destinations: Places,
        test: AtomTest,
        alone: int,
    ) -> dict[int, int]:
        """Of the blocks near to a source the places that pass."""
        bearings = self._rows.bearings(source)
        if len(near) > _FEW_BLOCKS:
            blocks = [at for at in self._near(source, bearings) if near.get(at, 0) >> source & 1]
        else:
            blocks = [block for block, those in near.items() if those >> source & 1]
        found = {}
        for block in blocks:
            asked = destinations[block]
            if alone >> source & 1:
                asked &= ~(1 << source >> self._universe.starts[block])
            if places := test.places(self._rows.at(source, bearings, block), asked):
                found[block] = places
        return found

    def reached(self, sources: int, test: AtomTest) -> Iterator[Found]:
        """Where sources may send what passes the test, in rectangles that may overlap.

        No traffic at all never passes: the test must be of what passes, and pass with more.
        """
        for group in self._groups:
            inside = group.classes & sources
            if not inside:
                continue
            shared = self._rows.shared(group.numbers[0], group.bearings)
            # INVARIANT: near rules only add to what far-reaching ones let pass.
            if common := test.passing(shared.items()):
                yield Found(inside, common)
            for source in members(inside):
                near = self._near(source, group.bearings)
                own = ((block, self._rows.at(source, group.bearings, block)) for block in near)
                if places := test.passing(own):
                    yield Found(1 << source, places)

    @cached_property
    def _groups(self) -> list[_Group]:
        gathered: dict[tuple[bool, Bearings], list[int]] = {}
        for number in range(len(self._universe)):
            bearings = self._rows.bearings(number)
            gathered.setdefault((self._rows.knows(number), bearings), []).append(number)
        return [
            _Group(of(numbers), numbers, bearings) for (_, bearings), numbers in gathered.items()
        ]

    @cached_property
    def _let_in_alike(self) -> list[_Alike]:
        gathered: dict[_Kinds, list[_Group]] = {}
        for group in self._groups:
            kinds = tuple((version, bearing.kind) for version, bearing in group.bearings)
            gathered.setdefault(kinds, []).append(group)
        return [
            _Alike(reduce(or_, (group.classes for group in groups)), kinds, groups)
            for kinds, groups in gathered.items()
        ]

    @cached_property
    def _alike_of(self) -> list[int]:
        """For each source the number of those that are let in alike with it."""
        found = [0] * len(self._universe)
        for number, alike in enumerate(self._let_in_alike):
            for group in alike.groups:
                for source in group.numbers:
                    found[source] = number
        return found

    def _near(self, source: int, bearings: Bearings) -> tuple[int, ...]:
        """The blocks about which near rules, too, say what a source may send."""
        found = self._known_near.get(source)
        if found is None:
            found = self._known_near[source] = tuple(self._rows.near(source, bearings))
        return found

    def _near_to(self, block: int, places: int) -> int:
        """The other way round: such sources about some places of a block, and perhaps others."""
        found = 0
        for near in self._near_sources:
            for where, sources in near[block].items():
                if where & places:
                    found |= sources
        return found

    @cached_property
    def _near_sources(self) -> list[list[dict[int, int]]]:
        return [passage.near.sources() for passage in self._rows.passages.values()]


def _of_kinds(kinds: Mapping[int, int], among: Iterable[_Alike]) -> Iterator[_Alike]:
    """Those of which some kind is in one of these sets, by IP version."""
    for alike in among:
        for version, kind in alike.kinds:
            if kinds[version] >> kind & 1:
                yield alike
                break


def _passing(blocks: Blocks, asked: Places, test: AtomTest) -> dict[int, int]:
    found = {}
    for block, places in asked.items():
        if inside := test.places(blocks.get(block, _NONE), places):
            found[block] = inside
    return found
