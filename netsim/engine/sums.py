"""A measure of every row, without listing rows where many sources share what is far."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from netsim.compiler.tables import Tables
from netsim.engine.measure import Measure
from netsim.engine.rows import Bearings, Rows
from netsim.sets.bitset import Cells
from netsim.source.collector import collector_off

if TYPE_CHECKING:  # loads numpy
    from netsim.engine.dense import Matrix

# Below this many steps for shared rows, these cost less than to load numpy.
_FEW_STEPS = 50_000
# In a block of so many far rows it is cheaper to ask for the classes that near rules touch.
_MANY_ROWS = 200
# So many blocks of near rows are kept for the next measure: about 50 MiB.
_MOST_KEPT = 100_000

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
        self._steps = [rows.steps(block) for block in range(len(tables.universe.blocks))]
        self._crowds = [at for at, steps in enumerate(self._steps) if steps > _MANY_ROWS]

    def of(self, measure: Measure) -> list[int]:
        """The measure of the row of each source, by number of class."""
        with collector_off():
            far = self._far_sums(measure)
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
        # The matrix knows of NetworkPolicies alone.
        dense = not rows.is_overruled and len(sources) * sum(self._steps) > _FEW_STEPS
        for key, source in sources.items():
            if dense and rows.is_plain(key[1]):
                plain.setdefault(key[1][0][0], []).append(key)
            else:
                shared = rows.shared(source, key[1])
                found[key] = sum(measure.total(block, cells) for block, cells in shared.items())
        for version, keys in plain.items():
            own = [key[1][0][1] for key in keys]
            found.update(zip(keys, self._matrix(version).sums(own, measure), strict=True))
        return found

    def _matrix(self, version: int) -> Matrix:
        found = self._matrices.get(version)
        if found is None:
            from netsim.engine.dense import Matrix  # loads numpy

            found = self._matrices[version] = Matrix(self._tables, self._rows.passages[version])
        return found
