"""The policies of a version that are of the whole cluster, and the ranked rules they come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from netsim.dialects.tiers.lower import lower
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.model.rules import DomainSet, NodeSet, RankedRule
from netsim.model.semantics import Semantics
from netsim.model.tiers import Tier


@dataclass(frozen=True, eq=False)
class Tiers:
    """The policies of the tiers around NetworkPolicy, by kind and name. True if there are any."""

    policies: tuple[TierPolicy, ...]
    semantics: Semantics

    def __bool__(self) -> bool:
        return bool(self.policies)

    def with_policies(self, policies: Iterable[TierPolicy]) -> Tiers:
        """The same with other policies; itself if all are the very same."""
        wanted = tuple(policies)
        if list(map(id, wanted)) == list(map(id, self.policies)):
            return self
        found = Tiers(wanted, self.semantics)
        kept = {id(policy) for policy in wanted}
        found._lowered.update((at, rules) for at, rules in self._lowered.items() if at in kept)
        return found

    def lowered(self, policy: TierPolicy) -> tuple[RankedRule, ...]:
        """What one of its policies comes to. Found out once."""
        found = self._lowered.get(id(policy))
        if found is None:
            found = self._lowered[id(policy)] = lower([policy], self.semantics)
        return found

    @cached_property
    def ranked(self) -> tuple[RankedRule, ...]:
        """What all of them come to, in the order in which they are asked."""
        ordered = sorted(self.policies, key=lambda policy: policy.order)
        return tuple(rule for policy in ordered for rule in self.lowered(policy))

    @cached_property
    def has_baseline(self) -> bool:
        """Whether there is a tier that a NetworkPolicy may keep from being asked (ANP-9)."""
        return any(policy.tier is Tier.BASELINE for policy in self.policies)

    @cached_property
    def nodes(self) -> frozenset[NodeSet]:
        """The nodes that rules are about, by label (ANP-16)."""
        return frozenset(
            peers for rule in self.ranked for peers in rule.peers if isinstance(peers, NodeSet)
        )

    @cached_property
    def domains(self) -> frozenset[str]:
        """The DNS names that rules are about (ANP-17)."""
        each = (peers for rule in self.ranked for peers in rule.peers)
        return frozenset(peers.name for peers in each if isinstance(peers, DomainSet))

    @cached_property
    def node_keys(self) -> frozenset[str]:
        """The label keys that rules ask for of nodes."""
        return frozenset(item.key for each in self.nodes for item in each.nodes.requirements)

    @cached_property
    def _lowered(self) -> dict[int, tuple[RankedRule, ...]]:
        return {}


def in_place(policies: Iterable[TierPolicy]) -> list[TierPolicy]:
    """Policies in the order of a version."""
    return sorted(policies, key=lambda policy: (policy.kind, policy.name))
