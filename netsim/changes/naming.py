"""The names of ends: workloads where all their pods are meant, else pods one by one."""

from __future__ import annotations

from collections.abc import Iterator

from netsim.changes.ends import Ends
from netsim.changes.pairing import Pairing
from netsim.engine.level import Level
from netsim.sets.bitset import members

# A name and the units that are named so, ascending; none for what is outside.
_Party = tuple[str, tuple[int, ...]]


class Naming:
    """Names the units of a pairing at one level: workloads, or pods where replicas are one."""

    def __init__(self, pairing: Pairing, level: Level) -> None:
        self._pairing, self._level = pairing, level
        self._known: dict[int, tuple[_Party, ...]] = {}

    def texts(self, ends: Ends) -> tuple[str, ...]:
        """The names of an end, sorted by namespace; its addresses as the fewest CIDRs; DNS names."""
        return tuple(name for name, _ in self.parties(ends))

    def parties(self, ends: Ends) -> tuple[_Party, ...]:
        """The same with the units that are named so."""
        if ends.addresses or ends.names:
            return tuple((text, ()) for text in (*ends.cidrs, *ends.names))
        found = self._known.get(ends.units)
        if found is None:
            found = self._known[ends.units] = tuple(self._parties(ends.units))
        return found

    def talks_to_itself(self, units: tuple[int, ...]) -> bool:
        """Whether what these units are named by stands for several that can talk to each other."""
        return len(units) > 1 or any(self._pairing.units[at].several for at in units)

    def _parties(self, units: int) -> Iterator[_Party]:
        numbers = members(units)
        chosen, names_of = set(numbers), self._pairing.names
        by_workload = self._level is Level.WORKLOAD
        for at in numbers:
            names = names_of(at)
            replicas = names.replicas
            if by_workload and (len(replicas) == 1 or chosen.issuperset(replicas)):
                if at == replicas[0]:
                    yield names.workload, replicas
            else:
                yield names.own, (at,)


def pairs_of(naming: Naming, sources: Ends, destinations: Ends) -> Iterator[tuple[str, str]]:
    """Each source with each destination, by name; what has no other to talk to not with itself."""
    ours, theirs = naming.parties(sources), naming.parties(destinations)
    for source, units in ours:
        for destination, others in theirs:
            if not units or units != others or naming.talks_to_itself(units):
                yield source, destination


def count_pairs(naming: Naming, sources: Ends, destinations: Ends) -> int:
    """How many `pairs_of` there are, the addresses of an end taken for one. Counted, not listed."""
    if sources.addresses or destinations.addresses:
        return len(naming.parties(destinations if sources.addresses else sources))
    ours, theirs = naming.parties(sources), naming.parties(destinations)
    alone = 0
    if sources.units & destinations.units:
        both = {units for _, units in ours} & {units for _, units in theirs}
        alone = sum(not naming.talks_to_itself(units) for units in both)
    return len(ours) * len(theirs) - alone
