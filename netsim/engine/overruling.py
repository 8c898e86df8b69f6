"""How the tiers around NetworkPolicy change rows: which places they open and shut, block by block.

What is other for a source hangs on a number of it: in ingress that of its column, which all have
that its destinations' rules don't tell apart; in egress that of the group that it is governed in,
and whether Baseline has a say there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from netsim.compiler.overlay import Overlay
from netsim.compiler.tables import Tables
from netsim.model.flow import Direction
from netsim.sets.bitset import Cells, members, union, united, value_at, without

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

    def at(self, atoms: int, bit: int) -> int:
        """The same for one place."""
        return atoms & ~value_at(self.shut, bit) | value_at(self.opened, bit)


class Inward:
    """Ingress: what the rules of destinations change for a column of sources."""

    def __init__(self, tables: Tables, overlay: Overlay) -> None:
        self._overlay = overlay
        shielded = tables.shielded[Direction.INGRESS]
        # The groups in each block: their places, and those of them that Baseline may refuse.
        self._groups = [
            [(group, places, places & ~shielded.get(block, 0)) for group, places in found.items()]
            for block, found in enumerate(_by_block(overlay.group_of, tables))
        ]
        self._values: dict[int, list[tuple[int, int, int]]] = {}
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

    def _made(self, column: int, block: int) -> Overruled:
        shut, opened = _NONE, _NONE
        for group, places, refusable in self._groups[block]:
            allowed, denied, refused = self._of_group(group)[column]
            shut = united(united(shut, places, denied), refusable, refused)
            opened = united(opened, places, allowed)
        return Overruled(shut, opened)

    def _of_group(self, group: int) -> list[tuple[int, int, int]]:
        """What is allowed, denied and refused in a group, by column."""
        found = self._values.get(group)
        if found is None:
            change = self._overlay.changes[group]
            each = (change.allowed, change.denied, change.refused)
            listed = (_listed(cells, self._overlay.columns) for cells in each)
            found = self._values[group] = list(zip(*listed, strict=True))
        return found


class Outward:
    """Egress: what the rules of a source change, by the group that it is in."""

    def __init__(self, tables: Tables, overlay: Overlay) -> None:
        self._universe, self._overlay = tables.universe, overlay
        self._shielded = tables.shielded[Direction.EGRESS]
        # The columns in each block, with their places there.
        self._columns = _by_block(overlay.column_of, tables)
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

    def _made(self, number: int, block: int) -> Overruled:
        change, is_shielded = self._overlay.changes[number >> 1], number & 1
        shut = self._here(change.denied, block)
        if not is_shielded:
            shut = union(shut, self._here(change.refused, block))
        return Overruled(shut, self._here(change.allowed, block))

    def _here(self, cells: Cells, block: int) -> Cells:
        """From columns to the classes of a block."""
        found: Cells = {}
        for atoms, columns in cells.items():
            places = 0
            for column, classes in self._columns[block].items():
                if columns >> column & 1:
                    places |= classes
            if places:
                found[atoms] = places
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


def _listed(cells: Cells, count: int) -> list[int]:
    """What each of so many places has."""
    found = [0] * count
    for atoms, places in cells.items():
        for place in members(places):
            found[place] = atoms
    return found
