"""What parties may send to one another, as a listing tells it: from rows as mappings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from netsim.analysis.scope import Scope
from netsim.analysis.sending import Passing, Shared, grants_of
from netsim.engine.parties import Party
from netsim.engine.reach import Reachability
from netsim.sets.bitset import Cells, changed, members, restricted
from netsim.sets.blocks import Blocks
from netsim.sets.traffic import TrafficSet

# So many destinations are worth a list of their own that several sources refer to.
LONG = 16
# So many blocks of cells are remembered with what is said of them.
_MOST_KNOWN = 50_000


class Inside(NamedTuple):
    """What one party may send to others: `own`, by place; and what is `shared`, but for `excepted` places."""

    own: dict[int, Passing]
    shared: Shared | None = None
    excepted: tuple[int, ...] = ()


class Insides(Protocol):
    """Finds what each party may send to others."""

    def of(self, at: int) -> Inside:
        """That of the party at a place."""
        ...

    @property
    def shared(self) -> tuple[Shared, ...]:
        """What those asked for so far share, by number."""
        ...


class Met:
    """The parties by place, and whom of those asked about a source may meet.

    `members` has the places of each class: for a source that may meet anyone of them, and for one
    that may not, as it isn't of the namespace asked about.
    """

    def __init__(self, parties: tuple[Party, ...], classes: int, scope: Scope) -> None:
        self.parties = parties
        self.touching = [scope.touches(party) for party in parties]
        self.sources = [at for at, party in enumerate(parties) if scope.sources.has(party)]
        self.destinations = [
            at for at, party in enumerate(parties) if scope.destinations.has(party)
        ]
        near = [at for at in self.destinations if self.touching[at]]
        self.members = {True: self._of(self.destinations, classes), False: self._of(near, classes)}

    def _of(self, places: list[int], classes: int) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in range(classes)]
        for at in places:
            found[self.parties[at].number].append(at)
        return found


class Parts:
    """What is told of marked values: of what passes, and what hangs on an assumption, the part asked about.

    Where nothing passes, but might, there is something to tell if the `unsure` are asked for.
    """

    def __init__(self, reachability: Reachability, scope: Scope, *, unsure: bool) -> None:
        self._reachability, self._scope, self.unsure = reachability, scope, unsure
        self._known: dict[int, Passing] = {}

    def is_told(self, passing: Passing) -> bool:
        """Whether there is something to tell of it."""
        return bool(passing.traffic) or (passing.assumed and self.unsure)

    def at(self, value: int, destination: Party) -> Passing:
        """That of a value at a destination. It is the same for all, unless a port is named."""
        if self._scope.names_port:
            return self.limited(*self._reachability.marked_traffic(value), destination)
        return self.anywhere(value)

    def anywhere(self, value: int) -> Passing:
        """That of a value at all destinations; a port may be asked about by number alone."""
        found = self._known.get(value)
        if found is None:
            traffic, hanging = self._reachability.marked_traffic(value)
            found = self._known[value] = self.limited(traffic, hanging, None)
        return found

    def of_atoms(self, passing: int, hanging: int) -> Passing:
        """The same of both apart, as sets of port atoms."""
        traffic_of = self._reachability.traffic_of
        if self._scope.port is None:
            return Passing(traffic_of(passing), assumed=bool(hanging))
        return self.limited(traffic_of(passing), traffic_of(hanging), None)

    def limited(
        self, traffic: TrafficSet, hanging: TrafficSet, destination: Party | None
    ) -> Passing:
        """What is asked about of both."""
        assumed = bool(hanging) and bool(self._scope.limited(hanging, destination))
        return Passing(self._scope.limited(traffic, destination), assumed)


class MappedInsides:
    """Made from rows as mappings: what these share is gone through once."""

    def __init__(self, reachability: Reachability, met: Met, parts: Parts) -> None:
        self._reachability, self._met, self._parts = reachability, met, parts
        marks = reachability.marks
        self._row = marks.row if parts.unsure else marks.passing_row
        self._blocks: dict[tuple[int, bool], tuple[Blocks, dict[int, Passing]]] = {}
        self._in_blocks: dict[tuple[int, int, bool], tuple[Cells, dict[int, Passing]]] = {}
        self._numbers: dict[tuple[int, bool], Shared] = {}
        self._shared: dict[object, Shared] = {}

    @property
    def shared(self) -> tuple[Shared, ...]:
        return tuple(self._shared.values())

    def of(self, at: int) -> Inside:
        party, anyone = self._met.parties[at], self._met.touching[at]
        row = self._row(party.number)
        common = self._of_blocks(row.shared, anyone)
        own: dict[int, Passing] = {}
        excepted = set()
        for block, cells in row.own.items():
            common_cells = row.shared.get(block, {})
            places = changed(cells, common_cells)
            if not places:
                continue
            before = dict(self._in_block(block, restricted(common_cells, places), anyone))
            after = dict(self._in_block(block, restricted(cells, places), anyone))
            own |= {place: part for place, part in after.items() if before.get(place) != part}
            excepted |= {place for place, part in before.items() if after.get(place) != part}
        if not party.several:
            own.pop(at, None)
            excepted.add(at)
        excepted &= common.keys()
        if len(common) < LONG or len(common) == len(excepted):
            left = {place: part for place, part in common.items() if place not in excepted}
            return Inside({**left, **own})
        shared = self._numbered(row.shared, anyone, common)
        return Inside(own, shared, tuple(sorted(excepted)))

    def _numbered(self, blocks: Blocks, anyone: bool, common: dict[int, Passing]) -> Shared:
        key = id(blocks), anyone
        found = self._numbers.get(key)
        if found is None:
            grants = grants_of(common, {}, {})
            found = self._shared.get(grants)
            if found is None:
                found = Shared.of(len(self._shared), grants, self._met.parties)
                self._shared[grants] = found
            self._numbers[key] = found
        return found

    def _of_blocks(self, blocks: Blocks, anyone: bool) -> dict[int, Passing]:
        """The destinations of what several rows share, with what they get."""
        known = self._blocks.get((id(blocks), anyone))
        if known is None:
            found: dict[int, Passing] = {}
            for block, cells in blocks.items():
                found.update(self._again_in_block(block, cells, anyone))
            # The mapping is kept with what was found, so that its id stays its own.
            known = self._blocks[id(blocks), anyone] = blocks, found
        return known[1]

    def _again_in_block(self, block: int, cells: Cells, anyone: bool) -> dict[int, Passing]:
        """As `_in_block`, for the cells of many rows: found once for the very same ones."""
        key = id(cells), block, anyone
        known = self._in_blocks.get(key)
        if known is None:
            if len(self._in_blocks) > _MOST_KNOWN:
                self._in_blocks.clear()
            known = self._in_blocks[key] = cells, dict(self._in_block(block, cells, anyone))
        return known[1]

    def _in_block(self, block: int, cells: Cells, anyone: bool) -> Iterator[tuple[int, Passing]]:
        """The destinations in the cells of a block, with what they get of what is asked about."""
        start, parties = self._reachability.universe.starts[block], self._met.members[anyone]
        for value, places in cells.items():
            for bit in members(places):
                for at in parties[start + bit]:
                    part = self._parts.at(value, self._met.parties[at])
                    if self._parts.is_told(part):
                        yield at, part
