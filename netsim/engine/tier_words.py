"""Rows where the tiers around NetworkPolicy have a say, as vectors of words.

Their rules are about the whole cluster: nearly every cell is other than NetworkPolicies say. Sets
of port atoms stand in words of 64 bits. A source is held against all destinations at once, those
that no rule tells apart as one; where near rules have a say, pair by pair.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from netsim.compiler.tables import Tables
from netsim.engine.bearing import Bearing
from netsim.engine.dense import Entries, Tile, mask, tiles_of
from netsim.engine.near_pairs import SaidOfPairs
from netsim.engine.passage import Passage
from netsim.engine.wards import Rewritten, Wards
from netsim.engine.words import Numbers, Words, words_for, words_of
from netsim.model.flow import Direction


class NearPairs(NamedTuple):
    """Pairs of classes, by source, with what may be sent by far-reaching rules, and by all."""

    sources: Numbers
    destinations: Numbers
    far: Words
    every: Words


class TierWords:
    """All rows of one IP version: what each source may send to groups of destinations."""

    def __init__(self, tables: Tables, passage: Passage, version: int) -> None:
        relation = tables.relations[version]
        self._tables, self._passage = tables, passage
        self.words = words_for(tables)
        self.inward = Wards.of(tables, relation.inward, Direction.INGRESS)
        self.outward = Wards.of(tables, relation.outward, Direction.EGRESS)
        self._kinds: Numbers = np.array(tables.kinds.of_class, np.intp)
        self.parts = [Part(tile, seen, passage, self.words) for tile, seen in self._tiles()]

    def _tiles(self) -> Iterator[tuple[Tile, tuple[Numbers, Numbers, Numbers]]]:
        """Destinations by what they let in; and those alike by what else rules see of them."""
        seen = self._kinds, self.inward.ward_of, self.outward.column_of
        sights = list(zip(*(each.tolist() for each in seen), strict=True))
        columns: dict[Entries, dict[Hashable, list[int]]] = {}
        for block, start in enumerate(self._tables.universe.starts):
            for number, entries in enumerate(self._passage.arriving.entries(block), start):
                by_sight = columns.setdefault(tuple(entries), {})
                by_sight.setdefault(sights[number], []).append(number)
        for tile in tiles_of(columns, len(self._tables.kinds)):
            yield tile, seen

    @cached_property
    def groups(self) -> Numbers:
        """The group of each class as a destination: those that far-reaching rules treat alike."""
        found: Numbers = np.empty(len(self._tables.universe), np.intp)
        first = 0
        for part in self.parts:
            sizes = np.diff(part.tile.groups, append=len(part.tile.members))
            found[part.tile.members] = np.repeat(np.arange(first, first + len(sizes)), sizes)
            first += len(sizes)
        return found

    def row(self, source: int, bearing: Bearing) -> Words:
        """What a source of this bearing may send by far-reaching rules, by group."""
        inward = self.inward.by_ward(int(self.inward.column_of[source]))
        outward = self.outward.by_column(int(self.outward.ward_of[source]))
        row: Words = np.concatenate(
            [
                passing
                for part in self.parts
                for passing in part.passing(part.inward(inward), part.outward(outward), [bearing])
            ]
        )
        return row

    def near(self, bearings: Sequence[Bearing | None]) -> Iterator[NearPairs]:
        """The pairs about which near rules, too, may have a say; those of a source whose bearing is None aren't asked for."""
        everything = words_of([self._tables.atoms.everything], self.words)
        kinds = np.array([each.kind if each else 0 for each in bearings], np.intp)
        leaving = [None if each is None else each.leaving for each in bearings]
        near = SaidOfPairs(self._passage.near, self._tables.universe, bearings, self.words)
        groups = self.groups[near.pairs % len(bearings)]
        first = 0
        for part in self.parts:
            inside = near.pairs[(groups >= first) & (groups < first + len(part))]
            for said in near.among(inside):
                ends = said.sources, said.destinations
                inward = self.inward.of_pairs(ends[1], ends[0])
                outward = self.outward.of_pairs(*ends)
                far_in = part.let_in(kinds[ends[0]], self.groups[ends[1]] - first)
                far_out = self._let_out([leaving[source] for source in ends[0].tolist()], ends[1])
                far = inward.of(far_in), outward.of(far_out)
                every = inward.of(far_in | said.let_in), outward.of(far_out | said.let_out)
                every[0][said.received] = every[1][said.sent] = everything
                yield NearPairs(*ends, far[0] & far[1], every[0] & every[1])
            first += len(part)
            if len(self.parts) > 1:
                part.tile.forget()

    def _let_out(self, leaving: Sequence[int | None], destinations: Numbers) -> Words:
        """What they let out: what is numbered, to each of some classes; everything where that is None."""
        found: Words = np.empty((len(leaving), self.words), np.uint64)
        together: dict[int | None, list[int]] = {}
        for at, number in enumerate(leaving):
            together.setdefault(number, []).append(at)
        for number, places in together.items():
            if number is None:  # NP-6
                found[places] = words_of([self._tables.atoms.everything], self.words)
            else:
                kinds = self._kinds[destinations[places]]
                found[places] = self.parts[0].let_out(number).take(kinds, 0)
        return found

    def near_together(self, bearings: Sequence[Bearing | None]) -> NearPairs:
        """All of `near`, by source."""
        nobody, nothing = np.zeros(0, np.intp), np.zeros((0, self.words), np.uint64)
        parts = [NearPairs(nobody, nobody, nothing, nothing), *self.near(bearings)]
        found = NearPairs(*map(np.concatenate, zip(*parts, strict=True)))
        if len(self.parts) == 1:
            return found
        order = np.argsort(found.sources, kind="stable")
        ends = found.sources[order], found.destinations[order]
        return NearPairs(*ends, found.far[order], found.every[order])


