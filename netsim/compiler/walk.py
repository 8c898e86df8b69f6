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
Spread = Sequence[tuple[int, int]]


class Reading(Enum):
    """What is made of whom nobody knows: as netsim takes it, for the least, for the most that passes."""

    GIVEN = 0
    LEAST = 1
    MOST = 2


class Asked(NamedTuple):
    """A rule: the columns that are its peers for sure and perhaps, and its ports there."""

    action: Action
    surely: int
    maybe: int
    spread: Spread


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
    left = [everyone] * atoms
    passed, allowed, denied = [0] * atoms, [0] * atoms, [0] * atoms
    decided = {Action.ALLOW: allowed, Action.DENY: denied, Action.PASS: passed}
    for rule in rules:
        found = decided[rule.action]
        for atom, columns in rule.spread:
            if here := left[atom] & columns:
                found[atom] |= here & rule.maybe
                left[atom] &= ~(columns & rule.surely)
    return Outcome(allowed, denied, [one | other for one, other in zip(passed, left, strict=True)])
