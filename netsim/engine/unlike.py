"""Pairs of classes about which near rules, too, have a say."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from netsim.engine.bearing import Bearing
from netsim.engine.passage import Passage, Sides
from netsim.engine.words import Flags, Numbers
from netsim.sets.bitset import Cells, changed, members


@dataclass(frozen=True, slots=True)
class Part:
    """Some pairs: the numbers of what far-reaching rules let in and out, and of what all rules do.

    What is `received` or `sent` is let in or out whatever rules say.
    """

    sources: Numbers
    destinations: Numbers
    far_in: Numbers
    let_in: Numbers
    far_out: Numbers
    let_out: Numbers
    received: Flags
    sent: Flags


class Pairs:
    """Pairs of classes, and the sets of port atoms that they speak of, by number.

    Many sources have the very same pairs in a block: these are listed once.
    """

    def __init__(self) -> None:
        # What a pair is but for its source.
        self._columns: tuple[list[int], ...] = tuple([] for _ in range(7))
        self._numbers = {0: 0}
        # For each of `sources` where in the columns its pairs begin, and how many they are.
        self._sources: list[int] = []
        self._firsts: list[int] = []
        self._sizes: list[int] = []

    @property
    def sets(self) -> Sequence[int]:
        """The sets of port atoms."""
        return tuple(self._numbers)

    def listed(self, start: int, sides: Sides) -> range:
        """List what is unlike in a block whose first class is number `start`; where it is listed."""
        where = changed(sides.far_in, sides.let_in) | changed(sides.far_out, sides.let_out)
        where |= sides.received | sides.sent
        bits = members(where)
        first = len(self._columns[0])
        listed = (
            [start + bit for bit in bits],
            *(self._numbers_of(cells, where, bits) for cells in sides[:4]),
            [sides.received >> bit & 1 for bit in bits],
            [sides.sent >> bit & 1 for bit in bits],
        )
        for column, more in zip(self._columns, listed, strict=True):
            column += more
        return range(first, first + len(bits))

    def add(self, source: int, listed: range) -> None:
        """Add the pairs of a source."""
        self._sources.append(source)
        self._firsts.append(listed.start)
        self._sizes.append(len(listed))

    def _numbers_of(self, cells: Cells, where: int, bits: Sequence[int]) -> list[int]:
        """What each of some places has."""
        numbers, found = self._numbers, dict[int, int]()
        for atoms, places in cells.items():
            if inside := places & where:
                number = numbers.setdefault(atoms, len(numbers))
                if inside == where:
                    return [number] * len(bits)
                found |= dict.fromkeys(members(inside), number)
        return [found.get(bit, 0) for bit in bits]

    def parts(self, most: int) -> Iterator[Part]:
        """All pairs, at most so many together."""
        columns = [np.array(column, np.intp) for column in self._columns]
        sizes = np.array(self._sizes, np.intp)
        sources = np.repeat(np.array(self._sources, np.intp), sizes)
        # Where the pairs of a source are listed, less where they come among all.
        shifts = np.array(self._firsts, np.intp) - (np.cumsum(sizes) - sizes)
        places = np.arange(len(sources)) + np.repeat(shifts, sizes)
        for first in range(0, len(sources), most):
            inside = slice(first, first + most)
            *numbers, received, sent = (column[places[inside]] for column in columns)
            destinations, far_in, let_in, far_out, let_out = numbers
            ends = sources[inside], destinations
            yield Part(*ends, far_in, let_in, far_out, let_out, received != 0, sent != 0)


def pairs_of(passage: Passage, bearings: Sequence[Bearing | None]) -> Pairs:
    """The pairs of every source, whose bearings these are; None for one that isn't asked for."""
    found, starts = Pairs(), passage.starts
    known: dict[Hashable, range] = {}
    for source, bearing in enumerate(bearings):
        if bearing is None:
            continue
        for block in passage.near.blocks(source, bearing):
            sight = passage.sight(source, bearing, block)
            listed = known.get(sight)
            if listed is None:
                sides = passage.sides(source, bearing, block)
                listed = known[sight] = found.listed(starts[block], sides)
            found.add(source, listed)
    return found
