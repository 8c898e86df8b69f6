"""Pairs of classes about which near rules, too, have a say, with what these say, as vectors.

A pair is one number here: that of its source, times how many classes there are, and its destination.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from netsim.compiler.classes import Universe
from netsim.engine.bearing import Bearing
from netsim.engine.near import Near
from netsim.engine.words import Flags, Numbers, Words, words_of
from netsim.sets.bitset import members
from netsim.sets.blocks import Blocks, Places

# So many pairs are looked at together.
_PAIRS = 1 << 16


class Said(NamedTuple):
    """What near rules of NetworkPolicies let in and out, beside far-reaching ones, between pairs.

    These are by source. What is `received` or `sent` is let in or out whatever rules say.
    """

    sources: Numbers
    destinations: Numbers
    let_in: Words
    let_out: Words
    received: Flags
    sent: Flags


class SaidOfPairs:
    """What is said of sources whose bearings these are; None for one that isn't asked about.

    `pairs` are all of which something is said, ascending.
    """

    def __init__(
        self, near: Near, universe: Universe, bearings: Sequence[Bearing | None], words: int
    ) -> None:
        relation, self._count = near.relation, len(bearings)
        asked = [bearing is not None for bearing in bearings]
        isolated = [bearing is not None and bearing.leaving is not None for bearing in bearings]
        ruled = [bearing is not None and not bearing.is_free for bearing in bearings]
        numbers: dict[int, int] = {}
        openings = [opening.blocks for opening in relation.openings]
        self._let_in = _Let(
            _Rows(relation.near_rows, universe, numbers), _only(relation.near_sets, asked)
        )
        self._let_out = _Let(_Rows(openings, universe, numbers), _only(relation.subjects, isolated))
        self._received = _pairs(near.receiving, asked, universe)
        self._sent = _pairs(near.sending, ruled, universe)
        self._sets = words_of(numbers, words)
        each = self._let_in.pairs, self._let_out.pairs, self._received, self._sent
        self.pairs: Numbers = np.unique(np.concatenate(each))

    def among(self, pairs: Numbers) -> Iterator[Said]:
        """What is said of some of them, ascending: of so many together."""
        for first in range(0, len(pairs), _PAIRS):
            some = pairs[first : first + _PAIRS]
            yield Said(
                *np.divmod(some, self._count),
                self._let_in.at(some, self._sets),
                self._let_out.at(some, self._sets),
                np.isin(some, self._received),
                np.isin(some, self._sent),
            )


class _Rows:
    """Rows by number, entry by entry: a destination, and the number of the port atoms that it gets.

    `firsts` and `sizes` say where a row begins, and how many entries it has.
    """

    def __init__(self, rows: Iterable[Blocks], universe: Universe, numbers: dict[int, int]) -> None:
        destinations: list[int] = []
        sets: list[int] = []
        ends = [0]
        for row in rows:
            for block, cells in row.items():
                start = universe.starts[block]
                for atoms, places in cells.items():
                    number = numbers.setdefault(atoms, len(numbers))
                    inside = members(places)
                    destinations += [start + bit for bit in inside]
                    sets += [number] * len(inside)
            ends.append(len(destinations))
        self.destinations = np.array(destinations, np.intp)
        self.sets = np.array(sets, np.intp)
        self.firsts = np.array(ends[:-1], np.intp)
        self.sizes: Numbers = np.array(ends[1:], np.intp) - self.firsts


class _Let:
    """What sources get by the rows of each: pairs, ascending, with the number of the port atoms.

    A pair is there once for each of its rows.
    """

    def __init__(self, rows: _Rows, rows_of: Sequence[Sequence[int]]) -> None:
        count = len(rows_of)
        listed = np.fromiter(chain.from_iterable(rows_of), np.intp)
        sources = np.repeat(np.arange(count), np.fromiter(map(len, rows_of), np.intp, count))
        sizes = rows.sizes[listed]
        # Where the entries of a row are, less where they come among all.
        shifts = rows.firsts[listed] - (np.cumsum(sizes) - sizes)
        entries = np.arange(sizes.sum()) + np.repeat(shifts, sizes)
        pairs = np.repeat(sources, sizes) * count + rows.destinations[entries]
        order = np.argsort(pairs, kind="stable")
        self.pairs: Numbers = pairs[order]
        self._sets = rows.sets[entries[order]]

    def at(self, pairs: Numbers, sets: Words) -> Words:
        """What some pairs get, ascending."""
        found: Words = np.zeros((len(pairs), sets.shape[1]), np.uint64)
        inside = slice(*np.searchsorted(self.pairs, [pairs[0], pairs[-1] + 1]))
        mine = self.pairs[inside]
        if len(mine):
            firsts = np.flatnonzero(np.diff(mine, prepend=-1))
            united = np.bitwise_or.reduceat(sets[self._sets[inside]], firsts, axis=0)
            places = np.searchsorted(pairs, mine[firsts])
            meant = pairs[places] == mine[firsts]
            found[places[meant]] = united[meant]
        return found


def _only(sets: Sequence[Sequence[int]], wanted: Sequence[bool]) -> list[Sequence[int]]:
    """Those that are wanted, and nothing instead of others."""
    return [each if is_wanted else () for each, is_wanted in zip(sets, wanted, strict=True)]


def _pairs(reached: Mapping[int, Places], wanted: Sequence[bool], universe: Universe) -> Numbers:
    """The pairs of each source that is wanted with the places that it reaches."""
    found = [
        source * len(universe) + number
        for source, places in reached.items()
        if wanted[source]
        for number in universe.numbers(places)
    ]
    return np.array(found, np.intp)
