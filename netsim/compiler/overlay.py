"""What the tiers around NetworkPolicy say: what they open and shut, whatever NetworkPolicies say.

The rules of a direction are walked in their order for each group of subjects that the same rules
govern, at once for all peers and ports (`walk`).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from netsim.compiler.atoms import PortAtoms
from netsim.compiler.classes import EndpointClass
from netsim.compiler.ranked_ports import RankedPorts
from netsim.compiler.strata import Meant, Strata
from netsim.compiler.walk import Asked, Reading, Spread, walked
from netsim.model.flow import Direction
from netsim.model.rules import AddressSet, Anyone, DomainSet, RankedRule
from netsim.model.tiers import Action, Tier
from netsim.sets.bitset import members, of

# So many masks are looked at together to see which strata they tell apart.
_AT_ONCE = 64


# Disjoint sets of port atoms, each with the columns that have them. A column has all that it is in.
Layers = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What is other than NetworkPolicies say, for each column of peers.

    `allowed` passes and `denied` doesn't, whatever they say (ANP-6, ANP-7); `refused` doesn't where
    they leave it open because none of them isolates the subject (ANP-9).
    """

    allowed: Layers
    denied: Layers
    refused: Layers


class Beyond(NamedTuple):
    """A rule as far as it is about what is outside. `surely`: whether it governs the group for sure."""

    peers: tuple[AddressSet | DomainSet | Anyone, ...]
    atoms: int
    tier: Tier
    action: Action
    surely: bool


@dataclass(frozen=True, slots=True)
class Overlay:
    """One direction of the tiers in one IP version.

    `group_of` has for each class the number of its group as a subject, None where no rule
    governs it; `column_of` that of its column as a peer, of so many `columns`. `changes` and
    `beyond` are by group.
    """

    group_of: tuple[int | None, ...]
    column_of: tuple[int, ...]
    columns: int
    changes: tuple[Change, ...]
    beyond: tuple[tuple[Beyond, ...], ...]
    reading: Reading


class Overlays:
    """Makes the overlays of some ranked rules, each once."""

    def __init__(self, rules: Sequence[RankedRule], strata: Strata, atoms: PortAtoms) -> None:
        self._strata = strata
        self._ports = RankedPorts(rules, strata.items, atoms)
        self._rules = {
            direction: [rule for rule in rules if rule.direction is direction]
            for direction in Direction
        }
        self._known: dict[tuple[Direction, int, Reading], Overlay | None] = {}

    def of(self, direction: Direction, version: int, reading: Reading) -> Overlay | None:
        """What the rules of one direction change in one IP version; None if there are none."""
        key = direction, version, reading
        if key not in self._known:
            rules = self._rules[direction]
            made = _Making(rules, direction, version, reading, self._strata, self._ports)
            self._known[key] = made.overlay() if rules else None
        return self._known[key]


class _Governed(NamedTuple):
    """A rule, by its place among those of its direction, and whether it governs a group for sure."""

    at: int
    surely: bool


