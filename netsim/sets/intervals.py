"""Intervals of whole numbers, both ends inside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

Interval = tuple[int, int]


def cut(interval: Interval, starts: Iterable[int]) -> list[Interval]:
    """The pieces of `interval`, in order, where one begins at each of `starts` inside it."""
    first, last = interval
    inside = sorted({start for start in starts if first < start <= last})
    return [(start, end - 1) for start, end in pairwise([first, *inside, last + 1])]


def overlaid(whole: Interval, layers: Iterable[tuple[Interval, int]]) -> list[tuple[Interval, int]]:
    """The pieces of `whole`, in order, each with the union of the values (bit sets) that lie on it.

    Pieces with nothing on them are left out, and neighbours may be equal. One sweep: it costs
    the number of layers, times that of different values at most.
    """
    first, last = whole
    changes: dict[int, list[tuple[int, int]]] = {}
    for (start, end), value in layers:
        if start <= last and end >= first:
            changes.setdefault(max(start, first), []).append((value, 1))
            changes.setdefault(min(end, last) + 1, []).append((value, -1))
    present, found = Counter[int](), []
    for start, end in pairwise(sorted(changes)):
        for value, step in changes[start]:
            present[value] += step
        union = 0
        for value, count in present.items():
            union |= value if count else 0
        if union:
            found.append(((start, end - 1), union))
    return found


def joined(intervals: Iterable[Interval]) -> list[Interval]:
    """The same numbers in as few intervals as possible, in order."""
    found: list[Interval] = []
    for first, last in sorted(intervals):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def common(some: Iterable[Interval], others: Iterable[Interval]) -> list[Interval]:
    """The numbers that are in both, in order and in as few intervals as possible."""
    ours, theirs, found = joined(some), joined(others), []
    i = j = 0
    while i < len(ours) and j < len(theirs):
        first, last = max(ours[i][0], theirs[j][0]), min(ours[i][1], theirs[j][1])
        if first <= last:
            found.append((first, last))
        if ours[i][1] < theirs[j][1]:
            i += 1
        else:
            j += 1
    return found


def without(interval: Interval, holes: Iterable[Interval]) -> list[Interval]:
    """What is left of `interval`, in order."""
    left, (first, last) = [], interval
    for start, end in joined(holes):
        if start > first:
            left.append((first, min(start - 1, last)))
        first = max(first, end + 1)
        if first > last:
            break
    return [(start, end) for start, end in [*left, (first, last)] if start <= end]
