"""Where near rules have a say: in the few blocks that rules about single classes speak of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from netsim.compiler.tables import Relation
from netsim.engine.bearing import Bearing
from netsim.sets.bitset import Cells, support
from netsim.sets.blocks import Places

_NONE: Cells = {}
_NOWHERE: Places = {}


class Near:
    """The near rules of one relation, by source and by block.

    `receiving` and `sending` are what sources reach whatever rules say, by number.
    """

    def __init__(
        self,
        relation: Relation,
        receiving: Mapping[int, Places],
        sending: Mapping[int, Places],
        blocks: int,
    ) -> None:
        self.relation = relation
        self.receiving, self.sending = receiving, sending
        self._blocks = blocks

    def blocks(self, source: int, bearing: Bearing) -> Iterable[int]:
        """The blocks where near rules, too, say what a source may send."""
        found = dict.fromkeys(self.receiving.get(source, _NOWHERE))
        for number in self.relation.near_sets[source]:
            found |= dict.fromkeys(self.relation.near_rows[number])
        if not bearing.is_free:
            found |= dict.fromkeys(self.sending.get(source, _NOWHERE))
        if bearing.leaving is not None:
            for number in self.relation.subjects[source]:
                found |= dict.fromkeys(self.relation.openings[number].blocks)
        return found

    def sources(self) -> list[dict[int, int]]:
        """The other way round: for each block sets of places, and by each such sources, as a set.

        Perhaps others, too.
        """
        relation = self.relation
        found: list[dict[int, int]] = [{} for _ in range(self._blocks)]
        for sets, rows in (
            (relation.near_sets, relation.near_rows),
            (relation.subjects, [opening.blocks for opening in relation.openings]),
        ):
            for sources, row in zip(_holders(sets, len(rows)), rows, strict=True):
                for block, cells in row.items():
                    places = support(cells)
                    found[block][places] = found[block].get(places, 0) | sources
        for hosts in (self.receiving, self.sending):
            for source, reached in hosts.items():
                for block, places in reached.items():
                    found[block][places] = found[block].get(places, 0) | 1 << source
        return found

    def classes(self, source: int, bearing: Bearing, block: int) -> int:
        """The classes of a block of which near rules, too, say what a source may send there."""
        found = self.receiving.get(source, _NOWHERE).get(block, 0)
        for number in self.relation.near_sets[source]:
            found |= support(self.relation.near_rows[number].get(block, _NONE))
        if not bearing.is_free:
            found |= self.sending.get(source, _NOWHERE).get(block, 0)
        if bearing.leaving is not None:
            for number in self.relation.subjects[source]:
                found |= support(self.relation.openings[number].blocks.get(block, _NONE))
        return found


def _holders(sets: Sequence[Iterable[int]], numbers: int) -> list[int]:
    """For each of so many numbers the places, as a set, of the sets that have it."""
    found = [0] * numbers
    for place, each in enumerate(sets):
        bit = 1 << place
        for number in each:
            found[number] |= bit
    return found
