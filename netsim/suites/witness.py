"""Of the pairs that were hit how many there are, and the ones that people recognise first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import nsmallest
from itertools import product
from typing import NamedTuple

from netsim.analysis.incomplete import QuestionEnd
from netsim.analysis.served import named_atoms
from netsim.engine.recognisable import recognisable_address, recognisable_port
from netsim.engine.roll import Member
from netsim.model.cluster import Node, Pod
from netsim.model.directory import Named
from netsim.model.flow import Endpoint
from netsim.model.ports import AskedPort, PortName, PortNumbers
from netsim.sets.bitset import members
from netsim.sets.traffic import TrafficSet
from netsim.suites.crowd import Crowd
from netsim.suites.view import Across, Hit, View
from netsim.suites.wish import Wish


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow of a hit."""

    source: Endpoint
    destination: Endpoint
    asked: AskedPort

    @property
    def ends(self) -> tuple[QuestionEnd, QuestionEnd]:
        """Both ends, as those of a question."""
        return _end(self.source), _end(self.destination)


def _end(endpoint: Endpoint) -> QuestionEnd:
    made = isinstance(endpoint, Pod) and endpoint.name.startswith("{")
    return QuestionEnd(f"new:{endpoint}" if made else str(endpoint), Named((endpoint,)))


def count(hit: Hit, view: View) -> int:
    """How many pairs of different endpoints these are; the outside counts as one."""
    if isinstance(hit, Across):
        return len(_inside(hit)[hit.number])
    ours, theirs = hit.wish.sources.members, hit.wish.destinations.members
    sources = members(hit.found.sources)
    destinations = set(view.tables.universe.numbers(hit.found.places))
    pairs = sum(len(ours[at]) for at in sources) * sum(len(theirs[at]) for at in destinations)
    both = (at for at in sources if at in destinations)
    return pairs - sum(_themselves(ours[at], theirs[at]) for at in both)


def count_asked(sources: Crowd, destinations: Crowd) -> int:
    """How many pairs two crowds make, strangers not counted."""
    ours = sources.size - len(sources.strangers)
    theirs = destinations.size - len(destinations.strangers)
    both = sources.members.keys() & destinations.members.keys()
    alone = sum(_themselves(sources.members[at], destinations.members[at]) for at in both)
    crossing = (ours if destinations.has_addresses else 0) + (
        theirs if sources.has_addresses else 0
    )
    return ours * theirs - alone + crossing


def _themselves(ours: tuple[Member, ...], theirs: tuple[Member, ...]) -> int:
    """How many of both are one and the same pod, that is no pair with itself."""
    known = {id(member.endpoint): member for member in ours}
    same = (known.get(id(member.endpoint)) for member in theirs)
    return sum(1 for member in same if member and not member.meets(member))


def is_same(one: Endpoint, other: Endpoint) -> bool:
    """Whether both are one and the same pod, though perhaps by different addresses."""
    if not isinstance(one, Pod) or not isinstance(other, Pod):
        return False
    return one.identity == other.identity and one.replicas == 1


def flows_of(hits: Iterable[Hit], view: View, most: int) -> list[Flow]:
    """A flow of each of a few pairs: of different workloads, the best known endpoints first."""
    found: dict[tuple[str, str], _Pair] = {}
    every = (pair for hit in hits for pair in _pairs(hit, view, most))
    for pair in sorted(every, key=lambda pair: (rank(pair.source), rank(pair.destination))):
        found.setdefault((_workload(pair.source), _workload(pair.destination)), pair)
        if len(found) == most:
            break
    return [_flow(pair, view) for pair in found.values()]


class _Pair(NamedTuple):
    """Two endpoints of a hit, and the port atoms that may pass between them."""

    source: Endpoint
    destination: Endpoint
    value: int
    wish: Wish


def _pairs(hit: Hit, view: View, most: int) -> Iterator[_Pair]:
    """A few pairs of a hit."""
    wish = hit.wish
    if isinstance(hit, Across):
        address = recognisable_address(hit.addresses, view.owned)
        assert address, "a hit is of an address that is nobody's"
        for member in _best(_inside(hit)[hit.number], most):
            if hit.incoming:
                yield _Pair(address, member.endpoint, hit.value, wish)
            else:
                yield _Pair(member.endpoint, address, hit.value, wish)
        return
    universe = view.tables.universe
    sources = (each for at in members(hit.found.sources) for each in wish.sources.members[at])
    numbers = universe.numbers(hit.found.places)
    destinations = (each for at in numbers for each in wish.destinations.members[at])
    # Two of each side are enough for two that differ.
    ends = _best(sources, max(most, 2)), _best(destinations, max(most, 2))
    for one, other in product(*ends):
        if one.meets(other):
            value = view.value(one.number, other.number)
            yield _Pair(one.endpoint, other.endpoint, value, wish)


def _inside(hit: Across) -> dict[int, tuple[Member, ...]]:
    return (hit.wish.destinations if hit.incoming else hit.wish.sources).members


def recognisable(found: Iterable[Member]) -> Pod | Node:
    """The best known of some members, of which there is at least one."""
    return _best(found, 1)[0].endpoint


def _best(found: Iterable[Member], most: int) -> list[Member]:
    return nsmallest(most, found, key=lambda member: rank(member.endpoint))


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
    return Flow(pair.source, pair.destination, AskedPort(protocol, numbers))


def _limited(traffic: TrafficSet, asked: AskedPort, destination: Endpoint) -> TrafficSet:
    protocol = asked.protocol.value.lower()
    match asked.port:
        case None:
            return traffic.limited(protocol, None)
        case PortNumbers(first, last):
            return traffic.limited(protocol, [(first, last)])
        case PortName():
            return traffic.limited(protocol, named_atoms(asked.port, asked.protocol, destination))
