"""Measures of rows where the tiers around NetworkPolicy have a say, by vectors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from netsim.compiler.tables import Tables
from netsim.engine.bearing import Bearing
from netsim.engine.dense import hold_limit, weights_of
from netsim.engine.measure import Measure
from netsim.engine.passage import Passage
from netsim.engine.tier_words import NearPairs, TierWords
from netsim.engine.words import WORD, Words


class TierMatrix:
    """The measures of all rows of one IP version, modulo 2 ** 64."""

    def __init__(self, tables: Tables, passage: Passage, version: int) -> None:
        self._rows = TierWords(tables, passage, version)
        self._near: list[NearPairs] | None = None

    def far(self, sources: Sequence[int], bearings: Sequence[Bearing], measure: Measure) -> Words:
        """The measure of the shared row of each of some sources, whose bearings these are.

        Raises LimitError if rules tell more than MOST_CELLS pairs of ends apart.
        """
        rows = self._rows
        hold_limit(len(sources), sum(map(len, rows.parts)))
        weights, totals = weights_of(measure), np.zeros(len(sources), np.uint64)
        values = _Values(measure, rows.words)
        # Sources by their column, so that what it changes is looked up once; then by their ward.
        together: dict[int, dict[int, list[int]]] = {}
        for at, source in enumerate(sources):
            column, ward = int(rows.inward.column_of[source]), int(rows.outward.ward_of[source])
            together.setdefault(column, {}).setdefault(ward, []).append(at)
        for part in rows.parts:
            own = part.weights(weights)
            for column, by_ward in together.items():
                inward = part.inward(rows.inward.by_ward(column))
                for ward, places in by_ward.items():
                    outward = part.outward(rows.outward.by_column(ward))
                    each = part.passing(inward, outward, [bearings[at] for at in places])
                    for at, passing in zip(places, each, strict=True):
                        totals[at] += values.total(passing, own)
            if len(rows.parts) > 1:
                part.tile.forget()
        return totals

    def near(self, bearings: Sequence[Bearing | None], measure: Measure) -> Words:
        """What near rules add to the measure of the row of each source: None for those not asked for."""
        if self._near is None:
            self._near = list(self._rows.near(bearings))
        found = np.zeros(len(bearings), np.uint64)
        weights, values = weights_of(measure), _Values(measure, self._rows.words)
        for pairs in self._near:
            more = values.of(pairs.every) - values.of(pairs.far)
            np.add.at(found, pairs.sources, more * weights[pairs.destinations])
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
