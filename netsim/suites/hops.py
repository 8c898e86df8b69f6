"""Expectations about how far one gets: from pod to pod, in so many hops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from netsim.engine.roll import Member
from netsim.engine.sweep import Found
from netsim.errors import query_error, unclear_error
from netsim.model.cluster import Node, Pod
from netsim.model.ports import PortName
from netsim.sets.bitset import members
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
    """Who starts, who may make a hop, and who need not be reported.

    Of a class of `walkers` that some start from these alone are told.
    """

    hops: int
    sources: Crowd
    walkers: dict[int, tuple[Member, ...]]
    within: Crowd
    wishes: list[Wish]


@dataclass(slots=True)
class _Walk:
    """The classes that hops were made from, and each that was reached with where from.

    That is by each wish the first class that got there; the first of them came the fewest hops.
    """

    stepped: int = 0
    came_from: dict[int, list[tuple[int, Wish]]] = field(default_factory=dict)

    def reach(self, number: int, sources: int, wish: Wish) -> None:
        """Some classes reach one by a wish."""
        ways = self.came_from.setdefault(number, [])
        if all(each is not wish for _, each in ways):
            ways.append((_first(sources), wish))


def hops_outcome(expectation: Expectation, claim: ReachAtMost, ground: Ground) -> Outcome:
    """What comes of it. Raises QueryError if it starts from nobody, or from an address.

    A pod that may be on each node counts once, and is reached if it is on one of them.
    """
    ground = ground.placed
    trip = _trip(claim, ground)
    walk = _walk(trip, ground.view)
    strays, leaks = _strays(trip, walk), _leaks(trip, walk, ground.view, ground)
    breaking = _size(strays, ground)
    failed = bool(strays or leaks)
    hits = [*_last_hops(trip, walk, strays, ground), *leaks]
    flows = flows_of(hits, ground.view, _MOST_NAMED)
    return Outcome(
        expectation,
        not failed,
        _reason(breaking, bool(leaks)) if failed else "",
        pairs=_size(_met(walk) - trip.sources, ground),
        breaking=breaking,
        breaches=tuple(ground.breach(flow, _path(trip, walk, flow, ground)) for flow in flows),
        assumptions=_assumptions(trip, walk, ground, failed),
    )


def stepped(claim: ReachAtMost, ground: Ground) -> list[Pod | Node]:
    """The pods from which hops are made. Raises QueryError as `hops_outcome` does."""
    ground = ground.placed
    walk = _walk(_trip(claim, ground), ground.view)
    classes = ground.view.tables.universe.classes
    found = (each for number in members(walk.stepped) for each in classes[number].members)
    return list(ground.placing.whole(found))


def _trip(claim: ReachAtMost, ground: Ground) -> _Trip:
    crowds = ground.crowds
    sources, within = crowds.of(claim.sources), crowds.of(claim.within)
    if sources.has_addresses or sources.strangers:
        help = "start from pods or nodes, by name or label"
        raise unclear_error(f"`{claim.sources}` is more than pods in their places", help=help)
    if not sources:
        raise query_error("it starts from nobody")
    everyone = crowds.of_all([ALL_PODS])
    kind, placing = Kind.SOME_PASSES, ground.placing
    asked = wishes(everyone, everyone, claim.ports, kind, ground.atoms, placing)
    # A node, or a pod that doesn't exist, is only there where it starts.
    walkers = {**everyone.members, **sources.members}
    return _Trip(claim.hops, sources, walkers, within, asked)


def _walk(trip: _Trip, view: View) -> _Walk:
    walk, frontier = _Walk(), trip.sources.classes
    visited = frontier
    universe = view.tables.universe
    for _ in range(trip.hops):
        if not frontier:
            break
        walk.stepped |= frontier
        reached = 0
        for wish in trip.wishes:
            wanted = wish.destinations.classes
            for found in view.reached(frontier, wish.test):
                inside = universe.classes_at(found.places) & wanted
                for number in members(inside):
                    walk.reach(number, found.sources, wish)
                reached |= inside
        frontier = reached & ~visited
        visited |= frontier
    return walk


def _first(sources: int) -> int:
    return (sources & -sources).bit_length() - 1


def _met(walk: _Walk) -> Crowd:
    """Everybody who was reached: of a class those that have the port."""
    inside: dict[int, tuple[Member, ...]] = {}
    for number, ways in walk.came_from.items():
        asked = (wish.destinations.members[number] for _, wish in ways)
        found = {id(each.endpoint): each for some in asked for each in some}
        inside[number] = tuple(found.values())
    return Crowd(inside)


def _strays(trip: _Trip, walk: _Walk) -> Crowd:
    return _met(walk) - trip.sources - trip.within


def _size(crowd: Crowd, ground: Ground) -> int:
    """How many pods it has; those of one on each node are one."""
    placing = ground.placing
    return sum(1 for _ in placing.whole(crowd)) if placing else crowd.size


def _leaks(trip: _Trip, walk: _Walk, view: View, ground: Ground) -> list[Hit]:
    """What may be sent to the outside, where no port has a name."""
    outside = ground.crowds.of_all(["external"]) - trip.within
    walkers = Crowd({at: trip.walkers[at] for at in members(walk.stepped)})
    numbered = (
        wish
        for wish in trip.wishes
        if not any(isinstance(asked.port, PortName) for asked in wish.asked)
    )
    return [hit for wish in numbered for hit in view.hits(wish.between(walkers, outside))]


def _assumptions(trip: _Trip, walk: _Walk, ground: Ground, failed: bool) -> tuple[str, ...]:
    """What it may hang on, where another truth could turn it."""
    turned = [view for view in ground.bounds if failed is not _fails(trip, view, ground)]
    if not turned:
        return ()
    # Only more than it is taken to be leads out where nothing does.
    views = () if failed else turned
    leaks = (hit for view in views for hit in _leaks(trip, _walk(trip, view), view, ground))
    return ground.assumptions(leaks, walk.came_from)


def _fails(trip: _Trip, view: View, ground: Ground) -> bool:
    walk = _walk(trip, view)
    return bool(_strays(trip, walk) or _leaks(trip, walk, view, ground))


def _last_hops(trip: _Trip, walk: _Walk, strays: Crowd, ground: Ground) -> Iterator[Hit]:
    """The hops by which those were reached who shouldn't be."""
    universe = ground.view.tables.universe
    for number in strays.members:
        places = places_of([universe.place(number)])
        for source, wish in walk.came_from[number]:
            strange = Crowd({number: strays.members[number]}) - wish.destinations
            asked = Crowd({number: strays.members[number]}) - strange
            if asked:
                wish = wish.between(Crowd({source: trip.walkers[source]}), asked)
                yield Inside(wish, Found(1 << source, places))


def _path(trip: _Trip, walk: _Walk, flow: Flow, ground: Ground) -> tuple[str, ...]:
    """By whom the source of a flow was reached, from where it began."""
    number = ground.number(flow.source)
    path = [str(flow.source)]
    while number is not None and not trip.sources.classes >> number & 1:
        number = walk.came_from[number][0][0]
        path.append(str(recognisable(trip.walkers[number])))
    return tuple(reversed(path))


def _reason(strays: int, outside: bool) -> str:
    pods = f"{strays:,} other pod{'s' if strays > 1 else ''}" if strays else ""
    both = " and " if strays and outside else ""
    return f"{pods}{both}{'addresses outside' if outside else ''} can be reached"
