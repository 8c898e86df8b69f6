"""Cells, against a dictionary from each place to what it has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netsim.sets import bitset
from netsim.sets.bitset import (
    Cells,
    Weights,
    changed,
    common,
    differing,
    members,
    of,
    restricted,
    support,
    union,
    united,
    value_at,
)

PLACES = range(12)
values = st.integers(0, 7)
places = st.integers(0, (1 << len(PLACES)) - 1)
by_place = st.dictionaries(st.sampled_from(PLACES), st.integers(1, 7))


def cells_of(had: dict[int, int]) -> Cells:
    found: Cells = {}
    for place, value in had.items():
        found[value] = found.get(value, 0) | 1 << place
    return found


def had_by(cells: Cells) -> dict[int, int]:
    assert all(value and inside for value, inside in cells.items())
    found = {place: value for value, inside in cells.items() for place in members(inside)}
    assert len(found) == sum(inside.bit_count() for inside in cells.values())  # disjoint
    return found


def but_nothing(had: dict[int, int]) -> dict[int, int]:
    return {place: value for place, value in had.items() if value}


@given(places)
def test_members_are_the_bits(bits: int) -> None:
    assert members(bits) == [place for place in PLACES if bits >> place & 1]
    assert of(members(bits)) == bits


@given(by_place, places, values)
def test_united_adds_a_value_at_places(had: dict[int, int], where: int, value: int) -> None:
    expected = {place: had.get(place, 0) | (value if where >> place & 1 else 0) for place in PLACES}
    assert had_by(united(cells_of(had), where, value)) == but_nothing(expected)


@pytest.mark.parametrize("pairs", [0, 256], ids=["place by place", "value by value"])
@given(by_place, by_place)
def test_two_together(pairs: int, one: dict[int, int], other: dict[int, int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bitset, "_MANY_PAIRS", pairs)
        patch.setattr(bitset, "_PAIRS_A_PLACE", 1 if pairs else 0)
        _hold_two_together(one, other)


def _hold_two_together(one: dict[int, int], other: dict[int, int]) -> None:
    first, second = cells_of(one), cells_of(other)
    pairs = {place: (one.get(place, 0), other.get(place, 0)) for place in PLACES}
    assert had_by(union(first, second)) == but_nothing({p: a | b for p, (a, b) in pairs.items()})
    assert had_by(common(first, second)) == but_nothing({p: a & b for p, (a, b) in pairs.items()})
    assert had_by(differing(first, second)) == but_nothing(
        {p: a ^ b for p, (a, b) in pairs.items()}
    )
    assert changed(first, second) == of(p for p, (a, b) in pairs.items() if a != b)
    assert (first, second) == (cells_of(one), cells_of(other))  # neither was touched


@given(by_place, places)
def test_cut_to_places(had: dict[int, int], where: int) -> None:
    cells = cells_of(had)
    assert had_by(restricted(cells, where)) == {p: v for p, v in had.items() if where >> p & 1}
    assert support(cells) == of(had)
    assert all(value_at(cells, place) == had.get(place, 0) for place in PLACES)


@given(st.lists(st.integers(0, 2**64), min_size=12, max_size=12), places)
def test_weights_are_summed(weights: list[int], bits: int) -> None:
    few = [weight % 3 for weight in weights]
    for each in (weights, few, [weight % 100 for weight in weights]):
        assert Weights(each).total(bits) == sum(each[place] for place in members(bits))
