"""What of a version decides between some senders and some receivers, compiled by itself.

What one endpoint may send to another hangs on the two, on their namespaces and on the policies
that govern them: whatever else is in the cluster may be left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from netsim.changes.pairing import Side
from netsim.changes.version import Space
from netsim.compiler.compile import compiled
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.engine.reach import Reachability
from netsim.engine.rows import Rows
from netsim.model.cluster import Pod
from netsim.model.flow import Direction
from netsim.model.snapshot import Snapshot
from netsim.sets.bitset import Cells, members
from netsim.sets.blocks import Blocks
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

    def __init__(self, side: Side, field: Field) -> None:
        self.side, self._receivers = side, field.receivers
        self.tables = compiled(snapshot_of(side, field))
        self.reach = Reachability(self.tables)
        self._rows = Rows(self.tables)
        self._blocks: dict[tuple[int, int], int] = {}
        self._shared: dict[int, tuple[Blocks, dict[int, Spread]]] = {}

    @cached_property
    def class_of(self) -> dict[int, int]:
        """The class of each unit that is in it."""
        return {
            at: number
            for number, item in enumerate(self.reach.classes)
            for at in members(self.side.of(item.members))
        }

    def row(self, source: int) -> Spread:
        """What a class may send to the receivers, in no order."""
        rows = self._rows
        bearings = rows.bearings(source)
        near = [at for at in rows.near(source, bearings) if at in self._wanted]
        shared = self._far(rows.shared(source, bearings))
        found = {block: spread for block, spread in shared.items() if block not in near}
        found |= {block: self._spread(block, rows.at(source, bearings, block)) for block in near}
        return _together(found.values())

    @cached_property
    def _wanted(self) -> dict[int, int]:
        """The places of the receivers' classes."""
        found: dict[int, int] = {}
        for at in members(self._receivers):
            if at in self.class_of:
                block, bit = self.reach.universe.place(self.class_of[at])
                found[block] = found.get(block, 0) | 1 << bit
        return found

    def _far(self, shared: Blocks) -> dict[int, Spread]:
        known = self._shared.get(id(shared))
        if known is None:
            spreads = {
                block: self._spread(block, shared[block]) for block in self._wanted & shared.keys()
            }
            # What it is of is kept with it, so that its id stays its own.
            known = self._shared[id(shared)] = shared, spreads
        return known[1]

    def _spread(self, block: int, cells: Cells) -> Spread:
        """A block of a row by units."""
        wanted = self._wanted[block]
        found = (
            (self.reach.traffic_of(atoms), self._units(block, places & wanted))
            for atoms, places in cells.items()
            if places & wanted
        )
        return tuple(found)

    def _units(self, block: int, places: int) -> int:
        """The receivers at some places."""
        known = self._blocks.get((block, places))
        if known is None:
            classes = self.reach.universe.block(block)
            known = 0
            for bit in members(places):
                known |= self.side.of(classes[bit].members)
            known = self._blocks[block, places] = known & self._receivers
        return known


def _together(spreads: Iterable[Spread]) -> Spread:
    found: dict[TrafficSet, int] = {}
    for spread in spreads:
        for traffic, units in spread:
            found[traffic] = found.get(traffic, 0) | units
    return tuple(found.items())


def snapshot_of(side: Side, field: Field) -> Snapshot:
    """The snapshot of these endpoints, of what governs them and of the nodes that they are on."""
    version = side.version
    units = field.senders | field.receivers
    chosen = list(side.pods(units))
    pods = [pod for _, some in chosen for pod in some]
    nodes = side.nodes(units)
    nodes |= {pod.node: version.nodes[pod.node] for pod in pods if pod.node in version.nodes}
    return Snapshot(
        namespaces={space.namespace.name: space.namespace for space, _ in chosen},
        nodes=nodes,
        pods=tuple(pods),
        policies=tuple(_governing(side, field)),
        semantics=version.semantics,
    )


def _governing(side: Side, field: Field) -> Iterator[NetworkPolicy]:
    """The policies that govern senders in egress or receivers in ingress, and of these no more."""
    found: dict[int, tuple[NetworkPolicy, set[Direction]]] = {}
    for direction, units in (
        (Direction.EGRESS, field.senders),
        (Direction.INGRESS, field.receivers),
    ):
        for space, pods in side.pods(units):
            for policy in _of_pods(space, pods, direction):
                found.setdefault(id(policy), (policy, set()))[1].add(direction)
    for policy, directions in found.values():
        wanted = policy.directions & directions
        if wanted == policy.directions:
            yield policy
        elif wanted:
            yield replace(policy, directions=frozenset(wanted))


def _of_pods(space: Space, pods: Sequence[Pod], direction: Direction) -> Iterable[NetworkPolicy]:
    if len(pods) * 2 > len(space.pods):
        return space.policies
    found = (each.policy for pod in pods for each in space.governing(pod, direction))
    return list({id(policy): policy for policy in found}.values())
