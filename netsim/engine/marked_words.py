"""Rows in which what hangs on an assumption is marked, as vectors of words.

For large clusters in which the tiers around NetworkPolicy have a say: there every row is long, and
few sources share one. `Marks` has the same as mappings.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from netsim.compiler.tables import Tables
from netsim.engine.rows import Rows
from netsim.engine.tier_words import TierWords
from netsim.engine.wards import fits
from netsim.engine.words import Flags, Numbers, Words, words_for
from netsim.sets.blocks import Places

# The tables of a relation, and the rows that are made from these.
Read = tuple[Tables, Rows]


class Marked(NamedTuple):
    """The port atoms that pass, and those that hang on an assumption, in rows of words."""

    passing: Words
    hanging: Words


class AlikeRows(NamedTuple):
    """What sources may send that far-reaching rules see alike.

    `far` has what far-reaching rules say of each group of destinations, `near` what all rules say of
    the pairs about which near ones, too, have a say: those of `sources`, as places among the sources
    asked about and ascending, with `destinations`, which are classes.
    """

    far: Marked
    sources: Numbers
    destinations: Numbers
    near: Marked


class MarkedWords:
    """The rows of some sources where a relation is `given`, and perhaps the least and the most is.

    `groups` has for each class its group as a destination: of far-reaching rules all of it get the
    same.
    """

    def __init__(
        self, given: Read, bounds: tuple[Read, Read] | None, sources: Sequence[int]
    ) -> None:
        self._given = _Reading(given, sources)
        self._bounds: tuple[_Reading, _Reading] | None = None
        if bounds is not None:
            least, most = bounds
            is_least = least[0] is given[0]
            self._bounds = (
                self._given if is_least else _Reading(least, sources),
                _Reading(most, sources),
            )
        readings = dict.fromkeys((self._given, *(self._bounds or ())))
        self._ways = [way for reading in readings for way in reading.ways]
        self._readings = tuple(readings)
        self._count = len(given[0].universe)
        sights = np.stack([each for way in self._ways for each in way.sights()])
        _, firsts, groups = np.unique(sights, axis=1, return_index=True, return_inverse=True)
        self.groups: Numbers = groups.reshape(-1).astype(np.intp)
        self._firsts: Numbers = firsts.astype(np.intp)

    @staticmethod
    def of(
        given: Read, bounds: tuple[Read, Read] | None, sources: Sequence[int]
    ) -> MarkedWords | None:
        """Those of some sources; None where they would take too much memory."""
        every = [tables for tables, _ in (given, *(bounds or ()))]
        if all(fits(tables, version) for tables in every for version in tables.relations):
            return MarkedWords(given, bounds, sources)
        return None

    def sight(self, source: int) -> Hashable:
        """The same for sources that far-reaching rules see alike."""
        return tuple(reading.sight(source) for reading in self._readings)

    def by_sight(self, sources: Iterable[int]) -> dict[Hashable, list[int]]:
        """Sources, each once, with those that far-reaching rules see alike."""
        found: dict[Hashable, list[int]] = {}
        for source in dict.fromkeys(sources):
            found.setdefault(self.sight(source), []).append(source)
        return found

    def rows(self, alike: Sequence[int]) -> AlikeRows:
        """What some of the sources may send, which are of one sight."""
        # A pair is the place of its source among these, and its destination, in one number.
        pairs = np.unique(np.concatenate([way.near(alike)[0] for way in self._ways]))
        sources, destinations = np.divmod(pairs, self._count)
        ends = np.concatenate([self._firsts, destinations])
        found = {each: each.laid(alike, pairs, ends) for each in self._readings}
        passing = found[self._given]
        hanging = np.zeros_like(passing)
        if self._bounds is not None:
            least, most = self._bounds
            hanging = found[least] ^ found[most]
        groups = len(self._firsts)
        far, near = (
            Marked(passing[part], hanging[part]) for part in (slice(groups), slice(groups, None))
        )
        return AlikeRows(far, sources, destinations, near)


class _Reading:
    """One relation, in each of its IP versions."""

    def __init__(self, read: Read, sources: Sequence[int]) -> None:
        tables, self._rows = read
        self._words = words_for(tables)
        self.ways = [_Way(read, version, sources) for version in tables.relations]

    def sight(self, source: int) -> Hashable:
        return self._rows.knows(source), self._rows.bearings(source)

    def laid(self, alike: Sequence[int], pairs: Numbers, ends: Numbers) -> Words:
        """What passes to the classes of `ends`, the last of which are those of `pairs` (NP-41)."""
        found = np.zeros((len(ends), self._words), np.uint64)
        first = len(ends) - len(pairs)
        for way in self.ways:
            row = way.far(alike[0], ends)
            if row is not None:
                keys, every = way.near(alike)
                row[first + np.searchsorted(pairs, keys)] = every
                met = way.met(alike[0])
                found |= row if met is None else row * met[ends, np.newaxis]
        return found


class _Way:
    """One relation in one IP version."""

    def __init__(self, read: Read, version: int, sources: Sequence[int]) -> None:
        tables, self._rows = read
        self._universe, self._version = tables.universe, version
        self._count = len(tables.universe)
        self._words = TierWords(tables, self._rows.passages[version], version)
        self._bearings = {
            source: bearing
            for source in sources
            for of, bearing in self._rows.bearings(source)
            if of == version
        }
        self._met: dict[int, Flags] = {}
        near = self._words.near_together([self._bearings.get(at) for at in range(self._count)])
        self._destinations, self._every = near.destinations, near.every
        # Where the pairs of each class begin.
        self._starts = np.searchsorted(near.sources, np.arange(self._count + 1)).tolist()

    def sights(self) -> list[Numbers]:
        """By class, all that tells destinations apart."""
        found = [self._words.groups]
        for known in (True, False):
            met = self._flags(self._rows.met_by(self._version, known))
            if met is not None:
                found.append(met.astype(np.intp))
        return found

    def far(self, source: int, destinations: Numbers) -> Words | None:
        """What far-reaching rules let pass to each of some classes; None if the source isn't of this version."""
        bearing = self._bearings.get(source)
        if bearing is None:
            return None
        return self._words.row(source, bearing).take(self._words.groups[destinations], 0)

    def near(self, alike: Sequence[int]) -> tuple[Numbers, Words]:
        """The pairs of some sources about which near rules have a say, with what passes."""
        parts = [slice(self._starts[source], self._starts[source + 1]) for source in alike]
        keys = [at * self._count + self._destinations[part] for at, part in enumerate(parts)]
        return np.concatenate(keys), np.concatenate([self._every[part] for part in parts])

    def met(self, source: int) -> Flags | None:
        """The classes that a source can meet; None is all of them."""
        return self._flags(self._rows.met_by(self._version, self._rows.knows(source)))

    def _flags(self, places: Places | None) -> Flags | None:
        if places is None:
            return None
        # INVARIANT: the rows keep these mappings, so that their ids stay their own.
        found = self._met.get(id(places))
        if found is None:
            found = self._met[id(places)] = np.zeros(self._count, np.bool_)
            found[list(self._universe.numbers(places))] = True
        return found
