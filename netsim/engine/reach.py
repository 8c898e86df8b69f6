"""The whole reachability relation: every pair of endpoint classes, exact in ports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from netsim.compiler.assumed import Assumed, Lacking, assumptions_of
from netsim.compiler.classes import EndpointClass, Universe
from netsim.compiler.compile import bounds_of
from netsim.compiler.doubts import Bounds
from netsim.compiler.tables import Tables
from netsim.engine.level import Level
from netsim.engine.marks import Marks, parts
from netsim.engine.outside import Outside, Pieces
from netsim.engine.roll import Meant, Roll
from netsim.engine.rows import Row, Rows
from netsim.engine.sweep import Sweep
from netsim.errors import query_error
from netsim.model.directory import Directory
from netsim.model.flow import Direction
from netsim.sets.bitset import members
from netsim.sets.traffic import TrafficSet

if TYPE_CHECKING:
    from netsim.engine.counts import Counts
    from netsim.engine.flows import Flows, OutsideFlows
    from netsim.engine.parties import Party

_FEW_CELLS = 50


class Reachability:
    """Who may send what to whom. Rows are computed when first asked for, and shared."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._rows = Rows(tables)
        self._outside = Outside(tables)
        self._traffic: dict[int, TrafficSet] = {}

    @property
    def tables(self) -> Tables:
        """What it is read from."""
        return self._tables

    @property
    def classes(self) -> tuple[EndpointClass, ...]:
        """The endpoint classes, by number."""
        return self._tables.universe.classes

    @property
    def universe(self) -> Universe:
        """The classes, with the places that rows speak of."""
        return self._tables.universe

    @cached_property
    def marks(self) -> Marks:
        """Rows in which what hangs on an assumption is marked.

        Where labels are in doubt, the first call costs about as much as compiling did, or twice that.
        """
        return Marks(self._tables, self._rows, self._outside, self._bounds)

    @cached_property
    def _bounds(self) -> Bounds | None:
        return bounds_of(self._tables)

    @cached_property
    def sweep(self) -> Sweep:
        """Looks at many pairs of classes at once."""
        return Sweep(self._tables, self._rows)

    @cached_property
    def least_and_most(self) -> tuple[Reachability, Reachability]:
        """What passes whatever is true, and what may pass if the truth is just so (NP-43, WL-7).

        Itself where it is the one, or where nothing hangs on an assumption.
        """
        if self._bounds is None:
            return self, self
        least = self._bounds.least
        surely = self if least is self._tables else Reachability(least)
        return surely, Reachability(self._bounds.most)

    @property
    def outside(self) -> Outside:
        """What classes may send to the outside, or get from it."""
        return self._outside

    def hanging(self, source: int, destination: int) -> TrafficSet:
        """What, of all that one class may or may not send to another, hangs on an assumption.

        For each such port some truth about unknown addresses (NP-43), unknown label values
        (WL-7) and undeclared namespaces (NP-35) may give another answer, though perhaps none
        that all of them can have at once. For every other port none does.
        """
        return self.marked_traffic(self.marks.cell(source, destination))[1]

    def marked_traffic(self, value: int) -> tuple[TrafficSet, TrafficSet]:
        """Of a marked value the traffic that passes, and that which hangs on an assumption."""
        passing, hanging = parts(value, self._tables.atoms.everything)
        return self.traffic_of(passing), self.traffic_of(hanging)

    def hangs(self, source: int, destination: int) -> bool:
        """Whether any traffic between two classes hangs on an assumption."""
        return bool(self.hanging(source, destination))

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What is taken as given and could change some pair (NP-43, WL-7, NP-35), each once."""
        return assumptions_of(self._tables, self._bounds)

    def assumed(self) -> Assumed:
        """Gathers what pairs hang on."""
        return Assumed(self._tables, self._bounds, self._lacking)

    @cached_property
    def _lacking(self) -> Lacking:
        return Lacking.of(self._tables)

    def is_isolated(self, number: int, direction: Direction) -> bool:
        """Whether a policy selects a class in this direction (NP-3, NP-6)."""
        tables = self._tables
        border = tables.ingress if direction is Direction.INGRESS else tables.egress
        block, bit = tables.universe.place(number)
        return bool(border.isolated.get(block, 0) >> bit & 1)

    def is_governed(self, number: int, direction: Direction) -> bool:
        """Whether policies of any tier have a say about a class in this direction (ANP-11)."""
        inward = direction is Direction.INGRESS
        return self.is_isolated(number, direction) or any(
            overlay.group_of[number] is not None
            for relation in self._tables.relations.values()
            if (overlay := relation.inward if inward else relation.outward)
        )

    def row_of(self, source: int) -> Row:
        """What class number `source` may send, as sets of port atoms."""
        return self._rows.row(source)

    def between(self, source: int, destination: int) -> TrafficSet:
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
        from netsim.engine.parties import parties_of

        return parties_of(self._tables.universe, level)

    def flows(self, level: Level = Level.WORKLOAD) -> Iterator[Flows]:
        """Every pair of parties with traffic between them, by source, then by destination.

        A party and itself is a pair where it stands for several: what one may send to another.
        """
        parties = self.parties(level)
        yield from self._flows(parties, parties)

    def _flows(self, sources: Iterable[Party], destinations: Iterable[Party]) -> Iterator[Flows]:
        from netsim.engine.flows import Flows  # a check lists nothing

        by_class: dict[int, list[Party]] = {}
        for party in destinations:
            by_class.setdefault(party.number, []).append(party)
        for source in sources:
            found = [
                Flows(source, destination, self.traffic_of(atoms))
                for number, atoms in self._cells_at(source.number, by_class.keys())
                for destination in by_class.get(number, ())
                if destination != source or source.several
            ]
            yield from sorted(found, key=lambda flows: _order(flows.destination))

    def traffic(self, source: str, destination: str, namespace: str = "") -> TrafficSet:
        """What each endpoint that a text means may send to each that another means.

        The texts are those of questions about pods and nodes that exist; `namespace` is that of
        names without one. Raises QueryError if they mean others, or both the same one pod.
        """
        one, other = self._meant(source, namespace), self._meant(destination, namespace)
        pairs = one.pairs(other)
        if not pairs:
            help = "ask for the verdict about them"
            raise query_error(f"`{source}` and `{destination}` are no pair of a listing", help=help)
        atoms = self._tables.atoms.everything
        for first, second in pairs:
            atoms &= self._rows.cell(first.number, second.number)
        return self.traffic_of(atoms)

    def row(
        self, source: str, level: Level = Level.WORKLOAD, namespace: str = ""
    ) -> tuple[Flows, ...]:
        """Those of `flows` whose source is, or has among its pods, what a text means.

        Raises QueryError as `traffic` does.
        """
        sources = self._parties_of(source, level, namespace)
        return tuple(self._flows(sources, self.parties(level)))

    def column(
        self, destination: str, level: Level = Level.WORKLOAD, namespace: str = ""
    ) -> tuple[Flows, ...]:
        """The same by destination. Costs a cell for each source and class that is meant."""
        destinations = self._parties_of(destination, level, namespace)
        return tuple(self._flows(self.parties(level), destinations))

    def _parties_of(self, text: str, level: Level, namespace: str) -> list[Party]:
        meant = {id(member.endpoint) for member in self._meant(text, namespace).members}
        return [
            party
            for party in self.parties(level)
            if any(id(member) in meant for member in party.members)
        ]

    def _meant(self, text: str, namespace: str) -> Meant:
        found = self.roll.meant(self.directory.find(text, namespace))
        if not found.members:
            help = "ask for the verdict about it"
            raise query_error(f"`{text}` is not only pods and nodes as they exist", help=help)
        return found

    @cached_property
    def directory(self) -> Directory:
        """The names of everybody."""
        return Directory(self._tables.snapshot)

    @cached_property
    def roll(self) -> Roll:
        """The classes of everybody."""
        return Roll(self._tables, self.directory)

    def sent_outside(self, party: Party) -> list[OutsideFlows]:
        """What a party may send to the outside: for each traffic, where to."""
        return self._beyond(party, self._outside.sent(party.number))

    def received_from_outside(self, party: Party) -> list[OutsideFlows]:
        """What a party may get from the outside: for each traffic, where from."""
        return self._beyond(party, self._outside.received(party.number))

    def marked_sent_outside(self, party: Party) -> list[OutsideFlows]:
        """As `sent_outside`, with what hangs on an assumption: also where nothing passes so far."""
        return self._beyond(party, self.marks.sent(party.number))

    def marked_received_from_outside(self, party: Party) -> list[OutsideFlows]:
        """As `received_from_outside`, with what hangs on an assumption."""
        return self._beyond(party, self.marks.received(party.number))

    def sent_to_external(self, party: Party) -> list[OutsideFlows]:
        """What passes by `marked_sent_outside` in the IP versions that a party is taken to have."""
        return self._met(party, self.marked_sent_outside(party))

    def received_from_external(self, party: Party) -> list[OutsideFlows]:
        """What passes by `marked_received_from_outside` in these IP versions."""
        return self._met(party, self.marked_received_from_outside(party))

    @property
    def domains(self) -> tuple[str, ...]:
        """The DNS names that rules mention, in order; such as `*.example.com` stand for the rest."""
        return self._tables.looks.domains

    def marked_sent_to(self, name: str, party: Party) -> tuple[TrafficSet, TrafficSet]:
        """What may be sent to what is reached under a DNS name, and what of all hangs on an assumption."""
        return self.marked_traffic(self.marks.sent_to(name, party.number))

    def _met(self, party: Party, flows: Iterable[OutsideFlows]) -> list[OutsideFlows]:
        versions = self.versions(party.number)
        met = (each.in_versions(versions) for each in flows if each.traffic)
        return [each for each in met if each.cidrs]

    def versions(self, number: int) -> frozenset[int]:
        """The IP versions that a class has, or is taken to have where nobody knows (NP-43)."""
        cidrs = self._tables.snapshot.semantics.pod_cidrs
        expected = frozenset(cidr.version for cidr in cidrs)
        return self._tables.versions[number] or expected or frozenset({4})

    def _beyond(self, party: Party, pieces: Pieces) -> list[OutsideFlows]:
        from netsim.engine.flows import outside_flows

        return outside_flows(party, pieces, self.marked_traffic)

    def _cells_at(self, source: int, wanted: Collection[int]) -> Iterator[tuple[int, int]]:
        """The destinations of a row, at least those that are wanted: few cells cost less than it."""
        if len(wanted) > _FEW_CELLS:
            return self._cells(source)
        cells = ((number, self._rows.cell(source, number)) for number in sorted(wanted))
        return ((number, atoms) for number, atoms in cells if atoms)

    def _cells(self, source: int) -> Iterator[tuple[int, int]]:
        """The destinations of a row with what they may get, ascending."""
        for block, cells in self.row_of(source).blocks():
            start = self._tables.universe.starts[block]
            found = [(bit, atoms) for atoms, places in cells.items() for bit in members(places)]
            yield from ((start + bit, atoms) for bit, atoms in sorted(found))

    def count(self, level: Level = Level.WORKLOAD) -> int:
        """How many `flows` there are. Counted, not listed."""
        parties = self.parties(level)
        everyone = Counter(party.number for party in parties)
        alone = Counter(party.number for party in parties if not party.several)
        numbers = range(len(self.classes))
        return self._counts.pairs([everyone[at] for at in numbers], [alone[at] for at in numbers])

    def pairs(self) -> int:
        """How many ordered pairs of different pods or nodes have any traffic between them.

        Counted, not listed. What stands for an unknown number of pods counts as one.
        """
        counts = [item.count for item in self.classes]
        return self._counts.pairs(counts, counts)

    def port_pairs(self) -> int:
        """How many (pair, protocol, port) may pass, of those pairs; ICMP counts as one port."""
        counts = [item.count for item in self.classes]
        return self._counts.ports(counts, counts)

    def self_pairs(self) -> int:
        """How many pods and nodes may reach themselves, which `pairs` leaves out (NP-58)."""
        return self._counts.themselves()

    def checksum(self) -> str:
        """A hash of every cell: equal for equal relations over equal classes."""
        return self._counts.checksum()

    @cached_property
    def _counts(self) -> Counts:
        from netsim.engine.counts import Counts  # a check counts nothing

        return Counts(self._tables, self._rows)


def _order(party: Party) -> tuple[str, str, int]:
    return party.namespace, party.name, party.number
