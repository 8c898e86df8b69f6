"""The endpoints of two versions side by side: which one of the new is which one of the old."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from weakref import WeakKeyDictionary

from netsim.changes.ends import Ends
from netsim.changes.leavers import Leavers
from netsim.changes.version import Space, Version
from netsim.compiler.looks import looks_of
from netsim.dialects.networkpolicy.lower import lower
from netsim.model.cluster import Address, Node, Pod, WorkloadRef
from netsim.sets.addresses import address_of
from netsim.sets.bitset import members, of

# Stands in the place of a namespace for nodes, which have none.
NODES = ""
# Of fewer units than one in so many it is looked up where they are.
_SPARSE = 16
# So few numbers are put together one by one.
_FEW = 16


@dataclass(frozen=True, slots=True)
class Starts:
    """Where the units of each namespace are: the first and the end, in order."""

    of: Mapping[str, tuple[int, int]]
    _names: Sequence[str]
    _firsts: Sequence[int]

    @staticmethod
    def made(of: Mapping[str, tuple[int, int]]) -> Starts:
        """Of namespaces in the order of their units; those without any have no place."""
        filled = [name for name, (first, end) in of.items() if first < end and name != NODES]
        return Starts(of, filled, [of[name][0] for name in filled])

    def around(self, at: int) -> tuple[int, int]:
        """The first and the end of the units of the namespace of one."""
        first, end = self.of[NODES]
        if at >= first:
            return first, end
        return self.of[self._names[bisect_right(self._firsts, at) - 1]]

    def touched(self, units: int) -> Iterable[tuple[str, tuple[int, int]]]:
        """The namespaces that these units are in."""
        end = self.of[NODES][0]
        units &= (1 << end) - 1
        if units.bit_count() * _SPARSE > end:
            each = ((name, self.of[name]) for name in self._names)
            return [(name, (a, b)) for name, (a, b) in each if units >> a & (1 << b - a) - 1]
        found = dict.fromkeys(bisect_right(self._firsts, at) - 1 for at in members(units))
        return [(self._names[at], self.of[self._names[at]]) for at in found]


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
        """Whether it stands for more pods than one wherever it is: then it talks to itself."""
        both = [each for each in (self.old, self.new) if each]
        return all(isinstance(each, Pod) and each.replicas != 1 for each in both)


@dataclass(frozen=True, slots=True)
class Names:
    """What a unit is called by itself, and by its workload with all its replicas, if it has one."""

    own: str
    workload: str
    replicas: tuple[int, ...]


class Side:
    """One version as one half of a pairing: its endpoints by the numbers of their units."""

    def __init__(self, version: Version, keys: Sequence[Hashable], starts: Starts) -> None:
        """`keys` has the key of its endpoint for each unit, None where it has none."""
        self.version = version
        self._keys, self._starts = keys, starts
        # What others found out of pods or of a namespace; for copies too, as units are the same.
        self.kept: WeakKeyDictionary[object, object] = WeakKeyDictionary()
        self.units = bits_of(at for at, key in enumerate(keys) if key is not None)
        self._numbers: dict[Hashable, list[int]] = {}
        for at, key in enumerate(keys):
            if key is not None:
                self._numbers.setdefault(key, []).append(at)

    def with_version(self, version: Version) -> Side:
        """The same endpoints, in a version in which other things hold for them."""
        found = copy(self)
        found.version = version
        return found

    def has_endpoints_of(self, other: Side) -> bool:
        """Whether both have the very same endpoints as the same units: they differ in policies alone."""
        same = self.version.population is other.version.population
        return same and self._numbers is other._numbers

    def of(self, endpoints: Iterable[Pod | Node]) -> int:
        """The units that these endpoints are."""
        numbers = self._numbers
        return bits_of(at for each in endpoints for at in numbers.get(_key(each), ()))

    def pods(self, units: int) -> Iterator[tuple[Space, Sequence[Pod]]]:
        """The pods that these units are, by namespace."""
        for name, (first, end) in self._starts.touched(units):
            space = self.version.spaces.get(name)
            chosen = units >> first & ((1 << end - first) - 1)
            if space is None:
                continue
            if chosen.bit_count() == end - first:
                yield space, space.pods
            else:
                pods = self.version.population.by_identity(name)
                keys = dict.fromkeys(self._keys[first + at] for at in members(chosen))
                yield space, [pods[key] for key in keys if key in pods]

    def spaces(self, units: int) -> Iterator[Space]:
        """The namespaces in which these units are pods."""
        spaces = self.version.spaces
        return (spaces[name] for name, _ in self._starts.touched(units) if name in spaces)

    def of_space(self, space: Space) -> int:
        """The units that are pods of a namespace."""
        first, end = self._starts.of[space.namespace.name]
        return self.units & (1 << end) - (1 << first)

    def nodes(self, units: int) -> dict[str, Node]:
        """The nodes that these units are."""
        first, _ = self._starts.of[NODES]
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
        asked = _Asked((old, new))
        for name in sorted({*old.spaces, *new.spaces}):
            first = len(units)
            one, other = old.spaces.get(name), new.spaces.get(name)
            ours, theirs = one.pods if one else (), other.pods if other else ()
            if ours is theirs or ours == theirs:
                units += map(Unit, ours, theirs)
            else:
                units += _paired(ours, theirs, asked)
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
        self.old = Side(old, [_key(unit.old) for unit in units], self.starts)
        self.new = (
            self.old.with_version(new)
            if new.population is old.population
            else Side(new, [_key(unit.new) for unit in units], self.starts)
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

    def ip_versions(self, at: int) -> frozenset[int]:
        """The IP versions of the addresses of a unit: the old ones if those are known."""
        unit = self.units[at]
        each = ((unit.old, self.old.version), (unit.new, self.new.version))
        found = (version.ip_versions(endpoint) for endpoint, version in each if endpoint)
        return next(filter(None, found), frozenset())

    def free(self, ends: Ends) -> Iterator[Address]:
        """For each interval of addresses the first that is nobody's."""
        for version, intervals in ends.addresses:
            for first, last in intervals:
                addresses = (address_of(number, version) for number in range(first, last + 1))
                yield from islice((each for each in addresses if each not in self.owned), 1)

    def at(self, bits: int) -> Iterator[Unit]:
        """The units of a set, in order."""
        return (self.units[at] for at in members(bits))


