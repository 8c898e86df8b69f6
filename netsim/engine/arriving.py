"""What far-reaching rules of ingress let in, by kind of source."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from netsim.compiler.tables import Relation, Tables
from netsim.sets.apart import told_apart
from netsim.sets.bitset import Cells, members, of, union
from netsim.sets.blocks import Places

_NONE: Cells = {}
# Kinds are told apart for all of a block at once where it is asked about more than so many times,
# unless so many rows tell them apart.
_FEW_TIMES, _MANY_ROWS = 4, 64


@dataclass(slots=True, eq=False, repr=False)
class _Parts:
    """What a block lets in: `cells` by the part of a kind."""

    part_of: array[int]
    cells: tuple[Cells, ...]


class Arriving:
    """Ingress of one relation, as far as it is the same for all sources of a kind."""

    def __init__(self, tables: Tables, relation: Relation) -> None:
        self._tables, self._relation = tables, relation
        universe = tables.universe
        # The far rows of each block, with the kinds that they are for.
        self._rows: list[list[tuple[int, Cells]]] = [[] for _ in universe.blocks]
        for kinds, row in relation.far_rows:
            for block, cells in row.items():
                self._rows[block].append((kinds, cells))
        self._parts: list[_Parts | None] = [None for _ in universe.blocks]
        self._times = [0 for _ in universe.blocks]  # that a block was asked about
        self._entries: list[list[list[tuple[int, int]]] | None] = [None for _ in universe.blocks]
        self._blocks: dict[int, int] = {}

    @cached_property
    def alike(self) -> list[int]:
        """For each kind the first one that the very same rows are for: it is let in alike."""
        masks = (mask for mask, _ in self._relation.far_rows)
        return told_apart(masks, [0] * len(self._tables.kinds))

    @cached_property
    def _firsts(self) -> int:
        return of(set(self.alike))

    def at(self, kind: int, block: int) -> Cells:
        """What a block lets in from a kind, the first of those that are let in alike."""
        parts = self._parts[block]
        if parts is None:
            self._times[block] += 1
            if self._times[block] <= _FEW_TIMES or len(self._rows[block]) > _MANY_ROWS:
                return self._of_rows(kind, block)
            parts = self._parts[block] = self._parted(block)
        return parts.cells[parts.part_of[kind]]

    def _of_rows(self, kind: int, block: int) -> Cells:
        found = self._relation.base.get(block, _NONE)
        for kinds, cells in self._rows[block]:
            if kinds >> kind & 1:
                found = union(found, cells)
        return found

    def let_in(self, kinds: int, destinations: Places, atoms: int) -> int:
        """Of some kinds those from which any of these places lets in any of these port atoms."""
        found = 0
        for block, places in destinations.items():
            for row_kinds, cells in (self._base(block), *self._rows[block]):
                if kinds & row_kinds & ~found:
                    for value, inside in cells.items():
                        if value & atoms and inside & places:
                            found |= kinds & row_kinds
                            break
            if found == kinds:
                break
        return found

    def _base(self, block: int) -> tuple[int, Cells]:
        """The row that is for all kinds."""
        return self._tables.kinds.everything, self._relation.base.get(block, _NONE)

    def row(self, kind: int, blocks: Iterable[int]) -> dict[int, Cells]:
        """The same for many blocks, without those that let in nothing."""
        found = {}
        for block in blocks:
            parts = self._parts[block]
            cells = parts.cells[parts.part_of[kind]] if parts else self.at(kind, block)
            if cells:
                found[block] = cells
        return found

    def _parted(self, block: int) -> _Parts:
        """The first kinds of those alike, parted by the rows that are for them."""
        parts: list[tuple[int, Cells]] = [(self._firsts, self._relation.base.get(block, _NONE))]
        for kinds, cells in self._rows[block]:
            apart = []
            for part, before in parts:
                if inside := part & kinds:
                    apart.append((inside, union(before, cells)))
                if outside := part & ~kinds:
                    apart.append((outside, before))
            parts = apart
        parts.sort(key=lambda part: -part[0].bit_count())
        kinds = len(self._tables.kinds)
        part_of = array("H" if kinds < 1 << 16 else "I", [0]) * kinds
        for at, (part, _) in enumerate(parts[1:], start=1):  # part 0 is there already
            for kind in members(part):
                part_of[kind] = at
        return _Parts(part_of, tuple(cells for _, cells in parts))

    def blocks(self, kind: int) -> int:
        """The blocks, as a set, that let in anything from a kind."""
        found = self._blocks.get(kind)
        if found is None:
            found = of(self._relation.base)
            for kinds, row in self._relation.far_rows:
                if kinds >> kind & 1:
                    found |= of(row)
            self._blocks[kind] = found
        return found

    def entries(self, block: int) -> list[list[tuple[int, int]]]:
        """For each class of a block the port atoms that it lets in, with the kinds of source."""
        found = self._entries[block]
        if found is None:
            found = [[] for _ in self._tables.universe.block(block)]
            for kinds, cells in (self._base(block), *self._rows[block]):
                for atoms, places in cells.items():
                    for bit in members(places):
                        found[bit].append((atoms, kinds))
            self._entries[block] = found
        return found

    def cell(self, kind: int, destination: int) -> int:
        """What one class lets in from a kind."""
        block, bit = self._tables.universe.place(destination)
        found = 0
        for atoms, kinds in self.entries(block)[bit]:
            if kinds >> kind & 1:
                found |= atoms
        return found

    def steps(self, block: int) -> int:
        """About how many steps it takes to say what a kind may send to a block."""
        return 1 + len(self._rows[block])
