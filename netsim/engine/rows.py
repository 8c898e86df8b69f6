"""The rows of compiled tables: what one endpoint class may send to every other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from netsim.compiler.tables import Tables
from netsim.engine.bearing import Bearing
from netsim.engine.hosts import Hosts
from netsim.engine.passage import Passage
from netsim.sets.bitset import Cells, members, restricted, union
from netsim.sets.blocks import Blocks, Places, places_of

_NONE: Cells = {}
# Shared rows are kept while they have so many blocks in all: about 100 MiB.
_MOST_BLOCKS = 1_000_000
# The IP versions of a source, each with its bearing.
Bearings = tuple[tuple[int, Bearing], ...]


class Row(NamedTuple):
    """What one source may send: by block what `own` says, or else what `shared` says.

    Most sources differ from others in few blocks; the rest is one mapping for all of them.
    The cell of a class and itself is about two different endpoints of it (NP-58).
    """

    shared: Blocks
    own: Blocks

    def at(self, block: int) -> Cells:
        """What it may send to each place of a block."""
        found = self.own.get(block)
        return self.shared.get(block, _NONE) if found is None else found

    def blocks(self) -> Iterator[tuple[int, Cells]]:
        """Every block in which there is something, ascending."""
        for block in sorted(self.shared.keys() | self.own.keys()):
            if cells := self.at(block):
                yield block, cells


class Rows:
    """Rows, computed when asked for. Sources of one bearing share what is far."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        hosts = Hosts(tables)
        self.passages = {version: Passage(tables, version, hosts) for version in tables.relations}
        known = tables.versions
        self._meeting = {version: self._of(known, version, True) for version in tables.relations}
        self._having = {version: self._of(known, version, False) for version in tables.relations}
        self._bearings: dict[int, Bearings] = {}
        self._shared: dict[tuple[bool, Bearings], Blocks] = {}
        self._blocks = 0

    def _of(self, known: Sequence[frozenset[int]], version: int, unknown: bool) -> Places | None:
        """The classes that have an IP version, with those that go by the other end or without.

        None is all of them.
        """
        numbers = [
            at for at, found in enumerate(known) if version in found or (unknown and not found)
        ]
        if len(numbers) == len(known):
            return None
        return places_of(map(self._tables.universe.place, numbers))

    def row(self, source: int) -> Row:
        """What class number `source` may send to each class."""
        bearings = self.bearings(source)
        return Row(self.shared(source, bearings), self.own(source, bearings))

    def cell(self, source: int, destination: int) -> int:
        """What class number `source` may send to class number `destination`."""
        return self._met_in_any(
            source,
            destination,
            (
                (version, self.passages[version].cell(source, bearing, destination))
                for version, bearing in self.bearings(source)
            ),
        )

    def far_cell(self, source: int, bearings: Bearings, destination: int) -> int:
        """The same as far as far-reaching rules go: for all sources of these bearings."""
        return self._met_in_any(
            source,
            destination,
            (
                (version, self.passages[version].far_cell(bearing, destination))
                for version, bearing in bearings
            ),
        )

    def _met_in_any(self, source: int, destination: int, each: Iterable[tuple[int, int]]) -> int:
        block, bit = self._tables.universe.place(destination)
        found = 0
        for version, atoms in each:
            places = self._met(source, version)
            if places is None or places.get(block, 0) >> bit & 1:
                found |= atoms
        return found

    def bearings(self, source: int) -> Bearings:
        """What far-reaching rules see of a source, in each IP version that it may use (NP-41)."""
        found = self._bearings.get(source)
        if found is None:
            known = self._tables.versions[source]
            found = self._bearings[source] = tuple(
                [
                    (version, passage.bearing(source))
                    for version, passage in self.passages.items()
                    if not known or version in known
                ]
            )
        return found

    def knows(self, source: int) -> bool:
        """Whether a source has an IP version of its own: else it goes by the other end (NP-43)."""
        return bool(self._tables.versions[source])

    def near(self, source: int, bearings: Bearings) -> Iterable[int]:
        """The blocks of a row in which near rules, too, have a say."""
        return dict.fromkeys(
            block
            for version, bearing in bearings
            for block in self.passages[version].near.blocks(source, bearing)
        )

    def touched(self, source: int, bearings: Bearings, block: int) -> list[int]:
        """The classes of a block, by number, of which near rules have a say."""
        found = 0
        for version, bearing in bearings:
            found |= self.passages[version].near.classes(source, bearing, block)
        start = self._tables.universe.starts[block]
        return [start + bit for bit in members(found)]

    def steps(self, block: int) -> int:
        """About how many steps it takes to put a block of a shared row together."""
        return sum(passage.arriving.steps(block) for passage in self.passages.values())

    def own(self, source: int, bearings: Bearings) -> dict[int, Cells]:
        """What a source may send to the blocks in which near rules have a say."""
        return {block: self.at(source, bearings, block) for block in self.near(source, bearings)}

    def at(self, source: int, bearings: Bearings, block: int) -> Cells:
        """One block of a row."""
        if self.is_plain(bearings):
            return self.passages[bearings[0][0]].at(source, bearings[0][1], block)
        return self._over_versions(
            source,
            block,
            (
                (version, self.passages[version].at(source, bearing, block))
                for version, bearing in bearings
            ),
        )

    def far(self, source: int, bearings: Bearings, block: int) -> Cells:
        """One block of a row as far as far-reaching rules go: for all sources of these bearings."""
        if self.is_plain(bearings):
            return self.passages[bearings[0][0]].far(bearings[0][1], block)
        return self._over_versions(
            source,
            block,
            (
                (version, self.passages[version].far(bearing, block))
                for version, bearing in bearings
            ),
        )

    def _over_versions(self, source: int, block: int, each: Iterable[tuple[int, Cells]]) -> Cells:
        """NP-41: one IP version is enough, of those that a source and a destination can meet in."""
        found: Cells = {}
        for version, cells in each:
            places = self._met(source, version)
            found = union(
                found, cells if places is None else restricted(cells, places.get(block, 0))
            )
        return found

    def _met(self, source: int, version: int) -> Places | None:
        """The classes that a source can meet in an IP version (NP-43); None is all of them."""
        return self.met_by(version, self.knows(source))

    def met_by(self, version: int, knows: bool) -> Places | None:
        """The same, by whether the source has an IP version of its own: the very same each time."""
        return (self._meeting if knows or version == 4 else self._having)[version]

    def is_plain(self, bearings: Bearings) -> bool:
        """Whether a row of these bearings is what one passage says, without a cut."""
        return len(bearings) == 1 and self._meeting[bearings[0][0]] is None

    @cached_property
    def is_overruled(self) -> bool:
        """Whether tiers around NetworkPolicy have a say in any row."""
        return any(passage.is_overruled for passage in self.passages.values())

    def shared(self, source: int, bearings: Bearings) -> Blocks:
        """What sources of these bearings may send by far-reaching rules, by block."""
        # Where a source has no version of its own, it meets fewer in the second.
        key = self.knows(source), bearings
        found = self._shared.get(key)
        if found is None:
            if self._blocks > _MOST_BLOCKS:
                self._shared.clear()
                self._blocks = 0
            found = self._shared[key] = self._far_row(source, bearings)
            self._blocks += len(found)
        return found

    def _far_row(self, source: int, bearings: Bearings) -> Blocks:
        rows = [self.passages[version].row(bearing) for version, bearing in bearings]
        if self.is_plain(bearings):
            return rows[0]
        blocks = sorted({block for row in rows for block in row})
        cells = ((block, self.far(source, bearings, block)) for block in blocks)
        return {block: each for block, each in cells if each}
