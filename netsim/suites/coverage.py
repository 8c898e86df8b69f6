"""Coverage: which policies, and which of their rules, no expectation would miss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from netsim.analysis.program import Program
from netsim.changes.slicing import Field
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.errors import Location, hold_type
from netsim.model.flow import Direction
from netsim.source.collector import collector_off
from netsim.suites.check import grounds_of
from netsim.suites.judging import outcome
from netsim.suites.removal import Parted, Place, Removal, Removals
from netsim.suites.suite import Expectation, Suite
from netsim.suites.turning import Turning, turning_of


class Exercise(Enum):
    """Whether an expectation would come out otherwise without a policy or rule."""

    EXERCISED = "exercised"
    NOT_EXERCISED = "not exercised"
    NO_EFFECT = "of no effect"  # nobody may send or get anything else without it
    DEAD = "dead"  # a rule of a direction that its policy isn't about (NP-9)


@dataclass(frozen=True, slots=True)
class CoverageItem:
    """A policy, or one of its rules: its direction and its number in that.

    `by` is the first expectation that exercises it, with its suite.
    """

    policy: Parted
    rule: Place | None
    state: Exercise
    by: tuple[Suite, Expectation] | None = None

    def __str__(self) -> str:
        """`shop/api`; `shop/api ingress[0]`; of the whole cluster `clusternetworkpolicy/guard`."""
        name = f"{self.policy.namespace or self.policy.kind.lower()}/{self.policy.name}"
        return name if self.rule is None else f"{name} {self.rule[0].value}[{self.rule[1]}]"

    @property
    def location(self) -> Location:
        """Where it stands. Costs one more reading of its document, for all that are asked about."""
        path = () if self.rule is None else ("spec", self.rule[0].value, self.rule[1])
        return self.policy.origin.locate(path)


@dataclass(frozen=True)
class Coverage:
    """Every policy of a snapshot, each followed by its rules."""

    items: tuple[CoverageItem, ...]

    def of(self, state: Exercise) -> tuple[CoverageItem, ...]:
        """Those of one state, in order."""
        return tuple(item for item in self.items if item.state is state)

    @cached_property
    def ratio(self) -> float:
        """How many are exercised, of all that something could exercise; 1 where there are none."""
        exercised = len(self.of(Exercise.EXERCISED))
        asked = exercised + len(self.of(Exercise.NOT_EXERCISED))
        return exercised / asked if asked else 1.0


def coverage(program: Program, *suites: Suite) -> Coverage:
    """Which policies and rules the suites exercise.

    One is exercised if without it some expectation holds that fails now, or the other way round.
    A policy goes as a whole, and what it isolates with it; without one of its rules it isolates
    as before, and what that rule of a cluster policy decided goes on to those after it. Costs the difference that each of them makes, and a look at who is asked about.

    Raises LimitError as `check` does.
    """
    hold_type(program, Program, "netsim.compile_snapshot(…)")
    with collector_off():
        return Coverage(tuple(_items(program, suites)))


@dataclass(frozen=True, slots=True)
class _Asked:
    """An expectation that something may turn, in the snapshot that it is judged in."""

    suite: Suite
    expectation: Expectation
    turning: Turning
    field: Field
    removals: Removals


def _items(program: Program, suites: Sequence[Suite]) -> Iterator[CoverageItem]:
    own = Removals(program.snapshot)
    asked = list(_asked(program, suites, own))
    for policy in program.snapshot.policies:
        if not isinstance(policy, NetworkPolicy | TierPolicy):
            continue
        yield _item(policy, None, asked, own)
        for direction in (Direction.INGRESS, Direction.EGRESS):
            for number in range(len(policy.rules(direction))):
                if isinstance(policy, TierPolicy) or direction in policy.directions:
                    yield _item(policy, (direction, number), asked, own)
                else:
                    yield CoverageItem(policy, (direction, number), Exercise.DEAD)


def _asked(program: Program, suites: Sequence[Suite], own: Removals) -> Iterator[_Asked]:
    grounds = grounds_of(program, suites)
    known = {id(own.snapshot): own}
    for suite in suites:
        ground = grounds[suite.namespace]
        removals = known.get(id(ground.snapshot))
        if removals is None:  # with pods that don't exist
            removals = known[id(ground.snapshot)] = Removals(ground.snapshot)
        for expectation in suite.expectations:
            turning = turning_of(outcome(expectation, ground), ground, removals.pairing)
            if turning:
                yield _Asked(suite, expectation, turning, turning.field, removals)


def _item(
    policy: Parted, rule: Place | None, asked: Sequence[_Asked], own: Removals
) -> CoverageItem:
    known: dict[int, Removal] = {}
    for each in asked:
        removal = known.get(id(each.removals))
        if removal is None:
            removal = known[id(each.removals)] = each.removals.of(policy, rule)
        if removal.touches(each.field) and each.turning.turns(removal):
            return CoverageItem(policy, rule, Exercise.EXERCISED, (each.suite, each.expectation))
    removal = known.get(id(own)) or own.of(policy, rule)
    state = Exercise.NOT_EXERCISED if removal.has_effect else Exercise.NO_EFFECT
    return CoverageItem(policy, rule, state)
