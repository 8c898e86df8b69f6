"""The whole reachability relation: every pair of endpoint classes, exact in ports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from netsim.compiler.classes import EndpointClass, Universe
from netsim.compiler.tables import Tables
from netsim.engine.measure import Measure, mixed
from netsim.engine.outside import Outside
from netsim.engine.parties import Level, Party, parties_of
from netsim.engine.rows import Row, Rows
from netsim.engine.sums import row_sums
from netsim.model.cluster import Protocol
from netsim.model.flow import Direction
from netsim.sets.addresses import networks
from netsim.sets.bitset import members
from netsim.sets.intervals import Interval
from netsim.sets.traffic import TrafficSet

_WORD = (1 << 64) - 1
_PROTOCOLS = tuple(Protocol)


@dataclass(frozen=True, slots=True)
class Flows:
    """What one source may send to one destination."""

    source: Party
    destination: Party
    traffic: TrafficSet


@dataclass(frozen=True, slots=True)
class OutsideFlows:
    """What passes between a party and addresses that are nobody's in the cluster.

    `cidrs` are the fewest that hold exactly the addresses with this traffic.
    """

    party: Party
    cidrs: tuple[str, ...]
    traffic: TrafficSet


class Reachability:
    """Who may send what to whom. Rows are computed when first asked for, and shared."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._rows = Rows(tables)
        self._outside = Outside(tables)
        self._traffic: dict[int, TrafficSet] = {}

    @property
    def classes(self) -> tuple[EndpointClass, ...]:
        """The endpoint classes, by number."""
        return self._tables.universe.classes

    @property
    def universe(self) -> Universe:
        """The classes, with the places that rows speak of."""
        return self._tables.universe

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was taken as given and could change some pair (NP-43, WL-7, NP-35), each once."""
        return self._tables.assumptions

    def is_isolated(self, number: int, direction: Direction) -> bool:
        """Whether a policy selects a class in this direction (NP-3, NP-6)."""
        tables = self._tables
        border = tables.ingress if direction is Direction.INGRESS else tables.egress
        block, bit = tables.universe.place(number)
        return bool(border.isolated.get(block, 0) >> bit & 1)

    def row(self, source: int) -> Row:
        """What class number `source` may send, as sets of port atoms."""
        return self._rows.row(source)

    def traffic(self, source: int, destination: int) -> TrafficSet:
        """What one class may send to another; of one and the same class, to another endpoint."""
        return self.traffic_of(self._rows.cell(source, destination))

    def traffic_of(self, atoms: int) -> TrafficSet:
        """A set of port atoms as traffic."""
        found = self._traffic.get(atoms)
        if found is None:
            found = self._traffic[atoms] = self._tables.atoms.traffic(atoms)
        return found

    def parties(self, level: Level = Level.WORKLOAD) -> tuple[Party, ...]:
        """Whom `flows` speaks of, by name."""
        return parties_of(self._tables.universe, level)

    def flows(self, level: Level = Level.WORKLOAD) -> Iterator[Flows]:
        """Every pair of parties with traffic between them, by source, then by destination.

        A party and itself is a pair where it stands for several: what one may send to another.
        """
        parties = self.parties(level)
        by_class: dict[int, list[Party]] = {}
        for party in parties:
            by_class.setdefault(party.number, []).append(party)
        for source in parties:
            found = [
                Flows(source, destination, self.traffic_of(atoms))
                for number, atoms in self._cells(source.number)
                for destination in by_class[number]
                if destination != source or source.several
            ]
            yield from sorted(found, key=lambda flows: _order(flows.destination))

    def sent_outside(self, party: Party) -> list[OutsideFlows]:
        """What a party may send to the outside: for each traffic, where to."""
        return self._beyond(party, self._outside.sent(party.number))

    def received_from_outside(self, party: Party) -> list[OutsideFlows]:
        """What a party may get from the outside: for each traffic, where from."""
        return self._beyond(party, self._outside.received(party.number))

    def _beyond(
        self, party: Party, found: dict[int, dict[int, list[Interval]]]
    ) -> list[OutsideFlows]:
        rows = []
        for atoms, by_version in found.items():
            cidrs = [
                str(network)
                for version, intervals in sorted(by_version.items())
                for network in networks(intervals, version)
            ]
            rows.append(OutsideFlows(party, tuple(cidrs), self.traffic_of(atoms)))
        return sorted(rows, key=lambda row: str(row.traffic))

    def _cells(self, source: int) -> Iterator[tuple[int, int]]:
        """The destinations of a row with what they may get, ascending."""
        for block, cells in self.row(source).blocks():
            start = self._tables.universe.starts[block]
            found = [(bit, atoms) for atoms, places in cells.items() for bit in members(places)]
            yield from ((start + bit, atoms) for bit, atoms in sorted(found))

    def count(self, level: Level = Level.WORKLOAD) -> int:
        """How many `flows` there are. Counted, not listed."""
        parties = self.parties(level)
        everyone = Counter(party.number for party in parties)
        alone = Counter(party.number for party in parties if not party.several)
        numbers = range(len(self.classes))
        return self._pairs([everyone[at] for at in numbers], [alone[at] for at in numbers])

    def pairs(self) -> int:
        """How many ordered pairs of different pods or nodes have any traffic between them.

        Counted, not listed. What stands for an unknown number of pods counts as one.
        """
        counts = [item.count for item in self.classes]
        return self._pairs(counts, counts)

    def _pairs(self, sizes: Sequence[int], alone: Sequence[int]) -> int:
        """The pairs of members of classes of these sizes, of which so many are no pair with themselves."""
        sums = row_sums(self._tables, self._rows, Measure(self.universe, sizes, bool))
        return sum(
            size * row.total - (own if row.inside else 0)
            for size, own, row in zip(sizes, alone, sums, strict=True)
        )

    def checksum(self) -> str:
        """A hash of every cell: equal for equal relations over equal classes."""
        weights = [mixed(number) for number in range(len(self.classes))]
        measure = Measure(self.universe, weights, self._print)
        digest = sha256()
        for row in row_sums(self._tables, self._rows, measure):
            digest.update(b"%x\n" % (row.total & _WORD))
        return digest.hexdigest()

    def _print(self, atoms: int) -> int:
        """64 bits for a set of port atoms: the same for the same ports, however they are cut."""
        found = mixed(0) if atoms & self._tables.atoms.icmp else 0
        for protocol, first, last in self._tables.atoms.intervals(atoms):
            high = _PROTOCOLS.index(protocol) + 1 << 17
            found += mixed(high | last + 1) - mixed(high | first)
        return found & _WORD


def _order(party: Party) -> tuple[str, str, int]:
    return party.namespace, party.name, party.number
