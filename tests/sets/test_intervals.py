"""Intervals, against sets of the same numbers."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from netsim.sets.intervals import Interval, cut, joined, without

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
