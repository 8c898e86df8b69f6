"""Measures of shared rows by matrix: for clusters in which far-reaching rules are many.

Destinations that far-reaching rules treat alike make one column. What each kind of source may
send to each column is a matrix of value numbers, and what a source's egress opens to each kind
of destination a vector of them, so that a row takes a few vector operations.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence

import numpy as np

from netsim.compiler.tables import Tables
from netsim.engine.bearing import Bearing
from netsim.engine.measure import Measure
from netsim.engine.passage import Passage
from netsim.engine.words import WORD, Words
from netsim.errors import Diagnostic, FaultType, LimitError, Severity
from netsim.sets.bitset import Cells, united

# About five minutes; clusters of 40,000 pods can need it if no two of them are alike to policies.
MOST_CELLS = 4_000_000_000
# So many bytes of the matrix are made at a time.
_TILE_BYTES = 1 << 27
_Numbers = np.ndarray[tuple[int, ...], np.dtype[np.int32]]
Indexes = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


# The port atoms that a destination lets in, each with the kinds of source that it is for.
Entries = tuple[tuple[int, int], ...]


class Matrix:
    """What each kind of source may send to each column, by far-reaching rules of ingress."""

    def __init__(self, tables: Tables, passage: Passage) -> None:
        self._kinds, self._leaving = len(tables.kinds), passage.leaving
        self._of_kind = np.array(tables.kinds.of_class, np.int64)
        columns: dict[Entries, dict[Hashable, list[int]]] = {}
        for block, start in enumerate(tables.universe.starts):
            for number, entries in enumerate(passage.arriving.entries(block), start):
                by_kind = columns.setdefault(tuple(entries), {})
                by_kind.setdefault(tables.kinds.of_class[number], []).append(number)
        self._columns = len(columns)
        self._tiles = tiles_of(columns, self._kinds)

    def sums(self, bearings: Sequence[Bearing], measure: Measure) -> list[int]:
        """The measure of the shared row of each bearing, modulo 2 ** 64.

        Raises LimitError if policies tell more than MOST_CELLS pairs of ends apart.
        """
        hold_limit(len(bearings), self._columns)
        weights = weights_of(measure)
        together: dict[int | None, list[int]] = {}
        for at, bearing in enumerate(bearings):
            together.setdefault(bearing.leaving, []).append(at)
        totals = np.zeros(len(bearings), np.uint64)
        for tile in self._tiles:
            summing = _Summing(tile, self._of_kind[tile.firsts], weights, measure)
            for leaving, places in together.items():
                cells = None if leaving is None else self._leaving.cells[leaving]
                kinds = [bearings[at].kind for at in places]
                totals[places] += summing.sums(cells, kinds)
            if len(self._tiles) > 1:
                tile.forget()
        return [int(total) for total in totals]


def weights_of(measure: Measure) -> Words:
    """The weight of each class, modulo 2 ** 64."""
    return np.array([weight & WORD for weight in measure.weights], np.uint64)


def tiles_of(columns: dict[Entries, dict[Hashable, list[int]]], kinds: int) -> list[Tile]:
    """Columns in tiles, for so many kinds of source."""
    listed = list(columns.items())
    wide = max(1, _TILE_BYTES // (4 * kinds))
    return [Tile(listed[first : first + wide], kinds) for first in range(0, len(listed), wide)]


def hold_limit(sources: int, destinations: int) -> None:
    """Raises LimitError if so many sources and destinations are too many pairs."""
    if sources * destinations > MOST_CELLS:
        message = (
            f"policies tell {sources:,} sources and {destinations:,} destinations apart:"
            f" more than {MOST_CELLS:,} pairs of them would have to be summed"
        )
        help = "ask for less at a time: `flows` or `row` for a source, or fewer namespaces"
        raise LimitError([Diagnostic(Severity.ERROR, FaultType.QUERY, "LIMIT", message, help=help)])


class Tile:
    """Some columns. `numbers` has, by kind of source, the number of what each lets in from it.

    A column's destinations are grouped by what else tells them apart. Those of a group stand
    together in `members`, and the groups of a column: `groups` and `columns` say where each begins.
    """

    def __init__(
        self, columns: Sequence[tuple[Entries, dict[Hashable, list[int]]]], kinds: int
    ) -> None:
        self._columns, self.kinds = columns, kinds
        groups = [group for _, apart in columns for group in apart.values()]
        self.members = np.array([number for numbers in groups for number in numbers], np.int64)
        self.groups = _starts(map(len, groups))
        self.firsts = self.members[self.groups]
        self.widths = [len(apart) for _, apart in columns]
        self.columns = _starts(self.widths)
        self.atoms = {0: 0}
        self._numbers: _Numbers | None = None

    @property
    def numbers(self) -> _Numbers:
        """By kind of source and column; a number is the place of its port atoms in `atoms`."""
        if self._numbers is None:
            found = np.zeros((len(self._columns), self.kinds), np.int32)
            for column, (entries, _) in enumerate(self._columns):
                for atoms, places in _together(entries).items():
                    number = self.atoms.setdefault(atoms, len(self.atoms))
                    found[column, mask(places, self.kinds)] = number
            self._numbers = np.ascontiguousarray(found.T)
        return self._numbers

    def forget(self) -> None:
        """Free the matrix; it is made again when it is asked for."""
        self._numbers = None


class _Summing:
    """One measure over one tile."""

    def __init__(self, tile: Tile, kind_of: Indexes, weights: Words, measure: Measure) -> None:
        self._tile, self._kind_of, self._measure = tile, kind_of, measure
        self._numbers = tile.numbers
        self._weights = np.add.reduceat(weights[tile.members], tile.groups)
        self._values: dict[int, Words] = {}

    def sums(self, leaving: Cells | None, kinds: Sequence[int]) -> Words:
        """The measure for some kinds of source whose egress opens the same."""
        found = np.zeros(len(kinds), np.uint64)
        for atoms, weights in self._open(leaving):
            values = self._valued(atoms)
            for at, kind in enumerate(kinds):
                found[at : at + 1] += np.dot(values[self._numbers[kind]], weights)
        return found

    def _open(self, leaving: Cells | None) -> Iterator[tuple[int, Words]]:
        """What egress opens, each set of port atoms with the weight of its destinations by column."""
        tile = self._tile
        if leaving is None:  # NP-6
            yield -1, np.add.reduceat(self._weights, tile.columns)
            return
        for atoms, kinds in leaving.items():
            inside = mask(kinds, tile.kinds)[self._kind_of]
            yield atoms, np.add.reduceat(self._weights * inside, tile.columns)

    def _valued(self, cut: int) -> Words:
        """By number, the value of what the traffic has in common with `cut`."""
        found = self._values.get(cut)
        if found is None:
            values = [self._measure.value(atoms & cut) for atoms in self._tile.atoms]
            found = self._values[cut] = np.array(values, np.uint64)
        return found


def _starts(sizes: Iterable[int]) -> Indexes:
    """Where each of some lists begins in all of them together."""
    return np.cumsum([0, *sizes])[:-1]


def _together(entries: Entries) -> Cells:
    found: Cells = {}
    for atoms, kinds in entries:
        found = united(found, kinds, atoms)
    return found


def mask(bits: int, size: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    raw = np.frombuffer(bits.to_bytes((size + 7) // 8, "little"), np.uint8)
    return np.unpackbits(raw, count=size, bitorder="little").view(np.bool_)
