"""Bounds that are told from tables are those that are compiled from the rules."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import event, given

import netsim
from netsim import Semantics, Snapshot
from netsim.compiler import sets
from netsim.compiler.compile import bounds_of, compiled, compiled_bounds
from netsim.compiler.doubts import doubts_of
from netsim.compiler.tables import Tables
from netsim.compiler.widened import widened
from netsim.engine.outside import Outside, Pieces
from netsim.engine.rows import Rows

sys.path.insert(0, str(Path(__file__).parent))

from depth import examples
from doubtful_strategies import doubtful_clusters
from law_clusters import any_doubtful_clusters
from option_strategies import semantics

from netsim.testing.clusters import Manifest


@pytest.mark.parametrize("near", [0, 4], ids=["all far", "near and far"])
@examples(100)
@given(cluster=doubtful_clusters(), options=semantics())
def test_what_may_pass_by_unknown_addresses_is_what_the_rules_say(
    near: int, cluster: list[Manifest], options: Semantics
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sets, "_NEAR_BLOCKS", near)
        hold_to_the_rules(read(cluster, options))


def hold_to_the_rules(snapshot: Snapshot) -> None:
    tables = compiled(snapshot)
    doubts = doubts_of(tables)
    of_addresses = replace(
        doubts,
        keys=frozenset(),
        namespaces=frozenset(),
        families=doubts.families and 6 in tables.relations,
    )
    most, expected = widened(tables, of_addresses), compiled_bounds(tables, of_addresses).most
    assert all_cells(most) == all_cells(expected)
    assert all_outside(most) == all_outside(expected)
    event("more may pass" if all_cells(most) != all_cells(tables) else "no more may pass")


@examples(80)
@given(cluster=any_doubtful_clusters, options=semantics())
def test_bounds_are_what_the_rules_say(cluster: list[Manifest], options: Semantics) -> None:
    tables = compiled(read(cluster, options))
    bounds = bounds_of(tables)
    expected = compiled_bounds(tables, doubts_of(tables))
    least, most = (bounds.least, bounds.most) if bounds else (tables, tables)
    assert all_cells(least) == all_cells(expected.least)
    assert all_cells(most) == all_cells(expected.most)
    assert all_outside(least) == all_outside(expected.least)
    assert all_outside(most) == all_outside(expected.most)


def read(cluster: list[Manifest], options: Semantics) -> Snapshot:
    return netsim.loads("\n---\n".join(map(json.dumps, cluster)), semantics=options)


def all_cells(tables: Tables) -> list[list[int]]:
    rows, everyone = Rows(tables), range(len(tables.universe))
    return [[rows.cell(source, destination) for destination in everyone] for source in everyone]


def all_outside(tables: Tables) -> list[tuple[Pieces, Pieces]]:
    outside, everyone = Outside(tables), range(len(tables.universe))
    return [(outside.sent(number), outside.received(number)) for number in everyone]
