"""Cluster policies of one input: two APIs at once, and two policies of one rank."""

from __future__ import annotations

from pathlib import Path

import pytest

from netsim import InputError, Loader, Semantics, Snapshot, edit, load, loads
from netsim.errors import FaultType, Severity
from netsim.model.snapshot import LeftOut

NO_TIES = Semantics(priority_ties="error")


def _cnp(name: str, tier: str = "Admin", priority: int = 1) -> str:
    return f"""---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {{name: {name}}}
spec: {{tier: {tier}, priority: {priority}, subject: {{namespaces: {{}}}}}}
"""


BANP = """---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: BaselineAdminNetworkPolicy
metadata: {name: default}
spec: {subject: {namespaces: {}}}
"""
ANP = """---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: old}
spec: {priority: 1, subject: {namespaces: {}}}
"""


@pytest.mark.parametrize("text", [_cnp("a") + _cnp("b"), ANP + BANP])
def test_one_api_is_fine(text: str) -> None:
    """ANP-25"""
    assert loads(text).diagnostics == ()


def test_two_apis_are_merged_with_a_warning() -> None:
    """ANP-25"""
    snapshot = loads(_cnp("new", "Baseline", 1000) + ANP + BANP)
    (said,) = snapshot.diagnostics
    both = "AdminNetworkPolicy `old` and ClusterNetworkPolicy `new` are of two APIs"
    assert (said.severity, said.code, said.path) == (Severity.WARNING, "ANP-25", "apiVersion")
    assert str(said).startswith(f"<text>:7:1: apiVersion: {both}")
    assert len(snapshot.policies) == 3


def test_the_warning_comes_and_goes_with_edits() -> None:
    """ANP-25"""
    before = loads(ANP)
    both = edit(before).apply(_cnp("new"), name="<text>").done()
    assert [item.code for item in both.diagnostics] == ["ANP-25"]
    same = edit(both).apply(_cnp("newer", priority=5)).done()
    assert same.diagnostics[0].message.count("`newer`") == 0
    assert edit(both).delete("cnp/new").done().diagnostics == before.diagnostics == ()
    assert edit(both).delete("anp/old").done().diagnostics == ()


def test_a_snapshot_put_together_by_hand_loses_the_warning_with_its_reason() -> None:
    """ANP-25"""
    both = loads(ANP + _cnp("new"))
    by_hand = Snapshot(policies=both.policies, diagnostics=both.diagnostics)
    assert edit(by_hand).delete("anp/old").done().diagnostics == ()


def test_a_loader_says_it_at_the_new_place(tmp_path: Path) -> None:
    """ANP-25"""
    loader, file = Loader(), tmp_path / "all.yaml"
    for blank_lines in ("", "\n\n"):
        file.write_text(blank_lines + ANP + _cnp("new"))
        assert loader.load(file).diagnostics == load(file).diagnostics


@pytest.mark.parametrize("text", [_cnp("a") + _cnp("b"), _cnp("a", "Baseline", 1000) + BANP])
def test_ties_are_no_fault_unless_asked_for(text: str) -> None:
    """IMP-12"""
    loaded = loads(text)
    assert len(loaded.policies) == 2
    assert not [item for item in loaded.diagnostics if item.severity is Severity.ERROR]


APART = [
    _cnp("a") + _cnp("b", priority=2),
    _cnp("a") + _cnp("b", "Baseline"),
    _cnp("a", "Admin", 1000) + BANP,
]


@pytest.mark.parametrize("text", APART)
def test_other_ranks_are_no_ties(text: str) -> None:
    """IMP-12"""
    assert len(loads(text, semantics=NO_TIES).policies) == 2


# The place of the fault, what it names, and the help.
_OTHER, _GIVE = "give it another priority", "give the other one a lower priority"
TIES = [
    (
        _cnp("b") + _cnp("a"),
        "10:21: spec.priority",
        "ClusterNetworkPolicy `b`, at <text>:5:21",
        _OTHER,
    ),
    (ANP + _cnp("a"), "10:21: spec.priority", "AdminNetworkPolicy `old`, at <text>:5:8", _OTHER),
    (
        _cnp("a", "Baseline", 1000) + BANP,
        "10:1: spec",
        "ClusterNetworkPolicy `a`, at <text>:5:24",
        _GIVE,
    ),
]


@pytest.mark.parametrize(("text", "place", "earlier", "help"), TIES)
def test_the_second_of_one_rank_is_refused_where_ties_are_errors(
    text: str, place: str, earlier: str, help: str
) -> None:
    """IMP-12"""
    with pytest.raises(InputError) as caught:
        loads(text, semantics=NO_TIES)
    (said,) = caught.value.diagnostics
    assert str(said).startswith(f"<text>:{place}: {earlier}, has priority")
    assert (said.type, said.code, said.help) == (FaultType.DUPLICATE, "IMP-12", help)


def test_going_on_without_the_second() -> None:
    """IMP-12"""
    text = _cnp("b") + _cnp("a") + _cnp("c", priority=2)
    snapshot = loads(text, semantics=NO_TIES, keep_going=True)
    assert [policy.name for policy in snapshot.policies] == ["b", "c"]
    assert snapshot.summary.read == {"ClusterNetworkPolicy": 2}
    (left_out,) = snapshot.left_out
    assert left_out == LeftOut("ClusterNetworkPolicy", "", "a", snapshot.diagnostics[0])


def test_what_was_said_of_the_second_is_kept() -> None:
    """IMP-12"""
    text = _cnp("b") + _cnp("a").replace("namespaces: {}", "namespaces: {matchLabels: {x: ~}}")
    snapshot = loads(text, semantics=NO_TIES, keep_going=True)
    assert [item.code for item in snapshot.diagnostics] == ["IMP-12", "ANP-33"]


def test_edits_see_the_ranks_that_are_there() -> None:
    """IMP-12"""
    before = loads(_cnp("a") + _cnp("b", priority=2), semantics=NO_TIES)
    with pytest.raises(InputError, match="`a`, at <text>:5:21, has priority 1"):
        edit(before).apply(_cnp("c"))
    assert len(edit(before).apply(_cnp("a")).done().policies) == 2
    swapped = edit(before).apply(_cnp("a", priority=2) + _cnp("b"))
    assert [policy.priority for policy in swapped.done().policies] == [2, 1]  # type: ignore[attr-defined]
    assert len(edit(before).delete("cnp/a").apply(_cnp("c")).done().policies) == 2


def test_two_of_one_name_are_one_object_twice() -> None:
    """DEC-22: of the whole cluster, so without a namespace."""
    with pytest.raises(InputError) as caught:
        loads(_cnp("a") + _cnp("a", priority=2))
    (said,) = caught.value.diagnostics
    assert said.message == "ClusterNetworkPolicy `a` is in the input already, at <text>:4:12"


def test_a_faulty_one_leaves_every_verdict_in_question() -> None:
    """DEC-3: it has no namespace that would bound what it says."""
    snapshot = loads(_cnp("a", priority=1001), keep_going=True)
    (left_out,) = snapshot.left_out
    assert (left_out.kind, left_out.namespace, left_out.name) == ("ClusterNetworkPolicy", "", "a")
