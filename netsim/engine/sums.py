"""A measure of every row, without listing rows where many sources share what is far."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from netsim.compiler.tables import Tables
from netsim.engine.measure import Measure
from netsim.engine.rows import Bearings, Rows
from netsim.sets.bitset import Cells
from netsim.source.collector import collector_off

if TYPE_CHECKING:  # loads numpy
    from netsim.engine.dense import Matrix
    from netsim.engine.dense_tiers import TierMatrix

# Below this many steps for shared rows, these cost less than to load numpy.
_FEW_STEPS = 50_000
# In a block of so many far rows it is cheaper to ask for the classes that near rules touch.
_MANY_ROWS = 200
# So many blocks of near rows are kept for the next measure: about 50 MiB.
_MOST_KEPT = 100_000

_WORD = (1 << 64) - 1

_Key = tuple[bool, Bearings]
# A block with what a source may send there, and what far-reaching rules alone let it send.
_Near = tuple[int, Cells, Cells]


class Sums:
    """Measures of all rows. What they have in common is found for the first one."""

    def __init__(self, tables: Tables, rows: Rows) -> None:
        self._tables, self._rows = tables, rows
        self._bearings = [rows.bearings(source) for source in range(len(tables.universe))]
        self._near: dict[int, list[_Near]] = {}
        self._kept = 0
        self._matrices: dict[int, Matrix] = {}
        self._tier_matrices: dict[int, TierMatrix] = {}
        self._steps = [rows.steps(block) for block in range(len(tables.universe.blocks))]
        self._crowds = [at for at, steps in enumerate(self._steps) if steps > _MANY_ROWS]

    def of(self, measure: Measure) -> list[int]:
        """The measure of the row of each source, by number of class."""
        with collector_off():
            far = self._far_sums(measure)
            if self._is_dense and self._rows.is_overruled:
                return self._by_pairs(measure, far)
            return [
                far[self._key(source)] + self._more(measure, source)
                for source in range(len(self._bearings))
            ]

    def _key(self, source: int) -> _Key:
        return bool(self._tables.versions[source]), self._bearings[source]

    def _more(self, measure: Measure, source: int) -> int:
        """What near rules add to the measure of a row."""
        near = self._near.get(source)
        if near is None:
            near = list(self._near_of(source))
            if self._kept < _MOST_KEPT:
                self._near[source] = near
                self._kept += len(near) + 1
        return sum(measure.difference(*each) for each in near) + self._crowded(measure, source)

    def _near_of(self, source: int) -> Iterator[_Near]:
        rows, bearings = self._rows, self._bearings[source]
        for block in rows.near(source, bearings):
            if self._steps[block] <= _MANY_ROWS:
                yield block, rows.at(source, bearings, block), rows.far(source, bearings, block)

    def _crowded(self, measure: Measure, source: int) -> int:
        """What near rules add in blocks of many far rows: class by class, where they touch any."""
        rows, bearings = self._rows, self._bearings[source]
        return sum(
            measure.weights[number]
            * (
                measure.value(rows.cell(source, number))
                - measure.value(rows.far_cell(source, bearings, number))
            )
            for block in self._crowds
            for number in rows.touched(source, bearings, block)
        )

    def _far_sums(self, measure: Measure) -> dict[_Key, int]:
        """The measure of each shared row."""
        rows = self._rows
        sources = {self._key(source): source for source in range(len(self._bearings))}
        found: dict[_Key, int] = {}
        plain: dict[int, list[_Key]] = {}
        for key, source in sources.items():
            if self._is_dense and rows.is_plain(key[1]):
                plain.setdefault(key[1][0][0], []).append(key)
            else:
                shared = rows.shared(source, key[1])
                found[key] = sum(measure.total(block, cells) for block, cells in shared.items())
        for version, keys in plain.items():
            own = [key[1][0][1] for key in keys]
            if rows.is_overruled:
                each = (
                    self._tiers(version).far([sources[key] for key in keys], own, measure).tolist()
                )
            else:
                each = self._matrix(version).sums(own, measure)
            found.update(zip(keys, each, strict=True))
        return found

    @cached_property
    def _is_dense(self) -> bool:
        """Whether shared rows are so many that they are summed by matrix."""
        keys = set(map(self._key, range(len(self._bearings))))
        if len(keys) * sum(self._steps) <= _FEW_STEPS:
            return False
        if not self._rows.is_overruled:
            return True
        from netsim.engine.wards import fits  # loads numpy

        return all(fits(self._tables, version) for version in self._tables.relations)

    def _by_pairs(self, measure: Measure, far: dict[_Key, int]) -> list[int]:
        """Where what near rules add is found by vectors, too, for all that have but one IP version."""
        rows, found = self._rows, list[int]()
        for source, each in enumerate(self._bearings):
            more = 0 if rows.is_plain(each) else self._more(measure, source)
            found.append(far[self._key(source)] + more)
        for version, tiers in self._tier_matrices.items():
            bearings = [
                each[0][1] if each[0][0] == version and rows.is_plain(each) else None
                for each in self._bearings
            ]
            for source, more in enumerate(tiers.near(bearings, measure).tolist()):
                if bearings[source] is not None:
                    found[source] = (found[source] + more) & _WORD
        return found

    def _matrix(self, version: int) -> Matrix:
        found = self._matrices.get(version)
        if found is None:
            from netsim.engine.dense import Matrix  # loads numpy

            found = self._matrices[version] = Matrix(self._tables, self._rows.passages[version])
        return found

    def _tiers(self, version: int) -> TierMatrix:
        found = self._tier_matrices.get(version)
        if found is None:
            from netsim.engine.dense_tiers import TierMatrix  # loads numpy

            passage = self._rows.passages[version]
            found = self._tier_matrices[version] = TierMatrix(self._tables, passage, version)
        return found
