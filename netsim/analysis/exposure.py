"""A listing in numbers: how many pairs, and who is open to how many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from netsim.analysis.counts import Counts, counts_of
from netsim.analysis.listing import Listing
from netsim.engine.parties import Party
from netsim.engine.reach import Reachability
from netsim.model.cluster import Pod
from netsim.model.flow import Direction

SHOWN = 5  # parties at either end of the order of exposure


@dataclass(frozen=True, slots=True)
class Exposure:
    """From how many pods and nodes anything may reach a party, and whether also from outside."""

    party: Party
    senders: int
    outside: bool


@dataclass(frozen=True, slots=True)
class Exposures:
    """A listing in numbers. Pods whose number nobody knows count as one.

    `allowed` of `possible` ordered pairs of different pods or nodes have any traffic between them;
    `assumed` hang on an assumption, those without traffic if the listing takes them in.
    `most` and `least` exposed are a few parties each, none of them in both.
    `not_isolated` are pods that no policy selects, by direction.
    """

    pods: int
    nodes: int
    classes: int
    allowed: int
    possible: int
    assumed: int
    most: tuple[Exposure, ...]
    least: tuple[Exposure, ...]
    not_isolated: dict[Direction, int]


def exposures_of(listing: Listing, reachability: Reachability) -> Exposures:
    """Count a listing. The cost grows with its lists, not with its pairs."""
    counts = counts_of(listing)
    exposed = _exposed(listing, counts)
    shown = min(SHOWN, (len(exposed) + 1) // 2)
    spoken = listing.spoken_of()
    pods = [party for party in spoken if _is_pod(party)]
    return Exposures(
        pods=_sum(pods),
        nodes=_sum(party for party in spoken if not _is_pod(party)),
        classes=len({party.number for party in spoken}),
        allowed=counts.allowed,
        possible=_possible(listing),
        assumed=counts.assumed,
        most=tuple(exposed[:shown]),
        least=tuple(reversed(exposed[shown:][-shown:])),
        not_isolated={
            direction: _sum(
                party for party in pods if not reachability.is_isolated(party.number, direction)
            )
            for direction in Direction
        },
    )


def _exposed(listing: Listing, counts: Counts) -> list[Exposure]:
    """Each destination with its senders; the most exposed first, then by name."""
    found = [
        Exposure(listing.parties[at], counts.senders[at], at in counts.from_outside)
        for at in listing.destinations
    ]
    return sorted(found, key=lambda item: (not item.outside, -item.senders))


def _possible(listing: Listing) -> int:
    """How many pairs of different pods or nodes the scope has."""
    near = [at for at in listing.destinations if listing.touching(at)]
    everyone = _sum(listing.parties[at] for at in listing.destinations)
    nearby = _sum(listing.parties[at] for at in near)
    among, among_near = {*listing.destinations}, {*near}
    total = 0
    for at in listing.sources:
        weight = listing.parties[at].count or 1
        met, whom = (everyone, among) if listing.touching(at) else (nearby, among_near)
        total += weight * (met - (at in whom))
    return total


def _sum(parties: Iterable[Party]) -> int:
    return sum(party.count or 1 for party in parties)


def _is_pod(party: Party) -> bool:
    return isinstance(party.members[0], Pod)
