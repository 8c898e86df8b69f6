"""Endpoints that only one version has, with the traffic that they bring or take with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from netsim.changes.boxes import Part, merged
from netsim.changes.comparing import passing
from netsim.changes.ends import Ends
from netsim.changes.naming import Naming
from netsim.changes.outside import passing_outside
from netsim.changes.rectangles import Rectangle, rectangle_of
from netsim.changes.sides import Side, bits_of
from netsim.changes.slicing import Field


@dataclass(frozen=True, slots=True)
class Coming:
    """An endpoint that came, or went: what it may send, and what it may get."""

    name: str
    sends: tuple[Rectangle, ...]
    gets: tuple[Rectangle, ...]


def comings_of(side: Side, units: int, naming: Naming) -> tuple[Coming, ...]:
    """The endpoints of one side that these units are, by name."""
    if not units:
        return ()
    sent = passing(side, Field(units, side.units))
    got = passing(side, Field(side.units, units))
    outward, inward = passing_outside(side, Field(units, units))
    return tuple(
        Coming(
            name,
            _rectangles(naming, _from(bits_of(own), [*sent, *outward])),
            _rectangles(naming, _to(bits_of(own), [*got, *inward])),
        )
        for name, own in naming.parties(Ends(units))
    )


def _from(units: int, parts: Iterable[Part]) -> list[Part]:
    cut = (Part(part.sources & Ends(units), part.destinations, part.traffic) for part in parts)
    return merged(part for part in cut if part)


def _to(units: int, parts: Iterable[Part]) -> list[Part]:
    cut = (Part(part.sources, part.destinations & Ends(units), part.traffic) for part in parts)
    return merged(part for part in cut if part)


def _rectangles(naming: Naming, parts: Iterable[Part]) -> tuple[Rectangle, ...]:
    found = (rectangle_of(naming, part) for part in parts)
    return tuple(sorted((each for each in found if each.pairs), key=lambda each: -each.pairs))
