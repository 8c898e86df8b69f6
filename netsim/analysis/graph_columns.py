"""Rows transposed: who may send to one class."""

from __future__ import annotations

from collections.abc import Sequence

from netsim.engine.reach import Reachability
from netsim.sets.bitset import Cells, united
from netsim.sets.blocks import Blocks

_Alike = tuple[tuple[int, int], ...]  # the cells of one block, as a key


class Columns:
    """What every source may send to one class, for any class.

    For each block the sources are kept by what they may send there: a set of sources for each
    different answer, of which there are few. `bits` says which bits a class has in these sets.
    """

    def __init__(self, reachability: Reachability, bits: Sequence[int]) -> None:
        self._universe = reachability.universe
        self._sources: list[dict[_Alike, int]] = [{} for _ in self._universe.blocks]
        alike: dict[int, tuple[Blocks, int]] = {}  # rows by the mapping that they share
        otherwise: dict[tuple[int, int], int] = {}  # of these, who has a block of their own
        for number, own in enumerate(bits):
            row = reachability.row(number)
            key = id(row.shared)
            _, others = alike.get(key, (row.shared, 0))
            alike[key] = row.shared, others | own  # kept, so that its id stays its own
            for block, cells in row.own.items():
                self._add(block, cells, own)
                otherwise[key, block] = otherwise.get((key, block), 0) | own
        for key, (blocks, sources) in alike.items():
            for block, cells in blocks.items():
                self._add(block, cells, sources & ~otherwise.get((key, block), 0))

    def _add(self, block: int, cells: Cells, sources: int) -> None:
        if cells and sources:
            found, key = self._sources[block], tuple(cells.items())
            found[key] = found.get(key, 0) | sources

    def column(self, destination: int) -> Cells:
        """What each source may send to class number `destination`."""
        block, bit = self._universe.place(destination)
        found: Cells = {}
        for alike, sources in self._sources[block].items():
            for atoms, places in alike:
                if places >> bit & 1:
                    found = united(found, sources, atoms)
        return found
