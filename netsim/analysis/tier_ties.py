"""Policies of equal priority that disagree: nobody says which of them is asked first (ANP-24)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from netsim.analysis.finding import Finding, FindingKind
from netsim.analysis.survey import Survey
from netsim.analysis.tier_grid import Asked, Grid, Group
from netsim.analysis.tier_witness import Witness, Witnesses
from netsim.model.flow import Decision, Direction
from netsim.model.rules import RankedRule
from netsim.model.tiers import Action, Tier

# So many groups of subjects are looked at for a flow of a pair.
_TRIED = 8
_Pair = tuple[str, str, str, str]
_VERBS = {Action.ALLOW: "allows", Action.DENY: "denies", Action.PASS: "passes on"}


class _Says(NamedTuple):
    """A policy with the cells about which it says each action, if it is asked."""

    rules: Sequence[Asked]
    cells: Mapping[Action, int]


@dataclass(slots=True)
class _Found:
    """The disagreements of one direction by pair, and how often none was confirmed."""

    confirmed: dict[_Pair, tuple[RankedRule, RankedRule, Witness]] = field(default_factory=dict)
    tried: dict[_Pair, int] = field(default_factory=dict)

    def is_open(self, pair: _Pair) -> bool:
        """Whether another flow of the pair is to be looked for."""
        return pair not in self.confirmed and self.tried.get(pair, 0) < _TRIED


def ambiguous(survey: Survey, grids: Iterable[Grid], witnesses: Witnesses) -> Iterator[Finding]:
    """A finding for each pair of policies, in each direction, that disagree about some flow."""
    by_direction = {direction: _Found() for direction in Direction}
    for grid in grids:
        if _has_ties(grid.rules):
            for group in grid.groups:
                _compare(grid, group, by_direction[grid.direction], witnesses)
    for found in by_direction.values():
        for one, other, witness in found.confirmed.values():
            yield _finding(survey, one, other, witness)


def _has_ties(rules: Iterable[RankedRule]) -> bool:
    ranks = {(rule.ref.kind, rule.ref.policy): (rule.tier, rule.priority) for rule in rules}
    return len(set(ranks.values())) < len(ranks)


def _compare(grid: Grid, group: Group, found: _Found, witnesses: Witnesses) -> None:
    """Rank by rank: of what is left to it, what do its policies say each by itself?"""
    left = final = 0
    tier = None
    everything = grid.everything(group)
    for (now, _), asked in groupby(group.asked, key=lambda each: _rank(grid.rules[each.at])):
        if now is not tier:
            tier, left = now, everything & ~final
        said = [_said(grid, group, tuple(rules), left) for rules in _by_policy(grid, asked)]
        if len(said) > 1 and grid.survey.asking(group.strata, now, grid.direction):
            _disagree(grid, group, said, found, witnesses)
        for says in said:
            for action, cells in says.cells.items():
                final |= 0 if action is Action.PASS else left & cells
            for cells in says.cells.values():
                left &= ~cells


def _rank(rule: RankedRule) -> tuple[Tier, int]:
    return rule.tier, rule.priority


def _by_policy(grid: Grid, asked: Iterable[Asked]) -> Iterator[Iterator[Asked]]:
    for _, rules in groupby(asked, key=lambda each: _name(grid.rules[each.at])):
        yield rules


def _name(rule: RankedRule) -> tuple[str, str]:
    return rule.ref.kind, rule.ref.policy


def _said(grid: Grid, group: Group, rules: Sequence[Asked], left: int) -> _Says:
    """What one policy says of what is left (ANP-5)."""
    cells = dict.fromkeys(Action, 0)
    for asked in rules:
        here = left & grid.given(group, asked)
        cells[grid.rules[asked.at].action] |= here
        left ^= here
    return _Says(rules, cells)


def _disagree(
    grid: Grid, group: Group, said: Sequence[_Says], found: _Found, witnesses: Witnesses
) -> None:
    together = dict.fromkeys(Action, 0)
    for number, says in enumerate(said):
        # Most agree with all before them: which disagree is looked for only where some do.
        if _apart(says.cells, together):
            for before in said[:number]:
                if cells := _apart(before.cells, says.cells):
                    _confirm(grid, group, (before, says), cells, found, witnesses)
        for action, cells in says.cells.items():
            together[action] |= cells


def _apart(one: Mapping[Action, int], other: Mapping[Action, int]) -> int:
    """The cells about which both say something, and not the same."""
    found = 0
    for action, cells in one.items():
        for another, others in other.items():
            found |= cells & others if action is not another else 0
    return found


def _confirm(
    grid: Grid,
    group: Group,
    pair: tuple[_Says, _Says],
    cells: int,
    found: _Found,
    witnesses: Witnesses,
) -> None:
    rules = [grid.rules[says.rules[0].at] for says in pair]
    key = (*_name(rules[0]), *_name(rules[1]))
    if not found.is_open(key):
        return
    found.tried[key] = found.tried.get(key, 0) + 1
    classes = grid.survey.asking(group.strata, rules[0].tier, grid.direction)
    witness = witnesses.of(grid, group, cells, _is_ambiguous, classes)
    if witness:
        one, other = (_first(grid, group, says, witness.cell) for says in pair)
        found.confirmed[key] = one, other, witness


def _is_ambiguous(decision: Decision) -> bool:
    return bool(decision.ambiguous)


def _first(grid: Grid, group: Group, says: _Says, cell: int) -> RankedRule:
    """The rule of a policy that speaks of a cell."""
    return next(grid.rules[asked.at] for asked in says.rules if grid.given(group, asked) & cell)


def _finding(survey: Survey, one: RankedRule, other: RankedRule, witness: Witness) -> Finding:
    first, second = survey.place(one), survey.place(other)
    return Finding(
        FindingKind.AMBIGUOUS,
        "ANP-24",
        f"{_VERBS[one.action]} what {second} of the same priority {_VERBS[other.action]}: "
        "which of them holds is nobody's to know",
        (first, second),
        witness.flow,
        witness.allowed,
        "give one of the two policies another priority",
    )
