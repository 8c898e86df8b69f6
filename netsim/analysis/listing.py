"""All pairs, gathered: under each source the destinations that get the same.

Sources that rules treat alike share long lists of destinations; these are written once, so that
a listing grows with the rules and not with the pairs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from netsim.analysis.scope import Scope, Side
from netsim.engine.parties import Level, Party
from netsim.engine.reach import OutsideFlows, Reachability
from netsim.sets.bitset import Cells, members
from netsim.sets.blocks import Blocks
from netsim.sets.traffic import TrafficSet

# So many destinations are worth a list of their own that several sources refer to.
_LONG = 16


@dataclass(frozen=True, slots=True)
class Addresses:
    """A source outside the cluster: all addresses that may send the same to the same."""

    cidrs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """What may be sent to all of these: parties, as places in `Listing.parties`, and CIDRs.

    Places are ascending, CIDRs the fewest that hold these addresses.
    """

    traffic: TrafficSet
    places: tuple[int, ...]
    cidrs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """Grants that several sources have. `number` counts from 0, by the first source of each."""

    number: int
    grants: tuple[Grant, ...]

    def __contains__(self, place: int) -> bool:
        return any(_within(place, grant.places) for grant in self.grants)


@dataclass(frozen=True, slots=True)
class Sending:
    """What one source may send: what its `own` grants say, and what `shared` ones say besides.

    The latter but for `excepted` places. A destination is in one grant only.
    """

    source: Party | Addresses
    own: tuple[Grant, ...]
    shared: Shared | None = None
    excepted: tuple[int, ...] = ()

    def grants(self) -> tuple[Grant, ...]:
        """All of it: a grant for each traffic, everything last."""
        if self.shared is None:
            return self.own
        places: dict[TrafficSet, tuple[int, ...]] = {}
        excepted = set(self.excepted)
        for grant in self.shared.grants:
            left = tuple(at for at in grant.places if at not in excepted)
            if left:
                places[grant.traffic] = left
        cidrs = {grant.traffic: grant.cidrs for grant in self.own}
        for grant in self.own:
            both = places.get(grant.traffic, ()) + grant.places
            places[grant.traffic] = tuple(sorted(both))
        return _ordered(
            Grant(traffic, there, cidrs.get(traffic, ())) for traffic, there in places.items()
        )


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
        self._blocks: dict[tuple[int, bool], tuple[Blocks, dict[int, TrafficSet]]] = {}
        self._numbers: dict[tuple[int, bool], Shared] = {}
        self._shared: dict[tuple[Grant, ...], Shared] = {}
        self._sent: dict[int, dict[TrafficSet, tuple[str, ...]]] = {}
        self._received: dict[int, list[OutsideFlows]] = {}

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
            if sending.own or sending.shared or self._scope.everything:
                yield sending
        yield from self._from_outside()

    def _by_class(self, places: Iterable[int]) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in self._reachability.classes]
        for at in places:
            found[self.parties[at].number].append(at)
        return found

    def _sending(self, at: int) -> Sending:
        party, anyone = self.parties[at], self._touching[at]
        row = self._reachability.row_of(party.number)
        common = self._of_blocks(row.shared, anyone)
        own: dict[int, TrafficSet] = {}
        excepted = set()
        for block, cells in row.own.items():
            before = dict(self._in_block(block, row.shared.get(block, {}), anyone))
            after = dict(self._in_block(block, cells, anyone))
            own |= {place: part for place, part in after.items() if before.get(place) != part}
            excepted |= {place for place, part in before.items() if after.get(place) != part}
        if not party.several:
            own.pop(at, None)
            excepted.add(at)
        cidrs = self._to_outside(party) if anyone else {}
        excepted &= common.keys()
        if len(common) < _LONG or len(common) == len(excepted):
            left = {place: part for place, part in common.items() if place not in excepted}
            return Sending(party, _grants({**left, **own}, cidrs))
        shared = self._numbered(row.shared, anyone, common)
        return Sending(party, _grants(own, cidrs), shared, tuple(sorted(excepted)))

    def _numbered(self, blocks: Blocks, anyone: bool, common: dict[int, TrafficSet]) -> Shared:
        key = id(blocks), anyone
        found = self._numbers.get(key)
        if found is None:
            grants = _grants(common, {})
            found = self._shared.get(grants)
            if found is None:
                found = self._shared[grants] = Shared(len(self._shared), grants)
            self._numbers[key] = found
        return found

    def _of_blocks(self, blocks: Blocks, anyone: bool) -> dict[int, TrafficSet]:
        """The destinations of what several rows share, with what they get."""
        known = self._blocks.get((id(blocks), anyone))
        if known is None:
            found: dict[int, TrafficSet] = {}
            for block, cells in blocks.items():
                found.update(self._in_block(block, cells, anyone))
            # The mapping is kept with what was found, so that its id stays its own.
            known = self._blocks[id(blocks), anyone] = blocks, found
        return known[1]

    def _in_block(self, block: int, cells: Cells, anyone: bool) -> Iterator[tuple[int, TrafficSet]]:
        """The destinations in the cells of a block, with what they get of what is asked about."""
        start, parties = self._reachability.universe.starts[block], self._members[anyone]
        for atoms, places in cells.items():
            traffic = self._reachability.traffic_of(atoms)
            for bit in members(places):
                for at in parties[start + bit]:
                    if part := self._scope.limited(traffic, self.parties[at]):
                        yield at, part

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
            grants = (Grant(traffic, tuple(there)) for traffic, there in gathered[cidrs].items())
            yield Sending(Addresses(cidrs), _ordered(grants))

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
        if not outside.text and self._scope.port is None:
            return {flows.traffic: flows.cidrs for flows in rows}
        gathered: dict[TrafficSet, list[str]] = {}
        for flows in rows:
            if part := self._scope.limited(flows.traffic, destination):
                gathered.setdefault(part, []).extend(flows.cidrs)
        meant = ((traffic, outside.part(cidrs)) for traffic, cidrs in gathered.items())
        return {traffic: cidrs for traffic, cidrs in meant if cidrs}


def _grants(
    parties: dict[int, TrafficSet], cidrs: dict[TrafficSet, tuple[str, ...]]
) -> tuple[Grant, ...]:
    """What each party gets, gathered by what it is."""
    gathered: dict[TrafficSet, list[int]] = {traffic: [] for traffic in cidrs}
    for place, traffic in parties.items():
        gathered.setdefault(traffic, []).append(place)
    return _ordered(
        Grant(traffic, tuple(sorted(places)), cidrs.get(traffic, ()))
        for traffic, places in gathered.items()
    )


def _ordered(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    return tuple(sorted(grants, key=_order))


def _order(grant: Grant) -> tuple[bool, object, object]:
    return grant.traffic.everything, grant.traffic.ports, grant.traffic.portless


def _within(place: int, places: Sequence[int]) -> bool:
    at = bisect_left(places, place)
    return at < len(places) and places[at] == place
