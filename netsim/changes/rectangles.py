"""Parts of traffic by name, as people read them."""

from __future__ import annotations

from dataclasses import dataclass, field

from netsim.changes.blame import Cause
from netsim.changes.boxes import Box, Part
from netsim.changes.naming import Naming, count_pairs
from netsim.sets.traffic import TrafficSet


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Traffic that was opened, or closed, from each of `sources` to each of `destinations`.

    They are names, or CIDRs of addresses that are nobody's in the cluster. A workload and itself
    are what its replicas may send each other. `pairs` is how many pairs of names that is, the
    addresses of an end taken for one; `cause` is None where it wasn't asked for.
    """

    sources: tuple[str, ...]
    destinations: tuple[str, ...]
    traffic: TrafficSet
    pairs: int
    cause: Cause | None
    part: Part = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """All that might and all that may pass from each of `sources` to each of `destinations`.

    Names and `pairs` are as those of a `Rectangle`.
    """

    sources: tuple[str, ...]
    destinations: tuple[str, ...]
    before: TrafficSet
    after: TrafficSet
    pairs: int
    box: Box = field(compare=False, repr=False)


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


def change_of(naming: Naming, box: Box) -> Change:
    """A box by name."""
    return Change(
        naming.texts(box.sources),
        naming.texts(box.destinations),
        box.before,
        box.after,
        count_pairs(naming, box.sources, box.destinations),
        box,
    )
