"""How many pairs crowds and hits are: counted by class, never listed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from netsim.compiler.classes import Universe
from netsim.engine.roll import Member
from netsim.sets.bitset import members, of
from netsim.suites.crowd import Crowd
from netsim.suites.view import Across, Hit
from netsim.suites.wish import Wish


class Tally:
    """Counts pairs of different endpoints of one wish; the outside counts as one endpoint."""

    def __init__(self, wish: Wish, universe: Universe) -> None:
        ours, theirs = wish.sources.members, wish.destinations.members
        self._universe = universe
        self._ours, self._theirs = _sizes(wish.sources), _sizes(wish.destinations)
        both = ours.keys() & theirs.keys()
        self._selves = _Sizes({at: _themselves(ours[at], theirs[at]) for at in both})
        self._across: set[tuple[bool, int]] = set()

    def pairs(self, hit: Hit) -> int:
        """How many pairs a hit of this wish is, besides those of the hits before it."""
        if isinstance(hit, Across):
            # What may pass with the outside comes as a hit for each sort of addresses.
            pair = hit.incoming, hit.number
            if pair in self._across:
                return 0
            self._across.add(pair)
            sizes = self._theirs if hit.incoming else self._ours
            return sizes.total(1 << hit.number)
        sources, places = hit.found
        destinations = self._universe.classes_at(places)
        pairs = self._ours.total(sources) * self._theirs.total(destinations)
        return pairs - self._selves.total(sources & destinations)


def count_asked(sources: Crowd, destinations: Crowd) -> int:
    """How many pairs two crowds make, strangers not counted."""
    ours = sources.size - len(sources.strangers)
    theirs = destinations.size - len(destinations.strangers)
    both = members(sources.classes & destinations.classes)
    alone = sum([_themselves(sources.members[at], destinations.members[at]) for at in both])
    crossing = (ours if destinations.has_addresses else 0) + (
        theirs if sources.has_addresses else 0
    )
    return ours * theirs - alone + crossing


class _Sizes:
    """Numbers of classes, to sum over sets of them: one intersection for each binary digit."""

    def __init__(self, sizes: Mapping[int, int], ones: int = 0) -> None:
        longest = max(sizes.values(), default=0).bit_length()
        self._digits = [
            (digit, of(at for at, size in sizes.items() if size >> digit & 1))
            for digit in range(longest)
        ]
        if ones:
            self._digits.append((0, ones))

    def total(self, classes: int) -> int:
        """The sum over a set of classes; those without a number count nothing."""
        return sum((classes & having).bit_count() << digit for digit, having in self._digits)


def _sizes(crowd: Crowd) -> _Sizes:
    """How many each class of a crowd has: mostly one, and then nothing is to be added up."""
    several = {number: len(each) for number, each in crowd.members.items() if len(each) > 1}
    return _Sizes(several, ones=crowd.classes & ~of(several))


def _themselves(ours: Iterable[Member], theirs: Iterable[Member]) -> int:
    """How many of both are one and the same endpoint, that is no pair with itself."""
    known = {id(member.endpoint): member for member in ours}
    same = (known.get(id(member.endpoint)) for member in theirs)
    return sum(1 for member in same if member and not member.is_apart(member))
