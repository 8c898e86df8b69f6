"""The rules of pods in two versions, as whom of some others they open what."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from netsim.changes.openings import UNHINDERED, Openings
from netsim.changes.owning import mentions
from netsim.changes.sides import Side
from netsim.changes.space import Space
from netsim.changes.whom import Whom
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.model.flow import Direction
from netsim.model.rules import AddressSet, Anyone, PodSet, Rule
from netsim.sets.bitset import Cells, united

# Units in more namespaces than one in so many are told apart by whom rules mention.
SPARSE = 16

# So many sets of pods, on each side, are read off for less than they are compiled for.
MOST = 256

# What is opened, by its number, and to whom; None where all is open, as nobody is isolated.
_Rules = tuple[tuple[int, int], ...] | None
# The same to addresses outside.
Gate = tuple[tuple[int, AddressSet | Anyone], ...] | None
# What is open in the old and in the new version, as sets of numbers, and to whom.
Row = list[tuple[int, int, int]]


_Said = TypeVar("_Said")


class TooManyError(Exception):
    """More is to be told apart than is worth reading off."""


@dataclass(frozen=True, slots=True)
class Group:
    """Units with the same rules about the others in each version."""

    units: int
    old: _Rules
    new: _Rules


def row_of(group: Group, others: int) -> Row:
    """All of some others by what the rules of a group open to them. Raises TooManyError."""
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
        hold_few(len(found))
    return found


def hold_few(count: int) -> None:
    """Raises TooManyError for more than that."""
    if count > MOST:
        raise TooManyError


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

    The two sides differ in policies alone. Raises TooManyError.
    """
    whom = Whom(old, others)
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
    whom: Whom,
    direction: Direction,
    openings: Openings,
) -> Iterator[tuple[_Rules, int]]:
    """Units that are in no edited namespace by what their rules open to whom."""
    known = mentions(side, direction)
    opened: dict[tuple[int, int], int] = {}
    for peers in known.of(whom.places):
        if some := whom.of(peers):
            for space, subjects, traffic in known.by_peers[peers]:
                if space.namespace.name not in edited:
                    key = openings.bit(traffic), some
                    opened[key] = opened.get(key, 0) | side.at(space, subjects)
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
        hold_few(len(parts))
    yield from ((rules, part) for part, rules in parts)


def gates(
    old: Side, new: Side, units: int, direction: Direction, openings: Openings
) -> dict[tuple[Gate, Gate], int]:
    """Plain units by what their own rules of one direction open to whom outside, in each version.

    Raises TooManyError.
    """

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
    for governed, policy in space.ruled(direction):
        if governed & places:
            apart = []
            for part, policies in parts:
                if inside := part & governed:
                    apart.append((inside, [*policies, policy]))
                if outside := part & ~governed:
                    apart.append((outside, policies))
            parts = apart
            hold_few(len(parts))
    return parts


def _rules(space: Space, policies: Iterable[NetworkPolicy], direction: Direction) -> Iterator[Rule]:
    return (rule for policy in policies for rule in space.lowered(policy, direction).rules)
