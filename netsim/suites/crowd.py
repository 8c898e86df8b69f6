"""Whom the texts of an expectation mean, in classes and addresses, so that all are asked at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from netsim.compiler.classes import Universe
from netsim.engine.roll import Member, Roll
from netsim.model.cluster import Node, Pod
from netsim.model.directory import Directory, Named
from netsim.model.flow import Domain, Endpoint
from netsim.sets.addresses import networks, span
from netsim.sets.bitset import members as numbers_in
from netsim.sets.bitset import of
from netsim.sets.blocks import Places, places_of
from netsim.sets.intervals import Interval, joined, without
from netsim.suites.placing import Placing
from netsim.suites.suite import Ends

# All pods, whatever namespace names without one are of; and everything outside.
ALL_PODS = "ns{}/*"
EVERYONE = (ALL_PODS, "external")
# Numbers of addresses by IP version.
Ranges = dict[int, list[Interval]]


@dataclass(slots=True, eq=False, repr=False)
class Crowd:
    """Some endpoints, those that are alike together.

    `members` are by class, `classes` those of the members, as a set; `size` is how many pods, nodes
    and DNS names there are. `strangers` have no class that answers for them. `addresses` are meant
    by number, whoever may have such; `external` in the IP versions alone that the other end has.
    """

    members: dict[int, tuple[Member, ...]] = field(default_factory=dict)
    strangers: tuple[Endpoint, ...] = ()
    addresses: Ranges = field(default_factory=dict)
    external: Ranges = field(default_factory=dict)
    classes: int = -1
    size: int = -1

    def __post_init__(self) -> None:
        if self.size < 0:  # it isn't known yet
            self.classes = of(self.members)
            self.size = sum(map(len, self.members.values())) + len(self.strangers)

    def __bool__(self) -> bool:
        return bool(self.members or self.strangers or self.addresses or self.external)

    def __iter__(self) -> Iterator[Endpoint]:
        """Its pods, nodes and DNS names."""
        for members in self.members.values():
            yield from (member.endpoint for member in members)
        yield from self.strangers

    def __or__(self, other: Crowd) -> Crowd:
        """Everybody of both."""
        members = dict(self.members)
        for number, theirs in other.members.items():
            ours = members.get(number, ())
            members[number] = ours + tuple(_others(theirs, ours)) if ours else theirs
        return Crowd(
            members,
            (*self.strangers, *(each for each in other.strangers if each not in self.strangers)),
            _united(self.addresses, other.addresses),
            _united(self.external, other.external),
        )

    def __and__(self, other: Crowd) -> Crowd:
        """Those who are of both."""
        if not (self.classes & other.classes or self.strangers or self.has_addresses):
            return Crowd()
        return self - (self - other)

    def __sub__(self, other: Crowd) -> Crowd:
        """Those of this one who aren't of the other. Costs the classes of both alone."""
        members, gone, fewer = dict(self.members), 0, 0
        for number in self.members.keys() & other.members.keys():
            left = tuple(_others(members[number], other.members[number]))
            fewer += len(members[number]) - len(left)
            if left:
                members[number] = left
            else:
                del members[number]
                gone |= 1 << number
        taken = _united(other.addresses, other.external) if other.has_addresses else {}
        strangers = tuple(each for each in self.strangers if each not in other.strangers)
        return Crowd(
            members,
            strangers,
            _left(self.addresses, taken),
            _left(self.external, taken),
            # Of a large crowd without a few they needn't be found again.
            self.classes & ~gone,
            self.size - fewer - len(self.strangers) + len(strangers),
        )

    def within(self, classes: int) -> Crowd:
        """Its members of some classes."""
        return Crowd({at: self.members[at] for at in numbers_in(self.classes & classes)})

    def where(self, wanted: Callable[[Endpoint], bool]) -> Crowd:
        """Those of its pods and nodes that are wanted."""
        members = {
            number: left
            for number, ours in self.members.items()
            if (left := tuple(member for member in ours if wanted(member.endpoint)))
        }
        return Crowd(members, tuple(filter(wanted, self.strangers)))

    def each(self) -> Iterator[Crowd]:
        """Everybody in it alone, and its addresses together."""
        for number, ours in self.members.items():
            yield from (Crowd({number: (member,)}) for member in ours)
        yield from (Crowd(strangers=(each,)) for each in self.strangers)
        if self.has_addresses:
            yield Crowd({}, (), self.addresses, self.external)

    @property
    def has_addresses(self) -> bool:
        """Whether anything outside is meant."""
        return bool(self.addresses or self.external)

    def places(self, universe: Universe) -> Places:
        """The same as places."""
        if len(self.members) < len(universe.blocks):
            return places_of(map(universe.place, self.members))
        return universe.places(self.classes)

    def alone(self, other: Crowd) -> int:
        """The classes of which both have but one and the same endpoint: it is no pair with itself."""
        both = self.classes & other.classes
        if not both:
            return 0
        return of(
            number
            for number in numbers_in(both)
            if _is_alone(self.members[number], other.members[number])
        )

    def ranges(self, versions: frozenset[int]) -> Ranges:
        """The addresses that are meant towards somebody who has these IP versions."""
        met = {version: each for version, each in self.external.items() if version in versions}
        return _united(self.addresses, met) if met else self.addresses

    @property
    def named(self) -> Named:
        """All of it, as the end of a question."""
        ranges = [
            network
            for each in (self.addresses, self.external)
            for version, intervals in each.items()
            for network in networks(intervals, version)
        ]
        return Named(tuple(self), tuple(ranges), outside=bool(self.external))


