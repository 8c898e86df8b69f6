"""What passes inside the cluster in one IP version.

What a source may send to a block of classes hangs on two things. By its *bearing*, its kind and
what its egress opens by kind, all that is far is the same for many sources. What is near is its
own: in the few blocks that rules about single classes speak of, it may send more.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from netsim.compiler.tables import Tables
from netsim.engine.hosts import Hosts
from netsim.sets.bitset import Cells, common, members, of, support, union, united, value_at
from netsim.sets.blocks import Places

_NONE: Cells = {}
_NOWHERE: Places = {}


class Bearing(NamedTuple):
    """All that far-reaching rules see of a source: its kind, and the number of what it may send.

    `leaving` is None for a source that no policy isolates in egress (NP-6).
    """

    kind: int
    leaving: int | None


class Passage:
    """Both directions of one relation."""

    def __init__(self, tables: Tables, version: int, hosts: Hosts) -> None:
        self._tables = tables
        self._receiving, self._sending = hosts.receiving(version), hosts.sending(version)
        self._relation = tables.relations[version]
        self._everything = tables.atoms.everything
        self._blocks = range(len(tables.universe.blocks))
        self._far_at = self._by_block()
        self._entries: list[list[list[tuple[int, int]]] | None] = [None for _ in self._blocks]
        self._everyone = tables.universe.everyone
        # The blocks to which a kind may send anything, and those to which egress opens anything.
        self._coming: dict[int, int] = {}
        self._going: dict[int, int] = {}
        self._kinds_at = [self._kinds_of(block) for block in self._blocks]
        self._present = [sum(kind for kind, _ in found) for found in self._kinds_at]
        self._of_kinds: list[dict[int, int]] = [{} for _ in self._blocks]
        # What a kind may send to a block; and the same by which of the block's far rows are for it.
        self._of_kind: list[dict[int, Cells]] = [{} for _ in self._blocks]
        self._of_rows: list[dict[int, Cells]] = [{} for _ in self._blocks]
        self._numbers: dict[frozenset[tuple[int, int]], int] = {}
        self._leaving_of: dict[tuple[int, ...], int] = {}
        self.leaving: list[Cells] = []

    def _by_block(self) -> list[list[tuple[int, Cells]]]:
        """The far rows of each block, with the kinds that they are for."""
        found: list[list[tuple[int, Cells]]] = [[] for _ in self._blocks]
        for kinds, row in self._relation.far_rows:
            for block, cells in row.items():
                found[block].append((kinds, cells))
        return found

    def _kinds_of(self, block: int) -> list[tuple[int, int]]:
        """The kinds in a block, each as a set, with its classes there."""
        universe = self._tables.universe
        start, found = universe.starts[block], dict[int, int]()
        for bit in range(len(universe.block(block))):
            kind = 1 << self._tables.kinds.of_class[start + bit]
            found[kind] = found.get(kind, 0) | 1 << bit
        return list(found.items())

    def bearing(self, source: int) -> Bearing:
        """What far-reaching rules see of a source."""
        block, bit = self._tables.universe.place(source)
        if not self._tables.egress.isolated.get(block, 0) >> bit & 1:
            return Bearing(self._tables.kinds.of_class[source], None)
        openings = self._relation.openings
        opened = [openings[number].kinds for number in self._relation.subjects[source]]
        # Many subjects have the very same one: it needn't be hashed again.
        key = tuple(sorted(map(id, opened)))
        number = self._leaving_of.get(key)
        if number is None:
            number = self._leaving_of[key] = self._numbered(self._leaving_by(opened))
        return Bearing(self._tables.kinds.of_class[source], number)

    def _leaving_by(self, opened: Iterable[Cells]) -> Cells:
        """What is let out to each kind."""
        always = self._tables.snapshot.semantics.icmp == "allow"  # IMP-3
        found: Cells = {self._tables.atoms.icmp: self._tables.kinds.everything} if always else {}
        for kinds in opened:
            found = union(found, kinds)
        return found

    def _numbered(self, cells: Cells) -> int:
        """Equal cells have equal numbers."""
        number = self._numbers.setdefault(frozenset(cells.items()), len(self._numbers))
        if number == len(self.leaving):
            self.leaving.append(cells)
        return number

    def far(self, bearing: Bearing, block: int) -> Cells:
        """What every source of this bearing may send to a block, by far-reaching rules."""
        arriving = self._arriving_at(bearing.kind, block)
        if bearing.leaving is None:
            return arriving
        return common(arriving, self._leaving_to(bearing.leaving, block))

    def _arriving_at(self, kind: int, block: int) -> Cells:
        """What a block's ingress lets in from a kind."""
        found = self._of_kind[block].get(kind)
        if found is None:
            found = self._of_kind[block][kind] = self._arriving(kind, block)
        return found

    def _arriving(self, kind: int, block: int) -> Cells:
        matching, rows = 0, self._far_at[block]
        for at, (kinds, _) in enumerate(rows):
            if kinds >> kind & 1:
                matching |= 1 << at
        found = self._of_rows[block].get(matching)
        if found is None:
            found = self._relation.base.get(block, _NONE)
            for at in members(matching):
                found = union(found, rows[at][1])
            self._of_rows[block][matching] = found
        return found

    def _leaving_to(self, leaving: int, block: int) -> Cells:
        """What may be sent to each class of a block, as far as it is said of its kind."""
        found: Cells = {}
        present = self._present[block]
        for atoms, kinds in self.leaving[leaving].items():
            inside = kinds & present
            if inside == present:
                return {atoms: self._everyone[block]}
            if inside:
                found[atoms] = self._classes_of(inside, block)
        return found

    def _classes_of(self, kinds: int, block: int) -> int:
        """The classes of a block that are of some of its kinds."""
        places = self._of_kinds[block].get(kinds)
        if places is None:
            places = 0
            for kind, classes in self._kinds_at[block]:
                if kinds & kind:
                    places |= classes
            self._of_kinds[block][kinds] = places
        return places

    def blocks(self, bearing: Bearing) -> int:
        """The blocks, as a set, to which far-reaching rules may let a source send anything."""
        coming = self._coming.get(bearing.kind)
        if coming is None:
            coming = of(self._relation.base)
            for kinds, row in self._relation.far_rows:
                if kinds >> bearing.kind & 1:
                    coming |= of(row)
            self._coming[bearing.kind] = coming
        if bearing.leaving is None:
            return coming
        going = self._going.get(bearing.leaving)
        if going is None:
            kinds = support(self.leaving[bearing.leaving])
            going = of(at for at in self._blocks if self._present[at] & kinds)
            self._going[bearing.leaving] = going
        return coming & going

    def entries(self, block: int) -> list[list[tuple[int, int]]]:
        """For each class of a block the port atoms that far-reaching rules let in, with the kinds."""
        found = self._entries[block]
        if found is None:
            found = [[] for _ in self._tables.universe.block(block)]
            base = self._tables.kinds.everything, self._relation.base.get(block, _NONE)
            for kinds, cells in (base, *self._far_at[block]):
                for atoms, places in cells.items():
                    for bit in members(places):
                        found[bit].append((atoms, kinds))
            self._entries[block] = found
        return found

    def far_cell(self, bearing: Bearing, destination: int) -> int:
        """What every source of this bearing may send to one class, by far-reaching rules."""
        arriving = self._arriving_to(bearing.kind, destination)
        return arriving & self._leaving_of_kind(bearing.leaving, destination)

    def cell(self, source: int, bearing: Bearing, destination: int) -> int:
        """What a source may send to one class. Costs the rules that speak of the two."""
        block, bit = self._tables.universe.place(destination)
        arriving = self._arriving_to(bearing.kind, destination)
        for number in self._relation.near_sets[source]:
            arriving |= value_at(self._relation.near_rows[number].get(block, _NONE), bit)
        if self._receiving.get(source, _NOWHERE).get(block, 0) >> bit & 1:
            arriving = self._everything
        if bearing.leaving is None or not arriving:
            return arriving
        if self._sending.get(source, _NOWHERE).get(block, 0) >> bit & 1:
            return arriving
        leaving = self._leaving_of_kind(bearing.leaving, destination)
        for number in self._relation.subjects[source]:
            leaving |= value_at(self._relation.openings[number].blocks.get(block, _NONE), bit)
        return arriving & leaving

    def _arriving_to(self, kind: int, destination: int) -> int:
        block, bit = self._tables.universe.place(destination)
        found = 0
        for atoms, kinds in self.entries(block)[bit]:
            if kinds >> kind & 1:
                found |= atoms
        return found

    def _leaving_of_kind(self, leaving: int | None, destination: int) -> int:
        if leaving is None:
            return self._everything
        return value_at(self.leaving[leaving], self._tables.kinds.of_class[destination])

    def steps(self, block: int) -> int:
        """About how many steps it takes to say what a kind may send to a block."""
        return 1 + len(self._far_at[block])

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

    def at(self, source: int, bearing: Bearing, block: int) -> Cells:
        """What a source may send to a block, by all rules."""
        arriving = self._arriving_at(bearing.kind, block)
        for number in self._relation.near_sets[source]:
            cells = self._relation.near_rows[number].get(block)
            if cells:
                arriving = union(arriving, cells)
        receiving = self._receiving.get(source, _NOWHERE).get(block, 0)
        arriving = united(arriving, receiving, self._everything)
        if bearing.leaving is None:
            return arriving
        leaving = self._leaving_to(bearing.leaving, block)
        for number in self._relation.subjects[source]:
            leaving = union(leaving, self._relation.openings[number].blocks.get(block, _NONE))
        sending = self._sending.get(source, _NOWHERE).get(block, 0)
        return common(arriving, united(leaving, sending, self._everything))
