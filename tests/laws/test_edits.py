"""A snapshot after edits is the snapshot of the manifests that one would have written."""

from __future__ import annotations

import json
import pickle
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import event, given

import netsim
from netsim import InputError, QueryError, Snapshot
from netsim.manifests.edit import Editor
from netsim.model.cluster import Pod

sys.path.insert(0, str(Path(__file__).parent))

from depth import examples
from edit_strategies import (
    Apply,
    Delete,
    Edit,
    Label,
    Manifest,
    Scale,
    edited,
    edited_clusters,
    key_of,
)

Drawn = tuple[list[Manifest], list[Edit]]
SCALED = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController")


def text_of(manifests: list[Manifest]) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": manifests})


def loaded(manifests: list[Manifest]) -> Snapshot:
    """A kind that isn't read is among them, so that there is something to load."""
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}
    return netsim.loads(text_of([*manifests, config]))


def done(editor: Editor, edit: Edit) -> Editor:
    match edit:
        case Apply(manifests):
            return editor.apply(text_of(manifests))
        case Delete(key):
            return editor.delete(written(key))
        case Label(key, labels):
            return editor.label(written(key), labels)
        case Scale(key, replicas):
            return editor.scale(written(key), replicas)


def written(key: tuple[str, str, str]) -> str:
    kind, namespace, name = key
    return "/".join(filter(None, (namespace, kind.lower(), name)))


def said(snapshot: Snapshot) -> Counter[Any]:
    """What is said of it, but for the lines."""
    return Counter((item.severity, item.code, item.message) for item in snapshot.diagnostics)


def assert_same(found: Snapshot, expected: Snapshot) -> None:
    assert found.pods == expected.pods
    assert found.policies == expected.policies
    assert found.namespaces == expected.namespaces
    assert list(found.namespaces) == list(expected.namespaces)
    assert found.nodes == expected.nodes
    assert list(found.nodes) == list(expected.nodes)
    assert found.workloads == expected.workloads
    assert found.summary.read == expected.summary.read
    assert said(found) == said(expected)
    hashes = [netsim.compile_snapshot(each).content_hash for each in (found, expected)]
    assert hashes[0] == hashes[1]


def assert_refused(manifests: list[Manifest], edit: Edit) -> None:
    """There is no such object, or the edit is of no use: the API server refuses it, or no pod
    changes, or the kind has no replicas."""
    assert not isinstance(edit, Apply)
    if edit.key not in {key_of(item) for item in manifests}:
        return
    assert not isinstance(edit, Delete)
    if edit.key[0] == "Service" or (isinstance(edit, Scale) and edit.key[0] not in SCALED):
        return
    try:
        found = loaded(edited(manifests, edit))
    except InputError:
        return
    assert found.pods == loaded(manifests).pods


@given(edited_clusters())
@examples(150)
def test_edits_are_a_load_of_edited_manifests(drawn: Drawn) -> None:
    manifests, edits = drawn
    before = loaded(manifests)
    editor, now = netsim.edit(before), manifests
    for edit in edits:
        try:
            editor = done(editor, edit)
        except QueryError:
            event(f"{type(edit).__name__} refused")
            assert_refused(now, edit)
        else:
            event(f"{type(edit).__name__} done")
            now = edited(now, edit)
            assert_same(editor.done(), loaded(now))
    assert before == loaded(manifests)
    assert_same(before, loaded(manifests))


@given(edited_clusters())
@examples(60)
def test_what_no_edit_touches_is_the_very_same_object(drawn: Drawn) -> None:
    manifests, edits = drawn
    before = loaded(manifests)
    for edit in edits:
        after = edited_or_same(before, edit)
        for part in ("pods", "policies"):
            old = {pair_of(item): item for item in getattr(before, part)}
            for item in getattr(after, part):
                known = old.get(pair_of(item))
                if known == item and known.origin is item.origin:
                    assert known is item
            if getattr(before, part) == getattr(after, part) and not isinstance(edit, Apply):
                assert getattr(before, part) is getattr(after, part)
        for name, space in after.namespaces.items():
            known = before.namespaces.get(name)
            if known == space and known.origin is space.origin:
                assert known is space
        before = after


@given(edited_clusters())
@examples(60)
def test_a_pickled_snapshot_is_edited_like_the_first(drawn: Drawn) -> None:
    manifests, edits = drawn
    before = loaded(manifests)
    copied = pickle.loads(pickle.dumps(before))
    assert copied == before
    for edit in edits:
        before, copied = edited_or_same(before, edit), edited_or_same(copied, edit)
        assert_same(copied, before)
        assert copied.diagnostics == before.diagnostics


@given(edited_clusters())
@examples(60)
def test_a_snapshot_put_together_by_hand_is_edited_as_far_as_it_goes(drawn: Drawn) -> None:
    """Its policies and its cluster-scoped objects are all there; live pods keep what they know."""
    manifests, edits = drawn
    before = loaded(manifests)
    by_hand = replace(before)
    assert by_hand.inventory is None
    for edit in edits:
        if isinstance(edit, Apply) or edit.key[0] in ("NetworkPolicy", "Node"):
            before, by_hand = edited_or_same(before, edit), edited_or_same(by_hand, edit)
    assert by_hand.policies == before.policies
    assert by_hand.nodes == before.nodes
    assert by_hand.workloads == before.workloads


def edited_or_same(snapshot: Snapshot, edit: Edit) -> Snapshot:
    editor = netsim.edit(snapshot)
    try:
        return done(editor, edit).done()
    except QueryError:
        assert editor.done() == snapshot
        return editor.done()


def pair_of(item: Any) -> tuple[Any, ...]:
    return item.identity if isinstance(item, Pod) else (item.kind, item.namespace, item.name)
