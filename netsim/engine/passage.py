"""What passes inside the cluster in one IP version.

What a source may send to a block of classes hangs on two things. By its *bearing*, its kind and
what its egress opens by kind, all that is far is the same for many sources. What is near is its
own: in the few blocks that rules about single classes speak of, it may send more.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from netsim.compiler.tables import Relation, Tables
from netsim.engine.arriving import Arriving
from netsim.engine.bearing import Bearing
from netsim.engine.hosts import Hosts
from netsim.engine.leaving import Leaving
from netsim.engine.near import Near
from netsim.sets.bitset import Cells, common, members, union, united, value_at
from netsim.sets.blocks import Places

if TYPE_CHECKING:
    from netsim.engine.overruling import Inward, Outward

_NONE: Cells = {}
_NOWHERE: Places = {}
# Of so many values on what is let in is kept, up to so many times.
_LONG, _MOST_KNOWN = 16, 10_000


def _overruling(tables: Tables, relation: Relation) -> tuple[Inward | None, Outward | None]:
    """What the tiers around NetworkPolicy change in a relation; None where they have no rules."""
    if not (relation.inward or relation.outward):
        return None, None
    from netsim.engine.overruling import Inward, Outward  # most clusters have no such rules

    return (
        Inward(tables, relation.inward) if relation.inward else None,
        Outward(tables, relation.outward) if relation.outward else None,
    )


class Passage:
    """Both directions of one relation."""

    def __init__(self, tables: Tables, version: int, hosts: Hosts) -> None:
        self._tables = tables
        self._relation = tables.relations[version]
        self._everything = tables.atoms.everything
        self._everyone = tables.universe.everyone
        self._receiving, self._sending = hosts.receiving(version), hosts.sending(version)
        self.near = Near(self._relation, self._receiving, self._sending, len(self._everyone))
        self.arriving = Arriving(tables, self._relation)
        self.leaving = Leaving(tables, self._relation)
        self._inward, self._outward = _overruling(tables, self._relation)
        self._known: dict[tuple[int, int | None, int | None, int], tuple[Cells, Cells]] = {}

    @property
    def is_overruled(self) -> bool:
        """Whether tiers around NetworkPolicy have a say in it."""
        return bool(self._inward or self._outward)

    def bearing(self, source: int) -> Bearing:
        """What far-reaching rules see of a source."""
        kind = self._tables.kinds.of_class[source]
        return Bearing(
            self.arriving.alike[kind],
            self.leaving.number(source),
            self._inward.number(source) if self._inward else None,
            self._outward.number(source) if self._outward else None,
        )

    def far(self, bearing: Bearing, block: int) -> Cells:
        """What every source of this bearing may send to a block, by far-reaching rules."""
        arriving = self.arriving.at(bearing.kind, block)
        if self._inward is not None:
            arriving = self._let_in(arriving, bearing, block)
        return self._both(arriving, bearing, block)

    def row(self, bearing: Bearing) -> dict[int, Cells]:
        """The same for every block."""
        if bearing.inward is not None or bearing.outward is not None:
            each = ((block, self.far(bearing, block)) for block in range(len(self._everyone)))
            return {block: cells for block, cells in each if cells}
        coming = self.arriving.blocks(bearing.kind)
        if bearing.leaving is None:
            return self.arriving.row(bearing.kind, members(coming))
        blocks = members(coming & self.leaving.blocks(bearing.leaving))
        arriving = self.arriving.row(bearing.kind, blocks)
        cut = ((at, self._both(cells, bearing, at)) for at, cells in arriving.items())
        return {at: cells for at, cells in cut if cells}

    def _let_in(self, arriving: Cells, bearing: Bearing, block: int) -> Cells:
        """What NetworkPolicies let in, as the tiers around them change it."""
        if self._inward is None or bearing.inward is None:
            return arriving
        return self._inward.at(bearing.inward, block).of(arriving)

    def _let_out(self, leaving: Cells, bearing: Bearing, block: int) -> Cells:
        """What NetworkPolicies let out, as the tiers around them change it."""
        if self._outward is None or bearing.outward is None:
            return leaving
        return self._outward.at(bearing.outward, block).of(leaving)

    def _leaving(self, bearing: Bearing, block: int) -> Cells:
        """What NetworkPolicies let out by far-reaching rules."""
        if bearing.leaving is None:
            return {self._everything: self._everyone[block]}
        return self.leaving.at(bearing.leaving, block)

    def _both(self, arriving: Cells, bearing: Bearing, block: int) -> Cells:
        """What is let in and let out. Kept where it is long: what is let in is often the same."""
        if bearing.leaving is None and bearing.outward is None:
            return arriving
        if len(arriving) < _LONG:
            return common(arriving, self._let_out(self._leaving(bearing, block), bearing, block))
        key = id(arriving), bearing.leaving, bearing.outward, block
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            # What it is of is kept with it, so that its id stays its own.
            leaving = self._let_out(self._leaving(bearing, block), bearing, block)
            known = self._known[key] = common(arriving, leaving), arriving
        return known[0]

    def far_cell(self, bearing: Bearing, destination: int) -> int:
        """What every source of this bearing may send to one class, by far-reaching rules."""
        arriving = self.arriving.cell(bearing.kind, destination)
        if self._inward is not None and bearing.inward is not None:
            arriving = self._inward.cell(bearing.inward, destination).of(arriving)
        if bearing.is_free:
            return arriving
        return arriving & self._leaving_cell((), bearing, destination)

    def cell(self, source: int, bearing: Bearing, destination: int) -> int:
        """What a source may send to one class. Costs the rules that speak of the two."""
        block, bit = self._tables.universe.place(destination)
        arriving = self.arriving.cell(bearing.kind, destination)
        for number in self._relation.near_sets[source]:
            arriving |= value_at(self._relation.near_rows[number].get(block, _NONE), bit)
        if self._inward is not None and bearing.inward is not None:
            arriving = self._inward.cell(bearing.inward, destination).of(arriving)
        if self._receiving.get(source, _NOWHERE).get(block, 0) >> bit & 1:
            arriving = self._everything
        if bearing.is_free or not arriving:
            return arriving
        if self._sending.get(source, _NOWHERE).get(block, 0) >> bit & 1:
            return arriving
        return arriving & self._leaving_cell(self._relation.subjects[source], bearing, destination)

    def _leaving_cell(self, subjects: Iterable[int], bearing: Bearing, destination: int) -> int:
        """What is let out to one class, by far-reaching rules and by those of these subjects."""
        block, bit = self._tables.universe.place(destination)
        leaving = self._everything
        if bearing.leaving is not None:
            leaving = self.leaving.cell(bearing.leaving, destination)
            for number in subjects:
                leaving |= value_at(self._relation.openings[number].blocks.get(block, _NONE), bit)
        if self._outward is None or bearing.outward is None:
            return leaving
        return self._outward.cell(bearing.outward, destination).of(leaving)

    def at(self, source: int, bearing: Bearing, block: int) -> Cells:
        """What a source may send to a block, by all rules."""
        arriving = self._more_arriving(self.arriving.at(bearing.kind, block), source, block)
        if self._inward is not None:
            arriving = self._let_in(arriving, bearing, block)
        if receiving := self._receiving.get(source, _NOWHERE).get(block, 0):
            arriving = united(arriving, receiving, self._everything)
        if bearing.leaving is None and bearing.outward is None:
            return arriving
        leaving = self._more_leaving(self._leaving(bearing, block), source, bearing, block)
        if self._outward is not None:
            leaving = self._let_out(leaving, bearing, block)
        if sending := self._sending.get(source, _NOWHERE).get(block, 0):
            leaving = united(leaving, sending, self._everything)
        return common(arriving, leaving)

    def _more_arriving(self, arriving: Cells, source: int, block: int) -> Cells:
        """With what near rules of NetworkPolicies let in."""
        for number in self._relation.near_sets[source]:
            if cells := self._relation.near_rows[number].get(block):
                arriving = union(arriving, cells)
        return arriving

    def _more_leaving(self, leaving: Cells, source: int, bearing: Bearing, block: int) -> Cells:
        """With what near rules of NetworkPolicies let out."""
        if bearing.leaving is not None:
            for number in self._relation.subjects[source]:
                leaving = union(leaving, self._relation.openings[number].blocks.get(block, _NONE))
        return leaving
