"""One namespace of a version: its pods by label, and what its policies come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from netsim.dialects.networkpolicy.lower import lower
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.labels.index import LabelIndex
from netsim.labels.selector import Selector
from netsim.model.cluster import Namespace, Pod
from netsim.model.flow import Direction
from netsim.model.rules import Lowered
from netsim.model.semantics import Semantics
from netsim.sets.bitset import of


@dataclass(frozen=True, eq=False)
class Space:
    """One namespace: its labels, the pods in it that run (NP-64), and its policies."""

    namespace: Namespace
    pods: tuple[Pod, ...]
    policies: tuple[NetworkPolicy, ...]
    semantics: Semantics

    def with_policies(self, policies: Iterable[NetworkPolicy]) -> Space:
        """The same with other policies. It keeps what is known of its pods and of those it had."""
        found = Space(self.namespace, self.pods, tuple(policies), self.semantics)
        found.__dict__["_labels"] = self._labels
        found.__dict__["_unknown"] = self._unknown
        kept = {id(policy) for policy in found.policies}
        found._lowered.update((at, each) for at, each in self._lowered.items() if at[0] in kept)
        return found

    def differs_in_policies(self, other: Space | None) -> bool:
        """Whether the very same pods are in the same namespace, whatever its policies."""
        return other is not None and self.namespace is other.namespace and self.pods is other.pods

    def lowered(self, policy: NetworkPolicy, direction: Direction) -> Lowered:
        """What one of its policies comes to in one direction. Found out once."""
        found = self._lowered.get((id(policy), direction))
        if found is None:
            both = lower([policy], self.semantics)
            found = self._lowered[id(policy), direction] = Lowered(
                tuple([rule for rule in both.rules if rule.direction is direction]),
                tuple([each for each in both.isolations if each.direction is direction]),
            )
        return found

    def governing(self, pods: int, direction: Direction) -> list[NetworkPolicy]:
        """The policies that govern some of its pods, or may (WL-7); `pods` are their places."""
        return [
            policy
            for surely, policy in self.ruled(direction)
            if (surely | self.perhaps(policy.subject)) & pods
        ]

    def ruled(self, direction: Direction) -> list[tuple[int, NetworkPolicy]]:
        """Its policies of one direction, each with the pods that it surely governs."""
        found = self._ruled.get(direction)
        if found is None:
            found = self._ruled[direction] = [
                (self._labels.select(policy.subject), policy)
                for policy in self.policies
                if direction in policy.directions
            ]
        return found

    def isolated(self, direction: Direction) -> int:
        """Its pods that some policy surely isolates, as their places."""
        found = 0
        for pods, _ in self.ruled(direction):
            found |= pods
        return found

    def places(self, pods: Selector) -> int:
        """Its pods by label, each as its place among them."""
        return self._labels.select(pods)

    def perhaps(self, pods: Selector) -> int:
        """Those of which nobody knows whether a selector matches them (WL-7)."""
        if any(item.key in self._unknown for item in pods.requirements):
            each = enumerate(self.pods)
            return of(at for at, pod in each if pods.undecidable(pod.labels))
        return 0

    @cached_property
    def _ruled(self) -> dict[Direction, list[tuple[int, NetworkPolicy]]]:
        return {}

    @cached_property
    def _lowered(self) -> dict[tuple[int, Direction], Lowered]:
        return {}

    @cached_property
    def _labels(self) -> LabelIndex:
        keys = frozenset(key for pod in self.pods for key in pod.labels)
        return LabelIndex((pod.labels for pod in self.pods), keys)

    @cached_property
    def _unknown(self) -> frozenset[str]:
        """The label keys under which some pod has a value that nobody knows."""
        return frozenset(key for pod in self.pods for key in pod.labels.unknown)
