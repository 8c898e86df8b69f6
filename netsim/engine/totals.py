"""Sums over rows."""

from __future__ import annotations

from collections.abc import Callable

from netsim.engine.rows import Row
from netsim.sets.bitset import Cells
from netsim.sets.blocks import Blocks


class Totals:
    """A number for each row, as a sum over its blocks; what rows share is summed once."""

    def __init__(self, number: Callable[[int, Cells], int]) -> None:
        self._number = number
        self._shared: dict[int, tuple[Blocks, dict[int, int], int]] = {}

    def total(self, row: Row) -> int:
        """The sum over all blocks of a row."""
        known = self._shared.get(id(row.shared))
        if known is None:
            numbers = {at: self._number(at, cells) for at, cells in row.shared.items()}
            # The mapping is kept with its numbers, so that its id stays its own.
            known = self._shared[id(row.shared)] = row.shared, numbers, sum(numbers.values())
        _, numbers, total = known
        for at, cells in row.own.items():
            total += self._number(at, cells) - numbers.get(at, 0)
        return total
