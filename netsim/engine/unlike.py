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
    """Pairs of classes, and the sets of port atoms that they speak of, by number."""

    def __init__(self) -> None:
        self._columns: tuple[list[int], ...] = tuple([] for _ in range(8))
        self._numbers = {0: 0}

    @property
    def sets(self) -> Sequence[int]:
        """The sets of port atoms."""
        return tuple(self._numbers)

    def listed(self, start: int, sides: Sides) -> tuple[Sequence[int], ...]:
        """What is unlike in a block whose first class is number `start`, but for the source."""
        where = changed(sides.far_in, sides.let_in) | changed(sides.far_out, sides.let_out)
        where |= sides.received | sides.sent
        bits = members(where)
        return (
            [start + bit for bit in bits],
            *(self._numbers_of(cells, where, bits) for cells in sides[:4]),
            [sides.received >> bit & 1 for bit in bits],
            [sides.sent >> bit & 1 for bit in bits],
        )

    def add(self, source: int, listed: Sequence[Sequence[int]]) -> None:
        """Add what is listed for a source."""
        sources, *others = self._columns
        sources += [source] * len(listed[0])
        for column, more in zip(others, listed, strict=True):
            column += more

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
        for first in range(0, len(self._columns[0]), most):
            *sets, received, sent = (
                np.array(each[first : first + most], np.intp) for each in self._columns
            )
            sources, destinations, far_in, let_in, far_out, let_out = sets
            ends = sources, destinations
            yield Part(*ends, far_in, let_in, far_out, let_out, received != 0, sent != 0)


def pairs_of(passage: Passage, bearings: Sequence[Bearing | None]) -> Pairs:
    """The pairs of every source, whose bearings these are; None for one that isn't asked for."""
    found, starts = Pairs(), passage.starts
    known: dict[Hashable, tuple[Sequence[int], ...]] = {}
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
