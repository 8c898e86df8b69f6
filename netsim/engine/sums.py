"""A measure of every row, without listing rows where many sources share what is far."""

from __future__ import annotations

from collections.abc import Sequence

from netsim.compiler.tables import Tables
from netsim.engine.measure import Measure
from netsim.engine.rows import Bearings, Rows

# Below this many blocks of shared rows, computing these costs less than to load numpy.
_FEW_BLOCKS = 20_000


def row_sums(tables: Tables, rows: Rows, measure: Measure) -> list[int]:
    """The measure of the row of each source, by number of class."""
    bearings = [rows.bearings(source) for source in range(len(tables.universe))]
    far = _far_sums(tables, rows, bearings, measure)
    return [
        far[_key(tables, source, each)]
        + sum(
            measure.difference(block, cells, rows.far(source, each, block))
            for block, cells in rows.own(source, each).items()
        )
        for source, each in enumerate(bearings)
    ]


_Key = tuple[bool, Bearings]


def _key(tables: Tables, source: int, bearings: Bearings) -> _Key:
    return bool(tables.versions[source]), bearings


def _far_sums(
    tables: Tables, rows: Rows, bearings: Sequence[Bearings], measure: Measure
) -> dict[_Key, int]:
    """The measure of each shared row."""
    sources = {_key(tables, source, each): source for source, each in enumerate(bearings)}
    dense = len(sources) * len(tables.universe.blocks) > _FEW_BLOCKS
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
