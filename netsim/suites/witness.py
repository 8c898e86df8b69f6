"""Of the pairs that were hit how many there are, and the ones that people recognise first."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nsmallest
from itertools import zip_longest
from typing import NamedTuple

from netsim.analysis.incomplete import QuestionEnd
from netsim.analysis.served import named_atoms
from netsim.engine.recognisable import recognisable_address, recognisable_port
from netsim.engine.roll import Member
from netsim.model.cluster import Node, Pod
from netsim.model.directory import Directory, Named
from netsim.model.flow import Endpoint
from netsim.model.ports import AskedPort, PortName, PortNumbers
from netsim.sets.bitset import members
from netsim.sets.traffic import TrafficSet
from netsim.suites.view import Across, Hit, Inside, View
from netsim.suites.wish import Kind, Wish

# So many times as many pods are looked at as are named: pods of one workload are named once.
_LOOKED_AT = 8


class Flow(NamedTuple):
    """One flow of a hit."""

    source: Endpoint
    destination: Endpoint
    asked: AskedPort
    allowed: bool

    def ends(self, directory: Directory) -> tuple[QuestionEnd, QuestionEnd]:
        """Both ends, as those of a question."""
        return _end(self.source, directory), _end(self.destination, directory)


def _end(endpoint: Endpoint, directory: Directory) -> QuestionEnd:
    made = isinstance(endpoint, Pod) and endpoint.name.startswith("{")
    text = f"new:{endpoint}" if made else directory.text_of(endpoint)
    return QuestionEnd(text, Named((endpoint,)))


def is_same(one: Endpoint, other: Endpoint) -> bool:
    """Whether both are one and the same pod, though perhaps by different addresses."""
    if not isinstance(one, Pod) or not isinstance(other, Pod):
        return False
    return one.identity == other.identity and one.replicas == 1


def flows_of(hits: Iterable[Hit], view: View, most: int) -> list[Flow]:
    """A flow of each of a few pairs: of different workloads, the best known endpoints first."""
    inside: list[Inside] = []
    across: list[Across] = []
    for hit in hits:
        if isinstance(hit, Inside):
            inside.append(hit)
        else:
            across.append(hit)
    # Of each source its first pair, then of each its second.
    of_sources = [_of_source(source, inside, view, most) for source in _sources(inside, most)]
    turns = (pair for turn in zip_longest(*of_sources) for pair in turn if pair)
    pairs = (*turns, *(_outward(hit, view) for hit in _nearest(across, most)))
    return [_flow(pair, view) for pair in pairs[:most]]


class _Pair(NamedTuple):
    """Two endpoints of a hit, and the port atoms that may pass between them."""

    source: Endpoint
    destination: Endpoint
    value: int
    wish: Wish


def _sources(hits: Iterable[Inside], most: int) -> list[Member]:
    found: dict[int, tuple[Member, ...]] = {}
    left = _Once()
    for hit in hits:
        for number in members(left.of(hit.found.sources)):
            found[number] = hit.wish.sources.members[number]
    return _best((each for some in found.values() for each in some), most)


class _Once:
    """Takes sets of classes, and gives of each what it hasn't given before."""

    def __init__(self) -> None:
        self._given = 0

    def of(self, classes: int) -> int:
        found = classes & ~self._given
        self._given |= found
        return found


def _of_source(source: Member, hits: Iterable[Inside], view: View, most: int) -> list[_Pair]:
    """The best known of those that a source is hit with."""
    universe = view.tables.universe
    found: dict[int, tuple[Member, Wish]] = {}
    for hit in hits:
        if hit.found.sources >> source.number & 1:
            for number in universe.numbers(hit.found.places):
                for member in hit.wish.destinations.members[number]:
                    if source.is_apart(member):
                        found.setdefault(id(member.endpoint), (member, hit.wish))
    best = _best((member for member, _ in found.values()), most)
    return [
        _Pair(
            source.endpoint,
            member.endpoint,
            view.value(source.number, member.number),
            found[id(member.endpoint)][1],
        )
        for member in best
    ]


def _nearest(hits: list[Across], most: int) -> list[Across]:
    """Those of the best known members inside."""
    return nsmallest(most, hits, key=lambda hit: rank(recognisable(_inside(hit)[hit.number])))


def _outward(hit: Across, view: View) -> _Pair:
    """The pair of the best known member and an address."""
    address = recognisable_address(hit.addresses, view.owned)
    assert address, "a hit is of an address that is nobody's"
    inside = recognisable(_inside(hit)[hit.number])
    if hit.incoming:
        return _Pair(address, inside, hit.value, hit.wish)
    return _Pair(inside, address, hit.value, hit.wish)


def _inside(hit: Across) -> dict[int, tuple[Member, ...]]:
    return (hit.wish.destinations if hit.incoming else hit.wish.sources).members


def recognisable(found: Iterable[Member]) -> Pod | Node:
    """The best known of some members, of which there is at least one."""
    return _best(found, 1)[0].endpoint


def _best(found: Iterable[Member], most: int) -> list[Member]:
    """The best known, of different workloads."""
    by_workload: dict[str, Member] = {}
    for member in nsmallest(most * _LOOKED_AT, found, key=lambda each: rank(each.endpoint)):
        by_workload.setdefault(_workload(member.endpoint), member)
    return list(by_workload.values())[:most]


def rank(endpoint: Endpoint) -> tuple[int, str, str]:
    """Pods come before templates, nodes after both, addresses last."""
    match endpoint:
        case Pod():
            return int(endpoint.template), endpoint.namespace, endpoint.name
        case Node():
            return 2, endpoint.name, ""
    return 3, str(endpoint), ""


def _workload(endpoint: Endpoint) -> str:
    workload = endpoint.workload if isinstance(endpoint, Pod) else None
    return str(workload or endpoint)


def _flow(pair: _Pair, view: View) -> Flow:
    """The flow of a pair: over a port that tells, of those that were asked about."""
    traffic = view.tables.atoms.traffic(pair.wish.telling(pair.value))
    parts = (_limited(traffic, asked, pair.destination) for asked in pair.wish.asked)
    protocol, port = recognisable_port(next(filter(None, parts)), pair.destination)
    numbers = None if port is None else PortNumbers(port, port)
    allowed = pair.wish.kind is Kind.SOME_PASSES
    return Flow(pair.source, pair.destination, AskedPort(protocol, numbers), allowed)


def _limited(traffic: TrafficSet, asked: AskedPort, destination: Endpoint) -> TrafficSet:
    protocol = asked.protocol.value.lower()
    match asked.port:
        case None:
            return traffic.limited(protocol, None)
        case PortNumbers(first, last):
            return traffic.limited(protocol, [(first, last)])
        case PortName():
            return traffic.limited(protocol, named_atoms(asked.port, asked.protocol, destination))
