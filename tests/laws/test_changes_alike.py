"""Where one endpoint stands for all that are alike, the difference is that of all of them."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

import netsim
from netsim import InputError, Snapshot
from netsim.changes import alike, between
from netsim.changes.alike import Alike, alike_in
from netsim.changes.boxes import Box
from netsim.changes.sides import Side
from netsim.changes.slicing import Field
from netsim.sets.bitset import members
from netsim.sets.traffic import TrafficSet

sys.path.insert(0, str(Path(__file__).parent))

from depth import DEPTH
from odd_clusters import odd_cluster, odd_options
from version_edits import TIER_KINDS, edited, odd_edits

Manifest = dict[str, Any]
# Both ends of a cell, and what passed and passes; addresses count as one end.
Cell = tuple[object, object, TrafficSet, TrafficSet]
SEEDS = 60 * DEPTH


def placeless(manifest: Manifest) -> Manifest:
    """A pod as it is written before anybody knows where it runs; five in six are."""
    if manifest["kind"] != "Pod" or len(json.dumps(manifest)) % 6 == 0:
        return manifest
    spec = {
        key: each
        for key, each in manifest["spec"].items()
        if key not in ("nodeName", "hostNetwork")
    }
    return {**{key: each for key, each in manifest.items() if key != "status"}, "spec": spec}


def read(seed: int) -> tuple[Snapshot, Snapshot] | None:
    """Two versions of three clusters in one; none where they are not valid."""
    cluster, edits = odd_edits(seed)
    more = [each for at in (1, 2) for each in renamed(odd_cluster(seed + at * 1_000_003), at)]
    # With policies of tiers nobody is taken for another.
    old, new = (
        [placeless(each) for each in (*some, *more) if each["kind"] not in TIER_KINDS]
        for some in (cluster, edited(cluster, edits))
    )
    options = odd_options(seed)
    try:
        one, other = (
            netsim.loads("\n---\n".join(map(json.dumps, each)), semantics=options)
            for each in (old, new)
        )
    except InputError:
        return None
    return one, other


def renamed(manifests: Iterable[Manifest], turn: int) -> Iterator[Manifest]:
    """Their pods and policies under other names."""
    for each in manifests:
        if each["kind"] in ("Pod", "NetworkPolicy"):
            name = f"{each['metadata']['name']}-{turn}"
            yield {**each, "metadata": {**each["metadata"], "name": name}}


def cells(boxes: Iterable[Box]) -> set[Cell]:
    found: set[Cell] = set()
    for box in boxes:
        sources, destinations = (
            [each.addresses] if each.addresses else members(each.units)
            for each in (box.sources, box.destinations)
        )
        found |= {(one, two, box.before, box.after) for one in sources for two in destinations}
    return found


def test_one_stands_for_all_that_are_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Counter[str]()

    def spied(old: Side, new: Side, field: Field, others: Field) -> Alike:
        found = alike_in(old, new, field, others)
        for end in ("senders", "receivers"):
            seen[end] += getattr(field, end) != getattr(found.field, end)
        return found

    monkeypatch.setattr(between, "alike_in", spied)
    for seed in range(SEEDS):
        if (versions := read(seed)) is None:
            continue
        monkeypatch.setattr(alike, "FEW", 1)
        found = cells(netsim.diff(*versions).boxes)
        monkeypatch.setattr(alike, "FEW", 1 << 20)
        assert found == cells(netsim.diff(*versions).boxes), seed
        seen["different"] += bool(found)
    for what in ("senders", "receivers", "different"):
        assert seen[what] * 4 > SEEDS, seen


BLOCKED = """
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: out, namespace: NS},
 spec: {podSelector: {}, policyTypes: [Egress], egress: [EGRESS]}}
---
"""
POD = "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: NS}, spec: {containers: [{name: c, image: i}]}}\n---\n"
SHUT = """
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: in, namespace: to},
 spec: {podSelector: {}, policyTypes: [Ingress]}}
"""


def test_blocks_that_surely_hold_an_unknown_address_tell_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """NP-43: `some` is in no block as it isn't known, and `all` may send to it wherever it is."""
    monkeypatch.setattr(alike, "FEW", 1)
    rules = {
        "all": "{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}",
        "some": "{to: [{ipBlock: {cidr: 10.0.0.0/24}}]}",
        "none": "",
    }
    text = POD.replace("NS", "to") + "".join(
        (POD + BLOCKED).replace("NS", name).replace("EGRESS", rule) for name, rule in rules.items()
    )
    difference = netsim.diff(netsim.loads(text), netsim.loads(text + SHUT))
    assert [each.sources for each in difference.closed if each.sources[0] != "0.0.0.0/0"] == [
        ("all/p", "to/p")
    ]
