"""The stages from a Snapshot to tables, in order."""

from __future__ import annotations

from itertools import chain

from netsim.compiler.assumed import assumptions_of
from netsim.compiler.classes import EndpointClass, Universe, classes_of
from netsim.compiler.looks import looks_of
from netsim.compiler.opened import Opened, Ports
from netsim.compiler.peers import PeerSets
from netsim.compiler.relation import Half, Relations, containing
from netsim.compiler.tables import Border, Gate, Tables
from netsim.dialects.networkpolicy.lower import lower
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.model.cluster import Pod
from netsim.model.flow import Direction
from netsim.model.rules import Peers, PodSet
from netsim.model.snapshot import Snapshot
from netsim.source.collector import collector_off


def compiled(snapshot: Snapshot) -> Tables:
    """The tables of a snapshot. The cost grows with pods, policies and their rules; not with pairs."""
    with collector_off():
        return _compiled(snapshot)


def _compiled(snapshot: Snapshot) -> Tables:
    policies = [policy for policy in snapshot.policies if isinstance(policy, NetworkPolicy)]
    lowered = lower(policies, snapshot.semantics)
    looks = looks_of(lowered)
    universe = classes_of(snapshot, looks)
    peers = PeerSets(universe, looks, lowered, snapshot)
    ports = Ports(lowered.rules, universe, peers.kinds, snapshot.semantics)
    ingress = Half.of(lowered, Direction.INGRESS, peers, ports)
    egress = Half.of(lowered, Direction.EGRESS, peers, ports)
    relations = Relations(universe, peers, ports, snapshot.semantics, ingress, egress)
    versions = tuple(_versions(item, snapshot) for item in universe.classes)
    used = {4, *(version for found in versions for version in found)}
    return Tables(
        snapshot,
        universe,
        peers.kinds,
        ports.atoms,
        {version: relations.relation(version) for version in sorted(used)},
        versions,
        _border(ingress, universe, peers),
        _border(egress, universe, peers),
        assumptions_of(lowered, universe, snapshot),
    )


def _border(half: Half, universe: Universe, peers: PeerSets) -> Border:
    subjects = [peers.pods.places(subject) for subject in half.rules]
    gates = tuple(_gate(rules) for rules in half.rules.values())
    return Border(half.isolated, gates, containing(universe, subjects))


def _gate(rules: dict[Peers, list[Opened]]) -> Gate:
    return Gate(
        tuple(
            (peers, atoms, where and where.places)
            for peers, opened in rules.items()
            if not isinstance(peers, PodSet)
            for atoms, where in chain.from_iterable(opened)
        )
    )


def _versions(item: EndpointClass, snapshot: Snapshot) -> frozenset[int]:
    known = {address.version for address in item.addresses}
    if known or item.is_node or not isinstance(item.representative, Pod):
        return frozenset(known)
    if item.representative.host_network:
        return frozenset()
    return frozenset(cidr.version for cidr in snapshot.semantics.pod_cidrs)
