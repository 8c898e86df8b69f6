"""Rows transposed: who may send to one class."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from netsim.compiler.classes import Universe
from netsim.engine.rows import Row
from netsim.sets.bitset import Cells, united
from netsim.sets.blocks import Blocks

_Alike = tuple[tuple[int, int], ...]  # the cells of one block, as a key


class Columns:
    """What every source may send to one class, for any class.

    For each block the sources are kept by what they may send there: a set of sources for each
    different answer, of which there are few. `bits` says which bits a class has in these sets.
    """

    def __init__(
        self, universe: Universe, row_of: Callable[[int], Row], bits: Sequence[int]
    ) -> None:
        self._universe = universe
        self._sources: list[dict[_Alike, int]] = [{} for _ in self._universe.blocks]
        alike = _Sharing()
        for number, own in enumerate(bits):
            row = row_of(number)
            for block, cells in row.own.items():
                self._add(block, cells, own)
            if alike.full:
                self._add_all(alike)
                alike = _Sharing()
            alike.add(row.shared, own, row.own)
        self._add_all(alike)

    def _add_all(self, alike: _Sharing) -> None:
        for blocks, sources, elsewhere in alike.found.values():
            for block, cells in blocks.items():
                self._add(block, cells, sources & ~elsewhere.get(block, 0))

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


class _Sharing:
    """Sources by the mapping that their rows share, with those that have a block of their own."""

    _MOST = 1_000_000  # blocks

    def __init__(self) -> None:
        # By the id of the mapping, which is kept with it, so that its id stays its own.
        self.found: dict[int, tuple[Blocks, int, dict[int, int]]] = {}
        self._blocks = 0

    @property
    def full(self) -> bool:
        """Whether it is time to begin another: the mappings may be large, and as many as sources."""
        return self._blocks > self._MOST

    def add(self, shared: Blocks, source: int, own: Blocks) -> None:
        """Take in a source, as a bit, with its row."""
        key = id(shared)
        if key not in self.found:
            self._blocks += len(shared)
        _, sources, elsewhere = self.found.get(key, (shared, 0, {}))
        for block in own:
            elsewhere[block] = elsewhere.get(block, 0) | source
        self.found[key] = shared, sources | source, elsewhere
