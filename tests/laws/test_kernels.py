"""However rows are put together, they are the same: listed or by kind, by mapping or by matrix."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import netsim
from netsim import Program, Reachability, Semantics
from netsim.compiler import sets
from netsim.engine import arriving, dense, sums
from netsim.engine.level import Level

sys.path.insert(0, str(Path(__file__).parent))

from depth import examples
from law_clusters import any_clusters
from option_strategies import semantics

from netsim.testing.clusters import Manifest


@contextmanager
def near_up_to(blocks: int, classes: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sets, "_NEAR_BLOCKS", blocks)
        patch.setattr(sets, "_NEAR_CLASSES", classes)
        yield


@contextmanager
def by_matrix(few_steps: int, many_rows: int, tile_bytes: int = 1 << 27) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dense, "_TILE_BYTES", tile_bytes)
        patch.setattr(sums, "_FEW_STEPS", few_steps)
        patch.setattr(sums, "_MANY_ROWS", many_rows)
        patch.setattr(arriving, "_MANY_ROWS", many_rows)
        yield


def compiled(cluster: list[Manifest], options: Semantics) -> Program:
    text = "\n---\n".join(json.dumps(manifest) for manifest in cluster)
    return netsim.compile_snapshot(netsim.loads(text, semantics=options))


def reach_of(cluster: list[Manifest], options: Semantics) -> Reachability:
    return compiled(cluster, options).reach()


def numbers(reachability: Reachability) -> tuple[object, ...]:
    counts = [reachability.count(level) for level in Level]
    return reachability.checksum(), reachability.pairs(), *counts


def cells(reachability: Reachability) -> list[str]:
    every = range(len(reachability.classes))
    return [str(reachability.between(source, other)) for source in every for other in every]


@examples(60)
@given(any_clusters, semantics())
def test_far_or_near_all_says_the_same(cluster: list[Manifest], options: Semantics) -> None:
    with near_up_to(0, 0):
        far = reach_of(cluster, options)
    with near_up_to(1000, 1000):
        near = reach_of(cluster, options)
    with near_up_to(1, 2):
        mixed = reach_of(cluster, options)
    assert cells(far) == cells(near) == cells(mixed)
    assert numbers(far) == numbers(near) == numbers(mixed)


@examples(60)
@given(any_clusters, semantics(), st.sampled_from((0, 1, 8)))
def test_the_matrix_says_what_mappings_say(
    cluster: list[Manifest], options: Semantics, blocks: int
) -> None:
    with near_up_to(blocks, blocks):
        program = compiled(cluster, options)
    with by_matrix(10**9, 10**9):
        expected = numbers(program.reach())
    with by_matrix(-1, 10**9):
        assert numbers(program.reach()) == expected
    with by_matrix(-1, 10**9, tile_bytes=1):
        assert numbers(program.reach()) == expected
    with by_matrix(10**9, -1):
        assert numbers(program.reach()) == expected


@examples(60)
@given(any_clusters, semantics())
def test_a_row_says_what_its_cells_say(cluster: list[Manifest], options: Semantics) -> None:
    with near_up_to(1, 2):
        reachability = reach_of(cluster, options)
    listed = [
        str(reachability.traffic_of(atoms))
        for source in range(len(reachability.classes))
        for block, start in enumerate(reachability.universe.starts)
        for atoms in _by_place(reachability, source, block)
    ]
    assert listed == cells(reachability)


def _by_place(reachability: Reachability, source: int, block: int) -> list[int]:
    given_to = reachability.row_of(source).at(block)
    return [
        next((atoms for atoms, places in given_to.items() if places >> bit & 1), 0)
        for bit in range(len(reachability.universe.block(block)))
    ]
