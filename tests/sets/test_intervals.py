"""Intervals, against sets of the same numbers."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from netsim.sets.intervals import Interval, cut, joined, overlaid, without

numbers = st.integers(0, 40)
intervals = st.tuples(numbers, numbers).map(lambda ends: (min(ends), max(ends)))
lists = st.lists(intervals, max_size=6)


def members(found: Iterable[Interval]) -> set[int]:
    return {number for first, last in found for number in range(first, last + 1)}


@given(lists)
def test_joined_has_the_same_numbers_in_intervals_that_do_not_touch(given_: list[Interval]) -> None:
    found = joined(given_)
    assert members(found) == members(given_)
    assert all(one[1] + 1 < other[0] for one, other in pairwise(found))


@given(intervals, st.lists(numbers))
def test_cut_keeps_every_number_and_cuts_at_each_start(
    interval: Interval, starts: list[int]
) -> None:
    found = cut(interval, starts)
    assert [number for first, last in found for number in range(first, last + 1)] == list(
        range(interval[0], interval[1] + 1)
    )
    assert {first for first, _ in found} == {interval[0]} | (set(starts) & members([interval]))


@given(intervals, lists)
def test_without_leaves_the_rest(interval: Interval, holes: list[Interval]) -> None:
    found = without(interval, holes)
    assert members(found) == members([interval]) - members(holes)
    assert joined(found) == found


@given(intervals, st.lists(st.tuples(intervals, st.integers(0, 7)), max_size=6))
def test_overlaid_gives_each_number_all_that_lies_on_it(
    whole: Interval, layers: list[tuple[Interval, int]]
) -> None:
    expected = dict.fromkeys(members([whole]), 0)
    for interval, value in layers:
        for number in members([interval]) & expected.keys():
            expected[number] |= value
    found = overlaid(whole, layers)
    pieces = [piece for piece, _ in found]
    assert pieces == sorted(pieces)
    assert {number: value for piece, value in found for number in members([piece])} == {
        number: value for number, value in expected.items() if value
    }
    assert sum(last - first + 1 for first, last in pieces) == len(members(pieces))