def _key(endpoint: Pod | Node | None) -> Hashable:
    """What an endpoint is known by in its version."""
    return endpoint.identity if isinstance(endpoint, Pod) else endpoint and endpoint.name


def bits_of(numbers: Iterable[int]) -> int:
    """The set of these numbers; a loop of `|=` would cost the square of many."""
    each = set(numbers)
    if len(each) <= _FEW:
        return of(each)
    text = bytearray(max(each) // 8 + 1)
    for number in each:
        text[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(text, "little")


class _Asked:
    """The label keys that policies of some versions ask for, found when somebody has to know."""

    def __init__(self, versions: Sequence[Version]) -> None:
        self._versions = versions

    @cached_property
    def keys(self) -> frozenset[str]:
        """Whatever else two pods are labelled, they are alike to policies."""
        spaces = (space for version in self._versions for space in version.spaces.values())
        policies = (policy for space in spaces for policy in space.policies)
        return looks_of(lower(policies, self._versions[0].semantics)).keys


def _paired(old: Sequence[Pod], new: Sequence[Pod], asked: _Asked) -> list[Unit]:
    """The pods of one namespace as units, in a stable order."""
    by_name = {pod.identity: pod for pod in new}
    units, left = [], []
    for pod in old:
        same = by_name.pop(pod.identity, None)
        if same is None:
            left.append(pod)
        else:
            units.append(Unit(pod, same))
    return sorted([*units, *_replaced(left, list(by_name.values()), units, asked)], key=_order)


def _replaced(
    gone: list[Pod], come: list[Pod], both: Sequence[Unit], asked: _Asked
) -> Iterator[Unit]:
    """Pods without one of their name: replicas of a workload go for one another.

    What is left over has no unit where it is like a replica that has: the workload is larger or
    smaller. Where one pod of the other version stands for all replicas, it is that.
    """
    found: dict[WorkloadRef, list[Unit]] = defaultdict(list)
    for unit in both:
        if isinstance(unit.new, Pod) and unit.new.workload:
            found[unit.new.workload].append(unit)
    gone_of: dict[WorkloadRef | None, list[Pod]] = defaultdict(list)
    for pod in gone:
        gone_of[pod.workload].append(pod)
    leaving = {ref: Leavers(pods) for ref, pods in gone_of.items()}
    left: dict[tuple[WorkloadRef | None, bool], list[Unit]] = defaultdict(list)
    for pod in come:
        leavers = leaving.get(pod.workload) if pod.workload else None
        twin = leavers.take(pod) if leavers else None
        if pod.workload and twin:
            found[pod.workload].append(Unit(twin, pod))
            yield Unit(twin, pod)
        else:
            left[pod.workload, True].append(Unit(None, pod))
    for ref, leavers in leaving.items():
        left[ref, False] += (Unit(pod, None) for pod in leavers)
    for (ref, came), units in left.items():
        yield from _left_over(units, came, found[ref] if ref else (), asked)


def _left_over(
    units: Sequence[Unit], came: bool, replicas: Sequence[Unit], asked: _Asked
) -> Iterator[Unit]:
    """The units of a workload's pods that one version alone has, beside its other replicas."""
    known = {_sight(each.new if came else each.old, asked.keys) for each in replicas}
    others = (each.old if came else each.new for each in replicas)
    template = next((each for each in others if _is_for_all(each)), None)
    for unit in units:
        if not replicas or _sight(unit.either, asked.keys) not in known:
            yield Unit(unit.old or template, unit.new or template)


def _is_for_all(pod: Pod | Node | None) -> bool:
    """Whether it stands for all replicas of its workload."""
    return isinstance(pod, Pod) and pod.template and pod.replicas != 1


def _sight(pod: Pod | Node | None, keys: frozenset[str]) -> Hashable:
    """What policies see of a pod that ask for these label keys, wherever it runs."""
    if not isinstance(pod, Pod):
        return None
    labels = frozenset(pair for pair in pod.labels.items() if pair[0] in keys)
    return labels, pod.ports, pod.host_network


def _order(unit: Unit) -> tuple[str, str, int, str, str]:
    endpoint = unit.either
    assert isinstance(endpoint, Pod)
    _, name, controller, replica = endpoint.identity
    old = unit.old.name if unit.old else ""
    return name, controller, replica, old, str(endpoint)
