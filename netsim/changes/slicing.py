"""What of a version decides between some senders and some receivers, compiled by itself.

What one endpoint may send to another hangs on the two, on their namespaces and on the policies
that govern them: whatever else is in the cluster may be left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from netsim.changes.owning import perhaps_named
from netsim.changes.sides import Side
from netsim.changes.space import Space
from netsim.compiler.compile import compiled_together, joined
from netsim.compiler.tables import Tables
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.engine.rows import Bearings, Rows
from netsim.model.cluster import Address, Node, Pod
from netsim.model.flow import Direction
from netsim.model.rules import Lowered, PodSet, RankedPeers, RankedRule
from netsim.model.snapshot import Snapshot
from netsim.sets.bitset import Cells, members
from netsim.sets.blocks import places_of
from netsim.sets.traffic import TrafficSet

# Traffic, and the units that get it.
Spread = tuple[tuple[TrafficSet, int], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """Pairs to look at: each of `senders` with each of `receivers`, as sets of units."""

    senders: int
    receivers: int

    def __bool__(self) -> bool:
        return bool(self.senders and self.receivers)

    def __and__(self, other: Field) -> Field:
        """The pairs that are in both."""
        return Field(self.senders & other.senders, self.receivers & other.receivers)


class Slice:
    """One version as far as it decides what passes in a field."""

    def __init__(self, tables: Tables, places: Places) -> None:
        self.tables, self.places = tables, places
        self.class_of = places.class_of
        self._rows = Rows(tables)
        self._shared: dict[tuple[bool, Bearings], dict[int, Spread]] = {}

    def row(self, source: int) -> Spread:
        """What a class may send to the receivers, in no order."""
        rows, wanted = self._rows, self.places.wanted
        bearings = rows.bearings(source)
        near = [at for at in rows.near(source, bearings) if at in wanted]
        shared = self._far(source, bearings)
        found = {block: spread for block, spread in shared.items() if block not in near}
        found |= {block: self._spread(block, rows.at(source, bearings, block)) for block in near}
        return _together(found.values())

    def _far(self, source: int, bearings: Bearings) -> dict[int, Spread]:
        """What sources of these bearings may send by far-reaching rules to the receivers' blocks."""
        rows = self._rows
        key = rows.knows(source), bearings
        known = self._shared.get(key)
        if known is None:
            each = ((block, rows.far(source, bearings, block)) for block in self.places.wanted)
            known = {block: self._spread(block, cells) for block, cells in each if cells}
            self._shared[key] = known
        return known

    def _spread(self, block: int, cells: Cells) -> Spread:
        """A block of a row by units."""
        wanted = self.places.wanted[block]
        found = (
            (self.places.traffic(atoms), self.places.units(block, there & wanted))
            for atoms, there in cells.items()
            if there & wanted
        )
        return tuple(found)


class Places:
    """Where the units of a field are in compiled tables, and what their port atoms are."""

    def __init__(self, side: Side, field: Field, tables: Tables) -> None:
        self._receivers, self._atoms = field.receivers, tables.atoms
        self._universe = universe = tables.universe
        self._units = [side.of(item.members) for item in universe.classes]
        # The class of each unit that is in it.
        self.class_of = {
            at: number for number, units in enumerate(self._units) for at in members(units)
        }
        # The places of the receivers' classes.
        self.wanted = places_of(
            universe.place(number)
            for number, units in enumerate(self._units)
            if units & field.receivers
        )
        self._at: dict[tuple[int, int], int] = {}
        self._traffic: dict[int, TrafficSet] = {}

    def units(self, block: int, places: int) -> int:
        """The receivers at some places of a block."""
        found = self._at.get((block, places))
        if found is None:
            found = 0
            for bit in members(places):
                found |= self._units[self._universe.number(block, bit)]
            found = self._at[block, places] = found & self._receivers
        return found

    def traffic(self, atoms: int) -> TrafficSet:
        """A set of port atoms as traffic."""
        found = self._traffic.get(atoms)
        if found is None:
            found = self._traffic[atoms] = self._atoms.traffic(atoms)
        return found


def slice_of(side: Side, field: Field) -> Slice:
    """What of one version decides a field."""
    return _slices([side], field)[0]


def slices_of(old: Side, new: Side, field: Field) -> tuple[Slice, Slice]:
    """What of two versions decides a field. Made together where only policies differ."""
    if not old.has_endpoints_of(new):
        return slice_of(old, field), slice_of(new, field)
    one, other = _slices([old, new], field)
    return one, other


def _slices(sides: Sequence[Side], field: Field) -> list[Slice]:
    """Of sides with the very same endpoints."""
    each = compiled_together(_endpoints(sides, field), [_lowered(side, field) for side in sides])
    places = Places(sides[0], field, each[0])
    return [Slice(tables, places) for tables in each]


