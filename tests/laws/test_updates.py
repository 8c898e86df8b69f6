"""A program that was updated answers as one that was compiled from nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from random import Random

import pytest

import netsim
from netsim import Difference, Program, Semantics, Snapshot
from netsim.manifests.edit import Editor

sys.path.insert(0, str(Path(__file__).parent))

from depth import DEPTH
from odd_clusters import odd_options
from version_edits import Manifest, ManifestEdit, edited, key_of, odd_edits

SEEDS = range(12 * DEPTH)


def loaded(manifests: list[Manifest], options: Semantics) -> Snapshot:
    text = "\n---\n".join(json.dumps(manifest) for manifest in manifests)
    return netsim.loads(text, semantics=options)


def made(snapshot: Snapshot, before: list[Manifest], after: list[Manifest]) -> Editor:
    """What makes one cluster from another, object by object."""
    editor = netsim.edit(snapshot)
    names = {key_of(each) for each in after}
    for kind, namespace, name in (key_of(each) for each in before):
        if (kind, namespace, name) not in names:
            editor = editor.delete("/".join(filter(None, (namespace, kind.lower(), name))))
    known = {key_of(each): each for each in before}
    changed = [each for each in after if known.get(key_of(each)) != each]
    if changed:
        editor = editor.apply("\n---\n".join(json.dumps(each) for each in changed))
    return editor


def pairs(difference: Difference) -> set[tuple[str, str, str, str]]:
    return {
        (each.source, each.destination, str(each.before), str(each.after))
        for each in difference.pairs()
    }


def same(updated: Program, compiled: Program) -> None:
    assert updated.content_hash == compiled.content_hash
    assert updated.reach().checksum() == compiled.reach().checksum()


def steps(seed: int, cluster: list[Manifest], edits: list[ManifestEdit]) -> list[list[Manifest]]:
    """The versions on a way to all edits: in any order, some at a time, some of them twice."""
    draw = Random(seed)
    order = draw.sample(edits, len(edits))
    stops = [order[:at] for at in range(1, len(order)) if draw.random() < 0.6]
    versions = [edited(cluster, some) for some in [*stops, order]]
    return [each for version in versions for each in [version] * draw.choice((1, 1, 2))]


@pytest.mark.parametrize("seed", SEEDS)
def test_updates_are_a_load_from_nothing(seed: int) -> None:
    cluster, edits = odd_edits(seed)
    options = odd_options(seed)
    program = netsim.compile_snapshot(loaded(cluster, options))
    before = cluster
    for after in steps(seed, cluster, edits):
        updated, difference = program.update(made(program.snapshot, before, after))
        expected = netsim.diff(loaded(before, options), loaded(after, options))
        assert pairs(difference) == pairs(expected)
        assert [each.name for each in difference.added] == [each.name for each in expected.added]
        assert bool(difference) == bool(expected)
        same(updated, netsim.compile_snapshot(loaded(after, options)))
        program, before = updated, after


@pytest.mark.parametrize("seed", range(5 * DEPTH))
def test_there_and_back_is_no_difference(seed: int) -> None:
    cluster, edits = odd_edits(seed)
    options = odd_options(seed)
    after = edited(cluster, edits)
    program = netsim.compile_snapshot(loaded(cluster, options))
    there, difference = program.update(made(program.snapshot, cluster, after))
    back, mirrored = there.update(made(there.snapshot, after, cluster))
    turned = {(one, other, new, old) for one, other, old, new in pairs(mirrored)}
    assert turned == pairs(difference)
    same(back, program)
