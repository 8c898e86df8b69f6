"""What the rules of a snapshot look at; all else is alike to them."""

from __future__ import annotations

from typing import NamedTuple

from netsim.compiler.atoms import AddressCuts
from netsim.labels.labels import UNKNOWN_VALUE
from netsim.labels.selector import Selector
from netsim.model.flow import Direction
from netsim.model.rules import (
    AddressSet,
    DomainSet,
    Lowered,
    NodeSet,
    PodSet,
    PortOfAnyProtocol,
    PortOfName,
)


class Looks(NamedTuple):
    """The label keys, (key, value) pairs and port names that rules ask for, and their blocks.

    `namespace_keys` are those that they ask for of namespaces. Of a key whose value is asked for, the value that nobody knows is one of the pairs (WL-7):
    what hangs on it hangs on nothing else. `isolated` are the namespaces in which some NetworkPolicy
    governs a pod; `outward` and `inward` say whether some rule of the tiers around it is about
    egress, or ingress; `nodes` and `domains` have the nodes, by label, and the DNS names that such
    rules are about.
    """

    keys: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    namespace_keys: frozenset[str]
    port_names: frozenset[str]
    blocks: tuple[AddressSet, ...]
    cuts: dict[int, AddressCuts]
    isolated: frozenset[str]
    outward: bool
    nodes: tuple[NodeSet, ...] = ()
    domains: tuple[str, ...] = ()
    inward: bool = False


def looks_of(lowered: Lowered) -> Looks:
    """What `lowered` looks at. Linear in its size."""
    governed = {isolation.subject for isolation in lowered.isolations}
    peers = lowered.peers
    sets = governed.union(each for each in peers if isinstance(each, PodSet))
    blocks = dict.fromkeys(each for each in peers if isinstance(each, AddressSet))
    # Rules share their lists of ports.
    traffic = {id(rule.traffic): rule.traffic for rule in lowered.rules}.values()
    names = {part.name for parts in traffic for part in parts if isinstance(part, PortOfName)}
    ranked_peers = dict.fromkeys(
        each for rule in lowered.ranked for each in (rule.subject, *rule.peers)
    )
    sets.update(each for each in ranked_peers if isinstance(each, PodSet))
    blocks |= dict.fromkeys(each for each in ranked_peers if isinstance(each, AddressSet))
    for ranked in lowered.ranked:
        names |= {part.name for part in ranked.traffic if isinstance(part, PortOfAnyProtocol)}
    selectors: set[Selector] = {each.pods for each in sets}
    spaces = {each.namespaces for each in sets if isinstance(each.namespaces, Selector)}
    requirements = [item for selector in selectors for item in selector.requirements]
    return Looks(
        frozenset(item.key for item in requirements),
        frozenset(
            (item.key, value)
            for item in requirements
            if item.values
            for value in (*item.values, UNKNOWN_VALUE)
        ),
        frozenset(item.key for selector in spaces for item in selector.requirements),
        frozenset(names),
        tuple(blocks),
        {version: AddressCuts.of(blocks, version) for version in (4, 6)},
        frozenset(each.namespaces for each in governed if isinstance(each.namespaces, str)),
        any(rule.direction is Direction.EGRESS for rule in lowered.ranked),
        tuple(each for each in ranked_peers if isinstance(each, NodeSet)),
        tuple(sorted(each.name for each in ranked_peers if isinstance(each, DomainSet))),
        any(rule.direction is Direction.INGRESS for rule in lowered.ranked),
    )
