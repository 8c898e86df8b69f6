"""What the policies of a snapshot look at: the labels that they ask for, and the ports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, count
from typing import assert_never

from netsim.dialects.networkpolicy.syntax import AnyPeer, NetworkPolicy, PodPeer
from netsim.dialects.tiers.syntax import (
    DomainsPeer,
    NamespacesPeer,
    NetworksPeer,
    NodesPeer,
    Peer,
    PodsPeer,
    TierPolicy,
    UnusablePeer,
)
from netsim.labels.index import LabelIndex
from netsim.labels.labels import Labels
from netsim.labels.selector import EVERYTHING, Operator, Requirement, Selector
from netsim.model.snapshot import Snapshot
from netsim.sets.bitset import members

# A value that no policy asks for, and the one of a label that need only be there.
NOBODYS, ANY = "other", "true"


@dataclass(frozen=True)
class Seen:
    """The selectors that look at some pods or namespaces, each once, in the order of their texts."""

    selectors: tuple[Selector, ...]

    @staticmethod
    def by(selectors: Iterable[Selector]) -> Seen:
        """By these, but for the one that selects everything."""
        return Seen(tuple(sorted({*selectors} - {EVERYTHING}, key=str)))

    @cached_property
    def keys(self) -> frozenset[str]:
        """The label keys that are asked for."""
        return frozenset(item.key for each in self.selectors for item in each.requirements)

    @cached_property
    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """The values that are asked for, and one that isn't, by key."""
        found: dict[str, set[str]] = {}
        for selector in self.selectors:
            for item in selector.requirements:
                found.setdefault(item.key, set()).update(item.values)
        return {key: (*sorted(values), NOBODYS) for key, values in sorted(found.items())}

    @cached_property
    def met(self) -> tuple[Mapping[str, str | None], ...]:
        """For each selector that can be met, the fewest labels that meet it."""
        return tuple(found for each in self.selectors if (found := meeting(each)))


class Asked:
    """What the policies of a snapshot look at, and which names are taken in it.

    `policies` are the NetworkPolicies, `tiers` those of the whole cluster.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        found = (each for each in snapshot.policies if isinstance(each, NetworkPolicy))
        self.policies: tuple[NetworkPolicy, ...] = tuple(found)
        self.tiers: tuple[TierPolicy, ...] = tier_policies_of(snapshot)
        self._by_namespace: dict[str, list[NetworkPolicy]] = {}
        for policy in self.policies:
            self._by_namespace.setdefault(policy.namespace, []).append(policy)
        self._seen: dict[str, Seen] = {}

    def of(self, namespace: str) -> list[NetworkPolicy]:
        """The policies of a namespace."""
        return self._by_namespace.get(namespace, [])

    def seen_in(self, namespace: str) -> Seen:
        """What looks at the pods of a namespace: its own policies, and the peers of others."""
        found = self._seen.get(namespace)
        if found is None:
            own = self.of(namespace)
            selectors = {policy.subject for policy in own}
            selectors |= {peer.pods for peer in _peers(own) if peer.namespaces is None}
            selectors |= self._from_elsewhere.get(namespace, set())
            found = self._seen[namespace] = Seen.by(selectors)
        return found

    @cached_property
    def pods(self) -> Seen:
        """What looks at pods, wherever they are."""
        subjects = (policy.subject for policy in self.policies)
        of_tiers = (pods for _, pods in _pairs(self.tiers))
        return Seen.by([*subjects, *(peer.pods for peer in _peers(self.policies)), *of_tiers])

    @cached_property
    def namespaces(self) -> Seen:
        """What looks at namespaces."""
        return Seen.by(spaces for spaces, _ in self.elsewhere)

    @cached_property
    def nodes(self) -> Seen:
        """What looks at nodes."""
        peers = tier_peers(self.tiers)
        return Seen.by(peer.nodes for peer in peers if isinstance(peer, NodesPeer))

    @cached_property
    def elsewhere(self) -> tuple[tuple[Selector, Selector], ...]:
        """Each peer that may be in other namespaces: these, and its pods.

        Those too whom a policy of the whole cluster governs.
        """
        return _in_order({*elsewhere(self.policies), *_pairs(self.tiers)})

    @cached_property
    def _from_elsewhere(self) -> dict[str, set[Selector]]:
        """The peers' selectors of pods, by the namespaces that the peers are in."""
        names = list(self._snapshot.namespaces)
        labels = [space.labels for space in self._snapshot.namespaces.values()]
        index = LabelIndex(labels, frozenset(key for each in labels for key in each))
        found: dict[str, set[Selector]] = {name: set() for name in names}
        for spaces, pods in self.elsewhere:
            for at in members(index.select(spaces)):
                found[names[at]].add(pods)
        return found

    @cached_property
    def taken(self) -> frozenset[str]:
        """The names of all objects, whatever they are."""
        inventory = self._snapshot.inventory
        contents = inventory.contents.values() if inventory else ()
        named = {name for each in contents for _, _, name in each.objects}
        return frozenset(named | self._snapshot.namespaces.keys())

    def unused(self, name: str) -> str:
        """A name that nothing has: this one, or one with a number."""
        numbered = (f"{name}-{number}" for number in count(2))
        return next(each for each in chain([name], numbered) if each not in self.taken)


