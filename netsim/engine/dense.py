"""Measures of shared rows by matrix: for clusters in which far-reaching rules are many.

Destinations that far-reaching rules treat alike make one column. What each kind of source may
send to each column is a matrix of value numbers, and what a source's egress opens to each kind
of destination a vector of them, so that a row takes a few vector operations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from netsim.compiler.tables import Tables
from netsim.engine.measure import Measure
from netsim.engine.passage import Bearing, Passage
from netsim.errors import Diagnostic, FaultType, LimitError, Severity
from netsim.sets.bitset import Cells, united

# About five minutes; clusters of 40,000 pods can need it if no two of them are alike to policies.
MOST_CELLS = 4_000_000_000
# So many bytes of the matrix are made at a time.
_TILE_BYTES = 1 << 27
_Words = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]
_MASK = (1 << 64) - 1


def dense_sums(
    tables: Tables, passage: Passage, bearings: Sequence[Bearing], measure: Measure
) -> list[int]:
    """The measure of the shared row of each bearing, modulo 2 ** 64.

    Raises LimitError if policies tell more than MOST_CELLS pairs of ends apart.
    """
    columns = list(_columns(tables, passage, measure).items())
    _hold_limit(len(bearings), len(columns))
    kinds, totals = len(tables.kinds), np.zeros(len(bearings), np.uint64)
    wide = max(1, _TILE_BYTES // (4 * kinds))
    for first in range(0, len(columns), wide):
        tile = _Tile(columns[first : first + wide], kinds, measure)
        totals += tile.sums(bearings, passage.leaving.cells)
    return [int(total) for total in totals]


def _hold_limit(sources: int, destinations: int) -> None:
    if sources * destinations > MOST_CELLS:
        message = (
            f"policies tell {sources:,} sources and {destinations:,} destinations apart:"
            f" more than {MOST_CELLS:,} pairs of them would have to be summed"
        )
        help = "ask for less at a time: `flows` or `row` for a source, or fewer namespaces"
        raise LimitError([Diagnostic(Severity.ERROR, FaultType.QUERY, "LIMIT", message, help=help)])


# The port atoms that a destination lets in, each with the kinds of source that it is for.
_Entries = tuple[tuple[int, int], ...]


def _columns(tables: Tables, passage: Passage, measure: Measure) -> dict[_Entries, dict[int, int]]:
    """For each column the weight of its destinations of each kind."""
    universe, found = tables.universe, dict[_Entries, dict[int, int]]()
    for block, start in enumerate(universe.starts):
        for bit, entries in enumerate(passage.arriving.entries(block)):
            by_kind = found.setdefault(tuple(entries), {})
            kind = tables.kinds.of_class[start + bit]
            by_kind[kind] = by_kind.get(kind, 0) + measure.weights[start + bit] & _MASK
    return found


class _Tile:
    """Some columns of the matrix: `numbers` has, by kind of source, that of the traffic let in."""

    def __init__(
        self, columns: Sequence[tuple[_Entries, dict[int, int]]], kinds: int, measure: Measure
    ) -> None:
        self._measure, self._kinds = measure, kinds
        self._atoms = {0: 0}
        numbers = np.zeros((len(columns), kinds), np.int32)
        for column, (entries, _) in enumerate(columns):
            for atoms, places in _together(entries).items():
                number = self._atoms.setdefault(atoms, len(self._atoms))
                numbers[column, _mask(places, kinds)] = number
        self._numbers = np.ascontiguousarray(numbers.T)
        # A column's destinations by their own kind; those of one column stand together.
        weighed = [by_kind for _, by_kind in columns]
        self._starts = np.cumsum([0, *map(len, weighed[:-1])])
        self._weights = np.array([w for each in weighed for w in each.values()], np.uint64)
        self._kind_of = np.array([kind for each in weighed for kind in each], np.int64)
        self._values: dict[int, _Words] = {}

    def sums(self, bearings: Sequence[Bearing], leaving: Sequence[Cells]) -> _Words:
        """The measure of each bearing over these columns."""
        found = np.zeros(len(bearings), np.uint64)
        together: dict[int | None, list[int]] = {}
        for at, bearing in enumerate(bearings):
            together.setdefault(bearing.leaving, []).append(at)
        for number, places in together.items():
            for atoms, weights in self._open(None if number is None else leaving[number]):
                values = self._valued(atoms)
                for at in places:
                    row = values[self._numbers[bearings[at].kind]]
                    found[at : at + 1] += np.dot(row, weights)
        return found

    def _open(self, leaving: Cells | None) -> Iterator[tuple[int, _Words]]:
        """What egress opens, each set of port atoms with the weight of its destinations by column."""
        if leaving is None:  # NP-6
            yield -1, np.add.reduceat(self._weights, self._starts)
            return
        for atoms, kinds in leaving.items():
            inside = _mask(kinds, self._kinds)[self._kind_of]
            yield atoms, np.add.reduceat(self._weights * inside, self._starts)

    def _valued(self, cut: int) -> _Words:
        """By number, the value of what the traffic has in common with `cut`."""
        found = self._values.get(cut)
        if found is None:
            values = [self._measure.value(atoms & cut) for atoms in self._atoms]
            found = self._values[cut] = np.array(values, np.uint64)
        return found


def _together(entries: _Entries) -> Cells:
    found: Cells = {}
    for atoms, kinds in entries:
        found = united(found, kinds, atoms)
    return found


def _mask(bits: int, size: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    raw = np.frombuffer(bits.to_bytes((size + 7) // 8, "little"), np.uint8)
    return np.unpackbits(raw, count=size, bitorder="little").view(np.bool_)
