"""Policies of the whole cluster in differences and updates: who may be touched, and by what."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from builders import cluster, namespace, pod, policy
from builders import node as node_of
from tier_builders import anp, cnp

import netsim
from netsim import Difference, Program, Snapshot
from netsim.changes.edits import NodeEdit, NodeLabelEdit, TierEdit
from netsim.changes.rectangles import Rectangle
from netsim.cli.main import main
from netsim.report.diff_edits import action, edit_text, places
from netsim.report.diff_why import turns

A = "{namespaces: {matchLabels: {kubernetes.io/metadata.name: a}}}"
B = "{namespaces: {matchLabels: {kubernetes.io/metadata.name: b}}}"
FROM_B = f"{{action: Deny, from: [{B}]}}"
PODS = (
    namespace("a"),
    namespace("b"),
    namespace("c"),
    pod("a/web", "{app: web}"),
    pod("b/db", "{app: db}"),
    pod("c/job", "{app: job}"),
)


def ends(rectangles: tuple[Rectangle, ...]) -> list[tuple[tuple[str, ...], tuple[str, ...], str]]:
    return [(each.sources, each.destinations, str(each.traffic)) for each in rectangles]


def said(difference: Difference) -> list[str]:
    return list(map(edit_text, difference.edits))


def why(difference: Difference) -> list[str]:
    each = (*difference.opened, *difference.closed)
    return [turn.text for found in each for turn in turns(difference.witness(found), found.cause)]


def updated(snapshot: Snapshot, edited: Snapshot) -> tuple[Program, Difference]:
    """By an update, which says what a difference says and what compiling from nothing says."""
    program, difference = netsim.compile_snapshot(snapshot).update(edited)
    plain = netsim.diff(snapshot, edited)
    assert ends(difference.opened) == ends(plain.opened)
    assert ends(difference.closed) == ends(plain.closed)
    expected = netsim.compile_snapshot(edited)
    assert program.reach().checksum() == expected.reach().checksum()
    assert program.content_hash == expected.content_hash
    return program, difference


def test_a_policy_is_deleted_by_its_kind_and_name() -> None:
    before = cluster(*PODS, cnp("deny", ingress=FROM_B, subject=A))
    for text in ("clusternetworkpolicy/deny", "cnp/deny"):
        _, difference = updated(before, netsim.edit(before).delete(text).done())
        assert ends(difference.opened) == [(("b/db",), ("a/web",), "all")]
        assert not difference.closed
        assert said(difference) == ["ClusterNetworkPolicy deny removed"]
        (where,) = why(difference)
        assert where.startswith("ingress was denied by deny, ingress[0], from[0] (namespaces ")


def test_a_policy_is_applied_and_updates_go_on_from_there() -> None:
    before = cluster(*PODS)
    program, first = updated(
        before, netsim.edit(before).apply(cnp("deny", ingress=FROM_B, subject=A)).done()
    )
    assert ends(first.closed) == [(("b/db",), ("a/web",), "all")]
    other = cnp("deny", ingress=FROM_B, subject="{namespaces: {}}")
    program, second = program.update(netsim.edit(program.snapshot).apply(other))
    # Each with each of the others: a pod by itself is no pair.
    assert ends(second.closed) == [(("b/db",), ("b/db", "c/job"), "all")]
    assert second.closed[0].pairs == 1
    assert said(second) == ["ClusterNetworkPolicy deny: subject changed"]
    _, third = program.update(before)
    assert ends(third.opened) == [(("b/db",), ("a/web", "b/db", "c/job"), "all")]


def test_pods_are_as_they_were_where_only_such_policies_are_others() -> None:
    before = cluster(*PODS, cnp("deny", ingress=FROM_B, subject=A))
    pairing = netsim.diff(before, netsim.edit(before).delete("cnp/deny").done()).pairing
    old, new = pairing.old.version, pairing.new.version
    assert new.population is old.population
    assert all(new.spaces[name] is space for name, space in old.spaces.items())


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"priority": 11}, "priority"),
        ({"tier": "Baseline"}, "tier"),
        ({"subject": B}, "subject"),
        ({"ingress": FROM_B.replace("Deny", "Pass")}, "ingress[0].action"),
        ({"ingress": FROM_B.replace(B, A)}, "ingress[0].from"),
        (
            {"ingress": FROM_B[:-1] + ", protocols: [{destinationNamedPort: http}]}"},
            "ingress[0].protocols",
        ),
        ({"ingress": FROM_B[:-1] + ", name: x}"}, "ingress[0].name"),
        ({"ingress": f"{FROM_B}, {FROM_B}"}, "ingress"),
        ({"priority": 11, "subject": B}, ""),
    ],
    ids=str,
)
def test_the_field_that_differs_is_named(changed: dict[str, str | int], text: str) -> None:
    usual: dict[str, str | int] = {"ingress": FROM_B, "subject": A}
    old = cluster(*PODS, cnp("deny", **usual))  # type: ignore[arg-type]
    new = cluster(*PODS, cnp("deny", **{**usual, **changed}))  # type: ignore[arg-type]
    (edit,) = netsim.diff(old, new).edits
    assert action(edit) == "changed"
    expected = f": {text} changed" if text else " changed"
    assert edit_text(edit) == f"ClusterNetworkPolicy deny{expected}"


def test_policies_of_one_name_and_of_two_kinds_are_two() -> None:
    old = cluster(*PODS, anp("p", ingress=f"{{action: Deny, from: [{B}]}}", subject=A))
    new = cluster(*PODS, cnp("p", ingress=FROM_B, subject=A))
    difference = netsim.diff(old, new)
    assert said(difference) == ["AdminNetworkPolicy p removed", "ClusterNetworkPolicy p added"]
    assert not difference
    assert difference.idle == difference.edits


def test_a_baseline_that_a_network_policy_kept_from_being_asked() -> None:
    """IMP-11: an isolation of what comes in keeps it from what goes out as well."""
    deny = cnp("base", egress=f"{{action: Deny, to: [{B}]}}", subject=A, tier="Baseline")
    isolated = policy("a", "{podSelector: {}, policyTypes: [Ingress]}")
    for scope, expected in (("pod", [(("a/web",), ("b/db",), "all")]), ("direction", [])):
        old = cluster(*PODS, deny, isolated, baseline_scope=scope)
        new = cluster(*PODS, deny, baseline_scope=scope)
        difference = netsim.diff(old, new)
        assert ends(difference.closed) == expected
        back = netsim.diff(new, old)
        assert [each for each in ends(back.opened) if each in expected] == expected
        texts = [text for text in why(back) if "Baseline" in text]
        assert bool(texts) == bool(expected)


def node(labels: str) -> str:
    return node_of("n1", "192.0.2.1").replace("{name: n1}", f"{{name: n1, labels: {labels}}}")


NODES = "{action: Deny, to: [{nodes: {matchLabels: {zone: east}}}]}"


def test_of_nodes_those_labels_are_told_that_rules_ask_for() -> None:
    def version(labels: str, *policies: str) -> Snapshot:
        return cluster(namespace("a"), pod("a/web"), node(labels), *policies)

    asked = cnp("nodes", egress=NODES)
    difference = netsim.diff(version("{zone: east, rack: p}", asked), version("{rack: q}", asked))
    assert said(difference) == ["node/n1: label zone=east removed"]
    assert ends(difference.opened) == [(("a/web",), ("node/n1",), "all")]
    assert isinstance(difference.edits[0], NodeLabelEdit)
    assert not netsim.diff(version("{zone: east}"), version("{zone: west}")).edits


def test_a_node_without_a_manifest_has_labels_that_nobody_knows() -> None:
    """ANP-16; and its manifest is one edit, whatever labels come with it."""
    there = (namespace("a"), pod("a/web", spec="nodeName: n1"), pod("a/db", spec="nodeName: n2"))
    asked = cnp("nodes", egress=NODES)
    old = cluster(*there, asked)
    new = cluster(*there, asked, node("{zone: east}"))
    difference = netsim.diff(old, new)
    assert said(difference) == ["node/n1: manifest added"]
    assert action(difference.edits[0]) == "added"
    assert isinstance(difference.edits[0], NodeEdit)
    assert ends(difference.closed) == [(("a/db", "a/web"), ("node/n1",), "all")]
    assert any("n1" in text or "node" in text for text in difference.assumptions)


def test_what_is_unknown_is_assumed_where_another_tier_decides_on_it() -> None:
    """ANP-1: whether the NetworkPolicy that came is asked hangs on the network before it."""
    above = cnp("above", egress="{action: Deny, to: [{networks: [10.0.0.0/8]}]}")
    shut = policy("a", "{podSelector: {}, policyTypes: [Egress]}")
    found = netsim.diff(cluster(*PODS, above), cluster(*PODS, above, shut)).assumptions
    assert (
        "assuming that no pod has an address in 10.0.0.0/8; set pod_cidrs to say otherwise" in found
    )


def test_each_name_is_an_end() -> None:
    """ANP-17: a witness goes to a name below one with `*.` that nobody mentions."""
    shut = cnp("shut", egress="{action: Deny, to: [{networks: [0.0.0.0/0, '::/0']}]}")
    named = "{action: Accept, to: [{domainNames: ['*.example.com', www.example.com]}]}"
    names = cnp("names", egress=named, priority=0)
    difference = netsim.diff(cluster(*PODS, shut), cluster(*PODS, shut, names))
    [opened] = difference.opened
    assert opened.destinations == ("*.example.com", "www.example.com")
    assert opened.pairs == 2 * len(opened.sources)
    assert difference.relation.value == "contains"
    assert str(difference.witness(opened).flow.destination) == "www1.example.com"
    [closed] = netsim.diff(cluster(*PODS, shut, names), cluster(*PODS, shut)).closed
    assert closed.destinations == opened.destinations


def test_what_a_network_policy_changes_for_names() -> None:
    """Of names that a rule mentions anywhere (ANP-17)."""
    names = cnp("names", egress="{action: Accept, to: [{domainNames: [a.example.com]}]}", subject=A)
    alone = policy("b", "{podSelector: {}, policyTypes: [Egress]}")
    difference = netsim.diff(cluster(*PODS, names), cluster(*PODS, names, alone))
    assert ("a.example.com",) in [each.destinations for each in difference.closed]
    assert not difference.opened


def written(folder: Path) -> Path:
    """A cluster of two files."""
    (folder / "pods.yaml").write_text("\n---\n".join(PODS), encoding="utf-8")
    (folder / "deny.yaml").write_text(cnp("deny", ingress=FROM_B, subject=A), encoding="utf-8")
    return folder


def test_edits_stand_in_both_versions(tmp_path: Path) -> None:
    before = netsim.load(written(tmp_path))
    other = tmp_path / "other"
    other.mkdir()
    text = cnp("deny", ingress=FROM_B, subject=A, priority=20)
    (other / "deny.yaml").write_text("# lower\n" + text, encoding="utf-8")
    (edit,) = netsim.diff(before, netsim.edit(before).apply_files(other).done()).edits
    assert isinstance(edit, TierEdit)
    found = places(edit)
    assert found.old
    assert found.new
    assert (found.old.line, found.new.line) == (4, 5)
    assert found.old.column == found.new.column


def test_from_the_command_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    where = str(written(tmp_path))
    delete = ["what-if", "-f", where, "--delete", "clusternetworkpolicy/deny", "-o", "json"]
    assert main(delete) == 1
    told = json.loads(capfd.readouterr().out)
    (edit,) = told["edits"]
    assert (edit["kind"], edit["action"]) == ("policy", "removed")
    assert edit["old"]["file"].endswith("deny.yaml")
    (effect,) = told["effects"]
    (reason,) = effect["opened"][0]["witness"]["why"]
    assert (reason["policy"], reason["rule"], reason["version"]) == ("deny", 0, "old")
    assert reason["file"].endswith("deny.yaml")
    more = tmp_path / "more.txt"
    more.write_text(cnp("more", ingress=FROM_B), encoding="utf-8")
    assert main(["what-if", "-f", where, "--apply", str(more)]) == 1
    out = capfd.readouterr().out
    assert "ClusterNetworkPolicy more added" in out
    assert "ingress is denied by more, ingress[0]" in out
