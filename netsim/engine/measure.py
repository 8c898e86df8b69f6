"""Numbers for sets of cells, as sums of a weight for each destination times a value of its traffic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from netsim.compiler.classes import Universe
from netsim.sets.bitset import Cells, Weights

# The sum over so many values is kept, up to so many times.
_LONG, _MOST_KNOWN = 16, 10_000


class Measure:
    """weight(destination) * value(port atoms), summed over cells. Nothing counts 0.

    As it is a sum, what differs between two rows can be added to what is known of one. `parts` has
    the value of each port atom where that of a set is their sum, modulo 2 ** 64; it is None where
    everything but nothing counts 1.
    """

    def __init__(
        self,
        universe: Universe,
        weights: Sequence[int],
        value: Callable[[int], int],
        parts: Sequence[int] | None,
    ) -> None:
        self.weights, self.parts = weights, parts
        self._value = value
        starts = (*universe.starts, len(universe))
        self._of_block = [Weights(weights[start:end]) for start, end in pairwise(starts)]
        self._values: dict[int, int] = {}
        self._totals: dict[tuple[int, int], tuple[int, Cells]] = {}

    def value(self, atoms: int) -> int:
        """The value of a set of port atoms."""
        found = self._values.get(atoms)
        if found is None:
            found = self._values[atoms] = self._value(atoms) if atoms else 0
        return found

    def total(self, block: int, cells: Cells) -> int:
        """The sum over one block. Kept where it is long: rows have the very same cells."""
        if len(cells) < _LONG:
            return self._total(block, cells)
        key = block, id(cells)
        known = self._totals.get(key)
        if known is None:
            if len(self._totals) >= _MOST_KNOWN:
                self._totals.clear()
            # What it is of is kept with it, so that its id stays its own.
            known = self._totals[key] = self._total(block, cells), cells
        return known[0]

    def _total(self, block: int, cells: Cells) -> int:
        weights = self._of_block[block]
        return sum(self.value(atoms) * weights.total(places) for atoms, places in cells.items())

    def difference(self, block: int, cells: Cells, known: Cells) -> int:
        """The sum over `cells`, less that over `known`. Costs what differs."""
        weights, found = self._of_block[block], 0
        for atoms, places in cells.items():
            before = known.get(atoms, 0)
            if places != before:
                more = weights.total(places & ~before) - weights.total(before & ~places)
                found += self.value(atoms) * more
        for atoms, before in known.items():
            if atoms not in cells:
                found -= self.value(atoms) * weights.total(before)
        return found


def mixed(number: int) -> int:
    """64 bits that look random, the same for equal numbers."""
    number = (number + 0x9E3779B97F4A7C15) & _MASK
    number = ((number ^ number >> 30) * 0xBF58476D1CE4E5B9) & _MASK
    number = ((number ^ number >> 27) * 0x94D049BB133111EB) & _MASK
    return number ^ number >> 31


_MASK = (1 << 64) - 1
