"""What is other without one policy, or without one rule of it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from netsim.changes.between import boxes_between
from netsim.changes.boxes import Box
from netsim.changes.edits import PolicyEdit
from netsim.changes.pairing import Pairing
from netsim.changes.slicing import Field
from netsim.changes.version import Version, version_of
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.model.flow import Direction
from netsim.model.snapshot import Snapshot
from netsim.suites.ground import Ground
from netsim.suites.judging import outcome
from netsim.suites.outcome import Outcome
from netsim.suites.suite import Expectation

# A rule of a policy: its direction, and its number in that.
Place = tuple[Direction, int]


class Removals:
    """A snapshot from which parts of policies are taken, one at a time."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        version = version_of(snapshot)
        self.pairing = Pairing(version, version)

    def of(self, policy: NetworkPolicy, place: Place | None) -> Removal:
        """Without a rule of a policy; without a `place`, without the whole policy."""
        if place is None:
            return Removal(self, policy, None, policy.directions)
        return Removal(self, policy, without_rule(policy, *place), frozenset({place[0]}))


class Removal:
    """One part of a policy taken from a snapshot. Everything is found when first asked for."""

    def __init__(
        self,
        whole: Removals,
        policy: NetworkPolicy,
        left: NetworkPolicy | None,
        directions: frozenset[Direction],
    ) -> None:
        """`left` is what is left of the policy, which is another in some directions."""
        self._whole, self.policy, self.left, self._directions = whole, policy, left, directions

    @cached_property
    def subject(self) -> int:
        """The units that the policy governs."""
        space = self._version.spaces[self.policy.namespace]
        return self._whole.pairing.old.at(space, space.places(self.policy.subject))

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
        space = self._version.spaces[self.policy.namespace]
        others = [self.left if each is self.policy else each for each in space.policies]
        space = space.with_policies(filter(None, others))
        version = self._version.with_spaces({self.policy.namespace: space})
        pairing = self._whole.pairing.with_new(version)
        edit = PolicyEdit(self.policy, self.left)
        return boxes_between(pairing, pairing.old, pairing.new, [edit])

    def bared(self, direction: Direction) -> int:
        """The units that are isolated in a direction (NP-3, NP-6), and no longer."""
        if self.left or direction not in self.policy.directions:
            return 0
        space = self._version.spaces[self.policy.namespace]
        others = space.with_policies(each for each in space.policies if each is not self.policy)
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


def without_rule(policy: NetworkPolicy, direction: Direction, number: int) -> NetworkPolicy:
    """A policy without one of its rules. It isolates in the same directions."""
    rules = policy.rules(direction)
    left = rules[:number] + rules[number + 1 :]
    if direction is Direction.INGRESS:
        return replace(policy, ingress=left)
    return replace(policy, egress=left)
