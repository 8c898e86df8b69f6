"""A test of what may pass between two classes, fast enough to be asked of many at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from netsim.sets.bitset import Cells


class AtomTest(NamedTuple):
    """Passed by port atoms of which those in `asked` are just `those`; or, where not `are`, aren't."""

    asked: int
    those: int
    are: bool

    def passes(self, value: int) -> bool:
        """Whether these atoms pass the test."""
        return (value & self.asked == self.those) is self.are

    def places(self, cells: Cells, among: int) -> int:
        """Those of some places whose value passes the test."""
        asked, those, are = self
        nothing = those == 0  # whether the empty value has just those
        found = 0
        for value, inside in cells.items():
            if (value & asked == those) is not nothing:
                found |= inside
        return among & ~found if nothing is are else among & found

    def passing(self, blocks: Iterable[tuple[int, Cells]]) -> dict[int, int]:
        """The places whose value passes the test, of those that have any."""
        asked, those, are = self
        found = {}
        for block, cells in blocks:
            places = 0
            for value, inside in cells.items():
                if (value & asked == those) is are:
                    places |= inside
            if places:
                found[block] = places
        return found


def some_pass(atoms: int) -> AtomTest:
    """Whether any of these atoms may pass."""
    return AtomTest(atoms, 0, are=False)


def some_lack(atoms: int) -> AtomTest:
    """Whether any of these atoms may not pass."""
    return AtomTest(atoms, atoms, are=False)


def none_passes(atoms: int) -> AtomTest:
    """Whether none of these atoms may pass."""
    return AtomTest(atoms, 0, are=True)
