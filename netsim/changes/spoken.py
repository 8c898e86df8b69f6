"""What rules of an edited policy of the whole cluster are others, and whom rules may speak of."""

from __future__ import annotations

from collections.abc import Sequence

from netsim.changes.edits import TierEdit
from netsim.changes.owning import named
from netsim.changes.pairing import Pairing
from netsim.changes.sides import Side
from netsim.compiler.pools import surely_holds
from netsim.model.cluster import Pod
from netsim.model.flow import Direction
from netsim.model.rules import (
    AddressSet,
    Anyone,
    DomainSet,
    NodeSet,
    PodSet,
    RankedPeers,
    RankedRule,
)


def rules_of_edit(edit: TierEdit, direction: Direction, old: Side, new: Side) -> list[RankedRule]:
    """The rules of one direction that an edit may make, or have made, decide otherwise."""
    ours, theirs = (
        [rule for rule in side.version.tiers.lowered(each) if rule.direction is direction]
        if each
        else []
        for each, side in ((edit.old, old), (edit.new, new))
    )
    return _differing(ours, theirs)


def _differing(old: Sequence[RankedRule], new: Sequence[RankedRule]) -> list[RankedRule]:
    """The rules of one policy from the first to the last that is other; some flow of another may go
    by one of them now, or did (ANP-5)."""
    ours, theirs = list(map(_ranked, old)), list(map(_ranked, new))
    first, most = 0, min(len(old), len(new))
    while first < most and ours[first] == theirs[first]:
        first += 1
    last = 0
    while last < most - first and ours[-1 - last] == theirs[-1 - last]:
        last += 1
    return [*old[first : len(old) - last], *new[first : len(new) - last]]


def _ranked(rule: RankedRule) -> tuple[object, ...]:
    """All of a rule that decides, but its place among those of its policy."""
    return rule.subject, rule.peers, rule.traffic, rule.tier, rule.priority, rule.action


def whom(peers: RankedPeers, side: Side, pairing: Pairing) -> int:
    """The units that peers may name: these, and maybe more."""
    version = side.version
    match peers:
        case Anyone():
            return pairing.everyone
        case PodSet():
            return named(side, peers)
        case AddressSet():
            found = side.of(pod for pod in version.population.addressed if _may_have(pod, peers))
            pools = [
                cidr for cidr in version.semantics.pod_cidrs if cidr.version == peers.cidr.version
            ]
            if surely_holds(peers, pools):
                found |= side.of(version.population.unaddressed)
            return found | side.of(version.population.hosts)
        case NodeSet():
            nodes = version.nodes.values()
            addresses = (address for node in nodes for address in node.addresses)
            population = version.population
            return side.of([*population.hosts, *population.having(addresses)])
        case DomainSet():
            return 0  # whoever is inside is asked about as who it is


def _may_have(pod: Pod, block: AddressSet) -> bool:
    return any(address in block.cidr for address in pod.addresses)