class _Making:
    """The rules of one direction, with whom each is about in one IP version."""

    def __init__(
        self,
        rules: Sequence[RankedRule],
        direction: Direction,
        version: int,
        reading: Reading,
        strata: Strata,
        ports: RankedPorts,
    ) -> None:
        self._rules, self._strata, self._ports = rules, strata, ports
        self._inward = direction is Direction.INGRESS
        self._reading = reading
        self._in_admin = [rule.tier is Tier.ADMIN for rule in rules]
        # Rules as those read them who declare the same.
        self._asked_by: dict[Hashable, dict[_Governed, Asked]] = {}
        self._known: dict[tuple[_Governed, Spread], Asked] = {}
        self._subjects = [self._read(strata.meant(rule.subject, version)) for rule in rules]
        self._peers = [
            self._either(self._read(strata.meant(each, version)) for each in rule.peers)
            for rule in rules
        ]

    def _read(self, meant: Meant) -> tuple[int, int]:
        """Whom somebody means for sure, and perhaps: the same where it is taken as given."""
        if self._reading is Reading.GIVEN:
            return meant.given, meant.given
        return meant.surely, meant.maybe

    @staticmethod
    def _either(each: Iterable[tuple[int, int]]) -> tuple[int, int]:
        surely = maybe = 0
        for one, other in each:
            surely |= one
            maybe |= other
        return surely, maybe

    def overlay(self) -> Overlay:
        groups, governed = self._groups()
        changes, beyond = [], []
        for stratum, rules in governed:
            changes.append(self._change(stratum, rules))
            beyond.append(tuple(self._beyond(rules)))
        of_class = self._strata.of_class
        return Overlay(
            tuple([groups[at] for at in of_class]),
            tuple([self._columns[at] for at in of_class]),
            len(self._firsts),
            tuple(changes),
            tuple(beyond),
            self._reading,
        )

    def _groups(self) -> tuple[list[int | None], list[tuple[int, list[_Governed]]]]:
        """The group of each stratum; and of each group a stratum, and the rules that govern it."""
        ports = self._ports_of if self._inward else [()] * len(self._strata.items)
        seen = _told_apart([mask for pair in self._subjects for mask in pair], ports)
        governing = self._governing(of(set(seen)))
        numbers: dict[int, int | None] = {}
        governed: list[tuple[int, list[_Governed]]] = []
        for first in dict.fromkeys(seen):
            rules = governing.get(first)
            numbers[first] = len(governed) if rules else None
            if rules:
                governed.append((first, rules))
        return [numbers[first] for first in seen], governed

    def _governing(self, strata: int) -> dict[int, list[_Governed]]:
        """The rules that govern each of these strata, in their order."""
        found: dict[int, list[_Governed]] = {}
        for at, (surely, maybe) in enumerate(self._subjects):
            for places, governed in (
                (surely & strata, _Governed(at, True)),
                (maybe & ~surely & strata, _Governed(at, False)),
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
        seen = _told_apart([mask for pair in self._peers for mask in pair], ports)
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
    def _peer_items(self) -> list[EndpointClass]:
        """Egress: those who declare what a port name means, by column."""
        return [self._strata.items[stratum] for stratum in self._firsts]

    def _change(self, stratum: int, rules: Sequence[_Governed]) -> Change:
        admin: list[Asked] = []
        baseline: list[Asked] = []
        declared = self._ports_of[stratum] if self._inward else ()
        named = self._asked_by.setdefault(declared, {})
        for each in rules:
            at, surely = each
            pair = self._asked[at]
            if pair is None:
                asked = named.get(each)
                if asked is None:
                    asked = named[each] = self._of_named(each, stratum)
            else:
                asked = pair[surely]
            if asked.matching or asked.whole:
                (admin if self._in_admin[at] else baseline).append(asked)
        everyone = (1 << len(self._firsts)) - 1
        count = self._ports.count
        allowed, denied = walked(admin, everyone, count).settled(self._reading)
        refused = walked(baseline, everyone, count).settled(self._reading)[1] if baseline else ()
        return Change(*map(self._layers, (allowed, denied, refused)))

    @cached_property
    def _asked(self) -> list[tuple[Asked, Asked] | None]:
        """Each rule where it governs perhaps, and for sure; None if it hangs on what is declared there."""
        return [
            None if self._inward and self._ports.has_names(rule.traffic) else self._of_rule(at)
            for at, rule in enumerate(self._rules)
        ]

    def _of_rule(self, at: int) -> tuple[Asked, Asked]:
        traffic = self._rules[at].traffic
        if self._inward:
            spread = self._ports.at(traffic, self._strata.items[0])
        else:
            spread = self._ports.spread(traffic, self._peer_items)
        surely = self._matching(_Governed(at, True), spread)
        is_given = self._reading is Reading.GIVEN
        return surely if is_given else self._matching(_Governed(at, False), spread), surely

    def _of_named(self, governed: _Governed, stratum: int) -> Asked:
        """A rule as those read it who declare what a stratum declares."""
        spread = self._ports.at(self._rules[governed.at].traffic, self._strata.items[stratum])
        key = governed, spread
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._matching(governed, spread)
        return found

    def _matching(self, governed: _Governed, spread: Spread) -> Asked:
        rule, (sure, maybe) = self._rules[governed.at], self._peer_columns[governed.at]
        sure = sure if governed.surely else 0
        whole = 0
        if self._ports.are_all(rule.traffic):
            whole, sure, maybe = sure, 0, maybe & ~sure
        each = ((atom, sure & columns, maybe & columns) for atom, columns in spread)
        return Asked(rule.action, tuple(each) if maybe else (), whole)

    def _layers(self, columns: Sequence[int]) -> Layers:
        """From columns by port atom of these rules to port atoms of all."""
        found: dict[int, int] = {}
        for places, atoms in zip(columns, self._ports.fine if columns else (), strict=True):
            if places:
                found[places] = found.get(places, 0) | atoms
        return tuple((atoms, places) for places, atoms in found.items())

    def _beyond(self, rules: Iterable[_Governed]) -> Iterator[Beyond]:
        """Egress: what rules say of what is outside, which declares no ports (ANP-13, ANP-19)."""
        for each in rules if not self._inward else ():
            found = self._far_off[each.at]
            if found:
                yield found[each.surely]

    @cached_property
    def _far_off(self) -> list[tuple[Beyond, Beyond] | None]:
        """Each rule as far as it is about what is outside, where it governs perhaps, and for sure."""
        return [self._outside_of(rule) for rule in self._rules]

    def _outside_of(self, rule: RankedRule) -> tuple[Beyond, Beyond] | None:
        peers = tuple(
            each for each in rule.peers if isinstance(each, AddressSet | DomainSet | Anyone)
        )
        atoms = self._ports.numbers(rule.traffic) if peers else 0
        if not atoms:
            return None
        perhaps = Beyond(peers, atoms, rule.tier, rule.action, False)
        return perhaps, perhaps._replace(surely=True)


def _told_apart(masks: Sequence[int], besides: Sequence[Hashable]) -> list[int]:
    """For each stratum the first one that is in the very same masks, with equal `besides`."""
    numbers: dict[Hashable, int] = {}
    found = [numbers.setdefault(key, at) for at, key in enumerate(besides)]
    unique = list(dict.fromkeys(masks)) if found else []  # a number has a digit, at least
    for start in range(0, len(unique), _AT_ONCE):
        bits = [f"{mask:0{len(found)}b}"[::-1] for mask in unique[start : start + _AT_ONCE]]
        apart: dict[tuple[object, ...], int] = {}
        found = [apart.setdefault(key, at) for at, key in enumerate(zip(found, *bits, strict=True))]
    return found
