"""Which endpoints of a field are alike to its other end, so that one can stand for all of them.

Of an endpoint that no edit makes another it is the same in both versions what its own policies
let pass. So two are alike if the rules of the other end see no difference between them, and those
of their own rules that speak of the other end are the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from netsim.changes.boxes import Box
from netsim.changes.ends import Ends
from netsim.changes.owning import Key, named, own_rules, plain
from netsim.changes.sides import Side
from netsim.changes.slicing import Field
from netsim.changes.space import Space
from netsim.compiler.pools import surely_holds
from netsim.labels.labels import Labels
from netsim.labels.selector import Selector
from netsim.model.flow import Direction
from netsim.model.rules import AddressSet, Peers, PodSet
from netsim.sets.bitset import members

# Fewer are compiled as they are; to more, hardly any two are alike.
FEW, _MANY, _MOST_PEERS = 48, 400, 200

# Units that are alike, by the first of them.
_Groups = dict[int, int]


@dataclass(frozen=True, slots=True)
class Alike:
    """A field with one unit in the place of all that are alike."""

    field: Field
    _senders: _Groups
    _receivers: _Groups

    def every(self, box: Box) -> Box:
        """A box of that field with all units that those in it stand for."""
        return replace(
            box,
            sources=_every(box.sources, self._senders),
            destinations=_every(box.destinations, self._receivers),
        )


def alike_in(old: Side, new: Side, field: Field, others: Field) -> Alike:
    """A field by units that are alike. `others` has the senders and receivers that edits make others."""
    senders = field.senders & ~others.senders
    receivers = field.receivers & ~others.receivers
    if old.version.tiers or new.version.tiers:  # whose rules would tell more apart
        return Alike(field, {}, {})
    sending = _groups(old, new, senders, field.receivers, Direction.EGRESS)
    receiving = _groups(old, new, receivers, field.senders, Direction.INGRESS)
    return Alike(
        Field(_firsts(field.senders, sending), _firsts(field.receivers, receiving)),
        sending,
        receiving,
    )


def _every(ends: Ends, groups: _Groups) -> Ends:
    units = ends.units
    for first, group in groups.items():
        if units >> first & 1:
            units |= group
    return replace(ends, units=units)


def _firsts(units: int, groups: _Groups) -> int:
    for first, group in groups.items():
        units = units & ~group | 1 << first
    return units


def _groups(old: Side, new: Side, units: int, far: int, direction: Direction) -> _Groups:
    """The units that are alike to those at the far end, whose own rules are of one direction."""
    units &= plain(old) & plain(new)
    if units.bit_count() < FEW or far.bit_count() > _MANY:
        return {}
    end = _FarEnd((old, new), far)
    peers = end.peers(Direction.INGRESS if direction is Direction.EGRESS else Direction.EGRESS)
    if len(peers) > _MOST_PEERS:
        return {}
    groups = [group & units for group in _by_own_rules(new, units, end, direction)]
    for whom in peers:
        there = named(new, whom)
        groups = [part for group in groups for part in (group & there, group & ~there) if part]
    return {(group & -group).bit_length() - 1: group for group in groups if group}


def _by_own_rules(side: Side, units: int, end: _FarEnd, direction: Direction) -> Iterable[int]:
    """Units by what their own rules say of the far end, whatever it says of them."""
    found: dict[Key, int] = {}
    for space in side.spaces(units):
        for key, group in own_rules(side, space, direction).groups(end.may_be):
            found[key] = found.get(key, 0) | group
    return found.values()


class _FarEnd:
    """The units at the other end, as they are in both versions."""

    def __init__(self, sides: Iterable[Side], units: int) -> None:
        self._places: list[tuple[Space, int]] = []
        self._pods: set[tuple[Space, Labels]] = set()
        self._plain = True
        for side in sides:
            self._semantics = side.version.semantics
            self._plain = self._plain and not units & ~plain(side)
            for space, places in side.places(units):
                self._places.append((space, places))
                self._pods.update({(space, space.pods[at].labels) for at in members(places)})
        self._names = {space.namespace.name for space, _ in self._pods}
        self._known: dict[Peers, bool] = {}

    def peers(self, direction: Direction) -> set[PodSet]:
        """The pods that their own rules speak of."""
        return {
            whom
            for space, places in self._places
            for policy in space.governing(places, direction)
            for rule in space.lowered(policy, direction).rules
            for whom in rule.peers
            if isinstance(whom, PodSet)
        }

    def may_be(self, peers: Peers) -> bool:
        """Whether peers may name one of them."""
        namespaces = peers.namespaces if isinstance(peers, PodSet) else None
        if isinstance(namespaces, str) and namespaces not in self._names:
            return False
        known = self._known.get(peers)
        if known is None:
            known = self._known[peers] = self._evaluated(peers)
        return known

    def _evaluated(self, peers: Peers) -> bool:
        match peers:
            case PodSet():
                return any(
                    _in(peers.namespaces, space) and _may_match(peers.pods, labels)
                    for space, labels in self._pods
                )
            case AddressSet() if self._plain:
                pools = self._semantics.pod_cidrs
                version = peers.cidr.version
                return surely_holds(peers, [cidr for cidr in pools if cidr.version == version])
        return True


def _in(namespaces: str | Selector, space: Space) -> bool:
    if isinstance(namespaces, str):
        return namespaces == space.namespace.name
    return _may_match(namespaces, space.namespace.labels)


def _may_match(selector: Selector, labels: Labels) -> bool:
    return selector.matches(labels) or selector.undecidable(labels)
