"""The rules of pods in two versions, as whom of some others they open what."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from netsim.changes.openings import UNHINDERED, Openings
from netsim.changes.owning import mentions, named
from netsim.changes.sides import Side
from netsim.changes.version import Space
from netsim.compiler.pools import surely_holds
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.labels.selector import Selector
from netsim.model.flow import Direction
from netsim.model.rules import AddressSet, Anyone, Peers, PodSet, Rule
from netsim.model.semantics import Semantics
from netsim.sets.bitset import Cells, united

# Others that are so many are looked up wherever they are.
FEW_OTHERS = 64
# Units in more namespaces than one in so many are told apart by whom rules mention.
SPARSE = 16

# What is opened, by its number, and to whom; None where all is open, as nobody is isolated.
_Rules = tuple[tuple[int, int], ...] | None
# The same to addresses outside.
Gate = tuple[tuple[int, AddressSet | Anyone], ...] | None
# What is open in the old and in the new version, as sets of numbers, and to whom.
Row = list[tuple[int, int, int]]


_Said = TypeVar("_Said")


@dataclass(frozen=True, slots=True)
class Group:
    """Units with the same rules about the others in each version."""

    units: int
    old: _Rules
    new: _Rules


def row_of(group: Group, others: int) -> Row:
    """All of some others by what the rules of a group open to them."""
    before = _cells(group.old, others)
    if group.old == group.new:
        return [(numbers, numbers, units) for numbers, units in _whole(before, others)]
    after = list(_whole(_cells(group.new, others), others))
    return [
        (one, two, both)
        for one, units in _whole(before, others)
        for two, some in after
        if (both := units & some)
    ]


def _cells(rules: _Rules, others: int) -> Cells:
    if rules is None:
        return {UNHINDERED: others}
    found: Cells = {}
    for number, units in rules:
        found = united(found, units & others, number)
    return found


def _whole(cells: Cells, others: int) -> Iterator[tuple[int, int]]:
    """Cells with those that have nothing."""
    for numbers, units in cells.items():
        others &= ~units
        yield numbers, units
    if others:
        yield 0, others


def grouped(
    old: Side, new: Side, units: int, others: int, direction: Direction, openings: Openings
) -> list[Group]:
    """Plain units by their own rules of one direction, as far as these name any of the `others`.

    The two sides differ in policies alone.
    """
    whom = _Whom(old, others)
    found: dict[tuple[_Rules, _Rules], int] = {}
    if _is_spread(old, units):
        edited = old.version.edited | new.version.edited
        near = old.of_names(edited) & units
        for rules, some in _by_mentions(old, units & ~near, edited, whom, direction, openings):
            found[rules, rules] = some
        units = near

    def said(rules: Iterable[Rule]) -> Iterator[tuple[int, int]]:
        opened: dict[int, int] = {}
        for rule in rules:
            some = 0
            for peers in rule.peers:
                some |= whom.of(peers)
            if some:
                number = openings.bit(rule.traffic)
                opened[number] = opened.get(number, 0) | some
        return iter(sorted(opened.items()))

    for key, some in _by_rules(old, new, units, direction, said).items():
        found[key] = found.get(key, 0) | some
    return [Group(some, *key) for key, some in found.items()]


def _is_spread(side: Side, units: int) -> bool:
    """Whether units are in many namespaces."""
    count, spaces = units.bit_count(), len(side.version.spaces)
    if count * SPARSE <= spaces:
        return False
    many = count * SPARSE > side.units.bit_count()
    return many or sum(1 for _ in side.spaces(units)) * SPARSE > spaces


def _by_mentions(
    side: Side,
    units: int,
    edited: Collection[str],
    whom: _Whom,
    direction: Direction,
    openings: Openings,
) -> Iterator[tuple[_Rules, int]]:
    """Units that are in no edited namespace by what their rules open to whom."""
    known = mentions(side, direction)
    opened: dict[tuple[int, int], int] = {}
    for peers in known.of(whom.places):
        if some := whom.of(peers):
            for space, policy, traffic in known.by_peers[peers]:
                if space.namespace.name not in edited:
                    key = openings.bit(traffic), some
                    subjects = side.at(space, space.places(policy.subject))
                    opened[key] = opened.get(key, 0) | subjects
    if free := units & ~known.isolated:
        yield None, free
    parts: list[tuple[int, tuple[tuple[int, int], ...]]] = [(units & known.isolated, ())]
    for key, subjects in sorted(opened.items()):
        apart = []
        for part, rules in parts:
            if inside := part & subjects:
                apart.append((inside, (*rules, key)))
            if outside := part & ~subjects:
                apart.append((outside, rules))
        parts = apart
    yield from ((rules, part) for part, rules in parts)


def gates(
    old: Side, new: Side, units: int, direction: Direction, openings: Openings
) -> dict[tuple[Gate, Gate], int]:
    """Plain units by what their own rules of one direction open to whom outside, in each version."""

    def said(rules: Iterable[Rule]) -> Iterator[tuple[int, AddressSet | Anyone]]:
        for rule in rules:
            for peers in rule.peers:
                if not isinstance(peers, PodSet):
                    yield openings.bit(rule.traffic), peers

    return _by_rules(old, new, units, direction, said)


def _by_rules(
    old: Side,
    new: Side,
    units: int,
    direction: Direction,
    said: Callable[[Iterable[Rule]], Iterator[_Said]],
) -> dict[tuple[tuple[_Said, ...] | None, tuple[_Said, ...] | None], int]:
    """Units by what is said of their rules in each version; None where they are not isolated."""
    found: dict[tuple[tuple[_Said, ...] | None, tuple[_Said, ...] | None], int] = {}
    for space, places in old.places(units):
        later = new.version.spaces[space.namespace.name]
        for part, policies in _parted(space, places, direction):
            before = tuple(said(_rules(space, policies, direction))) if policies else None
            if later is space:
                key = before, before
                found[key] = found.get(key, 0) | old.at(space, part)
                continue
            for piece, others in _parted(later, part, direction):
                key = before, tuple(said(_rules(later, others, direction))) if others else None
                found[key] = found.get(key, 0) | old.at(space, piece)
    return found


def _parted(
    space: Space, places: int, direction: Direction
) -> list[tuple[int, list[NetworkPolicy]]]:
    """Pods of a namespace by the policies that surely govern them."""
    parts: list[tuple[int, list[NetworkPolicy]]] = [(places, [])]
    for policy in space.policies:
        if direction in policy.directions and (governed := space.places(policy.subject) & places):
            apart = []
            for part, policies in parts:
                if inside := part & governed:
                    apart.append((inside, [*policies, policy]))
                if outside := part & ~governed:
                    apart.append((outside, policies))
            parts = apart
    return parts


def _rules(space: Space, policies: Iterable[NetworkPolicy], direction: Direction) -> Iterator[Rule]:
    return (rule for policy in policies for rule in space.lowered(policy, direction).rules)


class _Whom:
    """Whom of some plain units peers name."""

    def __init__(self, side: Side, units: int) -> None:
        self._side, self._units = side, units
        self._few = units.bit_count() <= FEW_OTHERS
        self._known: dict[Peers, int] = {}

    @cached_property
    def places(self) -> list[tuple[Space, int]]:
        """Where they are."""
        return list(self._side.places(self._units))

    def of(self, peers: Peers) -> int:
        """Those that they name for sure (NP-43, WL-7)."""
        found = self._known.get(peers)
        if found is None:
            found = self._known[peers] = self._named(peers)
        return found

    def _named(self, peers: Peers) -> int:
        match peers:
            case PodSet():
                if self._few:
                    return self._in_places(peers, self.places)
                return named(self._side, peers) & self._units
            case AddressSet():
                return self._units if self._are_in(peers) else 0
        return self._units

    def _in_places(self, peers: PodSet, each: Iterable[tuple[Space, int]]) -> int:
        found = 0
        for space, places in each:
            if _holds(peers.namespaces, space) and (there := places & space.places(peers.pods)):
                found |= self._side.at(space, there)
        return found

    def _are_in(self, block: AddressSet) -> bool:
        """Whether their address is in a block, wherever it is (NP-36, NP-43, IMP-1)."""
        semantics = self._side.version.semantics
        return (
            semantics.ipblock_matches_pods
            and block.cidr.version == ip_version(semantics)
            and surely_holds(block, semantics.pod_cidrs)
        )


def ip_version(semantics: Semantics) -> int:
    """The IP version of plain pods, where they have one alone."""
    return semantics.pod_cidrs[0].version if semantics.pod_cidrs else 4


def _holds(namespaces: str | Selector, space: Space) -> bool:
    if isinstance(namespaces, str):
        return namespaces == space.namespace.name
    return namespaces.matches(space.namespace.labels)
