"""Expectations about how far one gets: from pod to pod, in so many hops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from netsim.engine.sweep import Found
from netsim.errors import query_error
from netsim.sets.bitset import members, of
from netsim.sets.blocks import places_of
from netsim.suites.crowd import ALL_PODS, Crowd
from netsim.suites.ground import Ground
from netsim.suites.outcome import Outcome
from netsim.suites.suite import Expectation, ReachAtMost
from netsim.suites.view import Hit, Inside, View
from netsim.suites.wish import Kind, Wish, wishes
from netsim.suites.witness import Flow, flows_of, recognisable

# So many of those that are reached are named.
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Trip:
    """Who starts, who may be met, and who need not be reported."""

    hops: int
    sources: Crowd
    everyone: Crowd
    within: Crowd
    wishes: list[Wish]


@dataclass(slots=True)
class _Walk:
    """The classes that hops were made from, and each that was reached with where from."""

    stepped: int = 0
    came_from: dict[int, tuple[int, Wish]] = field(default_factory=dict)


def hops_outcome(expectation: Expectation, claim: ReachAtMost, ground: Ground) -> Outcome:
    """What comes of it. Raises QueryError if it starts from nobody, or from what has no one place."""
    trip = _trip(claim, ground)
    walk = _walk(trip, ground.view, ground)
    strays, leaks = _strays(trip, walk, ground), _leaks(trip, walk, ground.view, ground)
    met = _met(trip.everyone, walk, ground) - trip.sources
    failed = bool(strays or leaks)
    turned = (failed is not _fails(trip, view, ground) for view in ground.bounds)
    hits = [*_last_hops(trip, walk, strays, ground), *leaks]
    flows = flows_of(hits, ground.view, _MOST_NAMED)
    return Outcome(
        expectation,
        not failed,
        _reason(strays.size, bool(leaks)) if failed else "",
        pairs=met.size,
        breaking=strays.size,
        breaches=tuple(ground.breach(flow, _path(trip, walk, flow, ground)) for flow in flows),
        assumptions=ground.assumptions_about(walk.came_from) if any(turned) else (),
    )


def _trip(claim: ReachAtMost, ground: Ground) -> _Trip:
    crowds = ground.crowds
    sources, within = crowds.of(claim.sources), crowds.of(claim.within)
    if sources.has_addresses or sources.strangers:
        help = "start from pods, and from such as are on one node"
        raise query_error(f"`{claim.sources}` is more than pods in their places", help=help)
    if not sources:
        raise query_error("it starts from nobody")
    everyone = crowds.of_all([ALL_PODS])
    asked = wishes(everyone, everyone, claim.ports, Kind.SOME_PASSES, ground.atoms)
    return _Trip(claim.hops, sources, everyone, within, asked)


def _walk(trip: _Trip, view: View, ground: Ground) -> _Walk:
    walk, frontier = _Walk(), trip.sources.classes
    visited = frontier
    universe = view.tables.universe
    for _ in range(trip.hops):
        walk.stepped |= frontier
        reached = 0
        for wish in trip.wishes:
            wanted = _classes(wish.destinations, ground)
            for found in view.reached(frontier, wish.test):
                inside = universe.classes_at(found.places) & wanted
                for number in members(inside):
                    walk.came_from.setdefault(number, (_first(found.sources), wish))
                reached |= inside
        frontier = reached & ~visited
        visited |= frontier
    return walk


def _classes(crowd: Crowd, ground: Ground) -> int:
    numbers = (ground.number(endpoint) for endpoint in crowd.strangers)
    return crowd.classes | of(number for number in numbers if number is not None)


def _first(sources: int) -> int:
    return (sources & -sources).bit_length() - 1


def _met(everyone: Crowd, walk: _Walk, ground: Ground) -> Crowd:
    """Everybody of a class that was reached."""
    members_of = {at: each for at, each in everyone.members.items() if at in walk.came_from}
    strangers = (each for each in everyone.strangers if ground.number(each) in walk.came_from)
    return Crowd(members_of, tuple(strangers))


def _strays(trip: _Trip, walk: _Walk, ground: Ground) -> Crowd:
    return _met(trip.everyone, walk, ground) - trip.sources - trip.within


def _leaks(trip: _Trip, walk: _Walk, view: View, ground: Ground) -> list[Hit]:
    """What may be sent to the outside."""
    outside = ground.crowds.of_all(["external"]) - trip.within
    everyone = trip.everyone.members
    walkers = Crowd({at: everyone[at] for at in members(walk.stepped) if at in everyone})
    return [hit for wish in trip.wishes for hit in view.hits(wish.between(walkers, outside))]


def _fails(trip: _Trip, view: View, ground: Ground) -> bool:
    walk = _walk(trip, view, ground)
    return bool(_strays(trip, walk, ground) or _leaks(trip, walk, view, ground))


def _last_hops(trip: _Trip, walk: _Walk, strays: Crowd, ground: Ground) -> Iterator[Hit]:
    """The hops by which those were reached who shouldn't be."""
    universe, everyone = ground.view.tables.universe, trip.everyone.members
    for number in strays.members:
        source, wish = walk.came_from[number]
        places = places_of([universe.place(number)])
        one = Crowd({source: everyone[source]})
        yield Inside(wish.between(one, strays), Found(1 << source, places))


def _path(trip: _Trip, walk: _Walk, flow: Flow, ground: Ground) -> tuple[str, ...]:
    """By whom the source of a flow was reached, from where it began."""
    number = ground.number(flow.source)
    path = [str(flow.source)]
    while number is not None and not trip.sources.classes >> number & 1:
        number = walk.came_from[number][0]
        path.append(str(recognisable(trip.everyone.members[number])))
    return tuple(reversed(path))


def _reason(strays: int, outside: bool) -> str:
    pods = f"{strays:,} other pod{'s' if strays > 1 else ''}" if strays else ""
    both = " and " if strays and outside else ""
    return f"{pods}{both}{'addresses outside' if outside else ''} can be reached"
