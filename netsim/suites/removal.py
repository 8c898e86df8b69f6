"""What is other without one policy, or without one rule of it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TypeVar

from netsim.changes.between import boxes_between
from netsim.changes.boxes import Box
from netsim.changes.edits import PolicyEdit, TierEdit
from netsim.changes.owning import named
from netsim.changes.pairing import Pairing
from netsim.changes.slicing import Field, slices_of
from netsim.changes.version import Version, version_of
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.dialects.tiers.lower import subject_of
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.engine.outside import Outside
from netsim.model.flow import Direction
from netsim.model.rules import DomainSet, RankedRule
from netsim.model.snapshot import Snapshot
from netsim.sets.bitset import members
from netsim.suites.ground import Ground
from netsim.suites.judging import outcome
from netsim.suites.outcome import Outcome
from netsim.suites.suite import Expectation

# A policy that has parts to take away.
Parted = NetworkPolicy | TierPolicy
_Policy = TypeVar("_Policy", NetworkPolicy, TierPolicy)
# A rule of a policy: its direction, and its number in that.
Place = tuple[Direction, int]


class Removals:
    """A snapshot from which parts of policies are taken, one at a time."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        version = version_of(snapshot)
        self.pairing = Pairing(version, version)

    def of(self, policy: Parted, place: Place | None) -> Removal:
        """Without a rule of a policy; without a `place`, without the whole policy."""
        if place is None:
            return Removal(self, policy, None, self._directions(policy))
        return Removal(self, policy, without_rule(policy, *place), frozenset({place[0]}))

    def _directions(self, policy: Parted) -> frozenset[Direction]:
        """The directions in which a policy has a say."""
        if isinstance(policy, TierPolicy):
            return frozenset(each for each in Direction if policy.rules(each))
        # IMP-11: whom it selects in one direction Baseline may have no say about in either
        tiers = self.pairing.old.version.tiers
        both = tiers.has_baseline and tiers.semantics.baseline_scope == "pod"
        return frozenset(Direction) if both else policy.directions


class Removal:
    """One part of a policy taken from a snapshot. Everything is found when first asked for."""

    def __init__(
        self,
        whole: Removals,
        policy: Parted,
        left: Parted | None,
        directions: frozenset[Direction],
    ) -> None:
        """`left` is what is left of the policy, which is another in some directions."""
        self._whole, self.policy, self.left, self._directions = whole, policy, left, directions

    @cached_property
    def subject(self) -> int:
        """The units that the policy governs."""
        policy, side = self.policy, self._whole.pairing.old
        if isinstance(policy, TierPolicy):
            pods = subject_of(policy)
            return named(side, pods) if pods else 0
        space = self._version.spaces[policy.namespace]
        return side.at(space, space.places(policy.subject))

    def touches(self, field: Field) -> bool:
        """Whether a pair of a field may be another: its sender, or its receiver, is governed."""
        return bool(field.senders & self._senders or field.receivers & self._receivers)

    @cached_property
    def _senders(self) -> int:
        return self.subject if Direction.EGRESS in self._directions else 0

    @cached_property
    def _receivers(self) -> int:
        return self.subject if Direction.INGRESS in self._directions else 0

    @cached_property
    def boxes(self) -> list[Box]:
        """All that may pass otherwise."""
        pairing = self._without
        return boxes_between(pairing, pairing.old, pairing.new, [self._edit])

    @property
    def has_effect(self) -> bool:
        """Whether anybody may send or get anything else: by address, or under a DNS name."""
        return bool(self.boxes) or self._is_told_by_names()

    def _is_told_by_names(self) -> bool:
        """Whether other things may be sent to what is reached under a name that rules mention.

        They may be where, whatever address the name has, the least or the most is other (ANP-17).
        """
        tiers = self._version.tiers
        if not self._senders or not any(map(_names_domains, tiers.ranked)):
            return False
        pairing = self._without
        one, other = slices_of(pairing.old, pairing.new, Field(self._senders, 0))
        before, after = Outside(one.tables), Outside(other.tables)
        classes = {one.class_of[unit] for unit in members(self._senders)}
        return any(
            before.sent_to(name, at) != after.sent_to(name, at)
            for name in one.tables.looks.domains
            for at in classes
        )

    @cached_property
    def _without(self) -> Pairing:
        """The version with the policy, and that with what is left of it."""
        version = self._version
        if isinstance(self._edit, TierEdit):
            around = [self._remaining(each) for each in version.tiers.policies]
            version = version.with_tiers(filter(None, around))
        else:
            name = self.policy.namespace
            space = version.spaces[name]
            policies = [self._remaining(each) for each in space.policies]
            space = space.with_policies(filter(None, policies))
            version = version.with_spaces({name: space})
        return self._whole.pairing.with_new(version)

    def _remaining(self, policy: _Policy) -> _Policy | None:
        """What is left of a policy."""
        if policy is not self.policy:
            return policy
        assert self.left is None or isinstance(self.left, type(policy))
        return self.left

    @cached_property
    def _edit(self) -> PolicyEdit | TierEdit:
        if isinstance(self.policy, TierPolicy):
            return TierEdit(self.policy, self._remaining(self.policy))
        return PolicyEdit(self.policy, self._remaining(self.policy))

    def bared(self, direction: Direction) -> int:
        """The units that are isolated in a direction (NP-3, NP-6), and no longer."""
        policy = self.policy
        # ANP-11: only NetworkPolicies isolate
        if self.left or isinstance(policy, TierPolicy) or direction not in policy.directions:
            return 0
        space = self._version.spaces[policy.namespace]
        others = space.with_policies(each for each in space.policies if each is not policy)
        return self.subject & ~self._whole.pairing.old.at(space, others.isolated(direction))

    def judged(self, expectation: Expectation, ground: Ground) -> Outcome:
        """What comes of an expectation; `ground` is that of the whole snapshot."""
        found = self._grounds.get(id(ground))
        if found is None:
            each = self._whole.snapshot.policies
            others = (self.left if policy is self.policy else policy for policy in each)
            found = ground.with_policies(filter(None, others))
            self._grounds[id(ground)] = found
        return outcome(expectation, found)

    @property
    def _version(self) -> Version:
        return self._whole.pairing.old.version

    @cached_property
    def _grounds(self) -> dict[int, Ground]:
        return {}


def without_rule(policy: Parted, direction: Direction, number: int) -> Parted:
    """A policy without one of its rules. It isolates in the same directions."""
    if isinstance(policy, TierPolicy):
        return _without_rule(policy, direction, number)
    return _without_rule(policy, direction, number)


def _without_rule(policy: _Policy, direction: Direction, number: int) -> _Policy:
    rules = policy.rules(direction)
    left = rules[:number] + rules[number + 1 :]
    if direction is Direction.INGRESS:
        return replace(policy, ingress=left)
    return replace(policy, egress=left)


def _names_domains(rule: RankedRule) -> bool:
    return any(isinstance(peers, DomainSet) for peers in rule.peers)
