"""What holds of differences holds of drawn clusters too: small, wide, doubtful, edited, owned."""

from __future__ import annotations

import json
import sys
from collections.abc import Hashable, Iterable, Iterator
from itertools import product
from pathlib import Path
from random import Random

from hypothesis import assume, event, given
from hypothesis import strategies as st

import netsim
from netsim import Difference, InputError, Snapshot
from netsim.changes.boxes import Box, Part
from netsim.changes.rectangles import Rectangle
from netsim.changes.units import Unit
from netsim.model.cluster import Node, Pod
from netsim.sets.bitset import members
from netsim.sets.traffic import TrafficSet

sys.path.insert(0, str(Path(__file__).parent))

from all_cells import Cell, Whole
from depth import examples
from edit_strategies import Edit, Manifest, edited_clusters
from law_clusters import any_clusters, any_doubtful_clusters
from test_edits import edited_or_same
from tier_flows import EDGES
from version_edits import mixed

of_one_sort = st.sampled_from([any_clusters, any_doubtful_clusters])
two_clusters = of_one_sort.flatmap(lambda sort: st.tuples(sort, sort))
randoms = st.randoms(use_true_random=False)


def loaded(manifests: Iterable[Manifest]) -> Snapshot:
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}
    try:
        return netsim.loads("\n---\n".join(map(json.dumps, [*manifests, config])))
    except InputError:
        assume(False)
        raise


@given(two_clusters, randoms)
@examples(60)
def test_versions_of_drawn_clusters(drawn: tuple[list[Manifest], ...], random: Random) -> None:
    old, other = drawn
    before, after = loaded(old), loaded(mixed(random, old, other))
    whole = Whole(before, after, EDGES)
    difference = netsim.diff(before, after, "pod")
    assert whole.said(difference) == whole.changed
    opened = {cell: after - before for cell, (before, after) in whole.changed.items()}
    closed = {cell: before - after for cell, (before, after) in whole.changed.items()}
    for found in (difference, difference.without_causes):
        assert_covered(whole, found.opened, opened)
        assert_covered(whole, found.closed, closed)
    for rectangle in (*difference.opened, *difference.closed):
        witness = difference.witness(rectangle)
        for snapshot, answer in ((before, witness.before), (after, witness.after)):
            assert netsim.decide_by_reference(snapshot, answer.flow).allowed == answer.allowed
    event(f"opened {bool(difference.opened)}, closed {bool(difference.closed)}")


def assert_covered(
    whole: Whole, rectangles: Iterable[Rectangle], expected: dict[Cell, TrafficSet]
) -> None:
    left = dict(expected)
    for rectangle in rectangles:
        for cell in whole.cells(rectangle.sources, rectangle.destinations):
            assert not rectangle.traffic - left[cell]
            left[cell] = left[cell] - rectangle.traffic
    assert not any(left.values())


@given(edited_clusters())
@examples(80)
def test_versions_whose_pods_have_owners(drawn: tuple[list[Manifest], list[Edit]]) -> None:
    """Each unit has what its endpoints have, and endpoints without one are replicas of others."""
    manifests, edits = drawn
    before = after = loaded(manifests)
    for edit in edits:
        after = edited_or_same(after, edit)
    difference = netsim.diff(before, after, "pod")
    units = difference.pairing.units
    for end, snapshot in enumerate((before, after)):
        assert_each_has_a_unit(snapshot, [(unit.old, unit.new)[end] for unit in units])
    assert units_said(difference) == units_changed(difference, before, after)
    assert_units_covered(difference)
    event(f"changed {bool(difference.boxes)}, came {bool(difference.added)}")


def assert_units_covered(difference: Difference) -> None:
    """What is blamed on edits is all that was opened and closed, once."""
    for part, rectangles in (("opened", difference.opened), ("closed", difference.closed)):
        left: dict[tuple[int, int], TrafficSet] = {}
        for box in difference.boxes:
            for pair in _pairs_in(difference, getattr(box, part)):
                left[pair] = getattr(box, part).traffic
        for rectangle in rectangles:
            difference.witness(rectangle)
            for pair in _pairs_in(difference, rectangle.part):
                assert not rectangle.traffic - left[pair]
                left[pair] = left[pair] - rectangle.traffic
        assert not any(left.values())


def _pairs_in(difference: Difference, flat: Box | Part) -> Iterator[tuple[int, int]]:
    for pair in product(members(flat.sources.units), members(flat.destinations.units)):
        if pair[0] != pair[1] or difference.pairing.units[pair[0]].several:
            yield pair


def assert_each_has_a_unit(snapshot: Snapshot, ends: list[Pod | Node | None]) -> None:
    identities = {end.identity for end in ends if isinstance(end, Pod)}
    workloads = {end.workload for end in ends if isinstance(end, Pod)}
    for pod in snapshot.pods:
        if not pod.finished and pod.identity not in identities:
            assert pod.workload in workloads


def units_said(difference: Difference) -> dict[tuple[int, int], tuple[TrafficSet, TrafficSet]]:
    found = {}
    for box in difference.boxes:
        for pair in _pairs_in(difference, box):
            assert pair not in found
            found[pair] = box.before, box.after
    return found


def units_changed(
    difference: Difference, before: Snapshot, after: Snapshot
) -> dict[tuple[int, int], tuple[TrafficSet, TrafficSet]]:
    units = difference.pairing.units
    old, new = (netsim.compile_snapshot(each).reach() for each in (before, after))
    classes = [
        {key(member): at for at, each in enumerate(reach.classes) for member in each.members}
        for reach in (old, new)
    ]
    found = {}
    for one, other in _pairs(units):
        (a, x), (b, y) = (
            (classes[0][key(units[at].old)], classes[1][key(units[at].new)]) for at in (one, other)
        )
        pair = old.between(a, b), new.between(x, y)
        if pair[0] != pair[1]:
            found[one, other] = pair
    return found


def key(endpoint: Pod | Node | None) -> Hashable:
    return endpoint.identity if isinstance(endpoint, Pod) else endpoint and endpoint.name


def _pairs(units: list[Unit]) -> Iterator[tuple[int, int]]:
    both = [at for at, unit in enumerate(units) if unit.old and unit.new]
    for one, other in product(both, both):
        if one != other or units[one].several:
            yield one, other