class Part:
    """A tile, with what rules see of its groups of destinations: kind, ward and column."""

    def __init__(self, tile: Tile, seen: Sequence[Numbers], passage: Passage, words: int) -> None:
        self.tile, self._passage, self._words = tile, passage, words
        self._kinds, self._wards, self._columns = (each[tile.firsts] for each in seen)
        # The place of each group among the columns of the tile's matrix.
        self._places = np.repeat(np.arange(len(tile.widths)), tile.widths)
        self._leaving: dict[int, Words] = {}

    def __len__(self) -> int:
        """How many groups it has."""
        return len(self._kinds)

    def weights(self, each: Words) -> Words:
        """Those of the groups, from those of classes."""
        found: Words = np.add.reduceat(each[self.tile.members], self.tile.groups)
        return found

    def inward(self, by_ward: Rewritten) -> Rewritten:
        """What is other in ingress, by group."""
        return by_ward.at(self._wards)

    def outward(self, by_column: Rewritten) -> Rewritten:
        """What is other in egress, by group."""
        return by_column.at(self._columns)

    def passing(
        self, inward: Rewritten, outward: Rewritten, bearings: Iterable[Bearing]
    ) -> Iterator[Words]:
        """What passes to the groups from sources of each bearing, for which the tiers change this."""
        numbers, sets = self.tile.numbers, self._sets
        free: Words = outward.kept | outward.opened
        for bearing in bearings:
            let_in = sets.take(numbers[bearing.kind], 0).take(self._places, 0)
            passing = inward.of(let_in)
            if bearing.leaving is None:  # NP-6
                passing &= free
            else:
                passing &= outward.of(self.let_out(bearing.leaving).take(self._kinds, 0))
            yield passing

    @cached_property
    def _sets(self) -> Words:
        # INVARIANT: after the numbers, which find them
        return words_of(self.tile.atoms, self._words)

    def let_in(self, kinds: Numbers, groups: Numbers) -> Words:
        """What groups let in, each from a kind of source."""
        numbers = self.tile.numbers[kinds, self._places[groups]]
        found: Words = self._sets.take(numbers, 0)
        return found

    def let_out(self, leaving: int) -> Words:
        """What egress opens to each kind of destination."""
        found = self._leaving.get(leaving)
        if found is None:
            kinds = self.tile.kinds
            found = self._leaving[leaving] = np.zeros((kinds, self._words), np.uint64)
            for atoms, inside in self._passage.leaving.cells[leaving].items():
                found[mask(inside, kinds)] = words_of([atoms], self._words)
        return found
