"""A difference is what one version lets pass less what the other does, cell by cell."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import combinations
from pathlib import Path
from random import Random

import pytest

import netsim
from netsim import Difference, InputError, Snapshot
from netsim.changes.comings import Coming
from netsim.changes.difference import Relation
from netsim.changes.rectangles import Rectangle
from netsim.model.cluster import Node, Pod
from netsim.model.semantics import Semantics
from netsim.sets.traffic import TrafficSet

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))

from all_cells import AllCells, Cells, Changes, Whole, edges_of, is_cidr
from depth import DEPTH, TIERS
from edit_texts import edit_text
from odd_clusters import BLOCKS, Manifest, odd_cluster, odd_options
from version_edits import odd_versions
from version_likes import rewritten

EDGES = edges_of(text for cidr, excepts in BLOCKS for text in (cidr, *excepts))
SEEDS = 20 * DEPTH
# In these a StatefulSet is larger or smaller, as it seldom is.
SCALED = (70, 75, 211)

by_seed = pytest.mark.parametrize("seed", sorted({*range(SEEDS), *SCALED}))


def loaded(manifests: Iterable[Manifest], semantics: Semantics) -> Snapshot:
    return netsim.loads("\n---\n".join(map(json.dumps, manifests)), semantics=semantics)


@cache
def read(seed: int) -> tuple[Snapshot, Snapshot]:
    """Two versions; where a mix of clusters isn't valid, one and itself."""
    old, new = odd_versions(seed)
    options = odd_options(seed)
    try:
        return loaded(old, options), loaded(new, options)
    except InputError:
        return loaded(old, options), loaded(old, options)


@cache
def whole(seed: int) -> Whole:
    return Whole(*read(seed), EDGES[seed % 3 :: 3])


@cache
def replicas(seed: int) -> frozenset[str]:
    """The pods of one version alone that are replicas of a pod of both: none of them came or went.

    No label tells the two apart that a policy asks for, and no port: their workload is larger or
    smaller.
    """
    policies = [
        each
        for version in odd_versions(seed)
        for each in version
        if each["kind"] == "NetworkPolicy"
    ]
    asked = json.dumps(policies)

    def looks(pod: Pod) -> object:
        labels = {key: value for key, value in pod.labels.items() if f'"{key}"' in asked}
        return pod.workload, labels, pod.ports, pod.host_network

    old, new = read(seed)
    found: set[str] = set()
    for version, other in ((old, new), (new, old)):
        both = {str(pod) for pod in other.pods}
        kept = [looks(pod) for pod in version.pods if pod.workload and str(pod) in both]
        found.update(
            str(pod) for pod in version.pods if str(pod) not in both and looks(pod) in kept
        )
    return frozenset(found)


def mirrored(changes: Changes) -> Changes:
    return {cell: (after, before) for cell, (before, after) in changes.items()}


@by_seed
def test_it_is_what_passed_and_what_passes(seed: int) -> None:
    assert whole(seed).said(netsim.diff(*read(seed), "pod")) == whole(seed).changed


@by_seed
def test_the_other_way_round_it_is_its_mirror(seed: int) -> None:
    old, new = read(seed)
    back = netsim.diff(new, old, "pod")
    assert whole(seed).said(back) == mirrored(whole(seed).changed)
    forth = netsim.diff(old, new, "pod")
    assert [each.name for each in back.added] == [each.name for each in forth.removed]
    assert [each.name for each in back.removed] == [each.name for each in forth.added]


@by_seed
def test_what_is_the_same_has_no_difference(seed: int) -> None:
    for version in odd_versions(seed):
        try:
            one, other = (loaded(version, odd_options(seed)) for _ in "12")
        except InputError:
            continue
        for old in (one, other):
            difference = netsim.diff(old, one)
            assert not difference
            assert not difference.edits
            assert difference.relation is Relation.EQUAL


