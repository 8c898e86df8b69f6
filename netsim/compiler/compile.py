"""The stages from a Snapshot to tables, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from netsim.compiler.assumed import assumptions_of
from netsim.compiler.atoms import PortAtoms
from netsim.compiler.classes import EndpointClass, Universe, classes_of
from netsim.compiler.looks import Looks, looks_of
from netsim.compiler.sets import PeerSets, PodSets
from netsim.compiler.tables import Border, Gate, Opening, Relation, Tables
from netsim.dialects.networkpolicy.lower import lower
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.model.cluster import Pod, Protocol
from netsim.model.flow import Direction
from netsim.model.rules import (
    AnyTraffic,
    Lowered,
    Peers,
    PodSet,
    PortNumbers,
    PortOfName,
    Rule,
    Traffic,
)
from netsim.model.snapshot import Snapshot
from netsim.sets.bitset import Cells
from netsim.sets.blocks import Places, both, each_place, either, places_of, put
from netsim.source.collector import collector_off

# What a list of ports opens: sets of atoms, each at these destinations; None is every one.
Opened = dict[int, "Places | None"]


def compiled(snapshot: Snapshot) -> Tables:
    """The tables of a snapshot. The cost grows with pods, policies and their rules; not with pairs."""
    with collector_off():
        policies = [policy for policy in snapshot.policies if isinstance(policy, NetworkPolicy)]
        lowered = lower(policies, snapshot.semantics)
        looks = looks_of(lowered)
        return _Compiler(snapshot, lowered, looks, classes_of(snapshot, looks)).tables()


@dataclass(slots=True)
class _Half:
    """The rules of one direction by subject, peers and what they open; and whom they isolate."""

    isolated: dict[int, int] = field(default_factory=dict)
    rules: dict[PodSet, dict[Peers, Opened]] = field(default_factory=dict)


class _Compiler:
    def __init__(
        self, snapshot: Snapshot, lowered: Lowered, looks: Looks, universe: Universe
    ) -> None:
        self.snapshot, self.lowered = snapshot, lowered
        self.looks, self.universe = looks, universe
        self.pods = PodSets(universe, looks, snapshot)
        self.everyone: Places = {
            at: (1 << len(universe.block(at))) - 1 for at in range(len(universe.blocks))
        }
        classes = universe.classes
        self.atoms = PortAtoms.cut([*_numbers(lowered.rules), *_declared(classes)])
        self.named = _resolved(universe, self.atoms)
        self.known_ports: dict[tuple[Traffic, ...], Opened] = {}
        self.ingress = self._half(lowered, Direction.INGRESS)
        self.egress = self._half(lowered, Direction.EGRESS)

    def tables(self) -> Tables:
        versions = tuple(_versions(item, self.snapshot) for item in self.universe.classes)
        used = {4, *(version for found in versions for version in found)}
        return Tables(
            self.snapshot,
            self.universe,
            self.atoms,
            {version: self._relation(version) for version in sorted(used)},
            versions,
            self._border(self.ingress),
            self._border(self.egress),
            assumptions_of(self.lowered, self.universe, self.snapshot),
        )

    def _border(self, half: _Half) -> Border:
        gates = tuple(_gate(rules) for rules in half.rules.values())
        subjects = [self.pods.places(subject) for subject in half.rules]
        return Border(half.isolated, gates, self._containing(subjects))

    def _half(self, lowered: Lowered, direction: Direction) -> _Half:
        half = _Half()
        for isolation in lowered.isolations:
            if isolation.direction is direction:
                half.isolated = _put_in(half.isolated, self.pods.places(isolation.subject))
        for rule in lowered.rules:
            if rule.direction is direction:
                by_peers = half.rules.setdefault(rule.subject, {})
                opened = self._opened(rule.traffic)
                for peers in rule.peers:
                    by_peers[peers] = _together(by_peers.get(peers), opened)
        return half

    def _opened(self, traffic: tuple[Traffic, ...]) -> Opened:
        """What a rule's ports open: numbers everywhere, names where they are declared (NP-50)."""
        found = self.known_ports.get(traffic)
        if found is None:
            named = [
                self.named.get((part.protocol, part.name), {})
                for part in traffic
                if isinstance(part, PortOfName)
            ]
            found = {}
            for meanings in named:
                found = _together(found, dict(meanings))
            if numbers := self._by_number(traffic):
                found = _together(found, {numbers: None})
            self.known_ports[traffic] = found
        return found

    def _by_number(self, traffic: Sequence[Traffic]) -> int:
        found = 0
        for part in traffic:
            if isinstance(part, PortNumbers):
                found |= self.atoms.covering(part)
            elif isinstance(part, AnyTraffic):
                denied = self.snapshot.semantics.icmp == "deny"  # IMP-3
                found |= self.atoms.everything & ~(self.atoms.icmp if denied else 0)
        return found

    def _relation(self, version: int) -> Relation:
        peers = PeerSets(self.pods, self.universe, self.looks, self.snapshot, version)
        icmp = self.atoms.icmp if self.snapshot.semantics.icmp == "allow" else 0  # IMP-3
        base, rows, sets = self._by_source(peers)
        for block, bits in self.everyone.items():
            isolated = self.ingress.isolated.get(block, 0)
            put(base, {block: bits & ~isolated}, self.atoms.everything)
            put(base, {block: isolated}, icmp)
        subjects = [self.pods.places(subject) for subject in self.egress.rules]
        openings = [self._opening(rules, peers, icmp) for rules in self.egress.rules.values()]
        return Relation(
            base,
            tuple(rows),
            self._containing(sets),
            tuple(openings),
            self._containing(subjects),
        )

    def _by_source(
        self, peers: PeerSets
    ) -> tuple[dict[int, Cells], list[dict[int, Cells]], list[Places]]:
        """Ingress by source: what anyone may send, and what more each set of peers may."""
        base: dict[int, Cells] = {}
        rows: dict[frozenset[tuple[int, int]], dict[int, Cells]] = {}
        # Equal peers have the very same set: it needn't be hashed again.
        known: dict[int, tuple[Places, dict[int, Cells]]] = {}
        for subject, by_peers in self.ingress.rules.items():
            governed = self.pods.places(subject)
            for whom, opened in by_peers.items():
                found = peers.places(whom)
                if found is None:
                    row = base
                elif id(found) in known:
                    row = known[id(found)][1]
                else:
                    row = rows.setdefault(frozenset(found.items()), {})
                    known[id(found)] = found, row
                for atoms, where in opened.items():
                    put(row, governed if where is None else both(governed, where), atoms)
        return base, list(rows.values()), [dict(places) for places in rows]

    def _opening(self, rules: dict[Peers, Opened], peers: PeerSets, icmp: int) -> Opening:
        everywhere, blocks = icmp, dict[int, Cells]()
        for whom, opened in rules.items():
            found = peers.places(whom)
            for atoms, where in opened.items():
                if found is None and where is None:
                    everywhere |= atoms
                elif found is None or where is None:
                    put(blocks, found or where or {}, atoms)
                else:
                    put(blocks, both(found, where), atoms)
        return Opening(everywhere, blocks)

    def _containing(self, sets: Sequence[Places]) -> tuple[tuple[int, ...], ...]:
        """For each class the numbers of the sets that it is in."""
        found: list[list[int]] = [[] for _ in self.universe.classes]
        for number, places in enumerate(sets):
            for block, bit in each_place(places):
                found[self.universe.number(block, bit)].append(number)
        return tuple(map(tuple, found))