def elsewhere(policies: Iterable[NetworkPolicy]) -> tuple[tuple[Selector, Selector], ...]:
    """Each peer of these policies that may be in other namespaces: these, and its pods."""
    return _in_order(
        (each.namespaces, each.pods) for each in _peers(policies) if each.namespaces is not None
    )


def tier_policies_of(snapshot: Snapshot) -> tuple[TierPolicy, ...]:
    """The policies of the whole cluster, in the order in which they are asked."""
    found = (each for each in snapshot.policies if isinstance(each, TierPolicy))
    return tuple(sorted(found, key=lambda policy: policy.order))


def tier_peers(policies: Iterable[TierPolicy]) -> Iterator[Peer]:
    """Every peer of every rule of these."""
    for policy in policies:
        for rule in (*policy.ingress, *policy.egress):
            yield from rule.peers


def meeting(selector: Selector) -> dict[str, str | None] | None:
    """The fewest labels that a selector asks for, None for those that may not be there.

    None where no labels can meet it.
    """
    found: dict[str, str | None] = {}
    for key in dict.fromkeys(item.key for item in selector.requirements):
        mine = Selector.of(*(item for item in selector.requirements if item.key == key))
        candidates = (None, *_candidates(mine.requirements), ANY, NOBODYS)
        fitting = [value for value in candidates if mine.matches(_one(key, value))]
        if not fitting:
            return None
        found[key] = fitting[0]
    return found


def _in_order(
    pairs: Iterable[tuple[Selector, Selector]],
) -> tuple[tuple[Selector, Selector], ...]:
    return tuple(sorted({*pairs}, key=lambda each: (str(each[0]), str(each[1]))))


def _pairs(policies: Iterable[TierPolicy]) -> Iterator[tuple[Selector, Selector]]:
    """The namespaces and the pods of each subject, and of each peer that has any."""
    for each in (*(policy.subject for policy in policies), *tier_peers(policies)):
        match each:
            case NamespacesPeer(namespaces):
                yield namespaces, EVERYTHING
            case PodsPeer(namespaces, pods):
                yield namespaces, pods
            case NodesPeer() | NetworksPeer() | DomainsPeer() | UnusablePeer():
                pass
            case _:
                assert_never(each)


def _one(key: str, value: str | None) -> Labels:
    return Labels() if value is None else Labels({key: value})


def _candidates(requirements: Iterable[Requirement]) -> Iterator[str]:
    for item in requirements:
        if item.operator is Operator.IN:
            yield from item.values


def _peers(policies: Iterable[NetworkPolicy]) -> Iterator[PodPeer]:
    for policy in policies:
        for rule in (*policy.ingress, *policy.egress):
            if not isinstance(rule.peers, AnyPeer):
                yield from (peer for peer in rule.peers if isinstance(peer, PodPeer))
