"""One end of changed traffic: endpoints by number, addresses outside the cluster, or DNS names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from netsim.sets.addresses import networks
from netsim.sets.intervals import Interval, common, joined, without

# IP version -> the numbers of addresses. INVARIANT: sorted, disjoint, not touching; none is empty.
_Addresses = tuple[tuple[int, tuple[Interval, ...]], ...]


@dataclass(frozen=True, slots=True)
class Ends:
    """Endpoints of a `Pairing` (bit n is number n), addresses that are nobody's, or DNS names.

    INVARIANT: of one sort alone. Names are sorted, each once.
    """

    units: int = 0
    addresses: _Addresses = ()
    names: tuple[str, ...] = ()

    @staticmethod
    def outside(intervals: Mapping[int, Iterable[Interval]]) -> Ends:
        """These addresses, by IP version."""
        found = ((version, tuple(joined(each))) for version, each in sorted(intervals.items()))
        return Ends(0, tuple((version, each) for version, each in found if each))

    def __bool__(self) -> bool:
        return bool(self.units or self.addresses or self.names)

    @property
    def sort(self) -> tuple[bool, bool]:
        """Equal for those of one sort; true where they are addresses, or names."""
        return bool(self.addresses), bool(self.names)

    def __and__(self, other: Ends) -> Ends:
        """What is in both."""
        if self.names or other.names:
            return Ends(names=tuple(sorted({*self.names} & {*other.names})))
        if not self.addresses or not other.addresses:
            return Ends(self.units & other.units)
        theirs = dict(other.addresses)
        found = {at: common(each, theirs.get(at, ())) for at, each in self.addresses}
        return Ends.outside(found)

    def __sub__(self, other: Ends) -> Ends:
        """What is in this alone."""
        if self.names or other.names:
            taken = {*other.names}
            left = tuple(name for name in self.names if name not in taken)
            return Ends(self.units, self.addresses, left)
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
        if self.names or other.names:
            return Ends(names=tuple(sorted({*self.names, *other.names})))
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