def _together(spreads: Iterable[Spread]) -> Spread:
    found: dict[TrafficSet, int] = {}
    for spread in spreads:
        for traffic, units in spread:
            found[traffic] = found.get(traffic, 0) | units
    return tuple(found.items())


def snapshot_of(side: Side, field: Field) -> Snapshot:
    """The snapshot of these endpoints, of what governs them and of the nodes that they are on."""
    tiers = side.version.tiers
    chosen: dict[int, tuple[NetworkPolicy, set[Direction]]] = {}
    # Whether Baseline is asked may hang on either direction, under some option (IMP-11).
    for _, policy, direction in _governing(side, _turned(field) if tiers.has_baseline else field):
        chosen.setdefault(id(policy), (policy, set()))[1].add(direction)
    policies = (_only(policy, frozenset(found)) for policy, found in chosen.values())
    ranked = {id(rule) for rule in _ranked(side, field)}
    around = (each for each in tiers.policies if any(id(x) in ranked for x in tiers.lowered(each)))
    every: list[NetworkPolicy | TierPolicy] = [*around, *policies]
    every.sort(key=lambda policy: (policy.kind, policy.namespace, policy.name))
    return replace(_endpoints([side], field), policies=tuple(every))


def _endpoints(sides: Sequence[Side], field: Field) -> Snapshot:
    """Those of a field without any policies; the sides have the very same ones."""
    side, version = sides[0], sides[0].version
    units = field.senders | field.receivers
    chosen = list(side.pods(units))
    pods = [pod for _, some in chosen for pod in some]
    nodes = side.nodes(units)
    nodes |= {pod.node: version.nodes[pod.node] for pod in pods if pod.node in version.nodes}
    declared = {name: node for name, node in nodes.items() if name in version.declared}
    if any(each.version.tiers.nodes for each in sides):
        declared |= version.population.nodes_at(_addresses(pods, nodes.values()))
    tellers = (_teller(node) for name, node in nodes.items() if name not in declared)
    return Snapshot(
        namespaces={space.namespace.name: space.namespace for space, _ in chosen},
        nodes=declared,
        pods=(*tellers, *pods),
        semantics=version.semantics,
    )


def _addresses(pods: Iterable[Pod], nodes: Iterable[Node]) -> set[Address]:
    found = {address for node in nodes for address in node.addresses}
    return found.union(*((*pod.addresses, *pod.host_addresses) for pod in pods))


def _teller(node: Node) -> Pod:
    """A pod that has finished: nobody but it tells of a node without a manifest."""
    return Pod("", node.name, node=node.name, host_addresses=node.addresses, finished=True)


def _turned(field: Field) -> Field:
    """The same pairs and all others of their ends, either way."""
    units = field.senders | field.receivers
    return Field(units, units)


def _governing(side: Side, field: Field) -> Iterator[tuple[Space, NetworkPolicy, Direction]]:
    """The policies that govern senders in egress or receivers in ingress, and of these no more."""
    each = (field.senders, Direction.EGRESS), (field.receivers, Direction.INGRESS)
    for units, direction in each:
        for space, places in side.places(units):
            for policy in space.governing(places, direction):
                yield space, policy, direction


def _ranked(side: Side, field: Field) -> list[RankedRule]:
    """The rules of the tiers around it that govern these, or may, in their order."""
    subjects = {Direction.EGRESS: field.senders, Direction.INGRESS: field.receivers}
    return [
        rule
        for rule in side.version.tiers.ranked
        if perhaps_named(side, rule.subject) & subjects[rule.direction]
    ]


def _meeting(side: Side, field: Field) -> tuple[RankedRule, ...]:
    """Those that may be about the other ends of the field, too: no other has a say there."""
    others = {Direction.EGRESS: field.receivers, Direction.INGRESS: field.senders}

    def may_be(peers: RankedPeers, direction: Direction) -> bool:
        if isinstance(peers, PodSet):
            return bool(perhaps_named(side, peers) & others[direction])
        return True

    return tuple(
        rule
        for rule in _ranked(side, field)
        if any(may_be(peers, rule.direction) for peers in rule.peers)
    )


def _lowered(side: Side, field: Field) -> Lowered:
    tiers = side.version.tiers
    both = tiers.has_baseline and tiers.semantics.baseline_scope == "pod"  # IMP-11
    each = _governing(side, _turned(field) if both else field)
    found = joined([space.lowered(policy, direction) for space, policy, direction in each])
    return found._replace(ranked=_meeting(side, field)) if tiers else found


def _only(policy: NetworkPolicy, directions: frozenset[Direction]) -> NetworkPolicy:
    return policy if directions == policy.directions else replace(policy, directions=directions)
