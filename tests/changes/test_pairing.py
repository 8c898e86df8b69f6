"""Which endpoint of the new version is which of the old: by name, and replicas for one another."""

from __future__ import annotations

import pytest
from builders import cluster, namespace, node, pod, policy, workload
from edit_texts import edit_text

import netsim
from netsim import Difference, Snapshot

CLOSED = policy("a", "{podSelector: {}}")


def owned(name: str, labels: str = "{app: web, pod-template-hash: x1}", **fields: str) -> str:
    """A pod of the Deployment `web`, whose ReplicaSet isn't in the input."""
    made = pod(name, labels, **fields)
    owner = "{apiVersion: apps/v1, kind: ReplicaSet, name: web-x1, uid: u, controller: true}"
    return made.replace("metadata: {", f"metadata: {{ownerReferences: [{owner}], ")


def diff(old: Snapshot, new: Snapshot, level: str = "workload") -> Difference:
    return netsim.diff(old, new, level)


def names(difference: Difference) -> tuple[list[str], list[str]]:
    return [each.name for each in difference.added], [each.name for each in difference.removed]


def test_replicas_go_for_one_another_whatever_their_names() -> None:
    old = cluster(owned("a/web-x1-aa"), owned("a/web-x1-bb"), pod("a/db"))
    new = cluster(owned("a/web-x1-cc"), owned("a/web-x1-bb"), pod("a/db"))
    assert not diff(old, new)
    assert not diff(old, new).edits


def test_a_replica_more_or_less_neither_comes_nor_goes() -> None:
    old = cluster(owned("a/web-x1-aa"), owned("a/web-x1-bb"), pod("a/db"))
    new = cluster(owned("a/web-x1-aa"), pod("a/db"))
    assert not diff(old, new)
    assert not diff(new, old)


def test_a_replica_of_a_rollout_is_another_one_only_if_a_policy_looks() -> None:
    surge = owned("a/web-x2-cc", "{app: web, pod-template-hash: x2}").replace("web-x1", "web-x2")
    old, new = ((owned("a/web-x1-aa"), pod("a/db"), *more) for more in ((), (surge,)))
    for policies, added in (
        (CLOSED, []),
        (policy("a", "{podSelector: {matchLabels: {pod-template-hash: x2}}}"), ["a/web-x2-cc"]),
    ):
        forth = diff(cluster(*old, policies), cluster(*new, policies))
        assert names(forth) == (added, [])
        back = diff(cluster(*new, policies), cluster(*old, policies))
        assert names(back) == ([], added)


def test_a_statefulset_that_is_smaller_and_another_too_is_named_whole() -> None:
    """The pod that is gone was a replica of the one that stays: its workload stands for both."""
    two = workload("a/db", "{app: db}", kind="StatefulSet", spec="replicas: 2")
    one = workload("a/db", "{app: db}", kind="StatefulSet", pod_spec="hostNetwork: true")
    old, new = (cluster(each, pod("a/web"), CLOSED) for each in (two, one))
    for found, said in ((diff(old, new), "opened"), (diff(new, old), "closed")):
        assert names(found) == ([], [])
        assert {(pair.source, pair.destination) for pair in found.pairs()} == {
            ("a/web", "a/statefulset/db"),
            ("0.0.0.0/0", "a/statefulset/db"),
        }
        assert all(getattr(pair, said) for pair in found.pairs())


def test_the_last_replica_goes_with_its_workload() -> None:
    old, new = cluster(owned("a/web-x1-aa"), pod("a/db")), cluster(pod("a/db"))
    assert names(diff(old, new)) == ([], ["a/deployment/web"])
    assert names(diff(new, old)) == (["a/deployment/web"], [])


def test_a_template_is_the_pods_that_it_made() -> None:
    """Labels that controllers write come with them, and change nothing here."""
    template = workload("a/web", "{app: web}", spec="replicas: 2")
    old = cluster(template, pod("a/db"), CLOSED)
    new = cluster(owned("a/web-x1-aa"), owned("a/web-x1-bb"), pod("a/db"), CLOSED)
    for one, other in ((old, new), (new, old)):
        found = diff(one, other)
        assert not found
        assert [edit_text(each) for each in found.idle] == [
            "label pod-template-hash of a/deployment/web"
        ]