def _gate(rules: dict[Peers, Opened]) -> Gate:
    return Gate(
        tuple(
            (whom, atoms, where)
            for whom, opened in rules.items()
            if not isinstance(whom, PodSet)
            for atoms, where in opened.items()
        )
    )


def _put_in(one: dict[int, int], other: Places) -> dict[int, int]:
    for block, bits in other.items():
        one[block] = one.get(block, 0) | bits
    return one


def _together(one: Opened | None, other: Opened) -> Opened:
    """What either opens."""
    if not one:
        return dict(other)
    found = dict(one)
    for atoms, places in other.items():
        if atoms in found:
            before = found[atoms]
            found[atoms] = None if before is None or places is None else either(before, places)
        else:
            found[atoms] = places
    return found


def _numbers(rules: Iterable[Rule]) -> Iterator[PortNumbers]:
    return (part for rule in rules for part in rule.traffic if isinstance(part, PortNumbers))


def _declared(classes: Sequence[EndpointClass]) -> Iterator[PortNumbers]:
    found = {(port.protocol, port.number) for item in classes for port in item.ports}
    return (PortNumbers(protocol, number, number) for protocol, number in found)


def _resolved(
    universe: Universe, atoms: PortAtoms
) -> dict[tuple[Protocol, str], dict[int, Places]]:
    """For each port name what it means, and to which classes (NP-50..53)."""
    numbers: dict[tuple[Protocol, str], dict[int, list[int]]] = {}
    for number, item in enumerate(universe.classes):
        own: dict[tuple[Protocol, str], int] = {}
        for port in item.ports:
            key = port.protocol, port.name
            own[key] = own.get(key, 0) | atoms.holding(port.protocol, port.number)
        for key, meant in own.items():
            numbers.setdefault(key, {}).setdefault(meant, []).append(number)
    return {
        key: {meant: places_of(map(universe.place, found)) for meant, found in meanings.items()}
        for key, meanings in numbers.items()
    }


def _versions(item: EndpointClass, snapshot: Snapshot) -> frozenset[int]:
    known = {address.version for address in item.addresses}
    if known or item.is_node or not isinstance(item.representative, Pod):
        return frozenset(known)
    if item.representative.host_network:
        return frozenset()
    return frozenset(cidr.version for cidr in snapshot.semantics.pod_cidrs)
