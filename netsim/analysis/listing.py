"""All pairs, gathered: under each source the destinations that get the same.

Sources that rules treat alike share long lists of destinations; these are written once, so that
a listing grows with the rules and not with the pairs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from netsim.analysis.scope import Scope, Side
from netsim.engine.parties import Level, Party
from netsim.engine.reach import OutsideFlows, Reachability
from netsim.sets.bitset import Cells, members
from netsim.sets.blocks import Blocks
from netsim.sets.traffic import TrafficSet

# So many destinations are worth a list of their own that several sources refer to.
_LONG = 32


@dataclass(frozen=True, slots=True)
class Addresses:
    """A source outside the cluster: all addresses that may send the same to the same."""

    cidrs: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """A long list of destinations, as places in `Listing.parties`, ascending.

    `number` counts them from 0 in the order in which sources first refer to them.
    """

    number: int
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """What a source may send to all of these: `own`, those of `shared` not `excepted`, and CIDRs.

    Places are those in `Listing.parties`, ascending. Nothing is in both `own` and the rest.
    """

    traffic: TrafficSet
    own: tuple[int, ...]
    shared: Shared | None = None
    excepted: tuple[int, ...] = ()
    cidrs: tuple[str, ...] = ()

    def __contains__(self, place: int) -> bool:
        """Whether a party is among the destinations."""
        if _within(place, self.own):
            return True
        shared = self.shared is not None and _within(place, self.shared.places)
        return shared and not _within(place, self.excepted)

    def places(self) -> list[int]:
        """All destinations that are no addresses, ascending."""
        if self.shared is None:
            return list(self.own)
        return sorted({*self.shared.places}.difference(self.excepted).union(self.own))


@dataclass(frozen=True, slots=True)
class Sending:
    """What one source may send: a grant for each traffic, everything last."""

    source: Party | Addresses
    grants: tuple[Grant, ...]


@dataclass(slots=True)
class _Draft:
    """A grant that is being put together."""

    own: list[int] = field(default_factory=list)
    shared: tuple[int, ...] = ()
    excepted: set[int] = field(default_factory=set)
    cidrs: tuple[str, ...] = ()


class Listing:
    """The pairs of a scope with traffic between them. Costs nothing until it is iterated."""

    def __init__(self, reachability: Reachability, scope: Scope, level: Level) -> None:
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
        self._blocks: dict[tuple[int, bool], tuple[Blocks, dict[TrafficSet, tuple[int, ...]]]] = {}
        self._shared: dict[tuple[int, ...], Shared] = {}
        self._sent: dict[int, dict[TrafficSet, tuple[str, ...]]] = {}
        self._received: dict[int, list[OutsideFlows]] = {}

    @property
    def shared(self) -> tuple[Shared, ...]:
        """The long lists that the sources so far refer to, by number."""
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
            grants = self._grants(at)
            if grants or self._scope.everything:
                yield Sending(self.parties[at], grants)
        yield from self._from_outside()

    def _by_class(self, places: Iterable[int]) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in self._reachability.classes]
        for at in places:
            found[self.parties[at].number].append(at)
        return found

    def _grants(self, at: int) -> tuple[Grant, ...]:
        party, anyone = self.parties[at], self._touching[at]
        drafts: dict[TrafficSet, _Draft] = {}
        row = self._reachability.row(party.number)
        for traffic, places in self._of_blocks(row.shared, anyone).items():
            drafts[traffic] = _Draft(shared=places)
        for block, cells in row.own.items():
            for traffic, there in self._in_block(block, row.shared.get(block, {}), anyone):
                drafts[traffic].excepted.update(there)
            for traffic, there in self._in_block(block, cells, anyone):
                drafts.setdefault(traffic, _Draft()).own += there
        if not party.several:
            for draft in drafts.values():
                draft.excepted.add(at)
                draft.own = [place for place in draft.own if place != at]
        if anyone:
            for traffic, cidrs in self._to_outside(party).items():
                drafts.setdefault(traffic, _Draft()).cidrs = cidrs
        found = (self._grant(traffic, draft) for traffic, draft in drafts.items())
        return tuple(sorted((grant for grant in found if grant), key=_order))

    def _grant(self, traffic: TrafficSet, draft: _Draft) -> Grant | None:
        """The grant, unless nobody is left in it."""
        if len(draft.shared) < _LONG:
            own = {*draft.shared}.difference(draft.excepted).union(draft.own)
            return (
                Grant(traffic, tuple(sorted(own)), cidrs=draft.cidrs)
                if own or draft.cidrs
                else None
            )
        again = draft.excepted.intersection(draft.own)
        excepted = draft.excepted.intersection(draft.shared) - again
        return Grant(
            traffic,
            tuple(sorted({*draft.own} - again)),
            self._numbered(draft.shared),
            tuple(sorted(excepted)),
            draft.cidrs,
        )

    def _numbered(self, places: tuple[int, ...]) -> Shared:
        found = self._shared.get(places)
        if found is None:
            found = self._shared[places] = Shared(len(self._shared), places)
        return found

    def _of_blocks(self, blocks: Blocks, anyone: bool) -> dict[TrafficSet, tuple[int, ...]]:
        """The destinations of what several rows share, by what they get."""
        known = self._blocks.get((id(blocks), anyone))
        if known is None:
            gathered: dict[TrafficSet, list[int]] = {}
            for block, cells in blocks.items():
                for traffic, there in self._in_block(block, cells, anyone):
                    gathered.setdefault(traffic, []).extend(there)
            found = {traffic: tuple(sorted(there)) for traffic, there in gathered.items()}
            # The mapping is kept with what was found, so that its id stays its own.
            known = self._blocks[id(blocks), anyone] = blocks, found
        return known[1]

    def _in_block(
        self, block: int, cells: Cells, anyone: bool
    ) -> Iterator[tuple[TrafficSet, Sequence[int]]]:
        """What the cells of a block say: traffic, and the destinations that get it."""
        start, parties = self._reachability.universe.starts[block], self._members[anyone]
        for atoms, places in cells.items():
            traffic = self._reachability.traffic_of(atoms)
            there = [at for bit in members(places) for at in parties[start + bit]]
            if self._scope.port is None:
                if there:
                    yield traffic, there
                continue
            for at in there:
                if part := self._scope.limited(traffic, self.parties[at]):
                    yield part, (at,)

    def _to_outside(self, party: Party) -> dict[TrafficSet, tuple[str, ...]]:
        found = self._sent.get(party.number)
        if found is None:
            rows = self._reachability.sent_outside(party)
            found = self._sent[party.number] = self._cut(rows, self._scope.destinations, None)
        return found

    def _from_outside(self) -> Iterator[Sending]:
        gathered: dict[tuple[str, ...], dict[TrafficSet, list[int]]] = {}
        if self._scope.sources.named.ranges:
            for at in self.destinations:
                if self._touching[at]:
                    for traffic, cidrs in self._arriving(self.parties[at]).items():
                        gathered.setdefault(cidrs, {}).setdefault(traffic, []).append(at)
        for cidrs in sorted(gathered):
            grants = (Grant(traffic, tuple(own)) for traffic, own in gathered[cidrs].items())
            yield Sending(Addresses(cidrs), tuple(sorted(grants, key=_order)))

    def _arriving(self, party: Party) -> dict[TrafficSet, tuple[str, ...]]:
        """What a party may get from outside, with the addresses that may send it."""
        rows = self._received.get(party.number)
        if rows is None:
            rows = self._reachability.received_from_outside(party)
            self._received[party.number] = rows
        return self._cut(rows, self._scope.sources, party)

    def _cut(
        self, rows: Iterable[OutsideFlows], outside: Side, destination: Party | None
    ) -> dict[TrafficSet, tuple[str, ...]]:
        """The addresses that `outside` means, by the traffic asked about."""
        gathered: dict[TrafficSet, list[str]] = {}
        for flows in rows:
            if part := self._scope.limited(flows.traffic, destination):
                gathered.setdefault(part, []).extend(flows.cidrs)
        meant = ((traffic, outside.part(cidrs)) for traffic, cidrs in gathered.items())
        return {traffic: cidrs for traffic, cidrs in meant if cidrs}


def _order(grant: Grant) -> tuple[bool, object, object]:
    return grant.traffic.everything, grant.traffic.ports, grant.traffic.portless


def _within(place: int, places: Sequence[int]) -> bool:
    at = bisect_left(places, place)
    return at < len(places) and places[at] == place
