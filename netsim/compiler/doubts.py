"""What nobody knows offline and policies ask for; and the rules read for the least, and for the most.

With the rules read for the least, nothing passes but what does whatever the truth is; for the
most, all that passes if the truth is just so. In between lies every answer. The two readings are
rules again: what is compiled from them is compiled by the same means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from netsim.compiler.pools import may_hold, surely_holds
from netsim.compiler.sets import can_match
from netsim.compiler.tables import Tables
from netsim.labels.labels import UNKNOWN_VALUE
from netsim.labels.selector import Operator, Requirement, Selector
from netsim.model.cluster import NAME_LABEL, Namespace
from netsim.model.rules import AddressSet, Isolation, Lowered, Peers, PodSet, Rule
from netsim.model.snapshot import Snapshot

# A label that no manifest can write, of namespaces that nobody declared.
_UNDECLARED = "\0undeclared"


@dataclass(slots=True, eq=False, repr=False)
class Doubts:
    """What is not known and asked for.

    `keys` are of labels whose value isn't known (WL-7), `namespaces` those without manifest
    (NP-35), `blocks` such as may or may not hold an unknown address (NP-43), with the kinds of
    endpoints whose address it may be; `families` whether it matters that a pod of unknown address
    may have one in IPv6; `nodes` are selectors of nodes where some node has no manifest (ANP-16).
    """

    keys: frozenset[str] = frozenset()
    namespaces: frozenset[str] = frozenset()
    blocks: Mapping[AddressSet, int] = field(default_factory=dict)
    families: bool = False
    nodes: tuple[Selector, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.keys or self.namespaces or self.blocks or self.families or self.nodes)


class Bounds(NamedTuple):
    """The least and the most that may pass, whatever is true of what `doubts` are about."""

    doubts: Doubts
    least: Tables
    most: Tables


def doubts_of(tables: Tables) -> Doubts:
    """What is in doubt about the rules of tables. Linear in the classes and what rules look at."""
    anywhere = any(not known for known in tables.versions)
    return Doubts(
        _keys(tables),
        frozenset(_namespaces(tables)),
        dict(_blocks(tables)),
        # What a network denies in IPv4 may pass in IPv6.
        anywhere and any(block.cidr.version == 6 or block.network for block in tables.looks.blocks),
        _nodes(tables),
    )


def _keys(tables: Tables) -> frozenset[str]:
    read = {key for key, _ in tables.looks.pairs}
    items = [item.representative.labels for item in tables.universe.classes if not item.is_node]
    doubtful = (labels for labels in items if UNKNOWN_VALUE in labels.values())
    return frozenset().union(*(labels.unknown & read for labels in doubtful))


def _namespaces(tables: Tables) -> Iterator[str]:
    # The name is known of every namespace.
    if tables.looks.namespace_keys <= {NAME_LABEL}:
        return iter(())
    spaces = tables.snapshot.namespaces.values()
    return (space.name for space in spaces if not space.declared)


def _nodes(tables: Tables) -> tuple[Selector, ...]:
    known = tables.snapshot.nodes
    if all(item.host[0] in known for item in tables.universe.classes if item.is_node):
        return ()
    return tuple(each.nodes for each in tables.looks.nodes if each.nodes.requirements)


def _blocks(tables: Tables) -> Iterator[tuple[AddressSet, int]]:
    semantics = tables.snapshot.semantics
    unknown: dict[tuple[bool, bool], int] = {}
    for kind, number in enumerate(tables.kinds.representatives):
        item = tables.universe.classes[number]
        if not item.addresses:  # INVARIANT: then no class of this kind has any
            alike = item.is_node, item.has_own_address
            unknown[alike] = unknown.get(alike, 0) | 1 << kind
    for block in tables.looks.blocks:
        pools = [cidr for cidr in semantics.pod_cidrs if cidr.version == block.cidr.version]
        found = 0
        for (is_node, own), kinds in unknown.items():
            known = pools if own else []
            if (
                can_match(block, is_node, semantics)
                and may_hold(block, known)
                and not surely_holds(block, known)
            ):
                found |= kinds
        if found:
            yield block, found


def told_apart(snapshot: Snapshot, doubts: Doubts) -> Snapshot:
    """The snapshot with a label on namespaces that nobody declared."""
    if not doubts.namespaces:
        return snapshot
    return replace(
        snapshot,
        namespaces={
            name: _marked(space) if name in doubts.namespaces else space
            for name, space in snapshot.namespaces.items()
        },
    )


def _marked(space: Namespace) -> Namespace:
    return replace(space, labels=space.labels | {_UNDECLARED: ""})


def at_least(lowered: Lowered, doubts: Doubts) -> Lowered:
    """The rules for what surely passes: they let in whom they surely mean, and isolate whom they may."""
    return _read(
        lowered, lambda peers: [_surely(peers, doubts)], doubts, _surely_matches, _may_match
    )


def at_most(lowered: Lowered, doubts: Doubts) -> Lowered:
    """The rules for what may pass: they let in whom they may mean, and isolate whom they must."""
    return _read(lowered, lambda peers: _maybe(peers, doubts), doubts, _may_match, _surely_matches)


_Reading = Callable[[Selector, Doubts], Selector]


def _read(
    lowered: Lowered,
    peers: Callable[[Peers], list[Peers]],
    doubts: Doubts,
    subjects: _Reading,
    isolated: _Reading,
) -> Lowered:
    known: dict[Peers, list[Peers]] = {}

    def whom(rule: Rule) -> Iterator[Peers]:
        for each in rule.peers:
            if each not in known:
                known[each] = peers(each)
            yield from known[each]

    def read(rule: Rule) -> Rule:
        subject, meant = _pods(rule.subject, doubts, subjects), tuple(whom(rule))
        if subject is rule.subject and meant == rule.peers:
            return rule
        return rule._replace(subject=subject, peers=meant)

    return Lowered(
        tuple(map(read, lowered.rules)),
        tuple(
            Isolation(each.direction, _pods(each.subject, doubts, isolated))
            for each in lowered.isolations
        ),
        lowered.ranked,  # they are read both ways when they are asked
    )


def _pods(pods: PodSet, doubts: Doubts, reading: _Reading) -> PodSet:
    selector = reading(pods.pods, doubts)
    return pods if selector is pods.pods else PodSet(pods.namespaces, selector)


def _surely(peers: Peers, doubts: Doubts) -> Peers:
    if not isinstance(peers, PodSet):
        return peers
    sure = _pods(peers, doubts, _surely_matches)
    if isinstance(sure.namespaces, str) or not _hangs(sure.namespaces, doubts):
        return sure
    declared = Requirement(_UNDECLARED, Operator.DOES_NOT_EXIST)
    return PodSet(Selector.of(*sure.namespaces.requirements, declared), sure.pods)


def _maybe(peers: Peers, doubts: Doubts) -> list[Peers]:
    if not isinstance(peers, PodSet):
        return [peers]
    found = _pods(peers, doubts, _may_match)
    if isinstance(found.namespaces, str) or not _hangs(found.namespaces, doubts):
        return [found]
    named = [item for item in found.namespaces.requirements if item.key == NAME_LABEL]
    undeclared = Selector.of(*named, Requirement(_UNDECLARED, Operator.EXISTS))
    return [found, PodSet(undeclared, found.pods)]


def _hangs(namespaces: Selector, doubts: Doubts) -> bool:
    asked = (item.key for item in namespaces.requirements)
    return bool(doubts.namespaces) and any(key != NAME_LABEL for key in asked)


def _may_match(selector: Selector, doubts: Doubts) -> Selector:
    return _with_unknown(selector, doubts, Operator.IN)


def _surely_matches(selector: Selector, doubts: Doubts) -> Selector:
    return _with_unknown(selector, doubts, Operator.NOT_IN)


def _with_unknown(selector: Selector, doubts: Doubts, operator: Operator) -> Selector:
    """The value that nobody knows is one of those that requirements of this operator list."""
    if not any(item.key in doubts.keys for item in selector.requirements):
        return selector
    return Selector.of(
        *(
            replace(item, values=tuple(sorted((*item.values, UNKNOWN_VALUE))))
            if item.key in doubts.keys and item.operator is operator
            else item
            for item in selector.requirements
        )
    )
