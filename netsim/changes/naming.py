"""The names of ends: workloads where all their pods are meant, else pods one by one."""

from __future__ import annotations

from collections.abc import Iterator

from netsim.changes.ends import Ends
from netsim.changes.pairing import Pairing, bits_of
from netsim.engine.parties import Level
from netsim.model.cluster import Pod
from netsim.sets.bitset import members


class Naming:
    """Names the units of a pairing at one level: workloads, or pods where replicas are one."""

    def __init__(self, pairing: Pairing, level: Level) -> None:
        self._pairing, self._level = pairing, level
        self._known: dict[int, tuple[tuple[str, int], ...]] = {}

    def texts(self, ends: Ends) -> tuple[str, ...]:
        """The names of an end, sorted by namespace; or its addresses as the fewest CIDRs."""
        return tuple(name for name, _ in self.parties(ends))

    def parties(self, ends: Ends) -> tuple[tuple[str, int], ...]:
        """The same with the units that are named so; none for addresses."""
        if ends.addresses:
            return tuple((cidr, 0) for cidr in ends.cidrs)
        found = self._known.get(ends.units)
        if found is None:
            found = self._known[ends.units] = tuple(self._parties(ends.units))
        return found

    def talks_to_itself(self, units: int) -> bool:
        """Whether what these units are named by stands for several that can talk to each other."""
        return units.bit_count() > 1 or any(unit.several for unit in self._pairing.at(units))

    def _parties(self, units: int) -> Iterator[tuple[str, int]]:
        numbers = members(units)
        chosen, named = set(numbers), set[int]()
        for at in numbers:
            if at in named:
                continue
            endpoint = self._pairing.units[at].either
            name, whole = str(endpoint), [at]
            if self._level is Level.WORKLOAD and isinstance(endpoint, Pod) and endpoint.workload:
                replicas = self._pairing.replicas(at)
                if chosen.issuperset(replicas):
                    name, whole = str(endpoint.workload), replicas
            named.update(whole)
            yield name, bits_of(whole)


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
    both = {units for _, units in ours if units} & {units for _, units in theirs}
    alone = sum(not naming.talks_to_itself(units) for units in both)
    return len(ours) * len(theirs) - alone
