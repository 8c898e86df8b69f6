"""The rows of compiled tables: what one endpoint class may send to every other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from netsim.compiler.tables import Opening, Tables
from netsim.engine.hosts import Hosts
from netsim.sets.bitset import Cells, common, union, united
from netsim.sets.blocks import Blocks, Places, joined, places_of, put, within

_NONE: Cells = {}
# Sources of one namespace are often in the same sets of peers that reach many blocks: what these
# open is put together once. Up to so many blocks it is cheaper to do it for each source.
_FEW_BLOCKS = 8
_Key = tuple[int, tuple[int, ...]]  # an IP version, and numbers of peer sets or of subjects


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """What one source may send: by block what `own` says, or else what `shared` says.

    Most sources differ from others in few blocks; the rest is one mapping for all of them.
    The cell of a class and itself is about two different endpoints of it (NP-58).
    """

    shared: Blocks
    own: Blocks

    def at(self, block: int) -> Cells:
        """What it may send to each place of a block."""
        found = self.own.get(block)
        return self.shared.get(block, _NONE) if found is None else found

    def blocks(self) -> Iterator[tuple[int, Cells]]:
        """Every block in which there is something, ascending."""
        for block in sorted(self.shared.keys() | self.own.keys()):
            if cells := self.at(block):
                yield block, cells


class Rows:
    """Rows, computed when asked for. Sources that rules treat alike share theirs."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._everything = tables.atoms.everything
        self._hosts = Hosts(tables)
        place = tables.universe.place
        known = tables.versions
        self._everyone = places_of(map(place, range(len(known))))
        self._meeting = {version: self._of(known, version, True) for version in tables.relations}
        self._having = {version: self._of(known, version, False) for version in tables.relations}
        self._arriving: dict[_Key, Blocks] = {}
        self._leaving: dict[_Key, Opening] = {}
        self._shared: dict[tuple[_Key, tuple[int, ...] | None], Blocks] = {}
        self._alike: dict[tuple[_Key, tuple[int, ...] | None], Row] = {}

    def _of(self, known: Sequence[frozenset[int]], version: int, unknown: bool) -> Places | None:
        """The classes that have an IP version, with those that go by the other end or without."""
        numbers = [
            at for at, found in enumerate(known) if version in found or (unknown and not found)
        ]
        if len(numbers) == len(known):
            return None
        return places_of(map(self._tables.universe.place, numbers))

    def row(self, source: int) -> Row:
        """What class number `source` may send to each class."""
        rows = [
            _cut(self._in_version(source, version), places)
            for version, places in self._others(source)
        ]
        if len(rows) == 1:
            return rows[0]
        both: dict[int, Cells] = {}
        for row in rows:  # NP-41: one version is enough
            both = joined(both, dict(row.blocks()))
        return Row({}, both)

    def cell(self, source: int, destination: int) -> int:
        """What class number `source` may send to class number `destination`."""
        block, bit = self._tables.universe.place(destination)
        cells = self.row(source).at(block)
        return next((atoms for atoms, places in cells.items() if places >> bit & 1), 0)

    def _others(self, source: int) -> Iterable[tuple[int, Places | None]]:
        """The IP versions of a source, each with the classes that it can meet (NP-41, NP-43).

        None is all of them.
        """
        known = self._tables.versions[source]
        for version in sorted(known or self._meeting):
            by_default = version == 4 or known
            yield version, (self._meeting if by_default else self._having)[version]

    def _in_version(self, source: int, version: int) -> Row:
        relation = self._tables.relations[version]
        block, bit = self._tables.universe.place(source)
        isolated = self._tables.egress.isolated.get(block, 0) >> bit & 1
        subjects = relation.subjects[source] if isolated else None
        sets = relation.peer_sets[source]
        receiving, sending = self._hosts.open_to(source, version)
        if receiving or sending:
            return self._row(version, sets, subjects, receiving, sending)
        key = (version, sets), subjects
        found = self._alike.get(key)
        if found is None:
            found = self._alike[key] = self._row(version, sets, subjects, {}, {})
        return found

    def _row(
        self,
        version: int,
        sets: tuple[int, ...],
        subjects: tuple[int, ...] | None,
        receiving: Places,
        sending: Places,
    ) -> Row:
        """What both directions let pass. `receiving` and `sending` are places with nothing shut."""
        rows = self._tables.relations[version].peer_rows
        large = tuple(number for number in sets if len(rows[number]) > _FEW_BLOCKS)
        more = _collected(rows[number] for number in sets if len(rows[number]) <= _FEW_BLOCKS)
        put(more, receiving, self._everything)
        arriving = self._arriving_from((version, large))
        own = {at: union(arriving.get(at, _NONE), cells) for at, cells in more.items()}
        if subjects is not None:
            leaving = self._leaving_by((version, subjects))
            for at in own.keys() | sending.keys():
                there = own[at] if at in own else arriving.get(at, _NONE)
                own[at] = common(there, self._at(leaving, at, sending.get(at, 0)))
        return Row(self._shared_row((version, large), subjects), own)

    def _at(self, leaving: Opening, block: int, sending: int) -> Cells:
        """What a source may send to a block as far as its egress goes."""
        cells = united(leaving.blocks.get(block, _NONE), self._everyone[block], leaving.everywhere)
        return united(cells, sending, self._everything)

    def _shared_row(self, large: _Key, subjects: tuple[int, ...] | None) -> Blocks:
        """The row of every source of these large sets and subjects, but for its small sets."""
        found = self._shared.get((large, subjects))
        if found is None:
            arriving = found = self._arriving_from(large)
            if subjects is not None:  # else NP-6
                leaving = self._leaving_by((large[0], subjects))
                blocks = arriving if leaving.everywhere else leaving.blocks
                found = {
                    at: common(arriving.get(at, _NONE), self._at(leaving, at, 0)) for at in blocks
                }
            self._shared[large, subjects] = found
        return found

    def _arriving_from(self, key: _Key) -> Blocks:
        """What everyone's ingress lets in from anyone and from these sets."""
        found = self._arriving.get(key)
        if found is None:
            version, sets = key
            relation = self._tables.relations[version]
            found = relation.base
            for number in sets:
                found = joined(found, relation.peer_rows[number])
            self._arriving[key] = found
        return found

    def _leaving_by(self, key: _Key) -> Opening:
        """What the egress of these subjects lets out."""
        found = self._leaving.get(key)
        if found is None:
            version, subjects = key
            openings = [self._tables.relations[version].openings[at] for at in subjects]
            always = self._tables.snapshot.semantics.icmp == "allow"  # IMP-3
            everywhere = self._tables.atoms.icmp if always else 0
            for opening in openings:
                everywhere |= opening.everywhere
            found = Opening(everywhere, _collected(opening.blocks for opening in openings))
            self._leaving[key] = found
        return found


def _collected(rows: Iterable[Blocks]) -> dict[int, Cells]:
    found: dict[int, Cells] = {}
    for row in rows:
        for block, cells in row.items():
            before = found.get(block)
            found[block] = cells if before is None else union(before, cells)
    return found


def _cut(row: Row, places: Places | None) -> Row:
    """A row at `places` alone; None is everywhere."""
    return row if places is None else Row({}, within(dict(row.blocks()), places))
