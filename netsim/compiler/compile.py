"""The stages from a Snapshot to tables, in order."""

from __future__ import annotations

from netsim.compiler.border import egress_border, ingress_border
from netsim.compiler.classes import EndpointClass, Universe, classes_of
from netsim.compiler.doubts import Doubts, at_least, at_most, doubts_of, told_apart
from netsim.compiler.looks import Looks, looks_of
from netsim.compiler.opened import Ports
from netsim.compiler.peers import PeerSets
from netsim.compiler.pools import may_hold, surely_holds
from netsim.compiler.relation import Half, Relations
from netsim.compiler.sets import Holds
from netsim.compiler.tables import Bounds, Tables
from netsim.dialects.networkpolicy.lower import lower
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.model.flow import Direction
from netsim.model.rules import Lowered
from netsim.model.snapshot import Snapshot
from netsim.source.collector import collector_off

_BOTH = frozenset((4, 6))


def compiled(snapshot: Snapshot) -> Tables:
    """The tables of a snapshot. The cost grows with pods, policies and their rules; not with pairs."""
    with collector_off():
        lowered = _lowered(snapshot)
        looks = looks_of(lowered)
        universe = classes_of(snapshot, looks)
        versions = tuple(_versions(item, snapshot) for item in universe.classes)
        return _tables(snapshot, lowered, looks, universe, versions, surely_holds)


def bounds_of(tables: Tables) -> Bounds | None:
    """Between what tables everything lies that may pass, whatever is true of what nobody knows.

    None if nothing hangs on that. The tables have the same classes and port atoms as those given.
    Each may cost as much as compiling did.
    """
    lowered = _lowered(tables.snapshot)
    doubts = doubts_of(lowered, tables.universe, tables.versions, tables.snapshot)
    if not doubts:
        return None
    with collector_off():
        return _bounds(tables, lowered, doubts)


def _bounds(tables: Tables, lowered: Lowered, doubts: Doubts) -> Bounds:
    looks, universe = looks_of(lowered), tables.universe
    snapshot = told_apart(tables.snapshot, doubts)
    least = tables
    if doubts.keys or doubts.namespaces:  # an unknown address is taken to be in no block as it is
        fewest = at_least(lowered, doubts)
        least = _tables(snapshot, fewest, looks, universe, tables.versions, surely_holds)
    versions = tables.versions
    if doubts.families:
        versions = tuple(known or _BOTH for known in versions)
    most = _tables(snapshot, at_most(lowered, doubts), looks, universe, versions, may_hold)
    return Bounds(doubts, least, most)


def _lowered(snapshot: Snapshot) -> Lowered:
    policies = [policy for policy in snapshot.policies if isinstance(policy, NetworkPolicy)]
    return lower(policies, snapshot.semantics)


def _tables(
    snapshot: Snapshot,
    lowered: Lowered,
    looks: Looks,
    universe: Universe,
    versions: tuple[frozenset[int], ...],
    holds: Holds,
) -> Tables:
    peers = PeerSets(universe, looks, lowered, snapshot, holds)
    ports = Ports(lowered.rules, universe, peers.kinds, snapshot.semantics)
    ingress = Half.of(lowered, Direction.INGRESS, peers, ports)
    egress = Half.of(lowered, Direction.EGRESS, peers, ports)
    relations = Relations(universe, peers, ports, snapshot.semantics, ingress, egress)
    used = {4, *(version for found in versions for version in found)}
    return Tables(
        snapshot,
        universe,
        peers.kinds,
        ports.atoms,
        {version: relations.relation(version) for version in sorted(used)},
        versions,
        ingress_border(ingress, universe, peers, ports),
        egress_border(egress, universe, peers),
    )


def _versions(item: EndpointClass, snapshot: Snapshot) -> frozenset[int]:
    known = {address.version for address in item.addresses}
    if known or not item.has_own_address:
        return frozenset(known)
    return frozenset(cidr.version for cidr in snapshot.semantics.pod_cidrs)
