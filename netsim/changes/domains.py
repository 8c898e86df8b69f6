"""What endpoints may send to what is reached under DNS names, in two versions (ANP-17).

Each name that rules are about is an end of its own, as in listings; nobody knows its address.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netsim.changes.boxes import Box, Part
from netsim.changes.ends import Ends
from netsim.changes.sides import bits_of
from netsim.changes.slicing import Slice
from netsim.engine.outside import Outside
from netsim.sets.bitset import members
from netsim.sets.traffic import TrafficSet


def compared_names(names: Sequence[str], old: Slice, new: Slice, senders: int) -> list[Box]:
    """What is other of what units may send to names; both versions have these units. Disjoint."""
    if not names:
        return []
    one, other = _Sent(old, names), _Sent(new, names)
    alike: dict[tuple[tuple[TrafficSet, ...], tuple[TrafficSet, ...]], list[int]] = {}
    for unit in members(senders):
        alike.setdefault((one.by(unit), other.by(unit)), []).append(unit)
    found = []
    for (was, now), units in alike.items():
        turned: dict[tuple[TrafficSet, TrafficSet], list[str]] = {}
        for name, before, after in zip(names, was, now, strict=True):
            if before != after:
                turned.setdefault((before, after), []).append(name)
        for (before, after), some in turned.items():
            found.append(Box(Ends(bits_of(units)), Ends(names=tuple(some)), before, after))
    return found


def parts_to_names(names: Sequence[str], of: Slice, senders: int) -> Iterator[Part]:
    """What units of one version may send to names."""
    sent = _Sent(of, names)
    for unit in members(senders) if names else ():
        for name, traffic in zip(names, sent.by(unit), strict=True):
            if traffic:
                yield Part(Ends(1 << unit), Ends(names=(name,)), traffic)


class _Sent:
    """The traffic of units of one version to names, as it is taken to be."""

    def __init__(self, of: Slice, names: Sequence[str]) -> None:
        self._slice, self._names = of, names
        self._outside = Outside(of.tables)
        self._known: dict[int, tuple[TrafficSet, ...]] = {}

    def by(self, unit: int) -> tuple[TrafficSet, ...]:
        """What a unit may send to each name."""
        number = self._slice.class_of[unit]
        found = self._known.get(number)
        if found is None:
            given = (self._outside.sent_to(name, number)[0] for name in self._names)
            found = self._known[number] = tuple(map(self._slice.places.traffic, given))
        return found
