"""Pods that may be on each node, as one pod on each of them (WL-13).

Each of these meets its own node (NP-60) and no other, so that classes answer for it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from netsim.engine.roll import Roll
from netsim.model.cluster import Node, Pod
from netsim.model.flow import Endpoint
from netsim.model.snapshot import Snapshot

_End = TypeVar("_End", bound=Endpoint)


class Placing:
    """The pods that stand on each node: those of each such pod, by its identity; and whose each is."""

    def __init__(
        self, places: Mapping[Hashable, tuple[Pod, ...]], whole: Mapping[Hashable, Pod]
    ) -> None:
        self._places, self._whole = places, whole

    def __bool__(self) -> bool:
        """Whether there is any such pod."""
        return bool(self._places)

    def all(self, endpoints: Sequence[Endpoint]) -> Iterable[Endpoint]:
        """Endpoints, those that stand on each node as one on each of them."""
        return chain.from_iterable(map(self._each, endpoints)) if self else endpoints

    def _each(self, endpoint: Endpoint) -> tuple[Endpoint, ...]:
        if isinstance(endpoint, Pod):
            return self._places.get(endpoint.identity, (endpoint,))
        return (endpoint,)

    def whole(self, endpoints: Iterable[_End]) -> Iterator[_End | Pod]:
        """Endpoints, of those that are one pod in many places that one once."""
        known: set[Hashable] = set()
        for endpoint in endpoints:
            found = self._whole.get(endpoint.identity) if isinstance(endpoint, Pod) else None
            if found is None:
                yield endpoint
            elif found.identity not in known:
                known.add(found.identity)
                yield found

    def snapshot(self, snapshot: Snapshot) -> Snapshot:
        """A snapshot with these pods in their places."""
        pods = (each for pod in snapshot.pods for each in self._places.get(pod.identity, (pod,)))
        return replace(snapshot, pods=tuple(pods))


NOBODY_PLACED = Placing({}, {})


def placing_of(snapshot: Snapshot, roll: Roll, nodes: Iterable[Node]) -> Placing:
    """Where the pods of a snapshot stand whose node nobody says."""
    from netsim.analysis.asked import on_each_node  # few clusters have such pods

    places: dict[Hashable, tuple[Pod, ...]] = {}
    whole: dict[Hashable, Pod] = {}
    known = tuple(nodes)
    for pod in snapshot.pods:
        if not pod.finished and roll.floats(pod):
            found = places[pod.identity] = tuple(on_each_node(pod, known))
            whole.update(dict.fromkeys((each.identity for each in found), pod))
    return Placing(places, whole)
