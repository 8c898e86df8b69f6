"""Pairs with what passes between them, inside the cluster and with the outside."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import lru_cache

from netsim.engine.outside import Pieces
from netsim.engine.parties import Party
from netsim.sets.addresses import networks
from netsim.sets.intervals import Interval
from netsim.sets.traffic import NOTHING, TrafficSet


@dataclass(frozen=True, slots=True)
class Flows:
    """What one source may send to one destination."""

    source: Party
    destination: Party
    traffic: TrafficSet


@dataclass(frozen=True, slots=True)
class OutsideFlows:
    """What passes between a party and addresses that are nobody's in the cluster.

    `cidrs` are the fewest that hold exactly the addresses with this traffic; `hanging` is what
    of all traffic hangs on an assumption, where that was asked for.
    """

    party: Party
    cidrs: tuple[str, ...]
    traffic: TrafficSet
    hanging: TrafficSet = NOTHING

    def in_versions(self, versions: Collection[int]) -> OutsideFlows:
        """The same with the addresses of these IP versions alone."""
        cidrs = tuple(cidr for cidr in self.cidrs if (6 if ":" in cidr else 4) in versions)
        return replace(self, cidrs=cidrs)


def outside_flows(
    party: Party, pieces: Pieces, traffic: Callable[[int], tuple[TrafficSet, TrafficSet]]
) -> list[OutsideFlows]:
    """The pieces of one party by traffic, as `traffic` reads their values: passing and hanging."""
    rows = []
    for value, by_version in pieces.items():
        cidrs = [
            cidr
            for version, intervals in sorted(by_version.items())
            for cidr in _cidrs(tuple(intervals), version)
        ]
        rows.append(OutsideFlows(party, tuple(cidrs), *traffic(value)))
    return sorted(rows, key=lambda row: (str(row.traffic), str(row.hanging)))


@lru_cache(maxsize=1 << 12)
def _cidrs(intervals: tuple[Interval, ...], version: int) -> tuple[str, ...]:
    """The addresses of these numbers in CIDRs: many parties have the very same."""
    return tuple(map(str, networks(intervals, version)))
