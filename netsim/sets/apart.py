"""Which places sets tell apart: those in the very same sets are alike."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

# So many sets are looked at together.
_AT_ONCE = 64


def told_apart(sets: Iterable[int], besides: Sequence[Hashable]) -> list[int]:
    """For each place the first one that is in the very same sets, with equal `besides`.

    Sets are bit sets; there are as many places as `besides` has. Costs places times sets.
    """
    numbers: dict[Hashable, int] = {}
    found = [numbers.setdefault(key, at) for at, key in enumerate(besides)]
    unique = list(dict.fromkeys(sets)) if found else []  # a number has a digit, at least
    for start in range(0, len(unique), _AT_ONCE):
        bits = [f"{each:0{len(found)}b}"[::-1] for each in unique[start : start + _AT_ONCE]]
        apart: dict[tuple[object, ...], int] = {}
        found = [apart.setdefault(key, at) for at, key in enumerate(zip(found, *bits, strict=True))]
    return found
