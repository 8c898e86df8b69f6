"""What nobody knows offline and policies ask for; and the rules read for the least, and for the most.

With the rules read for the least, nothing passes but what does whatever the truth is; for the
most, all that passes if the truth is just so. In between lies every answer. The two readings are
rules again: what is compiled from them is compiled by the same means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from netsim.compiler.classes import EndpointClass, Universe
from netsim.compiler.pools import may_hold, surely_holds
from netsim.compiler.sets import can_match
from netsim.labels.labels import UNKNOWN_VALUE
from netsim.labels.selector import Operator, Requirement, Selector
from netsim.model.cluster import NAME_LABEL, Namespace
from netsim.model.rules import AddressSet, Lowered, Peers, PodSet, Rule
from netsim.model.semantics import Semantics
from netsim.model.snapshot import Snapshot

# A label that no manifest can write, of namespaces that nobody declared.
_UNDECLARED = "\0undeclared"


@dataclass(frozen=True, slots=True)
class Doubts:
    """What is not known and asked for.

    `keys` are of labels whose value isn't known (WL-7), `namespaces` those without manifest
    (NP-35), `blocks` such as may or may not hold an unknown address (NP-43); `families` whether
    it matters that a pod of unknown address may have one in IPv6.
    """

    keys: frozenset[str] = frozenset()
    namespaces: frozenset[str] = frozenset()
    blocks: frozenset[AddressSet] = frozenset()
    families: bool = False

    def __bool__(self) -> bool:
        return bool(self.keys or self.namespaces or self.blocks or self.families)


def doubts_of(
    lowered: Lowered, universe: Universe, versions: Iterable[frozenset[int]], snapshot: Snapshot
) -> Doubts:
    """What is in doubt about these rules. Linear in their size and in the classes."""
    sets = {isolation.subject for isolation in lowered.isolations}
    blocks: set[AddressSet] = set()
    for rule in lowered.rules:
        sets |= {peers for peers in rule.peers if isinstance(peers, PodSet)}
        blocks |= {peers for peers in rule.peers if isinstance(peers, AddressSet)}
    anywhere = any(not known for known in versions)
    return Doubts(
        _keys({each.pods for each in sets}, universe.classes),
        _namespaces({each.namespaces for each in sets}, snapshot),
        frozenset(_blocks(blocks, universe, snapshot.semantics)),
        anywhere and any(block.cidr.version == 6 for block in blocks),
    )


def _keys(selectors: Iterable[Selector], classes: Iterable[EndpointClass]) -> frozenset[str]:
    read = {item.key for selector in selectors for item in selector.requirements if item.values}
    labels = (item.representative.labels for item in classes if not item.is_node)
    return frozenset(key for each in labels for key in read & each.unknown)


def _namespaces(read: Iterable[str | Selector], snapshot: Snapshot) -> frozenset[str]:
    if not any(isinstance(each, Selector) and _asks_for_labels(each) for each in read):
        return frozenset()
    spaces = snapshot.namespaces.values()
    return frozenset(space.name for space in spaces if not space.declared)


def _asks_for_labels(namespaces: Selector) -> bool:
    """Whether it asks for more than the name, which is known of every namespace."""
    return any(item.key != NAME_LABEL for item in namespaces.requirements)


def _blocks(
    blocks: Iterable[AddressSet], universe: Universe, semantics: Semantics
) -> Iterator[AddressSet]:
    without = {
        (item.is_node, item.has_own_address) for item in universe.classes if not item.addresses
    }
    for block in blocks:
        pools = [cidr for cidr in semantics.pod_cidrs if cidr.version == block.cidr.version]
        for is_node, own in without:
            known = pools if own else []
            if (
                can_match(block, is_node, semantics)
                and may_hold(block, known)
                and not surely_holds(block, known)
            ):
                yield block
                break


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

    return Lowered(
        tuple(
            replace(rule, subject=_pods(rule.subject, doubts, subjects), peers=tuple(whom(rule)))
            for rule in lowered.rules
        ),
        tuple(
            replace(each, subject=_pods(each.subject, doubts, isolated))
            for each in lowered.isolations
        ),
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
    return bool(doubts.namespaces) and _asks_for_labels(namespaces)


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