def test_replicas_that_rules_tell_apart_are_each_the_template() -> None:
    template = workload("a/web", "{app: web}", spec="replicas: 2")
    guard = policy("a", "{podSelector: {matchLabels: {canary: 'yes'}}}")
    canary = owned("a/web-x1-bb", "{app: web, pod-template-hash: x1, canary: 'yes'}")
    old = cluster(template, pod("a/db"), guard)
    new = cluster(owned("a/web-x1-aa"), canary, pod("a/db"), guard)
    found = diff(old, new, "pod")
    assert names(found) == ([], [])
    assert {(pair.source, pair.destination) for pair in found.pairs()} == {
        ("a/db", "a/web-x1-bb"),
        ("a/web-x1-aa", "a/web-x1-bb"),
        ("0.0.0.0/0", "a/web-x1-bb"),
    }
    assert all(
        [edit_text(edit) for edit in each.cause.edits] == ["label canary of a/deployment/web"]
        for each in found.closed
        if each.cause
    )


def test_a_pod_of_another_workload_is_another_one() -> None:
    old = cluster(workload("a/web", "{app: web}"), pod("a/db"))
    new = cluster(workload("a/web", "{app: web}", kind="StatefulSet"), pod("a/db"))
    assert names(diff(old, new)) == (["a/statefulset/web"], ["a/deployment/web"])


def test_a_pod_that_has_finished_is_gone() -> None:
    old = cluster(pod("a/job"), pod("a/db"))
    new = cluster(pod("a/job", status="phase: Succeeded"), pod("a/db"))
    assert names(diff(old, new)) == ([], ["a/job"])


def test_a_node_of_which_only_a_pod_speaks_comes_and_goes_with_it() -> None:
    old, new = cluster(pod("a/db")), cluster(pod("a/db"), pod("a/web", spec="nodeName: n1"))
    assert names(diff(old, new)) == (["a/web", "node/n1"], [])
    declared = cluster(pod("a/db"), pod("a/web", spec="nodeName: n1"), node("n1"))
    assert not diff(new, declared)


def test_a_node_of_which_only_a_finished_pod_speaks_goes_with_it() -> None:
    done = pod("a/job", spec="nodeName: n1", status="phase: Succeeded")
    old = cluster(pod("a/db"), done)
    new = netsim.edit(old).delete("a/pod/job").done()
    assert names(diff(old, new)) == ([], ["node/n1"])
    assert not diff(cluster(pod("a/db")), new)


def test_a_namespace_that_is_declared_without_labels_is_the_same() -> None:
    old, new = cluster(pod("a/db")), cluster(namespace("a"), pod("a/db"))
    assert not diff(old, new)
    assert not diff(old, new).edits


@pytest.mark.parametrize("level", ["class", "namespace", ""])
def test_levels_are_of_two_names(level: str) -> None:
    snapshot = cluster(pod("a/db"))
    with pytest.raises(netsim.QueryError, match="no level") as caught:
        netsim.diff(snapshot, snapshot, level)
    assert caught.value.diagnostics[0].help == "one of workload, pod"


def test_both_versions_are_read_under_the_same_options() -> None:
    old, new = cluster(pod("a/db")), cluster(pod("a/db"), icmp="deny")
    with pytest.raises(netsim.QueryError, match="icmp is portless_rules, then deny"):
        netsim.diff(old, new)


@pytest.mark.parametrize("wrong", [None, "old.yaml", ()])
def test_versions_are_snapshots(wrong: object) -> None:
    snapshot = cluster(pod("a/db"))
    with pytest.raises((netsim.QueryError, TypeError)):
        netsim.diff(snapshot, wrong)  # type: ignore[arg-type]
    with pytest.raises((netsim.QueryError, TypeError)):
        netsim.diff(wrong, snapshot)  # type: ignore[arg-type]
