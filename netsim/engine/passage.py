"""What passes inside the cluster in one IP version.

What a source may send to a block of classes hangs on two things. By its *bearing*, its kind and
what its egress opens by kind, all that is far is the same for many sources. What is near is its
own: in the few blocks that rules about single classes speak of, it may send more.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from netsim.compiler.tables import Tables
from netsim.engine.arriving import Arriving
from netsim.engine.hosts import Hosts
from netsim.engine.leaving import Leaving
from netsim.sets.bitset import Cells, common, members, support, union, united, value_at
from netsim.sets.blocks import Places

_NONE: Cells = {}
_NOWHERE: Places = {}
# Of so many values on what is let in is kept, up to so many times.
_LONG, _MOST_KNOWN = 16, 10_000


class Bearing(NamedTuple):
    """All that far-reaching rules see of a source: its kind, and the number of what it may send.

    Of kinds that are let in alike it is the first. `leaving` is None for a source that no policy
    isolates in egress (NP-6).
    """

    kind: int
    leaving: int | None


class Passage:
    """Both directions of one relation."""

    def __init__(self, tables: Tables, version: int, hosts: Hosts) -> None:
        self._tables = tables
        self._relation = tables.relations[version]
        self._everything = tables.atoms.everything
        self._receiving, self._sending = hosts.receiving(version), hosts.sending(version)
        self.arriving = Arriving(tables, self._relation)
        self.leaving = Leaving(tables, self._relation)
        self._known: dict[tuple[int, int, int], tuple[Cells, Cells]] = {}

    def bearing(self, source: int) -> Bearing:
        """What far-reaching rules see of a source."""
        kind = self._tables.kinds.of_class[source]
        return Bearing(self.arriving.alike[kind], self.leaving.number(source))

    def far(self, bearing: Bearing, block: int) -> Cells:
        """What every source of this bearing may send to a block, by far-reaching rules."""
        arriving = self.arriving.at(bearing.kind, block)
        if bearing.leaving is None:
            return arriving
        return self._both(arriving, bearing.leaving, block)

    def row(self, bearing: Bearing) -> dict[int, Cells]:
        """The same for every block."""
        coming = self.arriving.blocks(bearing.kind)
        if bearing.leaving is None:
            return self.arriving.row(bearing.kind, members(coming))
        blocks = members(coming & self.leaving.blocks(bearing.leaving))
        arriving = self.arriving.row(bearing.kind, blocks)
        number = bearing.leaving
        cut = ((at, self._both(cells, number, at)) for at, cells in arriving.items())
        return {at: cells for at, cells in cut if cells}

    def _both(self, arriving: Cells, leaving: int, block: int) -> Cells:
        """What is let in and let out. Kept where it is long: what is let in is often the same."""
        if len(arriving) < _LONG:
            return common(arriving, self.leaving.at(leaving, block))
        key = id(arriving), leaving, block
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            # What it is of is kept with it, so that its id stays its own.
            found = common(arriving, self.leaving.at(leaving, block))
            known = self._known[key] = found, arriving
        return known[0]

    def far_cell(self, bearing: Bearing, destination: int) -> int:
        """What every source of this bearing may send to one class, by far-reaching rules."""
        arriving = self.arriving.cell(bearing.kind, destination)
        if bearing.leaving is None:
            return arriving
        return arriving & self.leaving.cell(bearing.leaving, destination)

    def cell(self, source: int, bearing: Bearing, destination: int) -> int:
        """What a source may send to one class. Costs the rules that speak of the two."""
        block, bit = self._tables.universe.place(destination)
        arriving = self.arriving.cell(bearing.kind, destination)
        for number in self._relation.near_sets[source]:
            arriving |= value_at(self._relation.near_rows[number].get(block, _NONE), bit)
        if self._receiving.get(source, _NOWHERE).get(block, 0) >> bit & 1:
            arriving = self._everything
        if bearing.leaving is None or not arriving:
            return arriving
        if self._sending.get(source, _NOWHERE).get(block, 0) >> bit & 1:
            return arriving
        leaving = self.leaving.cell(bearing.leaving, destination)
        for number in self._relation.subjects[source]:
            leaving |= value_at(self._relation.openings[number].blocks.get(block, _NONE), bit)
        return arriving & leaving

    def near(self, source: int, bearing: Bearing) -> Iterable[int]:
        """The blocks where near rules, too, say what a source may send."""
        found = dict.fromkeys(self._receiving.get(source, _NOWHERE))
        for number in self._relation.near_sets[source]:
            found |= dict.fromkeys(self._relation.near_rows[number])
        if bearing.leaving is not None:
            found |= dict.fromkeys(self._sending.get(source, _NOWHERE))
            for number in self._relation.subjects[source]:
                found |= dict.fromkeys(self._relation.openings[number].blocks)
        return found

    def touched(self, source: int, bearing: Bearing, block: int) -> int:
        """The classes of a block of which near rules, too, say what a source may send there."""
        found = self._receiving.get(source, _NOWHERE).get(block, 0)
        for number in self._relation.near_sets[source]:
            found |= support(self._relation.near_rows[number].get(block, _NONE))
        if bearing.leaving is not None:
            found |= self._sending.get(source, _NOWHERE).get(block, 0)
            for number in self._relation.subjects[source]:
                found |= support(self._relation.openings[number].blocks.get(block, _NONE))
        return found

    def at(self, source: int, bearing: Bearing, block: int) -> Cells:
        """What a source may send to a block, by all rules."""
        arriving = self.arriving.at(bearing.kind, block)
        for number in self._relation.near_sets[source]:
            if cells := self._relation.near_rows[number].get(block):
                arriving = union(arriving, cells)
        receiving = self._receiving.get(source, _NOWHERE).get(block, 0)
        arriving = united(arriving, receiving, self._everything)
        if bearing.leaving is None:
            return arriving
        leaving = self.leaving.at(bearing.leaving, block)
        for number in self._relation.subjects[source]:
            leaving = union(leaving, self._relation.openings[number].blocks.get(block, _NONE))
        sending = self._sending.get(source, _NOWHERE).get(block, 0)
        return common(arriving, united(leaving, sending, self._everything))
