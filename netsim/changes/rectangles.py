"""Parts of traffic by name, as people read them."""

from __future__ import annotations

from dataclasses import dataclass, field

from netsim.changes.blame import Cause
from netsim.changes.boxes import Part
from netsim.changes.naming import Naming, count_pairs
from netsim.sets.traffic import TrafficSet


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Traffic that was opened, or closed, from each of `sources` to each of `destinations`.

    They are names, or CIDRs of addresses that are nobody's in the cluster. A workload and itself
    are what its replicas may send each other. `pairs` is how many pairs of names that is;
    `cause` is None where it wasn't asked for.
    """

    sources: tuple[str, ...]
    destinations: tuple[str, ...]
    traffic: TrafficSet
    pairs: int
    cause: Cause | None
    part: Part = field(compare=False, repr=False)


def rectangle_of(naming: Naming, part: Part, cause: Cause | None = None) -> Rectangle:
    """A part by name."""
    return Rectangle(
        naming.texts(part.sources),
        naming.texts(part.destinations),
        part.traffic,
        count_pairs(naming, part.sources, part.destinations),
        cause,
        part,
    )
