"""A measure of every row, without listing rows where many sources share what is far."""

from __future__ import annotations

from collections.abc import Sequence

from netsim.compiler.tables import Tables
from netsim.engine.measure import Measure
from netsim.engine.rows import Bearings, Rows

# Below this many steps for shared rows, these cost less than to load numpy.
_FEW_STEPS = 50_000
# In a block of so many far rows it is cheaper to ask for the classes that near rules touch.
_MANY_ROWS = 200


def row_sums(tables: Tables, rows: Rows, measure: Measure) -> list[int]:
    """The measure of the row of each source, by number of class."""
    bearings = [rows.bearings(source) for source in range(len(tables.universe))]
    far = _far_sums(tables, rows, bearings, measure)
    return [
        far[_key(tables, source, each)]
        + sum(_more(rows, measure, source, each, block) for block in rows.near(source, each))
        for source, each in enumerate(bearings)
    ]


def _more(rows: Rows, measure: Measure, source: int, bearings: Bearings, block: int) -> int:
    """What near rules add to the measure of a block."""
    if rows.steps(bearings, block) <= _MANY_ROWS:
        known = rows.far(source, bearings, block)
        return measure.difference(block, rows.at(source, bearings, block), known)
    return sum(
        measure.weights[number]
        * (
            measure.value(rows.cell(source, number))
            - measure.value(rows.far_cell(source, bearings, number))
        )
        for number in rows.touched(source, bearings, block)
    )


_Key = tuple[bool, Bearings]


def _key(tables: Tables, source: int, bearings: Bearings) -> _Key:
    return bool(tables.versions[source]), bearings


def _far_sums(
    tables: Tables, rows: Rows, bearings: Sequence[Bearings], measure: Measure
) -> dict[_Key, int]:
    """The measure of each shared row."""
    sources = {_key(tables, source, each): source for source, each in enumerate(bearings)}
    blocks = range(len(tables.universe.blocks))
    steps = sum(rows.steps(key[1], block) for key in list(sources)[:1] for block in blocks)
    dense = len(sources) * steps > _FEW_STEPS
    found: dict[_Key, int] = {}
    plain: dict[int, list[_Key]] = {}
    for key, source in sources.items():
        if dense and rows.is_plain(key[1]):
            plain.setdefault(key[1][0][0], []).append(key)
        else:
            shared = rows.shared(source, key[1])
            found[key] = sum(measure.total(block, cells) for block, cells in shared.items())
    for version, keys in plain.items():
        from netsim.engine.dense import dense_sums  # loads numpy

        own = [key[1][0][1] for key in keys]
        sums = dense_sums(tables, rows.passages[version], own, measure)
        found.update(zip(keys, sums, strict=True))
    return found
