"""What migrated policies are called: as they were, unless a ClusterNetworkPolicy is called so.

Of one tier and priority the name decides which is asked first (IMP-12), so a new one is to leave
the order as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from netsim.dialects.tiers.syntax import TierPolicy
from netsim.model.tiers import Tier

_LONGEST_NAME = 253


@dataclass(slots=True)
class MigratedNames:
    """The names that were given so far to `old` policies, beside `others` that stay."""

    old: Sequence[TierPolicy]
    others: Sequence[TierPolicy]
    _taken: set[str] = field(default_factory=set)
    _given: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._taken |= {each.name for each in self.others}

    def give(self, policy: TierPolicy, parts: int) -> list[str]:
        """A name for each of the policies that one becomes."""
        found = [self._first(policy)]
        self._taken.add(found[0])
        self._given[policy.kind, policy.name] = found[0]
        for part in range(2, parts + 1):
            found.append(self._free(found[0], f"-{part}"))
            self._taken.add(found[-1])
        return found

    def passed(self, policy: TierPolicy, name: str) -> TierPolicy | None:
        """A policy that was asked before one and would be after it under this name, or vice versa."""
        for other, called in self._equals(policy):
            if (policy.order < other.order) is not (name < called):
                return other
        return None

    def _first(self, policy: TierPolicy) -> str:
        if policy.name not in self._taken:
            return policy.name
        word = "baseline" if policy.tier is Tier.BASELINE else "admin"
        found = [
            self._free(policy.name, f"-{word}"),
            self._free(f"{word}-{policy.name}"),
            self._free(f"0-{policy.name}"),
        ]
        return next((name for name in found if self.passed(policy, name) is None), found[0])

    def _equals(self, policy: TierPolicy) -> Iterator[tuple[TierPolicy, str]]:
        """Those of the same tier and priority that have a name, or will keep theirs."""
        yield from ((each, each.name) for each in self.others if each.rank == policy.rank)
        for each in self.old:
            if each is not policy and each.rank == policy.rank:
                given = self._given.get((each.kind, each.name))
                if given or each.name not in self._taken:
                    yield each, given or each.name

    def _free(self, stem: str, ending: str = "") -> str:
        old, number = {each.name for each in self.old}, 1
        while True:
            more = ending if number == 1 else f"{ending}-{number}"
            found = stem[: _LONGEST_NAME - len(more)] + more
            if found not in self._taken and found not in old:
                return found
            number += 1
