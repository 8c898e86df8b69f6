"""What some senders may send to some receivers in two versions, as boxes of what is other."""

from __future__ import annotations

from collections.abc import Iterator

from netsim.changes.boxes import Box, Part, merged
from netsim.changes.ends import Ends
from netsim.changes.sides import Side, bits_of
from netsim.changes.slicing import Field, Slice, Spread, slice_of
from netsim.sets.bitset import members
from netsim.sets.traffic import NOTHING, TrafficSet


def compared(one: Slice, other: Slice, field: Field) -> list[Box]:
    """What is other between units of a field, which both versions have."""
    if not field:
        return []
    sources: dict[tuple[int, int], list[int]] = {}
    for at in members(field.senders):
        sources.setdefault((one.class_of[at], other.class_of[at]), []).append(at)
    rows: dict[tuple[Spread, Spread], list[int]] = {}
    for (ours, theirs), units in sources.items():
        rows.setdefault((one.row(ours), other.row(theirs)), []).extend(units)
    return merged(
        Box(Ends(bits_of(units)), Ends(destinations), before, after)
        for (before_row, after_row), units in rows.items()
        for before, after, destinations in _differing(before_row, after_row)
    )


def passing(side: Side, field: Field) -> list[Part]:
    """What passes between units of a field that one side has."""
    one = slice_of(side, field)
    sources: dict[int, list[int]] = {}
    for at in members(field.senders):
        sources.setdefault(one.class_of[at], []).append(at)
    rows: dict[Spread, list[int]] = {}
    for number, units in sources.items():
        rows.setdefault(one.row(number), []).extend(units)
    return merged(
        Part(Ends(bits_of(units)), Ends(destinations), traffic)
        for row, units in rows.items()
        for traffic, destinations in row
    )


def _differing(old: Spread, new: Spread) -> Iterator[tuple[TrafficSet, TrafficSet, int]]:
    """What passed before and passes after, where that is other, and the units for which it is."""
    if old == new:
        return
    come = dict(new)
    for before, units in old:
        for after, among in new:
            both = units & among
            if both:
                units ^= both
                come[after] ^= both
                if before != after:
                    yield before, after, both
        if units:
            yield before, NOTHING, units
    for after, units in come.items():
        if units:
            yield NOTHING, after, units
