"""The endpoints of two versions side by side: which one of the new is which one of the old."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property

from netsim.changes.version import Space, Version
from netsim.model.cluster import Node, Pod, WorkloadRef
from netsim.sets.bitset import members

# Stands in the place of a namespace for nodes, which have none.
NODES = ""
# Namespace -> the first of its units and the end.
Starts = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Unit:
    """One endpoint in both versions, or one that only the old or only the new has."""

    old: Pod | Node | None
    new: Pod | Node | None

    @property
    def either(self) -> Pod | Node:
        """The new one if there is one."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def several(self) -> bool:
        """Whether it stands, in both versions, for more pods than one: then it talks to itself."""
        return all(isinstance(each, Pod) and each.replicas != 1 for each in (self.old, self.new))


class Side:
    """One version as one half of a pairing: its endpoints by the numbers of their units."""

    def __init__(self, version: Version, keys: Sequence[Hashable], starts: Starts) -> None:
        """`keys` has the key of its endpoint for each unit, None where it has none."""
        self.version = version
        self._keys, self._starts = keys, starts
        self._numbers: dict[Hashable, list[int]] = {}
        for at, key in enumerate(keys):
            if key is not None:
                self._numbers.setdefault(key, []).append(at)

    def with_version(self, version: Version) -> Side:
        """The same endpoints, in a version in which other things hold for them."""
        found = copy(self)
        found.version = version
        return found

    def of(self, endpoints: Iterable[Pod | Node]) -> int:
        """The units that these endpoints are."""
        numbers = self._numbers
        return bits_of(at for each in endpoints for at in numbers.get(_key(each), ()))

    def pods(self, units: int) -> Iterator[tuple[Space, Sequence[Pod]]]:
        """The pods that these units are, by namespace."""
        for name, space in self.version.spaces.items():
            first, end = self._starts[name]
            chosen = units >> first & ((1 << end - first) - 1)
            if chosen.bit_count() == end - first:
                yield space, space.pods
            elif chosen:
                keys = {self._keys[first + at] for at in members(chosen)}
                yield space, [pod for pod in space.pods if _key(pod) in keys]

    def nodes(self, units: int) -> dict[str, Node]:
        """The nodes that these units are."""
        first, _ = self._starts[NODES]
        keys = {self._keys[first + at] for at in members(units >> first)}
        return {name: node for name, node in self.version.nodes.items() if name in keys}


class Pairing:
    """The units of two versions, numbered by namespace; nodes come last.

    A pod is the pod of the same name. Pods of a workload that both versions have are replicas:
    one whose name is new is what some old one became (WL-11), and none came or went.
    """

    def __init__(self, old: Version, new: Version) -> None:
        units: list[Unit] = []
        starts: dict[str, tuple[int, int]] = {}
        for name in sorted({*old.spaces, *new.spaces}):
            first = len(units)
            one, other = old.spaces.get(name), new.spaces.get(name)
            ours, theirs = one.pods if one else (), other.pods if other else ()
            if ours is theirs or ours == theirs:
                units += map(Unit, ours, theirs)
            else:
                units += _paired(ours, theirs)
            starts[name] = first, len(units)
        first = len(units)
        names = sorted({*old.nodes, *new.nodes})
        units += (Unit(old.nodes.get(name), new.nodes.get(name)) for name in names)
        starts[NODES] = first, len(units)
        self.units = units
        self.starts = starts
        self.old = Side(old, [_key(unit.old) for unit in units], starts)
        self.new = Side(new, [_key(unit.new) for unit in units], starts)

    @cached_property
    def in_both(self) -> int:
        """The units that both versions have."""
        return bits_of(at for at, unit in enumerate(self.units) if unit.old and unit.new)

    @cached_property
    def everyone(self) -> int:
        """All units."""
        return (1 << len(self.units)) - 1

    @cached_property
    def workloads(self) -> dict[WorkloadRef, int]:
        """The units of each workload."""
        found: dict[WorkloadRef, list[int]] = defaultdict(list)
        for at, unit in enumerate(self.units):
            endpoint = unit.either
            if isinstance(endpoint, Pod) and endpoint.workload:
                found[endpoint.workload].append(at)
        return {ref: bits_of(each) for ref, each in found.items()}

    def at(self, bits: int) -> Iterator[Unit]:
        """The units of a set, in order."""
        return (self.units[at] for at in members(bits))


def _key(endpoint: Pod | Node | None) -> Hashable:
    """What an endpoint is known by in its version."""
    return endpoint.identity if isinstance(endpoint, Pod) else endpoint and endpoint.name


def bits_of(numbers: Iterable[int]) -> int:
    """The set of these numbers; a loop of `|=` would cost the square of many."""
    each = set(numbers)
    if not each:
        return 0
    text = bytearray(max(each) // 8 + 1)
    for number in each:
        text[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(text, "little")


def _paired(old: Sequence[Pod], new: Sequence[Pod]) -> list[Unit]:
    """The pods of one namespace as units, in a stable order."""
    by_name = {pod.identity: pod for pod in new}
    units, left = [], []
    for pod in old:
        same = by_name.pop(pod.identity, None)
        if same is None:
            left.append(pod)
        else:
            units.append(Unit(pod, same))
    return sorted([*units, *_replaced(left, list(by_name.values()), units)], key=_order)


def _replaced(gone: list[Pod], come: list[Pod], both: Sequence[Unit]) -> Iterator[Unit]:
    """Pods without one of their name: replicas of a workload go for one another."""
    old: dict[WorkloadRef | None, list[Pod]] = defaultdict(list)
    new: dict[WorkloadRef | None, list[Pod]] = defaultdict(list)
    for unit in both:
        if isinstance(unit.old, Pod) and isinstance(unit.new, Pod):
            old[unit.old.workload].append(unit.old)
            new[unit.new.workload].append(unit.new)
    leaving: dict[WorkloadRef | None, list[Pod]] = defaultdict(list)
    for pod in gone:
        leaving[pod.workload].append(pod)
    for pod in come:
        ref = pod.workload
        if ref and (twin := _most_like(pod, leaving[ref])):
            leaving[ref].remove(twin)
            yield Unit(twin, pod)
            old[ref].append(twin)
            new[ref].append(pod)
        elif ref and (twin := _most_like(pod, old[ref])):
            yield Unit(twin, pod)
        else:
            yield Unit(None, pod)
    for ref, pods in leaving.items():
        for pod in pods:
            yield Unit(pod, _most_like(pod, new[ref]) if ref else None)


def _most_like(pod: Pod, others: Sequence[Pod]) -> Pod | None:
    """The one that policies are most likely to treat alike; None if there is none."""
    alike = (
        [each for each in others if each.labels == pod.labels and each.ports == pod.ports]
        or [each for each in others if each.labels == pod.labels]
        or others
    )
    return alike[0] if alike else None


def _order(unit: Unit) -> tuple[str, str, int, str, str]:
    endpoint = unit.either
    assert isinstance(endpoint, Pod)
    _, name, controller, replica = endpoint.identity
    old = unit.old.name if unit.old else ""
    return name, controller, replica, old, str(endpoint)
