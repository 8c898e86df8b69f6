"""The endpoints of two versions side by side: which one of the new is which one of the old."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from netsim.changes.ends import Ends
from netsim.changes.sides import NODES, Side, Starts, key_of
from netsim.changes.units import Asked, Unit, paired
from netsim.changes.version import Version
from netsim.model.cluster import Address, Pod, WorkloadRef
from netsim.sets.addresses import address_of
from netsim.sets.bitset import members


@dataclass(frozen=True, slots=True)
class Names:
    """What a unit is called by itself, and by its workload with all its replicas, if it has one."""

    own: str
    workload: str
    replicas: tuple[int, ...]


class Pairing:
    """The units of two versions, numbered by namespace; nodes come last.

    A pod is the pod of the same name. Pods of a workload that both versions have are replicas:
    one whose name is new is what some old one became (WL-11), and none came or went.
    """

    def __init__(self, old: Version, new: Version) -> None:
        units: list[Unit] = []
        starts: dict[str, tuple[int, int]] = {}
        asked = Asked((old, new))
        for name in sorted({*old.spaces, *new.spaces}):
            first = len(units)
            one, other = old.spaces.get(name), new.spaces.get(name)
            ours, theirs = one.pods if one else (), other.pods if other else ()
            if ours is theirs or ours == theirs:
                units += map(Unit, ours, theirs)
            else:
                units += paired(ours, theirs, asked)
            starts[name] = first, len(units)
        first = len(units)
        names = sorted({*old.nodes, *new.nodes})
        units += (Unit(old.nodes.get(name), new.nodes.get(name)) for name in names)
        starts[NODES] = first, len(units)
        self.units = units
        # For copies too, as their units are the same.
        self._names: dict[int, Names] = {}
        # By namespace, for the first of its units.
        self._replicas: dict[int, dict[WorkloadRef, list[int]]] = {}
        self.starts = Starts.made(starts)
        self.old = Side(old, [key_of(unit.old) for unit in units], self.starts)
        self.new = (
            self.old.with_version(new)
            if new.population is old.population
            else Side(new, [key_of(unit.new) for unit in units], self.starts)
        )

    def with_new(self, new: Version) -> Pairing:
        """The units with a new version. At no cost if it has the very same pods and nodes."""
        if new.population is not self.new.version.population:
            return Pairing(self.old.version, new)
        found = copy(self)
        found.new = self.new.with_version(new)
        return found

    def moved_on(self) -> Pairing:
        """The same units, with the new version as the old one too."""
        found = copy(self)
        found.old = self.old.with_version(self.new.version)
        return found

    @cached_property
    def in_both(self) -> int:
        """The units that both versions have."""
        return self.old.units & self.new.units

    @property
    def only_old(self) -> int:
        """The units that are gone."""
        return self.old.units & ~self.new.units

    @property
    def only_new(self) -> int:
        """The units that have come."""
        return self.new.units & ~self.old.units

    @property
    def has_pods(self) -> bool:
        """Whether any version has any."""
        return self.starts.of[NODES][0] > 0

    @cached_property
    def everyone(self) -> int:
        """All units."""
        return (1 << len(self.units)) - 1

    def names(self, at: int) -> Names:
        """What a unit is called. Found out once."""
        found = self._names.get(at)
        if found is None:
            endpoint = self.units[at].either
            own = str(endpoint)
            ref = endpoint.workload if isinstance(endpoint, Pod) else None
            found = (
                Names(own, str(ref), tuple(self._of(ref, at))) if ref else Names(own, own, (at,))
            )
            self._names[at] = found
        return found

    def _of(self, ref: WorkloadRef, at: int) -> list[int]:
        """The units of a workload, by number, of which one is known."""
        first, end = self.starts.around(at)
        found = self._replicas.get(first)
        if found is None:
            found = self._replicas[first] = {}
            for number in range(first, end):
                endpoint = self.units[number].either
                if isinstance(endpoint, Pod) and endpoint.workload:
                    found.setdefault(endpoint.workload, []).append(number)
        return found[ref]

    @cached_property
    def owned(self) -> frozenset[Address]:
        """Every address that in one of the versions is a pod's or a node's."""
        return self.old.version.owned | self.new.version.owned

    @property
    def domains(self) -> tuple[str, ...]:
        """The DNS names that rules of either version are about, in order."""
        old, new = self.old.version.tiers.domains, self.new.version.tiers.domains
        return tuple(sorted(old | new))

    def ip_versions(self, at: int) -> frozenset[int]:
        """The IP versions of the addresses that a unit has in either version."""
        unit = self.units[at]
        each = ((unit.old, self.old.version), (unit.new, self.new.version))
        found = (version.ip_versions(endpoint) for endpoint, version in each if endpoint)
        return frozenset().union(*found)

    def free(self, ends: Ends) -> Iterator[Address]:
        """For each interval of addresses the first that is nobody's."""
        for version, intervals in ends.addresses:
            for first, last in intervals:
                addresses = (address_of(number, version) for number in range(first, last + 1))
                yield from islice((each for each in addresses if each not in self.owned), 1)

    def at(self, bits: int) -> Iterator[Unit]:
        """The units of a set, in order."""
        return (self.units[at] for at in members(bits))
