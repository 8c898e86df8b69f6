"""Overlays made from ranked rules: the rules of a direction are walked in their order.

That is done for each group of subjects that the same rules govern, at once for all peers and ports
(`walk`).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import cached_property

from netsim.compiler.asking import Asking, Governed, batches_of
from netsim.compiler.atoms import PortAtoms
from netsim.compiler.overlay import Beyond, Change, Layers, Overlay
from netsim.compiler.ranked_ports import RankedPorts
from netsim.compiler.strata import Meant, Strata
from netsim.compiler.walk import Asked, Reading, walked
from netsim.model.flow import Direction
from netsim.model.rules import AddressSet, Anyone, DomainSet, RankedRule
from netsim.model.tiers import Tier
from netsim.sets.apart import told_apart
from netsim.sets.bitset import members, of

# Readings for which rules match the same.
_TOGETHER = (Reading.GIVEN,), (Reading.LEAST, Reading.MOST)


class Overlays:
    """Makes the overlays of some ranked rules, each once."""

    def __init__(self, rules: Sequence[RankedRule], strata: Strata, atoms: PortAtoms) -> None:
        self._strata = strata
        self._ports = RankedPorts(rules, strata.items, atoms)
        self._rules = {
            direction: [rule for rule in rules if rule.direction is direction]
            for direction in Direction
        }
        self._known: dict[tuple[Direction, int, Reading], Overlay] = {}

    def of(self, direction: Direction, version: int, reading: Reading) -> Overlay | None:
        """What the rules of one direction change in one IP version; None if there are none."""
        rules = self._rules[direction]
        if not rules:
            return None
        key = direction, version, reading
        if key not in self._known:
            # The least and the most come of one walk.
            together = next(each for each in _TOGETHER if reading in each)
            made = _Making(rules, direction, version, together, self._strata, self._ports)
            for each, overlay in made.overlays().items():
                self._known[direction, version, each] = overlay
        return self._known[key]


class _Making:
    """The rules of one direction, with whom each is about in one IP version."""

    def __init__(
        self,
        rules: Sequence[RankedRule],
        direction: Direction,
        version: int,
        readings: tuple[Reading, ...],
        strata: Strata,
        ports: RankedPorts,
    ) -> None:
        self._rules, self._strata, self._ports = rules, strata, ports
        self._inward = direction is Direction.INGRESS
        self._readings = readings
        self._batches = batches_of(rules)
        self._subjects = [
            self._read(strata.meant(batch.subject, version)) for batch in self._batches
        ]
        self._peers = [
            self._either(self._read(strata.meant(each, version)) for each in rule.peers)
            for rule in rules
        ]

    def _read(self, meant: Meant) -> tuple[int, int]:
        """Whom somebody means for sure, and perhaps: the same where it is taken as given."""
        if Reading.GIVEN in self._readings:
            return meant.given, meant.given
        return meant.surely, meant.maybe

    @staticmethod
    def _either(each: Iterable[tuple[int, int]]) -> tuple[int, int]:
        surely = maybe = 0
        for one, other in each:
            surely |= one
            maybe |= other
        return surely, maybe

    def overlays(self) -> dict[Reading, Overlay]:
        """The overlay of each reading."""
        groups, governed = self._groups()
        changes: dict[Reading, list[Change]] = {reading: [] for reading in self._readings}
        beyond = []
        for stratum, rules in governed:
            for reading, change in self._changes(stratum, rules):
                changes[reading].append(change)
            beyond.append(tuple(self._beyond(rules)))
        of_class = self._strata.of_class
        group_of = tuple([groups[at] for at in of_class])
        column_of = tuple([self._columns[at] for at in of_class])
        return {
            reading: Overlay(
                group_of, column_of, len(self._firsts), tuple(found), tuple(beyond), reading
            )
            for reading, found in changes.items()
        }

    def _groups(self) -> tuple[list[int | None], list[tuple[int, list[Governed]]]]:
        """The group of each stratum; and of each group a stratum, and the batches that govern it."""
        ports = self._ports_of if self._inward else [()] * len(self._strata.items)
        seen = told_apart([mask for pair in self._subjects for mask in pair], ports)
        governing = self._governing(of(set(seen)))
        numbers: dict[int, int | None] = {}
        governed: list[tuple[int, list[Governed]]] = []
        for first in dict.fromkeys(seen):
            rules = governing.get(first)
            numbers[first] = len(governed) if rules else None
            if rules:
                governed.append((first, rules))
        return [numbers[first] for first in seen], governed

    def _governing(self, strata: int) -> dict[int, list[Governed]]:
        """The batches that govern each of these strata, in their order."""
        found: dict[int, list[Governed]] = {}
        for at, (surely, maybe) in enumerate(self._subjects):
            for places, governed in (
                (surely & strata, Governed(at, True)),
                (maybe & ~surely & strata, Governed(at, False)),
            ):
                for stratum in members(places):
                    found.setdefault(stratum, []).append(governed)
        return found

    @cached_property
    def _ports_of(self) -> list[Hashable]:
        """What the pods of each stratum declare under names that rules ask for."""
        return [self._ports.declared(item) for item in self._strata.items]

    @cached_property
    def _columns(self) -> list[int]:
        """The column of each stratum: those that are alike as peers have one."""
        ports = [()] * len(self._strata.items) if self._inward else self._ports_of
        seen = told_apart([mask for pair in self._peers for mask in pair], ports)
        numbers: dict[int, int] = {}
        return [numbers.setdefault(sight, len(numbers)) for sight in seen]

    @cached_property
    def _firsts(self) -> list[int]:
        """The first stratum of each column."""
        found: list[int] = []
        for stratum, column in enumerate(self._columns):
            if column == len(found):
                found.append(stratum)
        return found

    @cached_property
    def _peer_columns(self) -> list[tuple[int, int]]:
        firsts, column_of = of(self._firsts), self._columns
        known: dict[int, int] = {}

        def columns(mask: int) -> int:
            if mask not in known:
                known[mask] = of(column_of[stratum] for stratum in members(mask & firsts))
            return known[mask]

        return [(columns(surely), columns(maybe)) for surely, maybe in self._peers]

    @cached_property
    def _asking(self) -> Asking:
        items = [self._strata.items[stratum] for stratum in self._firsts]
        return Asking(self._rules, self._peer_columns, items, self._ports)

    def _changes(
        self, stratum: int, governed: Iterable[Governed]
    ) -> Iterator[tuple[Reading, Change]]:
        asked: dict[Tier, list[Asked]] = {Tier.ADMIN: [], Tier.BASELINE: []}
        item = self._strata.items[stratum]
        declared = self._ports_of[stratum] if self._inward else ()
        for each in governed:
            asked[self._batches[each.batch].tier] += self._asking.of(each, item, declared)
        everyone = (1 << len(self._firsts)) - 1
        admin, baseline = (walked(each, everyone, self._ports.count) for each in asked.values())
        for reading in self._readings:
            allowed, denied = admin.settled(reading)
            refused = baseline.settled(reading)[1]
            yield reading, Change(*map(self._layers, (allowed, denied, refused)))

    def _layers(self, columns: Sequence[int]) -> Layers:
        """From columns by port atom of these rules to port atoms of all."""
        found: dict[int, int] = {}
        for places, atoms in zip(columns, self._ports.fine, strict=True):
            if places:
                found[places] = found.get(places, 0) | atoms
        return tuple((atoms, places) for places, atoms in found.items())

    def _beyond(self, governed: Iterable[Governed]) -> Iterator[Beyond]:
        """Egress: what rules say of what is outside, which declares no ports (ANP-13, ANP-19)."""
        for each in governed if not self._inward else ():
            yield from self._far_off[each.batch][each.surely]

    @cached_property
    def _far_off(self) -> list[tuple[list[Beyond], list[Beyond]]]:
        """Each batch as far as it is about what is outside, where it governs perhaps, and for sure."""
        found = []
        for batch in self._batches:
            each = map(self._outside_of, self._rules[batch.first : batch.end])
            perhaps = [rule for rule in each if rule]
            found.append((perhaps, [rule._replace(surely=True) for rule in perhaps]))
        return found

    def _outside_of(self, rule: RankedRule) -> Beyond | None:
        peers = tuple(
            each for each in rule.peers if isinstance(each, AddressSet | DomainSet | Anyone)
        )
        atoms = self._ports.numbers(rule.traffic) if peers else 0
        return Beyond(peers, atoms, rule.tier, rule.action, False) if atoms else None
