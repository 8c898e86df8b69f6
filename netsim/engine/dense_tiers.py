"""Measures of rows where the tiers around NetworkPolicy have a say, by vectors.

Their rules are about the whole cluster: nearly every cell is other than NetworkPolicies say. Sets
of port atoms stand in words of 64 bits. A source is held against all destinations at once, those
that no rule tells apart as one; where near rules have a say, pair by pair.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from netsim.compiler.tables import Tables
from netsim.engine.bearing import Bearing
from netsim.engine.dense import Entries, Tile, hold_limit, mask, tiles_of, weights_of
from netsim.engine.measure import Measure
from netsim.engine.passage import Passage
from netsim.engine.unlike import Pairs, pairs_of
from netsim.engine.wards import Rewritten, Wards
from netsim.engine.words import WORD, Numbers, Words, words_for, words_of
from netsim.model.flow import Direction

# So many pairs are looked at together.
_PAIRS = 1 << 16


class _Sighted:
    """A tile, with what rules see of its groups of destinations: kind, ward and column."""

    def __init__(self, tile: Tile, seen: Sequence[Numbers]) -> None:
        self.tile = tile
        self.kinds, self.wards, self.columns = (each[tile.firsts] for each in seen)
        # The place of each group among the columns of the tile's matrix.
        self.places = np.repeat(np.arange(len(tile.widths)), tile.widths)

    def weights(self, each: Words) -> Words:
        """Those of the groups, from those of classes."""
        found: Words = np.add.reduceat(each[self.tile.members], self.tile.groups)
        return found


class TierMatrix:
    """The measures of all rows of one IP version, modulo 2 ** 64."""

    def __init__(self, tables: Tables, passage: Passage, version: int) -> None:
        relation = tables.relations[version]
        self._tables, self._passage = tables, passage
        self._words = words_for(tables)
        self._inward = Wards.of(tables, relation.inward, Direction.INGRESS)
        self._outward = Wards.of(tables, relation.outward, Direction.EGRESS)
        self._tiles = self._sighted()
        self._pairs: Pairs | None = None

    def _sighted(self) -> list[_Sighted]:
        """Destinations by what they let in; and those alike by what else rules see of them."""
        of_kind = np.array(self._tables.kinds.of_class, np.intp)
        seen = of_kind, self._inward.ward_of, self._outward.column_of
        sights = list(zip(*(each.tolist() for each in seen), strict=True))
        columns: dict[Entries, dict[Hashable, list[int]]] = {}
        for block, start in enumerate(self._tables.universe.starts):
            for number, entries in enumerate(self._passage.arriving.entries(block), start):
                by_sight = columns.setdefault(tuple(entries), {})
                by_sight.setdefault(sights[number], []).append(number)
        tiles = tiles_of(columns, len(self._tables.kinds))
        return [_Sighted(tile, seen) for tile in tiles]

    def far(self, sources: Sequence[int], bearings: Sequence[Bearing], measure: Measure) -> Words:
        """The measure of the shared row of each of some sources, whose bearings these are.

        Raises LimitError if rules tell more than MOST_CELLS pairs of ends apart.
        """
        hold_limit(len(sources), sum(len(each.kinds) for each in self._tiles))
        weights, totals = weights_of(measure), np.zeros(len(sources), np.uint64)
        values = _Values(measure, self._words)
        # Sources by their column, so that what it changes is looked up once; then by their ward.
        together: dict[int, dict[int, list[int]]] = {}
        for at, source in enumerate(sources):
            column, ward = int(self._inward.column_of[source]), int(self._outward.ward_of[source])
            together.setdefault(column, {}).setdefault(ward, []).append(at)
        for tile in self._tiles:
            summing = _Summing(tile, self._passage, values, tile.weights(weights))
            for column, by_ward in together.items():
                inward = self._inward.by_ward(column).at(tile.wards)
                for ward, places in by_ward.items():
                    outward = self._outward.by_column(ward).at(tile.columns)
                    each = [bearings[at] for at in places]
                    totals[places] += summing.sums(inward, outward, each)
            if len(self._tiles) > 1:
                tile.tile.forget()
        return totals

    def near(self, bearings: Sequence[Bearing | None], measure: Measure) -> Words:
        """What near rules add to the measure of the row of each source: None for those not asked for."""
        if self._pairs is None:
            self._pairs = pairs_of(self._passage, bearings)
        found = np.zeros(len(bearings), np.uint64)
        weights, values = weights_of(measure), _Values(measure, self._words)
        sets = words_of(self._pairs.sets, self._words)
        for pairs in self._pairs.parts(_PAIRS):
            ends = pairs.sources, pairs.destinations
            inward = self._inward.of_pairs(ends[1], ends[0])
            outward = self._outward.of_pairs(*ends)
            far, every = (
                (inward.of(sets.take(let_in, 0)), outward.of(sets.take(let_out, 0)))
                for let_in, let_out in (
                    (pairs.far_in, pairs.far_out),
                    (pairs.let_in, pairs.let_out),
                )
            )
            every[0][pairs.received] = every[1][pairs.sent] = WORD
            more = values.of(every[0] & every[1]) - values.of(far[0] & far[1])
            np.add.at(found, pairs.sources, more * weights[pairs.destinations])
        return found


class _Summing:
    """One measure over one tile."""

    def __init__(self, tile: _Sighted, passage: Passage, values: _Values, weights: Words) -> None:
        self._tile, self._passage = tile, passage
        self._values, self._weights = values, weights
        self._numbers = tile.tile.numbers
        self._sets = words_of(tile.tile.atoms, values.words)
        self._leaving: dict[int, Words] = {}

    def sums(self, inward: Rewritten, outward: Rewritten, bearings: Sequence[Bearing]) -> Words:
        """The measure for some sources for which the tiers change the same."""
        found = np.zeros(len(bearings), np.uint64)
        free: Words = outward.kept | outward.opened
        for at, bearing in enumerate(bearings):
            let_in = self._sets.take(self._numbers[bearing.kind], 0).take(self._tile.places, 0)
            passing = inward.of(let_in)
            if bearing.leaving is None:  # NP-6
                passing &= free
            else:
                passing &= outward.of(self._let_out(bearing.leaving).take(self._tile.kinds, 0))
            found[at] = self._values.total(passing, self._weights)
        return found

    def _let_out(self, leaving: int) -> Words:
        """What egress opens to each kind of destination."""
        found = self._leaving.get(leaving)
        if found is None:
            kinds = self._tile.tile.kinds
            found = self._leaving[leaving] = np.zeros((kinds, self._values.words), np.uint64)
            for atoms, inside in self._passage.leaving.cells[leaving].items():
                found[mask(inside, kinds)] = words_of([atoms], self._values.words)
        return found


class _Values:
    """The measure of sets of port atoms, each in a row of `words`."""

    def __init__(self, measure: Measure, words: int) -> None:
        self.words = words
        self._lookups: list[Words] | None = None
        if measure.parts is not None:
            self._lookups = _lookups_of(measure.parts)

    def of(self, sets: Words) -> Words:
        """The value of each set."""
        if self._lookups is None:
            found: Words = sets[:, 0].copy()
            for word in range(1, self.words):
                found |= sets[:, word]
            return np.array(found != 0, np.uint64)
        listed = sets.view(np.uint16)
        found = np.zeros(len(sets), np.uint64)
        for at, table in enumerate(self._lookups):
            found += table.take(listed[:, at], mode="wrap")
        return found

    def total(self, sets: Words, weights: Words) -> np.uint64:
        """The sum over sets with these weights."""
        return np.uint64(np.dot(self.of(sets), weights))


def _lookups_of(parts: Sequence[int]) -> list[Words]:
    """For each 16 bits of a set the sums over its atoms."""
    found: list[Words] = []
    for first in range(0, len(parts), 16):
        table: Words = np.zeros(1, np.uint64)
        for part in parts[first : first + 16]:
            table = np.concatenate([table, table + np.uint64(part & WORD)])
        found.append(np.resize(table, 1 << 16))
    return found