class Crowds:
    """The crowds of one snapshot by text, each found once."""

    def __init__(self, directory: Directory, roll: Roll, placing: Placing, namespace: str) -> None:
        self._directory, self._roll, self._placing = directory, roll, placing
        self._namespace = namespace
        self._known: dict[str, Crowd] = {}

    def of(self, ends: Ends) -> Crowd:
        """Whom an expectation means.

        Raises QueryError if a text means nothing that exists.
        """
        found = self.of_all(ends.texts)
        return found - self.of_all(ends.excepts) if ends.excepts else found

    def of_all(self, texts: Sequence[str]) -> Crowd:
        """Everybody that one of some texts means."""
        return reduce(or_, map(self._one, texts)) if texts else Crowd()

    def _one(self, text: str) -> Crowd:
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self._found(self._directory.find(text, self._namespace))
        return found

    def _found(self, named: Named) -> Crowd:
        members: dict[int, list[Member]] = {}
        strangers: list[Endpoint] = []
        ranges: Ranges = {}
        for network in named.ranges:
            ranges.setdefault(network.version, []).append(span(network))
        for endpoint in self._placing.all(named.members):
            if isinstance(endpoint, (Pod, Node)):
                if member := self._roll.member(endpoint):
                    members.setdefault(member.number, []).append(member)
                else:
                    strangers.append(endpoint)
            elif isinstance(endpoint, Domain):
                strangers.append(endpoint)
            else:
                ranges.setdefault(endpoint.version, []).append((int(endpoint), int(endpoint)))
        by_class = {number: tuple(each) for number, each in members.items()}
        ranges = _united(ranges, {}) if ranges else {}
        addresses, external = ({}, ranges) if named.outside else (ranges, {})
        return Crowd(by_class, tuple(strangers), addresses, external)


def _others(members: Iterable[Member], known: Iterable[Member]) -> Iterator[Member]:
    taken = {id(member.endpoint) for member in known}
    return (member for member in members if id(member.endpoint) not in taken)


def _is_alone(ours: tuple[Member, ...], theirs: tuple[Member, ...]) -> bool:
    return len(ours) == 1 == len(theirs) and not ours[0].is_apart(theirs[0])


def _united(one: Ranges, other: Ranges) -> Ranges:
    versions = sorted(one.keys() | other.keys())
    return {each: list(joined([*one.get(each, ()), *other.get(each, ())])) for each in versions}


def _left(one: Ranges, other: Ranges) -> Ranges:
    found = {
        version: [left for each in intervals for left in without(each, other.get(version, ()))]
        for version, intervals in one.items()
    }
    return {version: intervals for version, intervals in found.items() if intervals}
