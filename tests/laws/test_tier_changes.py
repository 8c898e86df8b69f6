"""A difference of clusters with tiers is one of their cells, and its causes are what undoes it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from random import Random

from hypothesis import assume, event, given
from hypothesis import strategies as st

import netsim
from netsim import Difference, InputError, NetsimError, Semantics, Snapshot, testing
from netsim.changes.edits import Edit, PolicyEdit, TierEdit
from netsim.changes.rectangles import Rectangle
from netsim.sets.traffic import TrafficSet

sys.path.insert(0, str(Path(__file__).parent))

from all_cells import AllCells, Cell, Cells, Whole
from depth import examples
from option_strategies import semantics
from test_changes import mirrored
from test_changes_drawn import assert_covered
from tier_flows import EDGES, read
from version_edits import mixed

from netsim.testing.clusters import Manifest
from netsim.testing.edit_values import WHOLE_CLUSTER, EditKind
from netsim.testing.edit_values import Edit as Made
from netsim.testing.tier_policies import SEVERAL
from netsim.testing.tiered_clusters import tiered_clusters

# Kind, namespace and name of a policy.
Key = tuple[str, str, str]

MOST_EDITS = 3
OF_POLICIES = [kind for kind in EditKind if kind.value.startswith("policy-")]
clusters = tiered_clusters(SEVERAL)
randoms = st.randoms(use_true_random=False)


def loaded(manifests: Iterable[Manifest], options: Semantics) -> Snapshot:
    try:
        return read(manifests, options)
    except InputError:
        assume(False)
        raise


@examples(60)
@given(clusters, clusters, randoms, semantics())
def test_versions_with_tiers(
    cluster: list[Manifest], other: list[Manifest], random: Random, options: Semantics
) -> None:
    old, new = loaded(cluster, options), loaded(mixed(random, cluster, other), options)
    whole = Whole(old, new, EDGES[::4])
    difference = netsim.diff(old, new, "pod")
    assert whole.said(difference) == whole.changed
    assert whole.said(netsim.diff(new, old, "pod")) == mirrored(whole.changed)
    opened = {cell: after - before for cell, (before, after) in whole.changed.items()}
    closed = {cell: before - after for cell, (before, after) in whole.changed.items()}
    for found in (difference, difference.without_causes):
        assert_covered(whole, found.opened, opened)
        assert_covered(whole, found.closed, closed)
    assert_witnesses(difference, old, new)
    event(f"opened {bool(difference.opened)}, closed {bool(difference.closed)}")


def assert_witnesses(difference: Difference, old: Snapshot, new: Snapshot) -> None:
    """They hold in the whole of either version, for the same reasons."""
    for rectangle in (*difference.opened, *difference.closed):
        witness = difference.witness(rectangle)
        for snapshot, answer in ((old, witness.before), (new, witness.after)):
            known = netsim.decide_by_reference(snapshot, answer.flow)
            assert known.allowed == answer.allowed
            assert (known.egress, known.ingress) == (answer.egress, answer.ingress)


class Undoing:
    """A version, and with edits of different policies: each can be made without the others."""

    def __init__(self, snapshot: Snapshot, edits: dict[Key, Made]) -> None:
        self._snapshot, self._edits = snapshot, edits
        new = self._with(edits)
        self.difference = netsim.diff(snapshot, new, "pod")
        self.whole = Whole(snapshot, new, EDGES[::5])
        self._known: dict[frozenset[Key], Cells] = {}

    def _with(self, keys: Iterable[Key]) -> Snapshot:
        editor = netsim.edit(self._snapshot)
        for key in keys:
            editor = self._edits[key].made(editor)
        return editor.done()

    def undoes(
        self, keys: Iterable[Key], cell: Cell, traffic: TrafficSet, opened: bool
    ) -> TrafficSet:
        """What of opened or closed traffic is gone without these edits."""
        undone = frozenset(keys)
        if undone not in self._known:
            left = self._with(key for key in self._edits if key not in undone)
            self._known[undone] = self.whole.of(AllCells(left))
        passing = self._known[undone][cell]
        return traffic - passing if opened else traffic & passing


def key_of(edit: Edit) -> Key:
    assert isinstance(edit, PolicyEdit | TierEdit)
    policy = edit.either
    return policy.kind, policy.namespace, policy.name


@st.composite
def edits_of_policies(draw: st.DrawFn, snapshot: Snapshot) -> dict[Key, Made]:
    """Some edits, each of another policy."""
    found: dict[Key, Made] = {}
    for _ in range(MOST_EDITS):
        where = draw(st.sampled_from(([WHOLE_CLUSTER], None)))
        edit = draw(testing.edits(snapshot, kinds=OF_POLICIES, namespaces=where))
        try:
            alone = netsim.diff(snapshot, edit.made(netsim.edit(snapshot)).done()).edits
        except NetsimError:  # refused
            continue
        if len(alone) == 1:
            found.setdefault(key_of(alone[0]), edit)
    assume(found)
    return found


@examples(40)
@given(clusters, semantics(), st.data())
def test_undoing_what_is_blamed_and_no_fewer_undoes_a_change(
    cluster: list[Manifest], options: Semantics, data: st.DataObject
) -> None:
    snapshot = loaded(cluster, options)
    edits = data.draw(edits_of_policies(snapshot))
    undoing = Undoing(snapshot, edits)
    difference = undoing.difference
    assert {key_of(edit) for edit in difference.edits} == edits.keys()
    for opened, rectangles in ((True, difference.opened), (False, difference.closed)):
        for rectangle in rectangles:
            assert_to_blame(undoing, rectangle, opened)
    idle = [key_of(edit) for edit in difference.idle]
    event(f"{len(edits)} edits, {len(idle)} idle")
    if idle:
        kept = {key: edit for key, edit in edits.items() if key not in idle}
        assert Undoing(snapshot, kept).whole.changed == undoing.whole.changed


def assert_to_blame(undoing: Undoing, rectangle: Rectangle, opened: bool) -> None:
    cause, traffic = rectangle.cause, rectangle.traffic
    assert cause is not None
    keys = [key_of(edit) for edit in cause.edits]
    event(f"blamed: {len(keys)}, {sorted({key[0] for key in keys})}")
    for cell in undoing.whole.cells(rectangle.sources, rectangle.destinations):
        assert undoing.undoes(keys, cell, traffic, opened) == traffic
        for size in range(1, len(keys)):
            for fewer in combinations(keys, size):
                assert not undoing.undoes(fewer, cell, traffic, opened)
        for edit in cause.alone:
            assert undoing.undoes([key_of(edit)], cell, traffic, opened) == traffic
