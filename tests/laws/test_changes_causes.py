"""Undoing the edits that are to blame undoes what they are blamed for, and no fewer of them do.

Undone are the manifests: they are read again without these edits.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from itertools import combinations
from pathlib import Path

import pytest

import netsim
from netsim import Difference, Snapshot
from netsim.changes.rectangles import Rectangle
from netsim.sets.traffic import TrafficSet

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))

from all_cells import AllCells, Cell, Cells, Whole, edges_of
from depth import DEPTH, TIERS
from edit_texts import edit_text
from odd_clusters import BLOCKS, odd_options
from version_edits import ManifestEdit, edited, odd_edits

EDGES = edges_of(text for cidr, excepts in BLOCKS for text in (cidr, *excepts))
SEEDS = 60 * DEPTH

by_seed = pytest.mark.parametrize("seed", range(SEEDS))


class Case:
    """A cluster, its edits, and the versions in which some of them are not made."""

    def __init__(self, seed: int) -> None:
        self.cluster, self.edits = odd_edits(seed)
        self.options = odd_options(seed)
        self.edges = EDGES[seed % 5 :: 5]
        self._known: dict[frozenset[str], Cells] = {}

    @cached_property
    def difference(self) -> Difference:
        return netsim.diff(self._read(()), self._read(self.edits), "pod")

    @cached_property
    def whole(self) -> Whole:
        return Whole(self._read(()), self._read(self.edits), self.edges)

    @property
    def names(self) -> list[str]:
        return [edit_text(each) for each in self.difference.edits]

    def without(self, names: Iterable[str]) -> Cells:
        """What passes when the edits of these names are undone."""
        undone = frozenset(names)
        if undone not in self._known:
            kept = [each for each in self.edits if each.said not in undone]
            version = AllCells(self._read(kept))
            self._known[undone] = self.whole.of(version)
        return self._known[undone]

    def undoes(
        self, names: Iterable[str], cell: Cell, traffic: TrafficSet, opened: bool
    ) -> TrafficSet:
        """What of opened or closed traffic is gone when these are undone."""
        left = self.without(names)[cell]
        return traffic - left if opened else traffic & left

    def blamed(self) -> Iterator[tuple[Rectangle, list[Cell], bool]]:
        difference = self.difference
        for opened, rectangles in ((True, difference.opened), (False, difference.closed)):
            for rectangle in rectangles:
                yield rectangle, self.whole.cells(rectangle.sources, rectangle.destinations), opened

    def _read(self, edits: Iterable[ManifestEdit]) -> Snapshot:
        text = "\n---\n".join(map(json.dumps, edited(self.cluster, edits)))
        return netsim.loads(text, semantics=self.options)


@cache
def case(seed: int) -> Case:
    return Case(seed)


@by_seed
def test_edits_are_those_that_were_made(seed: int) -> None:
    """Those that change nothing by themselves are left out."""
    names = case(seed).names
    assert len(names) == len(set(names))
    assert set(names) <= {each.said for each in case(seed).edits}


@by_seed
def test_undoing_the_blamed_edits_and_no_fewer_undoes_the_change(seed: int) -> None:
    for rectangle, cells, opened in case(seed).blamed():
        assert rectangle.cause
        assert rectangle.cause.narrowed
        names = [edit_text(each) for each in rectangle.cause.edits]
        for cell in cells:
            gone = case(seed).undoes(names, cell, rectangle.traffic, opened)
            assert gone == rectangle.traffic, (names, cell)
            for fewer in subsets(names[:5]):
                if len(fewer) < len(names):
                    assert not case(seed).undoes(fewer, cell, rectangle.traffic, opened), (
                        names,
                        fewer,
                        cell,
                    )


@by_seed
def test_what_would_do_alone_is_named(seed: int) -> None:
    for rectangle, cells, opened in case(seed).blamed():
        cause = rectangle.cause
        assert cause
        if len(cause.edits) > 1:
            assert not cause.alone
        named = [edit_text(each) for each in (*cause.edits, *cause.alone)]
        for name, cell in ((name, cell) for name in case(seed).names for cell in cells):
            gone = case(seed).undoes([name], cell, rectangle.traffic, opened)
            expected = name in named and len(cause.edits) == 1
            assert bool(gone) == expected, (name, named, cell)
            assert gone in (rectangle.traffic, gone - gone)


@by_seed
def test_a_cause_is_one_of_several_where_all_others_would_do(seed: int) -> None:
    """Without one of its edits, which stays."""
    for rectangle, cells, opened in case(seed).blamed():
        cause = rectangle.cause
        assert cause
        others = [set(case(seed).names) - {edit_text(each)} for each in cause.edits]
        several = bool(cause.alone) or any(
            case(seed).undoes(other, cell, rectangle.traffic, opened)
            for other in others
            for cell in cells
        )
        if cells:
            assert cause.several == several, (others, rectangle)


@by_seed
def test_all_is_the_same_without_the_idle_edits(seed: int) -> None:
    difference = case(seed).difference
    blamed = {
        edit_text(each)
        for rectangle, *_ in case(seed).blamed()
        if rectangle.cause
        for each in (*rectangle.cause.edits, *rectangle.cause.alone)
    }
    idle = {edit_text(each) for each in difference.idle}
    assert not idle & blamed
    assert case(seed).without(idle) == case(seed).without(())
    if not difference.boxes:
        assert idle == set(case(seed).names)


def subsets(names: list[str]) -> Iterator[tuple[str, ...]]:
    """All that aren't empty."""
    for size in range(1, len(names) + 1):
        yield from combinations(names, size)


def test_causes_are_of_every_sort() -> None:
    seen: Counter[str] = Counter()
    for seed in range(SEEDS):
        for rectangle, *_ in case(seed).blamed():
            cause = rectangle.cause
            assert cause
            seen[f"of {min(len(cause.edits), 3)}"] += 1
            seen["alone"] += bool(cause.alone)
            seen["several"] += cause.several
            seen.update(type(each).__name__ for each in cause.edits)
    total = seen["of 1"] + seen["of 2"] + seen["of 3"]
    for what, share in {"of 2": 0.03, "alone": 0.02, "several": 0.02}.items():
        assert seen[what] > share * total, (what, seen)
    kinds = ["PolicyEdit", "LabelEdit", "NamespaceEdit", "PodEdit", "NodeEdit"]
    for kind in [*kinds, "TierEdit"] if TIERS else kinds:
        assert seen[kind], (kind, seen)
