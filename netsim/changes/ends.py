"""One end of changed traffic: endpoints by number, or addresses outside the cluster."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from netsim.sets.addresses import networks
from netsim.sets.intervals import Interval, common, joined, without

# IP version -> the numbers of addresses. INVARIANT: sorted, disjoint, not touching; none is empty.
_Addresses = tuple[tuple[int, tuple[Interval, ...]], ...]


@dataclass(frozen=True, slots=True)
class Ends:
    """A set of endpoints of a `Pairing` (bit n is number n), or of addresses that are nobody's."""

    units: int = 0
    addresses: _Addresses = ()

    @staticmethod
    def outside(intervals: Mapping[int, Iterable[Interval]]) -> Ends:
        """These addresses, by IP version."""
        found = ((version, tuple(joined(each))) for version, each in sorted(intervals.items()))
        return Ends(0, tuple((version, each) for version, each in found if each))

    def __bool__(self) -> bool:
        return bool(self.units or self.addresses)

    def __and__(self, other: Ends) -> Ends:
        """What is in both."""
        if not self.addresses or not other.addresses:
            return Ends(self.units & other.units)
        theirs = dict(other.addresses)
        found = {at: common(each, theirs.get(at, ())) for at, each in self.addresses}
        return Ends.outside(found)

    def __sub__(self, other: Ends) -> Ends:
        """What is in this alone."""
        if not self.addresses or not other.addresses:
            return Ends(self.units & ~other.units, self.addresses)
        theirs = dict(other.addresses)
        return Ends.outside(
            {
                at: [left for one in each for left in without(one, theirs.get(at, ()))]
                for at, each in self.addresses
            }
        )

    def __or__(self, other: Ends) -> Ends:
        """What is in either, of one sort."""
        if not self.addresses and not other.addresses:
            return Ends(self.units | other.units)
        found: dict[int, list[Interval]] = {}
        for at, each in (*self.addresses, *other.addresses):
            found.setdefault(at, []).extend(each)
        return Ends.outside(found)

    @property
    def cidrs(self) -> tuple[str, ...]:
        """The fewest blocks that hold exactly these addresses."""
        return tuple(str(net) for at, each in self.addresses for net in networks(each, at))