@by_seed
@pytest.mark.parametrize("blamed", [True, False], ids=["with causes", "without"])
def test_rectangles_cover_what_was_opened_and_closed_once(seed: int, blamed: bool) -> None:
    difference = netsim.diff(*read(seed), "pod")
    if not blamed:
        difference = difference.without_causes
    changed = whole(seed).changed
    opened = {cell: after - before for cell, (before, after) in changed.items() if after - before}
    closed = {cell: before - after for cell, (before, after) in changed.items() if before - after}
    assert_covered(difference.opened, opened, seed)
    assert_covered(difference.closed, closed, seed)
    for rectangle in (*difference.opened, *difference.closed):
        assert (rectangle.cause is not None) == blamed


def assert_covered(rectangles: Iterable[Rectangle], expected: Cells, seed: int) -> None:
    found: dict[object, list[TrafficSet]] = {}
    for rectangle in rectangles:
        assert rectangle.pairs > 0
        for cell in whole(seed).cells(rectangle.sources, rectangle.destinations):
            found.setdefault(cell, []).append(rectangle.traffic)
    assert found.keys() == expected.keys()
    for cell, left in expected.items():
        parts = found[cell]
        assert not any(one & other for one, other in combinations(parts, 2)), cell
        for part in parts:
            assert not part - left, cell
            left = left - part
        assert not left, cell


@by_seed
def test_pairs_of_a_rectangle_are_counted(seed: int) -> None:
    """The addresses of an end count as one."""
    difference = netsim.diff(*read(seed), "pod")
    for rectangle in (*difference.opened, *difference.closed):
        ends = rectangle.sources, rectangle.destinations
        counts = [1 if is_cidr(names[0]) else len(names) for names in ends]
        if is_cidr(ends[0][0]) or is_cidr(ends[1][0]):
            assert rectangle.pairs == counts[0] * counts[1]
        else:
            assert rectangle.pairs == len(whole(seed).cells(*ends))


@by_seed
def test_workloads_are_named_where_all_their_pods_are_meant(seed: int) -> None:
    old, new = read(seed)
    pods: dict[str, dict[str, None]] = {}
    for pod in (*old.pods, *new.pods):
        if str(pod) not in replicas(seed):
            pods.setdefault(str(pod.workload or pod), {})[str(pod)] = None
    found: Changes = {}
    for pair in netsim.diff(old, new).pairs():
        sources, destinations = (
            [*pods.get(name, [name])] for name in (pair.source, pair.destination)
        )
        for cell in whole(seed).cells(sources, destinations):
            assert cell not in found
            found[cell] = pair.before, pair.after
    assert found == whole(seed).changed


@by_seed
def test_endpoints_that_came_or_went_bring_what_a_listing_says(seed: int) -> None:
    difference = netsim.diff(*read(seed), "pod")
    one, other = whole(seed).old, whole(seed).new
    assert_comings(difference.removed, one, other, seed)
    assert_comings(difference.added, other, one, seed)


def assert_comings(
    comings: Iterable[Coming], version: AllCells, other: AllCells, seed: int
) -> None:
    found = {each.name: each for each in comings}
    parties = version.parties.keys() - replicas(seed)
    assert found.keys() == parties - other.parties.keys()
    for name, coming in found.items():
        outside = version.outside([name], whole(seed).edges)
        sent = version.inside([name], parties) | _of(outside, 0, name)
        sent |= version.to_names([name], version.reachability.domains)
        got = version.inside(parties, [name]) | _of(outside, 1, name)
        assert all(each.sources == (name,) for each in coming.sends)
        assert all(each.destinations == (name,) for each in coming.gets)
        assert cells_of(coming.sends, version, seed) == {
            key: each for key, each in sent.items() if each
        }
        assert cells_of(coming.gets, version, seed) == {
            key: each for key, each in got.items() if each
        }


def _of(cells: Cells, end: int, name: str) -> Cells:
    return {cell: each for cell, each in cells.items() if cell[end] == name}


def cells_of(rectangles: Iterable[Rectangle], version: AllCells, seed: int) -> Cells:
    found: Cells = {}
    for rectangle in rectangles:
        for cell in whole(seed).cells(rectangle.sources, rectangle.destinations):
            if cell[0] == cell[1] and not version.parties[str(cell[0])].several:
                continue
            assert cell not in found
            found[cell] = rectangle.traffic
    return found


