"""What is read off rules is what compiling them says, where nobody knows where pods are."""

from __future__ import annotations

import json
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import netsim
from netsim import InputError, Snapshot
from netsim.changes import between, plainly, ruling, whom
from netsim.changes.boxes import Box
from netsim.changes.openings import Openings
from netsim.changes.sides import Side
from netsim.changes.slicing import Field

sys.path.insert(0, str(Path(__file__).parent))

from depth import DEPTH
from odd_clusters import odd_options
from test_changes_alike import cells, renamed
from test_updates import made
from version_edits import TIER_KINDS, Manifest, edited, odd_edits

SEEDS = 30 * DEPTH


NOWHERE = ("nodeName", "hostNetwork", "podIP", "podIPs", "hostIP", "hostIPs")


def placeless(written: Any) -> Any:
    """A manifest as it is written before anybody knows where its pods run."""
    if isinstance(written, list):
        return [placeless(each) for each in written]
    if isinstance(written, dict):
        return {key: placeless(each) for key, each in written.items() if key not in NOWHERE}
    return written


def versions_of(seed: int) -> list[list[Manifest]]:
    """Versions of two clusters in one, each with one more edit of a policy than the one before."""
    cluster, edits = odd_edits(seed)
    others = list(renamed(odd_edits(seed + 1_000_003)[0], 1))
    policies = [edit for edit in edits if edit.key[0] == "NetworkPolicy"]
    beside = ("Node", *TIER_KINDS)  # with policies of tiers nothing is read off
    return [
        [
            placeless(each)
            for each in (*edited(cluster, some), *others)
            if each["kind"] not in beside
        ]
        for some in (policies[:count] for count in range(len(policies) + 1))
    ]


def read(seed: int, version: list[Manifest]) -> Snapshot | None:
    """A version; None if it is not valid."""
    text = "\n---\n".join(map(json.dumps, version))
    try:
        return netsim.loads(text, semantics=odd_options(seed))
    except InputError:
        return None


@pytest.mark.parametrize(
    ("few", "sparse"),
    [(0, 1), (1 << 20, 1), (0, 1 << 20), (1 << 20, 1 << 20)],
    ids=["many others", "few others", "many others by mention", "few others by mention"],
)
def test_rules_say_what_they_are_compiled_to(
    few: int, sparse: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Counter[str]()

    def spied(old: Side, new: Side, field: Field, subjects: Field, openings: Openings) -> list[Box]:
        found = plainly.compared_plainly(old, new, field, subjects, openings)
        seen["read off"] += 1
        seen["by name"] += openings.by_name
        return found

    monkeypatch.setattr(between, "compared_plainly", spied)
    monkeypatch.setattr(whom, "FEW", few)
    monkeypatch.setattr(ruling, "SPARSE", sparse)
    for seed in range(SEEDS):
        versions = versions_of(seed)
        old, new = read(seed, versions[0]), read(seed, versions[-1])
        if old is None or new is None:
            continue
        monkeypatch.setattr(ruling, "MOST", 1 << 20)
        found = cells(netsim.diff(old, new).boxes)
        monkeypatch.setattr(ruling, "MOST", -1)
        assert found == cells(netsim.diff(old, new).boxes), seed
        seen["different"] += bool(found)
        seen["outside"] += any(isinstance(end, tuple) for cell in found for end in cell[:2])
    for what in ("read off", "by name", "different", "outside"):
        assert seen[what] * 8 > SEEDS, seen


def test_updates_of_updates_are_read_off_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the rules of the first version speak of stays true where nobody edited them."""
    seen = 0
    for seed in range(SEEDS // 2):
        versions = versions_of(seed)
        snapshots = [read(seed, version) for version in versions]
        if snapshots[0] is None or None in snapshots:
            continue
        program = netsim.compile_snapshot(snapshots[0])
        for at, (before, after) in enumerate(pairwise(versions)):
            monkeypatch.setattr(ruling, "MOST", 1 << 20)
            program, difference = program.update(made(program.snapshot, before, after))
            found = cells(difference.boxes)
            monkeypatch.setattr(ruling, "MOST", -1)
            old, new = read(seed, before), read(seed, after)
            assert old
            assert new
            assert found == cells(netsim.diff(old, new).boxes), (seed, at)
            seen += bool(found)
    assert seen * 8 > SEEDS


POD = "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: NS}, spec: {containers: [{name: c, image: i}]}}"
SHUT = """
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: shut, namespace: NS},
 spec: {podSelector: {}, policyTypes: [WAY]}}
"""


def test_what_an_earlier_update_shut_is_not_shut_again() -> None:
    """`a` may send nothing once its own policy came, and all later updates know."""
    pods = "\n---\n".join(POD.replace("NS", name) for name in ("a", "b", "c"))
    program = netsim.compile_snapshot(netsim.loads(pods))
    closed = []
    for name, way in (("a", "Egress"), ("b", "Ingress"), ("c", "Ingress")):
        policy = SHUT.replace("NS", name).replace("WAY", way)
        program, difference = program.update(netsim.edit(program.snapshot).apply(policy))
        closed.append(
            {pair for each in difference.closed for pair in difference.pairs_in(each.part)}
        )
    inside = [{pair for pair in pairs if "0.0.0.0/0" not in pair} for pairs in closed]
    assert inside == [{("a/p", "b/p"), ("a/p", "c/p")}, {("c/p", "b/p")}, {("b/p", "c/p")}]
