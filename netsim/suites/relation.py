"""Who may send what to whom, whole: by governed destination, and by governed source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from netsim.engine.outside import Pieces
from netsim.engine.reach import Reachability
from netsim.engine.rows import Row
from netsim.model.flow import Direction
from netsim.sets.bitset import members, of
from netsim.sets.intervals import common
from netsim.suites.crowd import Crowd
from netsim.suites.whom import Outside, Shares, Whom, outside_of, shares_of


class Relation:
    """The relation among some classes, and with what `external` means."""

    def __init__(self, reach: Reachability, classes: int, external: Crowd) -> None:
        self._reach, self._external = reach, external
        self._atoms = reach.tables.atoms
        self.classes = classes
        self.isolated = {
            direction: of(at for at in members(classes) if reach.is_isolated(at, direction))
            for direction in Direction
        }
        self.governed = {
            direction: of(at for at in members(classes) if reach.is_governed(at, direction))
            for direction in Direction
        }

    def outside(self, number: int) -> Outside:
        """Everything outside, in the IP versions of a class."""
        return outside_of(self._external.ranges(self._reach.versions(number)))

    def received(self) -> dict[int, Shares]:
        """For each class that is governed in ingress who may send it what."""
        wanted = self._reach.universe.places(self.governed[Direction.INGRESS])
        universe = self._reach.universe
        found: dict[int, dict[int, int]] = {
            number: {} for number in members(self.governed[Direction.INGRESS])
        }
        for sources, block, cells in self._blocks():
            for value, places in cells.items():
                for bit in members(places & wanted.get(block, 0)):
                    values = found[universe.number(block, bit)]
                    values[value] = values.get(value, 0) | sources
        pieces = self._reach.outside.received
        return {
            number: self._shares(number, each, pieces(number)) for number, each in found.items()
        }

    def sent(self) -> dict[int, Shares]:
        """For each class that is governed in egress what it may send to whom."""
        universe = self._reach.universe
        found = {}
        for number in members(self.governed[Direction.EGRESS]):
            values: dict[int, int] = {}
            for block, cells in self._reach.row_of(number).blocks():
                for value, places in cells.items():
                    there = places << universe.starts[block] & self.classes
                    values[value] = values.get(value, 0) | there
            found[number] = self._shares(number, values, self._reach.outside.sent(number))
        return found

    def _blocks(self) -> Iterator[tuple[int, int, Mapping[int, int]]]:
        """Sources with what they may send to the places of a block, those that share it together."""
        shared: dict[int, tuple[Row, dict[int, int], int]] = {}
        for number in members(self.classes):
            row = self._reach.row_of(number)
            first, own, sources = shared.get(id(row.shared), (row, {}, 0))
            for block, cells in row.own.items():
                own[block] = own.get(block, 0) | 1 << number
                yield 1 << number, block, cells
            # The first row is kept, so that the id stays that of its shared blocks.
            shared[id(row.shared)] = first, own, sources | 1 << number
        for row, own, sources in shared.values():
            for block, cells in row.shared.items():
                if left := sources & ~own.get(block, 0):
                    yield left, block, cells

    def _shares(self, number: int, values: Mapping[int, int], pieces: Pieces) -> Shares:
        external = dict(self.outside(number))
        whom = {value: Whom(classes) for value, classes in values.items() if value and classes}
        for value, by_version in pieces.items():
            both = {
                version: common(each, external.get(version, ()))
                for version, each in by_version.items()
            }
            if value and (there := outside_of(both)):
                whom[value] = whom.get(value, Whom()) | Whom(outside=there)
        return shares_of(whom, self._atoms.everything)