@by_seed
def test_the_relation_is_that_of_the_cells(seed: int) -> None:
    pairs = Whole(*read(seed), EDGES).changed.values()  # all edges: it is said of all addresses
    more = any(after - before for before, after in pairs)
    less = any(before - after for before, after in pairs)
    expected = {
        (False, False): Relation.EQUAL,
        (True, False): Relation.CONTAINS,
        (False, True): Relation.CONTAINED,
        (True, True): Relation.INCOMPARABLE,
    }
    assert netsim.diff(*read(seed)).relation is expected[more, less]


@by_seed
def test_witnesses_hold_in_both_versions_in_full(seed: int) -> None:
    old, new = read(seed)
    difference = netsim.diff(old, new, "pod").without_causes
    for opened, rectangles in ((True, difference.opened), (False, difference.closed)):
        for rectangle in rectangles:
            witness = difference.witness(rectangle)
            assert_of_rectangle(witness.flow, rectangle)
            for snapshot, answer, allowed in (
                (old, witness.before, not opened),
                (new, witness.after, opened),
            ):
                known = netsim.decide_by_reference(snapshot, answer.flow)
                assert known.allowed == answer.allowed == allowed
                assert known.egress == answer.egress
                assert known.ingress == answer.ingress


def assert_of_rectangle(flow: netsim.Flow, rectangle: Rectangle) -> None:
    assert (flow.protocol.value.lower(), flow.port) in rectangle.traffic
    for end, names in (
        (flow.source, rectangle.sources),
        (flow.destination, rectangle.destinations),
    ):
        assert not isinstance(end, Pod | Node) or str(end) in names


@by_seed
def test_the_order_of_objects_is_nobodys_business(seed: int) -> None:
    old, new = odd_versions(seed)
    draw = Random(seed)
    try:
        expected = netsim.diff(loaded(old, odd_options(seed)), loaded(new, odd_options(seed)))
    except InputError:
        return
    draw.shuffle(old)
    draw.shuffle(new)
    found = netsim.diff(loaded(old, odd_options(seed)), loaded(new, odd_options(seed)))
    assert summary(found) == summary(expected)


def summary(difference: Difference) -> list[object]:
    def blamed(rectangle: Rectangle) -> object:
        cause = rectangle.cause
        assert cause is not None
        edits = [edit_text(each) for each in (*cause.edits, *cause.alone)]
        return rectangle.sources, rectangle.destinations, rectangle.traffic, edits, cause.several

    return [
        *map(blamed, difference.opened),
        *map(blamed, difference.closed),
        *map(edit_text, difference.edits),
        *map(edit_text, difference.idle),
        *difference.added,
        *difference.removed,
    ]


@by_seed
def test_the_same_in_other_words_has_no_difference(seed: int) -> None:
    old, options = odd_cluster(seed), odd_options(seed)
    difference = netsim.diff(loaded(old, options), loaded(rewritten(Random(seed), old), options))
    assert not difference
    assert difference.edits
    assert difference.idle == difference.edits
    assert difference.relation is Relation.EQUAL


def test_versions_differ_in_all_that_can_differ() -> None:
    """Else the laws above would hold of nothing."""
    assert all(map(replicas, SCALED))
    seen: Counter[str] = Counter()
    for seed in range(SEEDS):
        difference = netsim.diff(*read(seed), "pod")
        seen.update(
            opened=bool(difference.opened),
            closed=bool(difference.closed),
            both=bool(difference.changed),
            outside=any(cell[0] != str(cell[0]) for cell in whole(seed).changed),
            added=bool(difference.added),
            removed=bool(difference.removed),
            several=len(difference.edits) > 2,
            idle=bool(difference.idle),
        )
        seen.update({type(edit).__name__: 1 for edit in difference.edits})
    rare = ["both", "LabelEdit", "NamespaceEdit", "NodeEdit", "PodEdit"]
    rare += ["TierEdit", "NodeLabelEdit"] if TIERS else []
    for what in (*seen, *rare):
        assert seen[what] > SEEDS * (0.05 if what in rare else 0.2), (what, seen)
