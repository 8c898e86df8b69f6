"""One version as one half of a pairing: sets of its endpoints as sets of numbers."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from netsim.changes.space import Space
from netsim.changes.version import Version
from netsim.model.cluster import Node, Pod
from netsim.sets.bitset import members, of

# Stands in the place of a namespace for nodes, which have none.
NODES = ""
# So few numbers are looked at one by one.
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
        return self.of[self._name(at)]

    def touched(self, units: int) -> Iterable[tuple[str, tuple[int, int]]]:
        """The namespaces that these units are in."""
        nodes = self.of[NODES][0]
        first = (units & -units).bit_length() - 1
        if not 0 <= first < nodes:
            return []
        name = self._name(first)
        if units.bit_length() <= self.of[name][1]:  # as most are
            return [(name, self.of[name])]
        if units.bit_count() <= _FEW:
            names = dict.fromkeys(self._name(at) for at in members(units) if at < nodes)
            return [(name, self.of[name]) for name in names]
        text, found = bin(units)[:1:-1], []
        place = text.find("1", 0, nodes)
        while place >= 0:
            name = self._name(place)
            found.append((name, self.of[name]))
            place = text.find("1", self.of[name][1], nodes)
        return found

    def _name(self, at: int) -> str:
        return self._names[bisect_right(self._firsts, at) - 1]


class Side:
    """One version as one half of a pairing: its endpoints by the numbers of their units."""

    def __init__(self, version: Version, keys: Sequence[Hashable], starts: Starts) -> None:
        """`keys` has the key of its endpoint for each unit, None where it has none."""
        self.version = version
        self._keys, self._starts = keys, starts
        # What others found out of pods or of a namespace; for copies too, as units are the same.
        self.kept: WeakKeyDictionary[object, object] = WeakKeyDictionary()
        # By name. Edits that are undone leave pods where they are.
        self._ordered: dict[str, bool] = {}
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
        return bits_of(at for each in endpoints for at in numbers.get(key_of(each), ()))

    def at(self, space: Space, places: int) -> int:
        """The units that the pods at some places of a namespace are."""
        if self._in_order(space):
            return places << self._starts.of[space.namespace.name][0]
        return self.of(space.pods[at] for at in members(places))

    def places(self, units: int) -> Iterator[tuple[Space, int]]:
        """Where the pods that these units are stand, by namespace."""
        for name, (first, end) in self._starts.touched(units):
            space = self.version.spaces.get(name)
            if space is None:
                continue
            chosen = units >> first & ((1 << end - first) - 1)
            if self._in_order(space):
                yield space, chosen
            else:
                keys = {self._keys[first + at] for at in members(chosen)}
                here = enumerate(space.pods)
                yield space, bits_of(at for at, pod in here if pod.identity in keys)

    def pods(self, units: int) -> Iterator[tuple[Space, Sequence[Pod]]]:
        """The pods that these units are, by namespace."""
        for space, places in self.places(units):
            if places.bit_count() == len(space.pods):
                yield space, space.pods
            else:
                yield space, [space.pods[at] for at in members(places)]

    def _in_order(self, space: Space) -> bool:
        """Whether the pods of a namespace are its units one by one."""
        name = space.namespace.name
        found = self._ordered.get(name)
        if found is None:
            first, end = self._starts.of[name]
            found = self._ordered[name] = self._keys[first:end] == [
                pod.identity for pod in space.pods
            ]
        return found

    def spaces(self, units: int) -> Iterator[Space]:
        """The namespaces in which these units are pods."""
        spaces = self.version.spaces
        return (spaces[name] for name, _ in self._starts.touched(units) if name in spaces)

    def of_space(self, space: Space) -> int:
        """The units that are pods of a namespace."""
        return self.of_names([space.namespace.name])

    def of_names(self, namespaces: Iterable[str]) -> int:
        """The units that are pods of some namespaces."""
        found = 0
        for name in namespaces:
            first, end = self._starts.of[name]
            found |= (1 << end) - (1 << first)
        return self.units & found

    def nodes(self, units: int) -> dict[str, Node]:
        """The nodes that these units are."""
        first, _ = self._starts.of[NODES]
        keys = {self._keys[first + at] for at in members(units >> first)}
        return {name: node for name, node in self.version.nodes.items() if name in keys}


def key_of(endpoint: Pod | Node | None) -> Hashable:
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
