"""All pairs, gathered: under each source the destinations that get the same.

Sources that rules treat alike share long lists of destinations; these are written once, so that
a listing grows with the rules and not with the pairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netsim.analysis.scope import Scope, Side
from netsim.analysis.sending import (
    Addresses,
    Grant,
    Passing,
    Sending,
    Shared,
    grants_of,
    ordered,
)
from netsim.engine.flows import OutsideFlows
from netsim.engine.level import Level
from netsim.engine.parties import Party
from netsim.engine.reach import Reachability
from netsim.sets.bitset import Cells, changed, members, of, restricted
from netsim.sets.blocks import Blocks
from netsim.sets.traffic import TrafficSet

# So many destinations are worth a list of their own that several sources refer to.
_LONG = 16
# So many sources are looked at for pairs that are left out; of more it is said that there may be.
_LOOKED_AT = 200
# So many blocks of cells are remembered with what is said of them.
_MOST_KNOWN = 50_000


class Listing:
    """The pairs of a scope with traffic between them. Costs nothing until it is iterated.

    `unsure` takes in those without, too, that may have some if an assumption is wrong: in a large
    cluster in which much isn't known these are many more.
    """

    def __init__(
        self, reachability: Reachability, scope: Scope, level: Level, *, unsure: bool = False
    ) -> None:
        self._reachability = reachability
        self._scope = scope
        self.level = level
        self.parties = reachability.parties(level)
        touching = [scope.touches(party) for party in self.parties]
        self._touching = touching
        self.sources = [at for at, party in enumerate(self.parties) if scope.sources.has(party)]
        self.destinations = [
            at for at, party in enumerate(self.parties) if scope.destinations.has(party)
        ]
        near = [at for at in self.destinations if touching[at]]
        # By whether the source is of the namespace asked about: whom of each class it may meet.
        self._members = {True: self._by_class(self.destinations), False: self._by_class(near)}
        self._marks = reachability.marks
        self._unsure = unsure
        self._row = self._marks.row if unsure else self._marks.passing_row
        self._assumed = reachability.assumed()
        self._blocks: dict[tuple[int, bool], tuple[Blocks, dict[int, Passing]]] = {}
        self._in_blocks: dict[tuple[int, int, bool], tuple[Cells, dict[int, Passing]]] = {}
        self._passing: dict[int, Passing] = {}
        self._numbers: dict[tuple[int, bool], Shared] = {}
        self._shared: dict[tuple[Grant, ...], Shared] = {}
        self._hanging_of: dict[Shared, frozenset[int]] = {}
        self._classes_of: dict[Shared, int] = {}
        self._told: set[tuple[Shared, int]] = set()
        self._sent: dict[int, dict[Passing, tuple[str, ...]]] = {}
        self._received: dict[int, list[OutsideFlows]] = {}
        self._names = scope.destinations.domains(reachability.domains)

    @property
    def shared(self) -> tuple[Shared, ...]:
        """The shared grants that the sources so far refer to, by number."""
        return tuple(self._shared.values())

    def spoken_of(self) -> list[Party]:
        """Everyone that is asked about as a source or a destination, by name."""
        return [self.parties[at] for at in sorted({*self.sources, *self.destinations})]

    def touching(self, place: int) -> bool:
        """Whether a party is of the namespace asked about: then it may meet anyone."""
        return self._touching[place]

    def sendings(self) -> Iterator[Sending]:
        """What each source may send, by name; then what comes from outside, by address.

        A source that may send nothing is there if nothing narrows what it is asked about.
        """
        for at in self.sources:
            sending = self._sending(at)
            self._tell(self.parties[at], sending)
            if sending.own or sending.shared or self._scope.everything:
                yield sending
        yield from self._from_outside()

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was taken as given and could change something of the sendings so far, each once."""
        return self._assumed.texts()

    def leaves_out(self) -> bool:
        """Whether there are pairs left out that `unsure` takes in. Looks at so many sources at most."""
        if self._unsure or self._marks.bounds is None:
            return False
        if len(self.sources) > _LOOKED_AT:
            return True
        whole = Listing(self._reachability, self._scope, self.level, unsure=True)
        return any(sending.unsure() for sending in whole.sendings())

    def hanging(self, sending: Sending) -> tuple[frozenset[int], frozenset[int]]:
        """The destinations that hang on an assumption: its own, and of those shared."""
        own = frozenset(at for grant in sending.own if grant.assumed for at in grant.places)
        if sending.shared is None:
            return own, frozenset()
        shared = self._hanging_of.get(sending.shared)
        if shared is None:
            grants = sending.shared.grants
            shared = frozenset(at for grant in grants if grant.assumed for at in grant.places)
            self._hanging_of[sending.shared] = shared
        return own, shared

    def _tell(self, party: Party, sending: Sending) -> None:
        """Take down what the pairs of a source hang on."""
        if self._marks.bounds is None and not self._names:
            return
        own, shared = self.hanging(sending)
        if own:
            self._assumed.add(1 << party.number, of(self.parties[at].number for at in own))
        if any(grant.assumed and grant.cidrs for grant in sending.own):
            self._assumed.add_outside(1 << party.number)
        for name in (name for grant in sending.own if grant.assumed for name in grant.names):
            self._assumed.add_name(1 << party.number, name)
        if sending.shared and shared:
            # INVARIANT: whom it is told of for one source, it is told of for all of its class
            key = sending.shared, party.number
            if key not in self._told:
                self._told.add(key)
                self._assumed.add(1 << party.number, self._classes(sending.shared, shared))

    def _classes(self, shared: Shared, places: Iterable[int]) -> int:
        found = self._classes_of.get(shared)
        if found is None:
            found = of(self.parties[at].number for at in places)
            self._classes_of[shared] = found
        return found

    def _by_class(self, places: Iterable[int]) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in self._reachability.classes]
        for at in places:
            found[self.parties[at].number].append(at)
        return found

    def _sending(self, at: int) -> Sending:
        party, anyone = self.parties[at], self._touching[at]
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
        cidrs = self._to_outside(party) if anyone else {}
        names = self._to_names(party) if anyone and self._names else {}
        excepted &= common.keys()
        if len(common) < _LONG or len(common) == len(excepted):
            left = {place: part for place, part in common.items() if place not in excepted}
            return Sending(party, grants_of({**left, **own}, cidrs, names))
        shared = self._numbered(row.shared, anyone, common)
        return Sending(party, grants_of(own, cidrs, names), shared, tuple(sorted(excepted)))

    def _numbered(self, blocks: Blocks, anyone: bool, common: dict[int, Passing]) -> Shared:
        key = id(blocks), anyone
        found = self._numbers.get(key)
        if found is None:
            grants = grants_of(common, {}, {})
            found = self._shared.get(grants)
            if found is None:
                found = self._shared[grants] = Shared(len(self._shared), grants)
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
        start, parties = self._reachability.universe.starts[block], self._members[anyone]
        for value, places in cells.items():
            whole = None if self._scope.port else self._whole(value)
            for bit in members(places):
                for at in parties[start + bit]:
                    part = whole or self._at(value, self.parties[at])
                    if part.traffic or (part.assumed and self._unsure):
                        yield at, part

    def _whole(self, value: int) -> Passing:
        """Without a port asked about it is the same for all."""
        found = self._passing.get(value)
        if found is None:
            traffic, hanging = self._reachability.marked_traffic(value)
            found = self._passing[value] = Passing(traffic, bool(hanging))
        return found

    def _at(self, value: int, destination: Party) -> Passing:
        return self._limited(*self._reachability.marked_traffic(value), destination)

    def _limited(
        self, traffic: TrafficSet, hanging: TrafficSet, destination: Party | None
    ) -> Passing:
        """What is asked about of both."""
        assumed = bool(hanging) and bool(self._scope.limited(hanging, destination))
        return Passing(self._scope.limited(traffic, destination), assumed)

    def _to_outside(self, party: Party) -> dict[Passing, tuple[str, ...]]:
        found = self._sent.get(party.number)
        if found is None:
            rows = self._reachability.marked_sent_outside(party)
            found = self._cut(rows, self._scope.destinations, party, None)
            self._sent[party.number] = found
        return found

    def _to_names(self, party: Party) -> dict[Passing, tuple[str, ...]]:
        """The DNS names asked about, by what may be sent to what is reached under them."""
        gathered: dict[Passing, list[str]] = {}
        for name in self._names:
            passing = self._limited(*self._reachability.marked_sent_to(name, party), None)
            if passing.traffic or (passing.assumed and self._unsure):
                gathered.setdefault(passing, []).append(name)
        return {passing: tuple(names) for passing, names in gathered.items()}

    def _from_outside(self) -> Iterator[Sending]:
        gathered: dict[tuple[str, ...], dict[Passing, list[int]]] = {}
        if self._scope.sources.named.ranges:
            for at in self.destinations:
                if self._touching[at]:
                    for passing, cidrs in self._arriving(self.parties[at]).items():
                        gathered.setdefault(cidrs, {}).setdefault(passing, []).append(at)
                        if passing.assumed:
                            self._assumed.add_outside(1 << self.parties[at].number)
        for cidrs in sorted(gathered):
            grants = (
                Grant(each.traffic, tuple(there), assumed=each.assumed)
                for each, there in gathered[cidrs].items()
            )
            yield Sending(Addresses(cidrs), ordered(grants))

    def _arriving(self, party: Party) -> dict[Passing, tuple[str, ...]]:
        """What a party may get from outside, with the addresses that may send it."""
        rows = self._received.get(party.number)
        if rows is None:
            rows = self._reachability.marked_received_from_outside(party)
            self._received[party.number] = rows
        return self._cut(rows, self._scope.sources, party, party)

    def _cut(
        self,
        rows: Iterable[OutsideFlows],
        outside: Side,
        party: Party,
        destination: Party | None,
    ) -> dict[Passing, tuple[str, ...]]:
        """The addresses that `outside` means and a party may meet, by the traffic asked about."""
        gathered: dict[Passing, list[str]] = {}
        if not outside.names_addresses:
            versions = self._reachability.versions(party.number)
            rows = (flows.in_versions(versions) for flows in rows)
        for flows in rows:
            passing = self._limited(flows.traffic, flows.hanging, destination)
            if passing.traffic or (passing.assumed and self._unsure):
                gathered.setdefault(passing, []).extend(flows.cidrs)
        if not outside.text and self._scope.port is None:
            return {passing: tuple(cidrs) for passing, cidrs in gathered.items() if cidrs}
        meant = ((passing, outside.part(cidrs)) for passing, cidrs in gathered.items())
        return {passing: cidrs for passing, cidrs in meant if cidrs}
