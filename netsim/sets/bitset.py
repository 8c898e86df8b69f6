"""Sets of small numbers as Python ints: bit i stands for i. And partitions of such sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import and_, or_, xor

# Disjoint sets of places, each under the one value (itself a bit set) that all its places have.
# A place in none of them has the empty value. INVARIANT: no key and no set is 0.
Cells = dict[int, int]

# So few members are taken off one by one.
_FEW = 6
# Of more pairs of values than this it is looked at which is less: these, or all places.
_MANY_PAIRS = 256
# Looking at a place costs about as much as looking at so many pairs of values.
_PAIRS_A_PLACE = 4


def members(bits: int) -> list[int]:
    """The numbers in a set, ascending. Linear in its largest number."""
    found = []
    if bits.bit_count() <= _FEW:
        while bits:
            low = bits & -bits
            found.append(low.bit_length() - 1)
            bits ^= low
        return found
    text = bin(bits)[:1:-1]
    place = text.find("1")
    while place >= 0:
        found.append(place)
        place = text.find("1", place + 1)
    return found


def runs(bits: int) -> Iterator[tuple[int, int]]:
    """The numbers in a set as [first, end) pairs, as few as possible, in order."""
    first = 0
    while bits:
        gap = (bits & -bits).bit_length() - 1
        bits >>= gap
        length = (~bits & bits + 1).bit_length() - 1
        bits >>= length
        first += gap
        yield first, first + length
        first += length


def of(numbers: Iterable[int]) -> int:
    """The set of these numbers."""
    bits = 0
    for number in numbers:
        bits |= 1 << number
    return bits


def united(cells: Cells, places: int, value: int) -> Cells:
    """`cells` with `value` put into what each of `places` has."""
    if not places or not value:
        return cells
    found: Cells = {}
    for old, inside in cells.items():
        both = inside & places
        if both:
            new = old | value
            found[new] = found.get(new, 0) | both
            places ^= both
            inside ^= both
        if inside:
            found[old] = found.get(old, 0) | inside
    if places:
        found[value] = found.get(value, 0) | places
    return found


def union(one: Cells, other: Cells) -> Cells:
    """What either gives to each place."""
    if not one:
        return other
    if _has_crowds(one, other):
        return _place_by_place(one, other, or_)
    for value, places in other.items():
        one = united(one, places, value)
    return one


def common(one: Cells, other: Cells) -> Cells:
    """What both give to each place."""
    if _has_crowds(one, other):
        return _place_by_place(one, other, and_)
    found: Cells = {}
    for first, inside in one.items():
        for second, within in other.items():
            value = first & second
            if value and (both := inside & within):
                found[value] = found.get(value, 0) | both
    return found


def without(one: Cells, other: Cells) -> Cells:
    """What the first gives to each place and the other doesn't."""
    if not one or not other:
        return one
    if _has_crowds(one, other):
        return _place_by_place(one, other, lambda first, second: first & ~second)
    found: Cells = {}
    for first, inside in one.items():
        for second, within in other.items():
            if first & second and (both := inside & within):
                inside ^= both
                if value := first & ~second:
                    found[value] = found.get(value, 0) | both
        if inside:
            found[first] = found.get(first, 0) | inside
    return found


def _has_crowds(one: Cells, other: Cells) -> bool:
    """Whether there are so many pairs of values that it costs less to go place by place."""
    pairs = len(one) * len(other)
    if pairs <= _MANY_PAIRS:
        return False
    places = sum([inside.bit_count() for cells in (one, other) for inside in cells.values()])
    return pairs > places * _PAIRS_A_PLACE


def _place_by_place(one: Cells, other: Cells, both: Callable[[int, int], int]) -> Cells:
    values = {place: value for value, inside in other.items() for place in members(inside)}
    found: dict[int, list[int]] = {}
    for first, inside in one.items():
        for place in members(inside):
            if value := both(first, values.pop(place, 0)):
                found.setdefault(value, []).append(place)
    for place, second in values.items():
        if value := both(0, second):
            found.setdefault(value, []).append(place)
    return {value: of(places) for value, places in found.items()}


def changed(one: Cells, other: Cells) -> int:
    """The places to which both give different values."""
    alike = 0
    for value, places in one.items():
        alike |= places & other.get(value, 0)
    return (support(one) | support(other)) & ~alike


def differing(one: Cells, other: Cells) -> Cells:
    """What just one of both gives to each place."""
    if _has_crowds(one, other):
        return _place_by_place(one, other, xor)
    found: Cells = {}
    alone = support(other)
    for first, inside in one.items():
        for second, within in other.items():
            if both := inside & within:
                inside ^= both
                alone ^= both
                if value := first ^ second:
                    found[value] = found.get(value, 0) | both
        if inside:
            found[first] = found.get(first, 0) | inside
    for second, within in other.items():
        if left := within & alone:
            found[second] = found.get(second, 0) | left
    return found


def restricted(cells: Cells, places: int) -> Cells:
    """What of it `places` have."""
    cut = ((value, inside & places) for value, inside in cells.items())
    return {value: inside for value, inside in cut if inside}


def value_at(cells: Cells, place: int) -> int:
    """What one place has."""
    return next((value for value, places in cells.items() if places >> place & 1), 0)


def support(cells: Cells) -> int:
    """The places that have anything."""
    found = 0
    for places in cells.values():
        found |= places
    return found


class Weights:
    """How much each place counts; for sums over sets.

    A sum costs one intersection for each different weight, or for each binary digit of the
    largest; where there are many of both, a step for each place.
    """

    __slots__ = ("_parts", "_weights")

    def __init__(self, weights: Sequence[int]) -> None:
        self._weights = weights
        values = sorted(set(weights))
        digits = [1 << at for at in range(max(weights, default=0).bit_length())]
        self._parts: list[tuple[int, int]] | None = None
        few = min(len(digits), len(weights) // 4)
        if len(values) <= few:
            self._parts = [
                (value, of(at for at, weight in enumerate(weights) if weight == value))
                for value in values
            ]
        elif len(digits) <= few:
            self._parts = [
                (digit, of(at for at, weight in enumerate(weights) if weight & digit))
                for digit in digits
            ]

    def total(self, bits: int) -> int:
        """The sum of the weights of a set's places."""
        if self._parts is None or bits.bit_count() * _PAIRS_A_PLACE < len(self._parts):
            weights = self._weights
            return sum([weights[at] for at in members(bits)])
        return sum(value * (bits & places).bit_count() for value, places in self._parts)
