"""Pods of one workload that the new version hasn't, and which of them a new one takes the place of."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator

from netsim.model.cluster import Pod


class Leavers:
    """They are taken one by one, each once; a rollout of thousands must not look at all for each."""

    def __init__(self, pods: Iterable[Pod] = ()) -> None:
        self._left = {pod.identity: pod for pod in pods}
        self._queues: dict[Hashable, deque[Pod]] = defaultdict(deque)
        for pod in self._left.values():
            for looks in _looks(pod):
                self._queues[looks].append(pod)

    def __iter__(self) -> Iterator[Pod]:
        """Those that nobody took, in their order."""
        return iter(self._left.values())

    def take(self, pod: Pod) -> Pod | None:
        """The first of those that policies are most likely to treat alike; None if all are gone."""
        for queue in filter(None, map(self._queues.get, _looks(pod))):
            while queue:
                found = queue.popleft()
                if self._left.pop(found.identity, None):  # else another queue had it before
                    return found
        return None


def _looks(pod: Pod) -> tuple[Hashable, ...]:
    """By what one may be like another, the best first: labels and ports, labels, the workload."""
    return (pod.labels, pod.ports), (pod.labels,), ()
