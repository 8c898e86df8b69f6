"""What egress lets out to each kind of destination."""

from __future__ import annotations

from collections.abc import Iterable

from netsim.compiler.tables import Relation, Tables
from netsim.sets.bitset import Cells, members, of, support, union, value_at


class Leaving:
    """Egress of one relation by far-reaching rules. What sources may send is numbered in `cells`."""

    def __init__(self, tables: Tables, relation: Relation) -> None:
        self._tables, self._relation = tables, relation
        universe = tables.universe
        self._everyone = universe.everyone
        # The kinds in each block with their classes there; and all of them.
        self._kinds = [self._kinds_of(block) for block in range(len(universe.blocks))]
        self._present = [of(kinds) for kinds in self._kinds]
        self._classes: list[dict[int, int]] = [{} for _ in universe.blocks]
        self._blocks: dict[int, int] = {}
        self._numbers: dict[frozenset[tuple[int, int]], int] = {}
        self._of_openings: dict[tuple[int, ...], int] = {}
        self._of_subjects: dict[tuple[int, ...], int] = {}
        self.cells: list[Cells] = []

    def _kinds_of(self, block: int) -> dict[int, int]:
        start, found = self._tables.universe.starts[block], dict[int, int]()
        end = start + self._everyone[block].bit_length()
        for bit, kind in enumerate(self._tables.kinds.of_class[start:end]):
            found[kind] = found.get(kind, 0) | 1 << bit
        return found

    def number(self, source: int) -> int | None:
        """The number of what a source may send; None if no policy isolates it (NP-6)."""
        block, bit = self._tables.universe.place(source)
        if not self._tables.egress.isolated.get(block, 0) >> bit & 1:
            return None
        subjects = self._relation.subjects[source]
        number = self._of_subjects.get(subjects)
        if number is None:
            number = self._of_subjects[subjects] = self._number_of(subjects)
        return number

    def _number_of(self, subjects: Iterable[int]) -> int:
        opened = [self._relation.openings[at].kinds for at in subjects]
        # Many subjects have the very same one: it needn't be hashed again.
        key = tuple(sorted(map(id, opened)))
        number = self._of_openings.get(key)
        if number is None:
            number = self._of_openings[key] = self._numbered(self._together(opened))
        return number

    def _together(self, opened: list[Cells]) -> Cells:
        always = self._tables.snapshot.semantics.icmp == "allow"  # IMP-3
        found: Cells = {self._tables.atoms.icmp: self._tables.kinds.everything} if always else {}
        for cells in opened:
            found = union(found, cells)
        return found

    def _numbered(self, cells: Cells) -> int:
        """Equal cells have equal numbers."""
        number = self._numbers.setdefault(frozenset(cells.items()), len(self._numbers))
        if number == len(self.cells):
            self.cells.append(cells)
        return number

    def at(self, number: int, block: int) -> Cells:
        """What may be sent to each class of a block."""
        found: Cells = {}
        present = self._present[block]
        for atoms, kinds in self.cells[number].items():
            inside = kinds & present
            if inside == present:
                return {atoms: self._everyone[block]}
            if inside:
                found[atoms] = self._classes_of(inside, block)
        return found

    def _classes_of(self, kinds: int, block: int) -> int:
        """The classes of a block that are of some of its kinds."""
        places = self._classes[block].get(kinds)
        if places is None:
            places = 0
            for kind in members(kinds):
                places |= self._kinds[block][kind]
            self._classes[block][kinds] = places
        return places

    def blocks(self, number: int) -> int:
        """The blocks, as a set, to which anything may be sent."""
        found = self._blocks.get(number)
        if found is None:
            kinds = support(self.cells[number])
            found = of(at for at, present in enumerate(self._present) if present & kinds)
            self._blocks[number] = found
        return found

    def cell(self, number: int, destination: int) -> int:
        """What may be sent to one class."""
        return value_at(self.cells[number], self._tables.kinds.of_class[destination])
