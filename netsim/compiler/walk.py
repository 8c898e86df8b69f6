"""The walk through the rules of one tier, for all peers and port atoms at once (ANP-5..8).

What a rule matches is taken out of what is still undecided, so that no later rule has a say in it.
Where it isn't known whether a rule matches, it may decide, and the later ones may, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from netsim.model.tiers import Action

# By port atom the columns, a bit set. An atom that isn't there has none.
Spread = tuple[tuple[int, int], ...]
# The same with the columns that are meant for sure, and those that are perhaps.
Matching = Sequence[tuple[int, int, int]]


class Reading(Enum):
    """What is made of whom nobody knows: as netsim takes it, for the least, for the most that passes."""

    GIVEN = 0
    LEAST = 1
    MOST = 2


class Asked(NamedTuple):
    """A rule: what it does with which peers, by port; and for sure with all traffic of `whole`."""

    action: Action
    matching: Matching
    whole: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """By port atom the columns for which a tier may allow, may deny, and may decide nothing."""

    allowed: list[int]
    denied: list[int]
    left: list[int]

    def settled(self, reading: Reading) -> tuple[list[int], list[int]]:
        """What is allowed, and what is denied; the rest is for the next tier."""
        each = zip(self.allowed, self.denied, self.left, strict=True)
        match reading:
            case Reading.GIVEN:
                return self.allowed, self.denied
            case Reading.LEAST:
                return [one & ~other & ~left for one, other, left in each], self.denied
            case Reading.MOST:
                return self.allowed, [other & ~one & ~left for one, other, left in each]


def walked(rules: Iterable[Asked], everyone: int, atoms: int) -> Outcome:
    """What comes of these rules, asked in their order, about `everyone` and so many port atoms."""
    left, undecided = [everyone] * atoms, everyone
    passed, allowed, denied = [0] * atoms, [0] * atoms, [0] * atoms
    decided = {Action.ALLOW: allowed, Action.DENY: denied, Action.PASS: passed}
    whole = dict.fromkeys(decided, 0)
    for action, matching, entire in rules:
        found = decided[action]
        for atom, surely, maybe in matching:
            if matched := left[atom] & undecided & maybe:
                found[atom] |= matched
                left[atom] ^= matched & surely
        # What earlier rules have left of it is looked at once, in the end.
        if entire := entire & undecided:
            whole[action] |= entire
            undecided ^= entire
    for action, found in decided.items():
        if columns := whole[action]:
            found[:] = [before | columns & rest for before, rest in zip(found, left, strict=True)]
    open_to_next = [one | rest & undecided for one, rest in zip(passed, left, strict=True)]
    return Outcome(allowed, denied, open_to_next)
