"""Compiled tables made ready for vectors of questions."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from netsim.compiler.overlay import Overlay
from netsim.compiler.tables import Relation, Tables
from netsim.engine.hosts import Hosts
from netsim.engine.vectors import (
    Around,
    BitSets,
    Flags,
    Numbers,
    RuleList,
    Rules,
    Side,
    Spots,
    Way,
)
from netsim.model.flow import Direction
from netsim.sets.bitset import Cells, members
from netsim.sets.blocks import Blocks, Places
from netsim.source.collector import collector_off


class Bulk:
    """Compiled tables, made ready for vectors of questions.

    Raises TooManyEntriesError if that would take more than about a GiB.
    """

    def __init__(self, tables: Tables) -> None:
        sets = BitSets()
        with collector_off():
            maker = _Maker(tables, sets)
            self._ways = {
                version: maker.way(version, relation)
                for version, relation in tables.relations.items()
            }
        self._bits = sets.frozen()
        self._has = {
            version: np.array([version in known for known in tables.versions], np.bool_)
            for version in self._ways
        }
        self._unknown = np.array([not known for known in tables.versions], np.bool_)

    def allowed(self, sources: Numbers, destinations: Numbers, atoms: Numbers) -> Flags:
        """Whether each class may send to each class what is in each port atom, all by number."""
        found = np.zeros(len(sources), np.bool_)
        for version, way in self._ways.items():
            flows = np.flatnonzero(self._meet(version, sources, destinations) & ~found)
            ends = sources[flows], destinations[flows]
            found[flows] = way.passes(self._bits, *ends, atoms[flows])
        return found

    def _meet(self, version: int, sources: Numbers, destinations: Numbers) -> Flags:
        """Whether both ends can use an IP version (NP-41, NP-43)."""
        has, unknown = self._has[version], self._unknown
        goes_along = unknown[destinations]
        if version != 4:  # where nobody knows any, it is IPv4
            goes_along = goes_along & ~unknown[sources]
        meet: Flags = (has | unknown)[sources] & (has[destinations] | goes_along)
        return meet


class _Maker:
    """From relations to vectors."""

    def __init__(self, tables: Tables, bits: BitSets) -> None:
        self._tables, self._bits = tables, bits
        self._hosts = Hosts(tables)
        self._classes = len(tables.universe)
        self._sizes = [len(tables.universe.block(at)) for at in range(len(tables.universe.blocks))]
        self._atoms = tables.atoms.everything.bit_length()
        places = [tables.universe.place(number) for number in range(self._classes)]
        blocks, bit_numbers = np.array(places, np.intp).reshape(-1, 2).T.copy()
        self._places = Spots(blocks, bit_numbers)
        # Kinds stand in one block of their own.
        kinds = np.array(tables.kinds.of_class, np.intp)
        self._kinds = Spots(np.zeros(self._classes, np.intp), kinds)

    def way(self, version: int, relation: Relation) -> Way:
        ingress, egress = self._ingress(relation), self._egress(relation)
        let_in = self._anyway(self._hosts.receiving(version))
        let_out = self._anyway(self._hosts.sending(version))
        return Way(self._places, self._kinds, ingress, egress, let_in, let_out)

    def _anyway(self, reached: dict[int, Places]) -> Rules:
        """What sources reach whatever rules say."""
        found = RuleList()
        for source, places in reached.items():
            self._reach(found, [source], places, self._tables.atoms.everything)
        return found.rules(self._classes)

    def _around(self, overlay: Overlay | None, direction: Direction) -> Around | None:
        """What the tiers around NetworkPolicy change."""
        if overlay is None:
            return None
        lists = RuleList(), RuleList(), RuleList()
        for group, change in enumerate(overlay.changes):
            each = (change.allowed, change.denied, change.refused)
            for rules, layers in zip(lists, each, strict=True):
                for atoms, columns in layers:
                    others = self._bits.start(columns, overlay.columns)
                    rules.add([group], 0, others, self._opened(atoms))
        count = len(overlay.changes)
        # The last group is of those that no rule governs.
        groups = [count if group is None else group for group in overlay.group_of]
        spots = Spots(np.zeros(self._classes, np.intp), np.array(overlay.column_of, np.intp))
        shielded = self._tables.shielded[direction]
        refusable = np.ones(self._classes, np.bool_)
        refusable[list(self._tables.universe.numbers(shielded))] = False
        allowed, denied, refused = (rules.rules(count + 1) for rules in lists)
        return Around(np.array(groups, np.intp), spots, refusable, allowed, denied, refused)

    def _ingress(self, relation: Relation) -> Side:
        far, near = RuleList(), RuleList()
        for kinds, row in relation.far_rows:
            others = self._bits.start(kinds, len(self._tables.kinds))
            for numbers, atoms in self._cells(row):
                far.add(numbers, 0, others, self._opened(atoms))
        sources = self._members(relation)
        for row, places in zip(relation.near_rows, sources, strict=True):
            for numbers, atoms in self._cells(row):
                self._reach(near, numbers, places, atoms)
        around = self._around(relation.inward, Direction.INGRESS)
        return self._side(relation.base, far, near, around)

    def _egress(self, relation: Relation) -> Side:
        far, near = RuleList(), RuleList()
        subjects: list[list[int]] = [[] for _ in relation.openings]
        for source, numbers in enumerate(relation.subjects):
            for number in numbers:
                subjects[number].append(source)
        for opening, sources in zip(relation.openings, subjects, strict=True):
            for atoms, kinds in opening.kinds.items():
                others = self._bits.start(kinds, len(self._tables.kinds))
                far.add(sources, 0, others, self._opened(atoms))
            for block, cells in opening.blocks.items():
                for atoms, there in cells.items():
                    self._reach(near, sources, {block: there}, atoms)
        around = self._around(relation.outward, Direction.EGRESS)
        return self._side(self._leaving_anyway(), far, near, around)

    def _leaving_anyway(self) -> Blocks:
        """What sources may send wherever it goes: everything where they aren't isolated (NP-6)."""
        found: dict[int, Cells] = {}
        always = self._tables.snapshot.semantics.icmp == "allow"  # IMP-3
        for block, size in enumerate(self._sizes):
            isolated = self._tables.egress.isolated.get(block, 0)
            found[block] = {self._tables.atoms.everything: ((1 << size) - 1) & ~isolated}
            if always:
                found[block][self._tables.atoms.icmp] = isolated
        return found

    def _side(self, everyone: Blocks, far: RuleList, near: RuleList, around: Around | None) -> Side:
        opened = np.full(self._classes, self._opened(0), np.intp)
        for numbers, atoms in self._cells(everyone):
            opened[numbers] = self._opened(atoms)
        return Side(opened, far.rules(self._classes), near.rules(self._classes), around)

    def _reach(self, rules: RuleList, at: list[int], places: Places, atoms: int) -> None:
        """List what is open at some classes to these places."""
        for block, there in places.items():
            others = self._bits.start(there, self._sizes[block])
            rules.add(at, block, others, self._opened(atoms))

    def _opened(self, atoms: int) -> int:
        return self._bits.start(atoms, self._atoms)

    def _members(self, relation: Relation) -> list[dict[int, int]]:
        """The classes of each near set."""
        found: list[dict[int, int]] = [{} for _ in relation.near_rows]
        for source, numbers in enumerate(relation.near_sets):
            block, bit = self._tables.universe.place(source)
            for number in numbers:
                places = found[number]
                places[block] = places.get(block, 0) | 1 << bit
        return found

    def _cells(self, row: Blocks) -> Iterator[tuple[list[int], int]]:
        """The classes of a row, together where they have the same port atoms in one block."""
        starts = self._tables.universe.starts
        for block, cells in row.items():
            for atoms, places in cells.items():
                yield [starts[block] + bit for bit in members(places)], atoms
