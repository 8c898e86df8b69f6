"""Sets of pods, by class, and of addresses outside; and what traffic each of them gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from netsim.sets.intervals import Interval, common, joined, without

# IP version -> the numbers of addresses. INVARIANT: sorted, disjoint, not touching; none is empty.
Outside = tuple[tuple[int, tuple[Interval, ...]], ...]


def outside_of(intervals: Mapping[int, Iterable[Interval]]) -> Outside:
    """These addresses, by IP version."""
    found = ((version, tuple(joined(each))) for version, each in sorted(intervals.items()))
    return tuple((version, each) for version, each in found if each)


@dataclass(frozen=True, slots=True)
class Whom:
    """Some classes of pods, as a set of numbers, and some addresses outside."""

    classes: int = 0
    outside: Outside = ()

    def __bool__(self) -> bool:
        return bool(self.classes or self.outside)

    def __or__(self, other: Whom) -> Whom:
        """Everybody of both."""
        if not other.outside or self.outside == other.outside:
            return Whom(self.classes | other.classes, self.outside)
        found: dict[int, list[Interval]] = {}
        for version, each in (*self.outside, *other.outside):
            found.setdefault(version, []).extend(each)
        return Whom(self.classes | other.classes, outside_of(found))

    def __and__(self, other: Whom) -> Whom:
        """Those who are of both."""
        theirs = dict(other.outside)
        both = {version: common(each, theirs.get(version, ())) for version, each in self.outside}
        return Whom(self.classes & other.classes, outside_of(both))

    def __sub__(self, other: Whom) -> Whom:
        """Those who are of this one alone."""
        theirs = dict(other.outside)
        left = {
            version: [
                one for interval in each for one in without(interval, theirs.get(version, ()))
            ]
            for version, each in self.outside
        }
        return Whom(self.classes & ~other.classes, outside_of(left))


# Whom each set of port atoms goes to, or comes from. INVARIANT: disjoint atoms, all of them
# together; no two have the same. In the order in which they were found.
Shares = tuple[tuple[int, Whom], ...]


def shares_of(values: Mapping[int, Whom], everything: int) -> Shares:
    """The same by traffic: `values` are by what each may exchange, whole."""
    found: dict[Whom, int] = {Whom(): everything}
    for value, whom in values.items():
        cut: dict[Whom, int] = {}
        for known, atoms in found.items():
            for more, part in ((known | whom, atoms & value), (known, atoms & ~value)):
                if part:
                    cut[more] = cut.get(more, 0) | part
        found = cut
    return tuple((atoms, whom) for whom, atoms in found.items())
