"""What is found out about the endpoints of one side once, and kept with it: for whoever asks again.

It hangs on their namespaces and pods alone, or on one namespace with its policies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from netsim.changes.mentions import Mentions
from netsim.changes.sides import Side, bits_of
from netsim.changes.space import Space
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.labels.selector import EVERYTHING, Selector
from netsim.model.cluster import ContainerPort, Namespace, Pod
from netsim.model.flow import Direction
from netsim.model.rules import Peers, PodSet, Traffic
from netsim.sets.bitset import members
from netsim.source.collector import collector_off

_Said = tuple[Peers, tuple[Traffic, ...]]
# Whether they are isolated, a number for what they declare, and some of their rules.
Key = tuple[bool, int, frozenset[_Said]]
_NO_RULES: frozenset[_Said] = frozenset()


@dataclass(slots=True)
class _Pods:
    """What is known of the pods of a side, whatever its policies."""

    plain: int | None = None
    named: dict[PodSet, int] = field(default_factory=dict)
    meant: dict[PodSet, int] = field(default_factory=dict)
    ports: dict[tuple[ContainerPort, ...], int] = field(default_factory=dict)
    mentions: dict[Direction, Mentions] = field(default_factory=dict)


def plain(side: Side) -> int:
    """The pods of which nobody knows an address or a node: to rules about these they are alike."""
    known = _pods(side)
    if known.plain is None:
        spaces = side.version.spaces.values()
        known.plain = side.of(pod for space in spaces for pod in space.pods if _is_plain(pod))
    return known.plain


def _is_plain(pod: Pod) -> bool:
    return not (pod.addresses or pod.host_addresses or pod.node or pod.host_network)


def named(side: Side, whom: PodSet) -> int:
    """The units that a rule names."""
    known = _pods(side).named
    found = known.get(whom)
    if found is None:
        spaces = side.version.selected(whom.namespaces)
        found = 0
        if whom.pods == EVERYTHING:
            for space in spaces:
                found |= side.of_space(space)
        else:
            for space in spaces:
                found |= side.at(space, space.places(whom.pods))
        known[whom] = found
    return found


def perhaps_named(side: Side, whom: PodSet) -> int:
    """The units that a rule names, and those that it may name (WL-7, NP-35)."""
    known = _pods(side).meant
    found = known.get(whom)
    if found is None:
        found = 0
        for space in side.version.spaces.values():
            if _may_be(whom.namespaces, space.namespace):
                found |= side.at(space, space.places(whom.pods) | space.perhaps(whom.pods))
        known[whom] = found
    return found


def _may_be(namespaces: str | Selector, namespace: Namespace) -> bool:
    if isinstance(namespaces, str):
        return namespaces == namespace.name
    return not namespace.declared or namespaces.matches(namespace.labels)


def mentions(side: Side, direction: Direction) -> Mentions:
    """Whom the rules of one direction speak of, before any namespace was edited."""
    known = _pods(side).mentions
    found = known.get(direction)
    if found is None:
        spaces = side.version.population.spaces.values()
        with collector_off():
            found = known[direction] = Mentions(side, spaces, direction)
    return found


def _pods(side: Side) -> _Pods:
    population = side.version.population
    found = side.kept.get(population)
    if not isinstance(found, _Pods):
        found = side.kept[population] = _Pods()
    return found


@dataclass(frozen=True, slots=True)
class OwnRules:
    """The rules of one direction of the pods of a namespace, by units that have the same ones."""

    _groups: tuple[tuple[int, bool, int, tuple[_Said, ...]], ...]
    _peers: tuple[Peers, ...]
    _without: dict[Key, int]

    def groups(self, heard: Callable[[Peers], bool]) -> Iterator[tuple[Key, int]]:
        """The units by those of their rules that are about peers which are `heard` of."""
        about = {peers for peers in self._peers if heard(peers)}
        if not about:
            yield from self._without.items()
            return
        for units, isolated, ports, rules in self._groups:
            yield (isolated, ports, frozenset(rule for rule in rules if rule[0] in about)), units


def own_rules(side: Side, space: Space, direction: Direction) -> OwnRules:
    """What policies of a namespace say of its pods in one direction."""
    known = side.kept.get(space)
    if not isinstance(known, dict):
        known = side.kept[space] = {}
    found = known.get(direction)
    if found is None:
        found = known[direction] = _own_rules(side, space, direction)
    return found


def _own_rules(side: Side, space: Space, direction: Direction) -> OwnRules:
    governing: dict[int, list[NetworkPolicy]] = {}
    for policy in space.policies:
        if direction in policy.directions:
            for at in members(space.places(policy.subject)):
                governing.setdefault(at, []).append(policy)
    alike: dict[tuple[int, tuple[int, ...]], list[int]] = {}
    numbers = _pods(side).ports
    for at, pod in enumerate(space.pods):
        # What a sender listens on has no say.
        ports = () if direction is Direction.EGRESS else pod.ports
        declared = numbers.setdefault(ports, len(numbers))
        ids = tuple(id(policy) for policy in governing.get(at, ()))
        alike.setdefault((declared, ids), []).append(at)
    groups = []
    without: dict[Key, int] = {}
    for (declared, ids), places in alike.items():
        units = side.at(space, bits_of(places))
        rules = _said(governing.get(places[0], ()), direction, space)
        groups.append((units, bool(ids), declared, rules))
        key = bool(ids), declared, _NO_RULES
        without[key] = without.get(key, 0) | units
    peers = dict.fromkeys(peers for *_, rules in groups for peers, _ in rules)
    return OwnRules(tuple(groups), tuple(peers), without)


def _said(
    policies: Iterable[NetworkPolicy], direction: Direction, space: Space
) -> tuple[_Said, ...]:
    rules = (rule for policy in policies for rule in space.lowered(policy, direction).rules)
    return tuple((peers, rule.traffic) for rule in rules for peers in rule.peers)
