"""Every pair of versions of fixtures/diffs, through the Python API and through the command line.

What was opened and closed, by what, and no more.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest
from diff_files import DIFFS, FOLDERS, Blame, Case, Pair
from edit_texts import edit_text

import netsim
from netsim import Difference
from netsim.changes.blame import Cause
from netsim.changes.comings import Coming
from netsim.changes.rectangles import Rectangle
from netsim.cli.main import main

CASES = [Case(folder) for folder in FOLDERS]
KEYS = {"about", "rules", "options", "relation", "opened", "closed", "added", "removed", "idle"}

by_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def test_every_folder_is_a_case() -> None:
    assert len(CASES) > 40
    assert {folder.name for folder in DIFFS.iterdir() if folder.is_dir()} == {
        case.name for case in CASES
    }
    rules = (DIFFS.parents[1] / "docs" / "semantics.md").read_text(encoding="utf-8")
    known = set(re.findall(r"\*\*([A-Z]+-\d+)\*\*", rules))
    for case in CASES:
        assert case.expected.keys() <= KEYS, case.name
        assert case.expected["about"].endswith("."), case.name
        assert set(case.expected["rules"]) <= known, case.name
        assert {"old", "new"} <= {each.name for each in case.folder.iterdir()}, case.name


@by_case
def test_versions_load_without_a_word(case: Case) -> None:
    assert not case.old.diagnostics
    assert not case.new.diagnostics


@by_case
def test_opened_and_closed(case: Case) -> None:
    difference = netsim.diff(case.old, case.new)
    for part in ("opened", "closed"):
        rectangles: tuple[Rectangle, ...] = getattr(difference, part)
        assert pairs_of(case, rectangles) == case.pairs(part)
        assert len(rectangles) <= len(case.expected.get(part, ()))
    assert difference.relation.value == case.expected["relation"]
    assert {edit_text(each) for each in difference.idle} == set(case.expected.get("idle", ()))
    assert bool(difference) == bool(case.expected.keys() & {"opened", "closed", "added", "removed"})


@by_case
def test_added_and_removed(case: Case) -> None:
    difference = netsim.diff(case.old, case.new)
    assert comings_of(case, difference.added) == case.comings("added")
    assert comings_of(case, difference.removed) == case.comings("removed")


@by_case
def test_the_other_way_round(case: Case) -> None:
    back = netsim.diff(case.new, case.old).without_causes
    for part, mirrored in (("opened", "closed"), ("closed", "opened")):
        assert plain(pairs_of(case, getattr(back, part))) == plain(case.pairs(mirrored))
    assert comings_of(case, back.added) == case.comings("removed")
    assert comings_of(case, back.removed) == case.comings("added")


@by_case
def test_witnesses_hold_in_the_reference(case: Case) -> None:
    difference = netsim.diff(case.old, case.new)
    for opened, rectangles in ((True, difference.opened), (False, difference.closed)):
        for rectangle in rectangles:
            assert_holds(case, difference, rectangle, opened)


@by_case
def test_from_the_command_line(case: Case, capfd: pytest.CaptureFixture[str]) -> None:
    status = main(["diff", *case.arguments(), "-o", "json"])
    told = json.loads(capfd.readouterr().out)
    different = case.expected.keys() & {"opened", "closed", "added", "removed"}
    assert (status, told["different"]) == ((1, True) if different else (0, False))
    assert told["relation"] == case.expected["relation"]
    assert told["counts"]["idle"] == len(case.expected.get("idle", ()))
    for part in ("opened", "closed"):
        listed = [each for effect in told["effects"] for each in effect[part]]
        assert told_pairs(case, listed) == plain(case.pairs(part))
    for part in ("added", "removed"):
        assert [each["name"] for each in told[part]] == sorted(case.expected.get(part, ()))


def told_pairs(case: Case, listed: list[dict[str, Any]]) -> Counter[tuple[str, str, str]]:
    return Counter(
        (source, destination, each["traffic"])
        for each in listed
        for source, destination in case.each(
            each["from"] + each["fromAddresses"],
            each["to"] + each["toAddresses"] + each["toNames"],
        )
    )


def assert_holds(case: Case, difference: Difference, rectangle: Rectangle, opened: bool) -> None:
    witness = difference.witness(rectangle)
    for snapshot, answer, allowed in (
        (case.old, witness.before, not opened),
        (case.new, witness.after, opened),
    ):
        known = netsim.decide_by_reference(snapshot, answer.flow)
        assert known.allowed == allowed
        assert (known.egress, known.ingress) == (answer.egress, answer.ingress)


def pairs_of(case: Case, rectangles: Iterable[Rectangle]) -> Counter[Pair]:
    return Counter(
        (source, destination, str(rectangle.traffic), blame_of(rectangle.cause))
        for rectangle in rectangles
        for source, destination in case.each(rectangle.sources, rectangle.destinations)
    )


def blame_of(cause: Cause | None) -> Blame:
    if cause is None:
        return Blame()
    assert cause.narrowed
    edits, alone = (tuple(map(edit_text, each)) for each in (cause.edits, cause.alone))
    return Blame(edits, alone, cause.several)


def plain(pairs: Counter[Pair]) -> Counter[tuple[str, str, str]]:
    """The same whatever the cause; traffic of one pair with two causes is told apart."""
    return Counter(pair[:3] for pair in pairs.elements())


def comings_of(
    case: Case, comings: Iterable[Coming]
) -> dict[str, tuple[Counter[Pair], Counter[Pair]]]:
    return {each.name: (pairs_of(case, each.sends), pairs_of(case, each.gets)) for each in comings}
