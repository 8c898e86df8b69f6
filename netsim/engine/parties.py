"""Whom a listing speaks of: workloads, single pods, or whole endpoint classes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from netsim.compiler.classes import EndpointClass, Universe
from netsim.engine.level import Level
from netsim.model.cluster import Node, Pod


@dataclass(frozen=True, slots=True)
class Party:
    """One line's source or destination: endpoints of one class, under one name.

    `count` is the number of pods that it stands for; where nobody knows it, None (as one of a
    DaemonSet): more than one. `members` are the pods or nodes, all equal replicas one.
    """

    name: str
    namespace: str
    number: int
    count: int | None
    members: tuple[Pod | Node, ...] = field(compare=False, repr=False)

    @property
    def several(self) -> bool:
        """Whether it has another endpoint to talk to of its own."""
        return self.count != 1


def parties_of(universe: Universe, level: Level) -> tuple[Party, ...]:
    """Every party of a level, by name. Those of one workload that rules tell apart are apart."""
    found: list[Party] = []
    for number, item in enumerate(universe.classes):
        found += _parties(number, item, level)
    found = _named_apart(found)
    return tuple(sorted(found, key=lambda party: (party.namespace, party.name, party.number)))


def _parties(number: int, item: EndpointClass, level: Level) -> list[Party]:
    if level is Level.CLASS:
        return [_party(_class_name(item), number, item, item.members)]
    groups: dict[str, list[Pod | Node]] = {}
    for member in item.members:
        groups.setdefault(_name(member, level), []).append(member)
    return [_party(name, number, item, tuple(members)) for name, members in groups.items()]


def _party(name: str, number: int, item: EndpointClass, members: tuple[Pod | Node, ...]) -> Party:
    return Party(name, item.namespace, number, _count(members), members)


def _name(member: Pod | Node, level: Level) -> str:
    if level is Level.WORKLOAD and isinstance(member, Pod) and member.workload:
        return str(member.workload)
    return str(member)


def _class_name(item: EndpointClass) -> str:
    first, *others = sorted(str(member) for member in item.members)
    return f"{first} and {len(others)} more" if others else first


def _count(members: tuple[Pod | Node, ...]) -> int | None:
    """The number of endpoints, or None where one of them stands for nobody knows how many."""
    total = 0
    for member in members:
        replicas = member.replicas if isinstance(member, Pod) else 1
        if replicas is None:
            return None
        total += replicas
    return total


def _named_apart(parties: list[Party]) -> list[Party]:
    """Give parties that share a name, as the parts of one workload, names of their own."""
    names = Counter(party.name for party in parties)
    return [party if names[party.name] == 1 else _renamed(party) for party in parties]


def _renamed(party: Party) -> Party:
    """Named by its first pod besides; a node can share its name with a pod of a namespace `node`."""
    first = min(party.members, key=lambda member: member.name)
    part = "a node" if isinstance(first, Node) else first.name
    return replace(party, name=f"{party.name} ({part})")
