"""The nodes of a graph: parties, and what is said of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from netsim.engine.level import Level
from netsim.engine.parties import Party
from netsim.labels.labels import UNKNOWN_VALUE
from netsim.model.cluster import Node, Pod

Attributes = dict[str, Any]

# All that is outside is one node. No party is called so, nor by a DNS name: their names have a slash.
EXTERNAL = "external"
_DOMAIN = "domain"


def nodes_of(
    parties: Iterable[Party], level: Level, domains: Iterable[str]
) -> dict[str, Attributes]:
    """Each node with its attributes: the parties in their order, what is outside, and DNS names."""
    found = {party.name: _node(party, level) for party in parties}
    found[EXTERNAL] = _beyond(EXTERNAL)
    found.update((name, _beyond(_DOMAIN)) for name in domains)
    return found


def pods_of(party: Party) -> int:
    """How many pods or nodes a party stands for, or the fewest that it can be."""
    return sum(map(_least, party.members))


def _node(party: Party, level: Level) -> Attributes:
    members = party.members
    return {
        "kind": _kind(members, level),
        "namespace": _only(item.namespace if isinstance(item, Pod) else "" for item in members),
        "workload": _only(_workload(item) for item in members),
        "labels": _labels(members),
        "addresses": tuple(
            dict.fromkeys(str(address) for item in members for address in item.addresses)
        ),
        "pods": pods_of(party),
        "pods_known": party.count is not None,
    }


def _beyond(kind: str) -> Attributes:
    return {
        "kind": kind,
        "namespace": "",
        "workload": "",
        "labels": {},
        "addresses": (),
        "pods": 0,
        "pods_known": True,
    }


def _kind(members: Sequence[Pod | Node], level: Level) -> str:
    if level is Level.CLASS:
        return "class"
    by_workload = level is Level.WORKLOAD
    return _only(
        "node"
        if isinstance(item, Node)
        else (item.workload.kind if item.workload and by_workload else "pod")
        for item in members
    )


def _workload(member: Pod | Node) -> str:
    return str(member.workload) if isinstance(member, Pod) and member.workload else ""


def _least(member: Pod | Node) -> int:
    return (member.replicas or 1) if isinstance(member, Pod) else 1


def _only(texts: Iterable[str]) -> str:
    """The one text that all are, or an empty one."""
    found = set(texts)
    return found.pop() if len(found) == 1 else ""


def _labels(members: Sequence[Pod | Node]) -> dict[str, str]:
    """The labels that all of them have, as far as their values are known (WL-7)."""
    first, *others = (member.labels for member in members)
    return {
        key: value
        for key, value in sorted(first.items())
        if value != UNKNOWN_VALUE and all(labels.get(key) == value for labels in others)
    }
