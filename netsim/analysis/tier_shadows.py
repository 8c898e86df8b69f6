"""Rules that can never decide: of those that they match, earlier ones have decided everything.

It is evaluated, not compared: exactly, for the pods and nodes of a snapshot and all that is outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from netsim.analysis.finding import Finding, FindingKind, Place
from netsim.analysis.survey import Survey
from netsim.analysis.tier_grid import Asked, Grid, Group
from netsim.analysis.tier_witness import Witness, Witnesses, decided_by
from netsim.model.flow import Direction
from netsim.model.rules import RankedRule
from netsim.model.tiers import Tier

# So many of the rules before are named, and so often a flow is looked for; of so many rules.
_NAMED, _TRIED, _WITH_FLOWS = 3, 4, 100
# In so many groups of subjects the rules before are looked for.
_GROUPS = 16
_TIERS = (Tier.ADMIN, Tier.BASELINE)


class Turn(NamedTuple):
    """A rule when it is asked: the cells that it matches, that it may decide, and that go no further."""

    asked: Asked
    matched: int
    decides: int
    settled: int


def turns(grid: Grid, group: Group, tier: Tier) -> Iterator[Turn]:
    """The rules of a tier that may govern a group, one after the other (ANP-5, ANP-8)."""
    everything = left = grid.everything(group)
    for asked in group.asked:
        if grid.rules[asked.at].tier is tier:
            maybe, surely = grid.maybe(group, asked), grid.surely(group, asked)
            settled = left & surely
            yield Turn(asked, maybe & everything, left & maybe, settled)
            left ^= settled


@dataclass(slots=True)
class Tally:
    """Of each direction the rules, by place, that match anything, and that may decide anything."""

    matching: dict[Direction, set[int]]
    deciding: dict[Direction, set[int]]

    @staticmethod
    def of(grids: Iterable[Grid]) -> Tally:
        """What comes of a walk over all groups."""
        found = Tally({each: set() for each in Direction}, {each: set() for each in Direction})
        for grid in grids:
            matching, deciding = found.matching[grid.direction], found.deciding[grid.direction]
            for group in grid.groups:
                for tier in _TIERS:
                    for turn in turns(grid, group, tier):
                        if turn.matched:
                            matching.add(turn.asked.at)
                        if turn.decides:
                            deciding.add(turn.asked.at)
        return found


@dataclass(slots=True)
class _Shadow:
    """A rule that never decides: the rules before it that do, as far as they are told, and a flow."""

    before: dict[int, None] = field(default_factory=dict)
    witness: Witness | None = None
    tried: int = 0
    groups: int = 0

    @property
    def seeks(self) -> bool:
        """Whether a flow is to be looked for."""
        return self.witness is None and self.tried < _TRIED

    @property
    def is_told(self) -> bool:
        """Whether there is nothing more to find that would be told."""
        enough = len(self.before) > _NAMED or self.groups >= _GROUPS
        return enough and not self.seeks

    @property
    def more(self) -> str:
        """What is to be said of those before it that aren't named."""
        if len(self.before) > _NAMED:
            return " and others"
        return " and perhaps others" if self.groups >= _GROUPS else ""


def shadowed(
    survey: Survey, grids: Iterable[Grid], tally: Tally, witnesses: Witnesses
) -> Iterator[Finding]:
    """A finding for each rule that matches something and never decides."""
    for direction in Direction:
        places = sorted(tally.matching[direction] - tally.deciding[direction])
        found = {at: _Shadow() for at in places}
        for at in places[_WITH_FLOWS:]:
            found[at].tried = _TRIED
        if found:
            for grid in grids:
                if grid.direction is direction:
                    _explain(grid, found, witnesses)
        for at, shadow in found.items():
            yield _finding(survey, survey.rules[direction], at, shadow)


def _explain(grid: Grid, found: dict[int, _Shadow], witnesses: Witnesses) -> None:
    for group in grid.groups:
        untold = {asked.at for asked in group.asked if not _is_told(found.get(asked.at))}
        for tier in _TIERS if untold else ():
            earlier: list[Turn] = []
            for turn in turns(grid, group, tier):
                if turn.asked.at in untold and turn.matched:
                    _blame(grid, group, turn, earlier, found[turn.asked.at], witnesses)
                if turn.settled:
                    earlier.append(turn)


def _is_told(shadow: _Shadow | None) -> bool:
    return shadow is None or shadow.is_told


def _blame(
    grid: Grid,
    group: Group,
    turn: Turn,
    earlier: list[Turn],
    shadow: _Shadow,
    witnesses: Witnesses,
) -> None:
    """Which of the earlier ones settle what a rule matches."""
    left = turn.matched
    shadow.groups += 1
    for before in earlier:
        if taken := left & before.settled:
            shadow.before[before.asked.at] = None
            left ^= taken
            if shadow.seeks:
                shadow.tried += 1
                holds = decided_by(grid.rules[before.asked.at])
                shadow.witness = witnesses.of(grid, group, taken, holds)
        if not left or shadow.is_told:
            return


def _finding(survey: Survey, rules: Sequence[RankedRule], at: int, shadow: _Shadow) -> Finding:
    before = [rules[each] for each in sorted(shadow.before)]
    own, *others = [survey.place(rule) for rule in (rules[at], *before)]
    names = ", ".join(map(str, others[:_NAMED]))
    verb = "decides" if len(others) == 1 and not shadow.more else "decide"
    witness = shadow.witness
    return Finding(
        FindingKind.SHADOWED,
        "ANP-5" if all(each.policy is own.policy for each in others) else "ANP-3",
        f"never decides: {names}{shadow.more} {verb} before it whatever it matches",
        (own, *others[:_NAMED]),
        witness.flow if witness else None,
        witness.allowed if witness else None,
        _help(own, others),
    )


def _help(own: Place, others: Sequence[Place]) -> str:
    """What to do where nothing but the order of names makes it so (IMP-12)."""
    rivals = [each for each in others if each.policy is not own.policy]
    if rivals and all(each.policy.rank == own.policy.rank for each in rivals):
        return "the policies have the same priority, and go by name: give them different ones"
    return ""
