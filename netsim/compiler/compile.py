"""The stages from a Snapshot to tables, in order."""

from __future__ import annotations

from collections.abc import Sequence

from netsim.compiler.border import egress_border, ingress_border
from netsim.compiler.classes import Universe, classes_of
from netsim.compiler.doubts import Bounds, Doubts, at_least, at_most, doubts_of, told_apart
from netsim.compiler.looks import looks_of
from netsim.compiler.opened import Ports, atoms_of
from netsim.compiler.peers import PeerSets
from netsim.compiler.pools import may_hold, surely_holds
from netsim.compiler.relation import Half, Relations
from netsim.compiler.sets import Holds, PodSets
from netsim.compiler.tables import Tables
from netsim.compiler.widened import widened
from netsim.dialects.networkpolicy.lower import lower
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.model.flow import Direction
from netsim.model.rules import Lowered
from netsim.model.snapshot import Snapshot
from netsim.sets.blocks import Places, either
from netsim.source.collector import collector_off

_BOTH = frozenset((4, 6))


def compiled(snapshot: Snapshot) -> Tables:
    """The tables of a snapshot. The cost grows with pods, policies and their rules; not with pairs."""
    return compiled_together(snapshot, [_lowered(snapshot)])[0]


def compiled_together(snapshot: Snapshot, each: Sequence[Lowered]) -> list[Tables]:
    """The tables of a snapshot under other rules than its own, over the same classes and atoms.

    These are what none of these rules tells apart: more than each alone needs, so `bounds_of`
    isn't for them.
    """
    with collector_off():
        every = joined(each)
        looks = looks_of(every)
        universe = classes_of(snapshot, looks)
        versions = _versions(universe, snapshot)
        pods = PodSets(universe, looks, snapshot)
        peers = PeerSets(universe, looks, every, snapshot, pods, surely_holds)
        atoms = atoms_of((*every.rules, *every.ranked), universe)
        ports = Ports(atoms, universe, peers.kinds, snapshot.semantics)
        made = (_tables(snapshot, lowered, versions, peers, ports) for lowered in each)
        return [_overruled(tables, lowered) for tables, lowered in zip(made, each, strict=True)]


def bounds_of(tables: Tables) -> Bounds | None:
    """Between what tables everything lies that may pass, whatever is true of what nobody knows.

    None if nothing hangs on that. The tables have the same classes and port atoms as those given.
    Where labels or IP versions are in doubt each may cost as much as compiling did.
    """
    with collector_off():
        doubts = doubts_of(tables)
        if not doubts:
            return None
        if doubts.keys or doubts.namespaces or (doubts.families and 6 not in tables.relations):
            return compiled_bounds(tables, doubts)
        # An unknown address is taken to be in no block as it is.
        lowered = _lowered(tables.snapshot) if _has_ranked(tables) else Lowered()
        return _overruled_bounds(Bounds(doubts, tables, widened(tables, doubts)), lowered)


def compiled_bounds(tables: Tables, doubts: Doubts) -> Bounds:
    """The bounds for any doubts, compiled from the rules read again."""
    lowered, looks, universe = _lowered(tables.snapshot), tables.looks, tables.universe
    snapshot = told_apart(tables.snapshot, doubts)
    pods = PodSets(universe, looks, snapshot)

    def made(lowered: Lowered, versions: Sequence[frozenset[int]], holds: Holds) -> Tables:
        peers = PeerSets(universe, looks, lowered, snapshot, pods, holds)
        ports = Ports(tables.atoms, universe, peers.kinds, snapshot.semantics)
        return _tables(snapshot, lowered, versions, peers, ports)

    least = tables
    if doubts.keys or doubts.namespaces:
        fewest = at_least(lowered, doubts)
        least = made(fewest, tables.versions, surely_holds)
    versions = tables.versions
    if doubts.families:
        versions = tuple(known or _BOTH for known in versions)
    most = made(at_most(lowered, doubts), versions, may_hold)
    return _overruled_bounds(Bounds(doubts, least, most), lowered)


def _lowered(snapshot: Snapshot) -> Lowered:
    policies = (policy for policy in snapshot.policies if isinstance(policy, NetworkPolicy))
    around = [policy for policy in snapshot.policies if isinstance(policy, TierPolicy)]
    with collector_off():
        found = lower(policies, snapshot.semantics)
        if not around:
            return found
        from netsim.dialects.tiers.lower import lower as lower_tiers  # few clusters have any

        return found._replace(ranked=lower_tiers(around, snapshot.semantics))


def joined(each: Sequence[Lowered]) -> Lowered:
    """The rules of all of them, each once."""
    if len(each) == 1:
        return each[0]
    rules = {id(rule): rule for lowered in each for rule in lowered.rules}
    isolations = {id(found): found for lowered in each for found in lowered.isolations}
    ranked = {id(rule): rule for lowered in each for rule in lowered.ranked}
    return Lowered(tuple(rules.values()), tuple(isolations.values()), tuple(ranked.values()))


def _tables(
    snapshot: Snapshot,
    lowered: Lowered,
    versions: Sequence[frozenset[int]],
    peers: PeerSets,
    ports: Ports,
) -> Tables:
    """The tables of the NetworkPolicies alone."""
    universe = peers.universe
    ingress = Half.of(lowered, Direction.INGRESS, peers, ports)
    egress = Half.of(lowered, Direction.EGRESS, peers, ports)
    relations = Relations(universe, peers, ports, snapshot.semantics, ingress, egress)
    used = {4, *(version for found in versions for version in found)}
    return Tables(
        snapshot,
        peers.looks,
        universe,
        peers.kinds,
        ports.atoms,
        {version: relations.relation(version) for version in sorted(used)},
        tuple(versions),
        ingress_border(ingress, ports),
        egress_border(egress),
        _shielded(ingress.isolated, egress.isolated, snapshot),
    )


def _shielded(ingress: Places, egress: Places, snapshot: Snapshot) -> dict[Direction, Places]:
    if snapshot.semantics.baseline_scope == "pod":  # IMP-11
        ingress = egress = either(ingress, egress)
    return {Direction.INGRESS: ingress, Direction.EGRESS: egress}


def _has_ranked(tables: Tables) -> bool:
    return any(relation.inward or relation.outward for relation in tables.relations.values())


def _overruled(tables: Tables, lowered: Lowered) -> Tables:
    """The tables with what the tiers around NetworkPolicy change; the very same where they have no rules."""
    if not lowered.ranked:
        return tables
    from netsim.compiler.overruled import overruled  # most clusters have no such rules

    return overruled(tables, lowered.ranked)


def _overruled_bounds(bounds: Bounds, lowered: Lowered) -> Bounds:
    """The bounds with what these tiers change at least, and at most."""
    if not lowered.ranked:
        return bounds
    from netsim.compiler.overruled import overruled_bounds

    return overruled_bounds(bounds, lowered.ranked)


def _versions(universe: Universe, snapshot: Snapshot) -> tuple[frozenset[int], ...]:
    """The IP versions that each class is known to have, by its addresses or by the pools of pods."""
    pools = frozenset(cidr.version for cidr in snapshot.semantics.pod_cidrs)
    elsewhere: frozenset[int] = frozenset()
    return tuple(
        frozenset([address.version for address in item.addresses])
        if item.addresses
        else (pools if item.has_own_address else elsewhere)
        for item in universe.classes
    )
