"""What parties may send to one another, as a listing tells it: from rows as vectors."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from netsim.analysis.inside import LONG, Inside, Met, Parts
from netsim.analysis.sending import Grant, Passing, Shared, ordered
from netsim.engine.marked_words import Marked, MarkedWords
from netsim.engine.words import Flags, Numbers
from netsim.sets.traffic import NOTHING

# Passings by number; places.
_Numbered = np.ndarray[tuple[int, ...], np.dtype[np.int32]]


class VectorInsides:
    """Made for all sources at once that far-reaching rules see alike, when the first is asked for."""

    def __init__(self, words: MarkedWords, met: Met, parts: Parts) -> None:
        self._words, self._met = words, met
        self._passings = _Passings(parts)
        self._reach = {anyone: _Reach(met, anyone, words.groups) for anyone in (True, False)}
        self._alike = words.by_sight(met.parties[at].number for at in met.sources)
        self._rows: dict[int, _Row] = {}
        self._commons: dict[tuple[int, bool], _Common] = {}
        self._shared: dict[bytes, Shared] = {}

    @property
    def shared(self) -> tuple[Shared, ...]:
        return tuple(self._shared.values())

    def of(self, at: int) -> Inside:
        party, anyone = self._met.parties[at], self._met.touching[at]
        row = self._row(party.number)
        common = self._common(row.far, anyone)
        members, passings = self._met.members[anyone], self._passings.every
        own: dict[int, Passing] = {}
        excepted: set[int] = set()
        for destination, before, after in row.near:
            places = members[destination]
            if after:
                own |= dict.fromkeys(places, passings[after])
            if before:
                excepted.update(places)
        if not party.several:
            own.pop(at, None)
            if at in members[party.number] and row.far[self._words.groups[party.number]]:
                excepted.add(at)
        if common.size < LONG or common.size == len(excepted):
            left = {place: part for place, part in common.few.items() if place not in excepted}
            return Inside({**left, **own})
        if common.shared is None:
            common.shared = self._numbered(self._reach[anyone].told(row.far))
        return Inside(own, common.shared, tuple(sorted(excepted)))

    def _numbered(self, told: _Told) -> Shared:
        digest = told.digest
        found = self._shared.get(digest)
        if found is None:
            found = self._shared[digest] = told.shared(len(self._shared), self._passings)
        return found

    def _common(self, far: _Numbered, anyone: bool) -> _Common:
        # INVARIANT: rows are kept, and what is far with them, so that its id stays its own.
        key = id(far), anyone
        found = self._commons.get(key)
        if found is None:
            told = self._reach[anyone].told(far)
            few = told.parts(self._passings) if len(told) < LONG else {}
            found = self._commons[key] = _Common(len(told), few)
        return found

    def _row(self, number: int) -> _Row:
        found = self._rows.get(number)
        if found is None:
            self._find(self._alike.pop(self._words.sight(number)))
            found = self._rows[number]
        return found

    def _find(self, alike: list[int]) -> None:
        rows = self._words.rows(alike)
        far, near = self._passings.of(rows.far), self._passings.of(rows.near)
        before = far[self._words.groups[rows.destinations]]
        other = np.flatnonzero(near != before)
        pairs = [each[other].tolist() for each in (rows.destinations, before, near)]
        starts = np.searchsorted(rows.sources[other], np.arange(len(alike) + 1)).tolist()
        for number, (start, end) in zip(alike, pairwise(starts), strict=True):
            self._rows[number] = _Row(
                far, list(zip(*(each[start:end] for each in pairs), strict=True))
            )


class _Row(NamedTuple):
    """What a source may send: by group; and each class to which it is other, before and after."""

    far: _Numbered
    near: list[tuple[int, ...]]


@dataclass(slots=True)
class _Common:
    """What sources that far-reaching rules see alike may send to so many: if they are few, what."""

    size: int
    few: dict[int, Passing]
    shared: Shared | None = None


class _Reach:
    """Whom sources may meet: places, ascending, with their classes and groups."""

    def __init__(self, met: Met, anyone: bool, groups: Numbers) -> None:
        places = sorted(at for each in met.members[anyone] for at in each)
        self.places: _Numbered = np.array(places, np.int32)
        self.classes = np.array([met.parties[at].number for at in places], np.intp)
        self.groups = groups[self.classes]

    def told(self, far: _Numbered) -> _Told:
        """What is told of them, from what is so by group."""
        numbers = far[self.groups]
        told = np.flatnonzero(numbers)
        return _Told(self.places[told], self.classes[told], numbers[told])


class _Told:
    """Places of which something is told, with their classes."""

    def __init__(self, places: _Numbered, classes: Numbers, numbers: _Numbered) -> None:
        self._places, self._classes, self._numbers = places, classes, numbers

    def __len__(self) -> int:
        return len(self._places)

    @property
    def digest(self) -> bytes:
        """Of 32 bytes; the same for the same of the same."""
        return sha256(self._places.tobytes() + self._numbers.tobytes()).digest()

    def parts(self, passings: _Passings) -> dict[int, Passing]:
        """It by place."""
        each = map(passings.every.__getitem__, self._numbers.tolist())
        return dict(zip(self._places.tolist(), each, strict=True))

    def shared(self, number: int, passings: _Passings) -> Shared:
        """It as shared grants."""
        hanging = passings.assumed(self._numbers)
        sets = (_set(each[hanging]) for each in (self._places, self._classes))
        return Shared(number, ordered(self._grants(passings)), *sets)

    def _grants(self, passings: _Passings) -> Iterator[Grant]:
        order = np.argsort(self._numbers, kind="stable")
        numbers = self._numbers[order]
        # As machine numbers: they may be tens of millions in all.
        places = array("i", self._places[order].tobytes())
        firsts = np.flatnonzero(np.diff(numbers, prepend=0)).tolist()
        for first, end in pairwise([*firsts, len(numbers)]):
            passing = passings.every[numbers[first]]
            yield Grant(passing.traffic, places[first:end], assumed=passing.assumed)


class _Passings:
    """What is told, by number: the same number for the same. Number 0 is nothing."""

    def __init__(self, parts: Parts) -> None:
        self.every = [Passing(NOTHING, assumed=False)]
        self._known, self._assumed = {self.every[0]: 0}, bytearray(1)
        self._parts = parts
        self._of_words = cache(self._number)

    def of(self, marked: Marked) -> _Numbered:
        """The numbers of the rows of some words."""
        words = np.concatenate(marked, axis=1).astype("<u8")
        rows = words.view(f"V{words.itemsize * words.shape[1]}").ravel().tolist()
        return np.fromiter(map(self._of_words, rows), np.int32, len(rows))

    def assumed(self, numbers: _Numbered) -> Flags:
        """Which of these hang on an assumption."""
        flags: Flags = np.frombuffer(self._assumed, np.bool_)[numbers]
        return flags

    def _number(self, words: bytes) -> int:
        half = len(words) // 2
        atoms = (int.from_bytes(each, "little") for each in (words[:half], words[half:]))
        passing = self._parts.of_atoms(*atoms)
        if not self._parts.is_told(passing):
            return 0
        number = self._known.setdefault(passing, len(self.every))
        if number == len(self.every):
            self.every.append(passing)
            self._assumed.append(passing.assumed)
        return number


def _set(numbers: Numbers | _Numbered) -> int:
    """These numbers as a set."""
    if not len(numbers):
        return 0
    flags = np.zeros(int(numbers.max()) + 1, np.bool_)
    flags[numbers] = True
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")
