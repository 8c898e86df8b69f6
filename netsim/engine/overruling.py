"""How the tiers around NetworkPolicy change rows: which places they open and shut, block by block.

What is other for a source hangs on a number of it: in ingress that of its column, which all have
that its destinations' rules don't tell apart; in egress that of the group that it is governed in,
and whether Baseline has a say there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from netsim.compiler.tables import Tables
from netsim.model.flow import Direction
from netsim.sets.bitset import Cells, union, united, without

if TYPE_CHECKING:
    from netsim.compiler.overlay import Layers, Overlay

_NONE: Cells = {}
# So many blocks are kept, about 100 MiB; then all are forgotten.
_MOST_KNOWN = 500_000


class Overruled(NamedTuple):
    """What is other in one block than NetworkPolicies say: `shut` first, then `opened`."""

    shut: Cells
    opened: Cells

    def of(self, cells: Cells) -> Cells:
        """What remains of `cells`, with what is put in."""
        return union(without(cells, self.shut), self.opened)


class Value(NamedTuple):
    """The same for one place: `shut` first, then `opened`."""

    shut: int
    opened: int

    def of(self, atoms: int) -> int:
        """What remains of `atoms`, with what is put in."""
        return atoms & ~self.shut | self.opened


_UNCHANGED = Value(0, 0)


class Inward:
    """Ingress: what the rules of destinations change for a column of sources."""

    def __init__(self, tables: Tables, overlay: Overlay) -> None:
        self._universe, self._overlay = tables.universe, overlay
        self._shielded = tables.shielded[Direction.INGRESS]
        # The groups in each block, with their places there.
        self._groups = _by_block(overlay.group_of, tables)
        self._values = _Values(overlay)
        self._known: dict[tuple[int, int], Overruled] = {}

    def number(self, source: int) -> int:
        """The column of a source."""
        return self._overlay.column_of[source]

    def at(self, column: int, block: int) -> Overruled:
        """What is other in a block for sources of a column."""
        key = column, block
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            found = self._known[key] = self._made(column, block)
        return found

    def cell(self, column: int, destination: int) -> Value:
        """What is other in one class for sources of a column."""
        group = self._overlay.group_of[destination]
        if group is None:
            return _UNCHANGED
        block, bit = self._universe.place(destination)
        return self._values.at(group, column, bool(self._shielded.get(block, 0) >> bit & 1))

    def _made(self, column: int, block: int) -> Overruled:
        shut, opened = _NONE, _NONE
        shielded = self._shielded.get(block, 0)
        for group, places in self._groups[block].items():
            for inside, is_shielded in ((places & ~shielded, False), (places & shielded, True)):
                if inside:
                    value = self._values.at(group, column, is_shielded)
                    shut = united(shut, inside, value.shut)
                    opened = united(opened, inside, value.opened)
        return Overruled(shut, opened)


class Outward:
    """Egress: what the rules of a source change, by the group that it is in."""

    def __init__(self, tables: Tables, overlay: Overlay) -> None:
        self._universe, self._overlay = tables.universe, overlay
        self._shielded = tables.shielded[Direction.EGRESS]
        # The columns in each block, with their places there.
        self._columns = _by_block(overlay.column_of, tables)
        self._values = _Values(overlay)
        self._known: dict[tuple[int, int], Overruled] = {}

    def number(self, source: int) -> int | None:
        """The number of what is other for a source; None if no rule governs it."""
        group = self._overlay.group_of[source]
        if group is None:
            return None
        block, bit = self._universe.place(source)
        return group << 1 | self._shielded.get(block, 0) >> bit & 1

    def at(self, number: int, block: int) -> Overruled:
        """What is other in a block for sources of a number."""
        key = number, block
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            found = self._known[key] = self._made(number, block)
        return found

    def cell(self, number: int, destination: int) -> Value:
        """What is other in one class for sources of a number."""
        column = self._overlay.column_of[destination]
        return self._values.at(number >> 1, column, bool(number & 1))

    def _made(self, number: int, block: int) -> Overruled:
        shut, opened = _NONE, _NONE
        for column, places in self._columns[block].items():
            value = self._values.at(number >> 1, column, bool(number & 1))
            shut = united(shut, places, value.shut)
            opened = united(opened, places, value.opened)
        return Overruled(shut, opened)


class _Values:
    """What is other between a group and a column. Kept: many places have the same."""

    def __init__(self, overlay: Overlay) -> None:
        self._changes = overlay.changes
        self._known: dict[tuple[int, int, bool], Value] = {}

    def at(self, group: int, column: int, is_shielded: bool) -> Value:
        key = group, column, is_shielded
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            change = self._changes[group]
            refused = () if is_shielded else change.refused
            shut = _held(change.denied, column) | _held(refused, column)
            found = self._known[key] = Value(shut, _held(change.allowed, column))
        return found


def _held(layers: Layers, column: int) -> int:
    """What a column has."""
    found = 0
    bit = 1 << column
    for atoms, columns in layers:
        if columns & bit:
            found |= atoms
    return found


def _by_block(
    numbers: tuple[int, ...] | tuple[int | None, ...], tables: Tables
) -> list[dict[int, int]]:
    """For each block the places of each number there."""
    universe = tables.universe
    return [
        _places_of(numbers[start : start + len(universe.block(block))])
        for block, start in enumerate(universe.starts)
    ]


def _places_of(numbers: Iterable[int | None]) -> dict[int, int]:
    found: dict[int, int] = {}
    for bit, number in enumerate(numbers):
        if number is not None:
            found[number] = found.get(number, 0) | 1 << bit
    return found
