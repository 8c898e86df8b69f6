"""What the policies of a snapshot look at: the labels that they ask for, and the ports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from netsim.dialects.networkpolicy.syntax import AnyPeer, NetworkPolicy, PodPeer, Rule
from netsim.labels.labels import Labels
from netsim.labels.selector import EVERYTHING, Operator, Requirement, Selector
from netsim.model.snapshot import Snapshot

# A value that no policy asks for, and the one of a label that need only be there.
NOBODYS, ANY = "other", "true"


@dataclass(frozen=True)
class Asked:
    """The policies' selectors, each once, in the order of their texts."""

    policies: tuple[NetworkPolicy, ...]

    @cached_property
    def pods(self) -> tuple[Selector, ...]:
        """Those of pods, of subjects and peers, but for the one that selects everything."""
        subjects = (policy.subject for policy in self.policies)
        return _sorted([*subjects, *(peer.pods for peer in self._peers)])

    @cached_property
    def namespaces(self) -> tuple[Selector, ...]:
        """Those of namespaces, but for the one that selects everything."""
        return _sorted(peer.namespaces for peer in self._peers if peer.namespaces is not None)

    @cached_property
    def elsewhere(self) -> tuple[tuple[Selector, Selector], ...]:
        """Each peer that may be in other namespaces: these, and its pods."""
        found = {
            (peer.namespaces, peer.pods) for peer in self._peers if peer.namespaces is not None
        }
        return tuple(sorted(found, key=lambda each: (str(each[0]), str(each[1]))))

    @cached_property
    def keys(self) -> frozenset[str]:
        """The label keys of pods that are asked for."""
        return frozenset(item.key for each in self.pods for item in each.requirements)

    @cached_property
    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """The values of pods' labels that are asked for, and one that isn't, by key."""
        return _values(self.pods)

    @cached_property
    def namespace_labels(self) -> Mapping[str, tuple[str, ...]]:
        """The same of namespaces."""
        return _values(self.namespaces)

    @property
    def _peers(self) -> Iterator[PodPeer]:
        for policy in self.policies:
            for rule in (*policy.ingress, *policy.egress):
                yield from _pod_peers(rule)


def asked_of(snapshot: Snapshot) -> Asked:
    """What its policies ask for."""
    return Asked(tuple(each for each in snapshot.policies if isinstance(each, NetworkPolicy)))


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


def _one(key: str, value: str | None) -> Labels:
    return Labels() if value is None else Labels({key: value})


def _candidates(requirements: Iterable[Requirement]) -> Iterator[str]:
    for item in requirements:
        if item.operator is Operator.IN:
            yield from item.values


def _pod_peers(rule: Rule) -> Iterator[PodPeer]:
    if not isinstance(rule.peers, AnyPeer):
        yield from (peer for peer in rule.peers if isinstance(peer, PodPeer))


def _sorted(selectors: Iterable[Selector]) -> tuple[Selector, ...]:
    return tuple(sorted({*selectors} - {EVERYTHING}, key=str))


def _values(selectors: Iterable[Selector]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for selector in selectors:
        for item in selector.requirements:
            found.setdefault(item.key, set()).update(item.values)
    return {key: (*sorted(values), NOBODYS) for key, values in sorted(found.items())}
