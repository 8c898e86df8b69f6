"""What is read off rules is what compiling them says, where nobody knows where pods are."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import netsim
from netsim import InputError, Snapshot
from netsim.changes import between, plainly, ruling
from netsim.changes.boxes import Box
from netsim.changes.openings import Openings
from netsim.changes.sides import Side
from netsim.changes.slicing import Field

sys.path.insert(0, str(Path(__file__).parent))

from depth import DEPTH
from odd_clusters import odd_options
from test_changes_alike import cells, renamed
from version_edits import edited, odd_edits

SEEDS = 60 * DEPTH


NOWHERE = ("nodeName", "hostNetwork", "podIP", "podIPs", "hostIP", "hostIPs")


def placeless(written: Any) -> Any:
    """A manifest as it is written before anybody knows where its pods run."""
    if isinstance(written, list):
        return [placeless(each) for each in written]
    if isinstance(written, dict):
        return {key: placeless(each) for key, each in written.items() if key not in NOWHERE}
    return written


def read(seed: int) -> tuple[Snapshot, Snapshot] | None:
    """Two versions of two clusters in one that differ in policies; none where they are not valid."""
    cluster, edits = odd_edits(seed)
    others = list(renamed(odd_edits(seed + 1_000_003)[0], 1))
    policies = [edit for edit in edits if edit.key[0] == "NetworkPolicy"]
    options = odd_options(seed)
    versions = (
        [placeless(each) for each in (*some, *others) if each["kind"] != "Node"]
        for some in (cluster, edited(cluster, policies))
    )
    try:
        one, other = (
            netsim.loads("\n---\n".join(map(json.dumps, each)), semantics=options)
            for each in versions
        )
    except InputError:
        return None
    return one, other


@pytest.mark.parametrize(
    ("few", "sparse"),
    [(0, 1), (1 << 20, 1), (0, 1 << 20), (1 << 20, 1 << 20)],
    ids=["many others", "few others", "many others by mention", "few others by mention"],
)
def test_rules_say_what_they_are_compiled_to(
    few: int, sparse: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Counter[str]()

    def spied(
        old: Side, new: Side, field: Field, subjects: Field, openings: Openings
    ) -> list[Box] | None:
        found = plainly.compared_plainly(old, new, field, subjects, openings)
        seen["read off"] += found is not None
        seen["by name"] += openings.by_name
        return found

    monkeypatch.setattr(between, "compared_plainly", spied)
    monkeypatch.setattr(ruling, "FEW_OTHERS", few)
    monkeypatch.setattr(ruling, "SPARSE", sparse)
    for seed in range(SEEDS):
        if (versions := read(seed)) is None:
            continue
        monkeypatch.setattr(plainly, "MOST_GROUPS", 1 << 20)
        found = cells(netsim.diff(*versions).boxes)
        monkeypatch.setattr(plainly, "MOST_GROUPS", -1)
        assert found == cells(netsim.diff(*versions).boxes), seed
        seen["different"] += bool(found)
        seen["outside"] += any(isinstance(end, tuple) for cell in found for end in cell[:2])
    for what in ("read off", "by name", "different", "outside"):
        assert seen[what] * 8 > SEEDS, seen
