"""What the ends of a rectangle are called, many of them together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from netsim.changes.ends import Ends
from netsim.changes.pairing import Pairing
from netsim.changes.rectangles import Rectangle
from netsim.changes.sides import NODES
from netsim.model.cluster import Protocol
from netsim.model.endpoints import EVERYWHERE, Network
from netsim.sets.addresses import networks, span
from netsim.sets.intervals import without
from netsim.sets.traffic import TrafficSet

_EVERYWHERE: dict[int, Network] = {each.version: each for each in EVERYWHERE}
_EVERYTHING = TrafficSet.of(
    ((each.value.lower(), (1, 65535)) for each in Protocol if each is not Protocol.ICMP),
    ["icmp"],
    [each.value.lower() for each in Protocol],
)
_NODE = "node"  # stands before the name of a node as a namespace does before that of a pod


class Names:
    """Names ends; where a namespace has several endpoints and all are there, it writes `shop/*`.

    `units` are all endpoints that there are to name.
    """

    def __init__(self, pairing: Pairing, units: int) -> None:
        self._pairing, self._units = pairing, units

    def sources(self, rectangle: Rectangle) -> list[str]:
        """What sends."""
        part = rectangle.part
        return self._gathered(part.sources, rectangle.sources, part.destinations)

    def destinations(self, rectangle: Rectangle) -> list[str]:
        """What receives."""
        part = rectangle.part
        return self._gathered(part.destinations, rectangle.destinations, part.sources)

    def _gathered(self, ends: Ends, names: Sequence[str], facing: Ends) -> list[str]:
        if ends.addresses:
            return [outside_text(ends)]
        if ends.names:
            return list(names)
        return list(self._by_namespace(ends.units, names, facing.units))

    def _by_namespace(self, units: int, names: Sequence[str], facing: int) -> Iterator[str]:
        if len(names) > 1 and self._are_all(units, self._units & ~self._within(NODES), facing):
            yield "*"
            return
        for namespace, found in groupby(names, lambda name: name.partition("/")[0]):
            some = list(found)
            within = 0 if namespace == _NODE else self._within(namespace)
            if (
                len(some) > 1
                and within
                and self._are_all(units & within, self._units & within, facing)
            ):
                yield f"{namespace}/*"
            else:
                yield from some

    def _within(self, namespace: str) -> int:
        first, end = self._pairing.starts.of[namespace]
        return (1 << end) - (1 << first)

    def _are_all(self, units: int, whole: int, facing: int) -> bool:
        """Whether none is missing but the one at the other end, which can't talk to itself."""
        missing = whole & ~units
        if units & ~whole:
            return False
        alone = missing == facing and missing.bit_count() == 1
        return not missing or (alone and not next(self._pairing.at(missing)).several)


def traffic_text(traffic: TrafficSet) -> str:
    """Traffic in words: by what it is, or by what is missing if that is less."""
    text, missing = str(traffic), str(_EVERYTHING - traffic)
    return f"all but {missing}" if len(missing) + len("all but ") < len(text) else text


def outside_text(ends: Ends) -> str:
    """Addresses in words: by the blocks that they are, or by those that are missing if that is less."""
    if ends.cidrs == tuple(map(str, EVERYWHERE)):
        return "external"
    texts = []
    for version, intervals in ends.addresses:
        everywhere = _EVERYWHERE[version]
        blocks = [str(block) for block in networks(intervals, version)]
        missing = networks(without(span(everywhere), intervals), version)
        if missing and len(missing) < len(blocks):
            blocks = [f"{everywhere} except {', '.join(map(str, missing))}"]
        texts.append(", ".join(blocks))
    return f"outside {', '.join(texts)}"
