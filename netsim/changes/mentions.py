"""Whose rules speak of some pods: found by what the rules ask for, not namespace by namespace."""

from __future__ import annotations

from collections.abc import Iterable

from netsim.changes.sides import Side
from netsim.changes.space import Space
from netsim.labels.selector import Operator, Selector
from netsim.model.flow import Direction
from netsim.model.rules import Peers, PodSet, Traffic
from netsim.sets.bitset import members

_Pair = tuple[str, str]
# A namespace, the pods in it that a rule is for, by place, and what it opens.
_Mention = tuple[Space, int, tuple[Traffic, ...]]


class Mentions:
    """The rules of one direction of all namespaces as they were first, by their peers."""

    def __init__(self, side: Side, spaces: Iterable[Space], direction: Direction) -> None:
        # Who is isolated.
        self.isolated = 0
        self.by_peers: dict[Peers, list[_Mention]] = {}
        for space in spaces:
            self.isolated |= side.at(space, space.isolated(direction))
            for subjects, policy in space.ruled(direction):
                for rule in space.lowered(policy, direction).rules:
                    for peers in rule.peers:
                        found = self.by_peers.setdefault(peers, [])
                        found.append((space, subjects, rule.traffic))
        self._anyone: list[Peers] = []
        self._by_name: dict[str, list[Peers]] = {}
        self._by_label: dict[_Pair, list[Peers]] = {}
        self._by_space: dict[_Pair, list[Peers]] = {}
        for peers in self.by_peers:
            self._enter(peers)

    def _enter(self, peers: Peers) -> None:
        """Under something that all whom they name must have, if there is anything."""
        if not isinstance(peers, PodSet):
            self._anyone.append(peers)
        elif isinstance(peers.namespaces, str):
            self._by_name.setdefault(peers.namespaces, []).append(peers)
        elif asked := _asked(peers.pods):
            for pair in asked:
                self._by_label.setdefault(pair, []).append(peers)
        elif asked := _asked(peers.namespaces):
            for pair in asked:
                self._by_space.setdefault(pair, []).append(peers)
        else:
            self._anyone.append(peers)

    def of(self, pods: Iterable[tuple[Space, int]]) -> set[Peers]:
        """The peers that may name one of some pods, which are places of namespaces."""
        labels: set[_Pair] = set()
        found = set(self._anyone)
        for space, places in pods:
            found.update(self._by_name.get(space.namespace.name, ()))
            for pair in space.namespace.labels.items():
                found.update(self._by_space.get(pair, ()))
            labels.update(pair for at in members(places) for pair in space.pods[at].labels.items())
        for pair in labels:
            found.update(self._by_label.get(pair, ()))
        return found


def _asked(selector: Selector) -> list[_Pair]:
    """The labels of which all that it selects have one."""
    listed = [item for item in selector.requirements if item.operator is Operator.IN]
    fewest = min(listed, key=lambda item: len(item.values), default=None)
    return [(fewest.key, value) for value in fewest.values] if fewest else []
