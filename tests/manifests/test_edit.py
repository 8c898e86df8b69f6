"""Edits of a snapshot: what they change, what they refuse, and what they cost nobody.

That the result is a load of the edited manifests is held in tests/laws/test_edits.py.
"""

from __future__ import annotations

import doctest
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from manifest_texts import pod, read, workload

import netsim
from netsim import Snapshot
from netsim.manifests import edit as edit_module
from netsim.manifests.edit import Editor

ROOT = Path(__file__).parents[2]
DUMP = Path(__file__).parent / "dumps" / "cluster.yaml"
POLICY = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: %s, namespace: a}
spec: {podSelector: {}}
"""
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"
FOREIGN = "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c, namespace: a}\n"
SERVICE = (
    "apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: a}\nspec: {ports: [{port: 1}]}"
)


def joined(*texts: str) -> str:
    return "\n---\n".join(texts)


def cluster() -> Snapshot:
    return read(joined(NAMESPACE, POLICY % "deny", pod("x"), workload("Deployment"), SERVICE))


def said(snapshot: Snapshot) -> list[str]:
    return [item.message for item in snapshot.diagnostics]


def test_the_docstring_does_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = doctest.testmod(edit_module)
    assert result.attempted > 3
    assert not result.failed


class TestEditor:
    def test_an_editor_can_be_used_again(self) -> None:
        before = cluster()
        editor = netsim.edit(before)
        without = editor.delete("a/netpol/deny")
        assert without.done().policies == ()
        assert without.done() is without.done()
        assert editor.done() is before
        assert without.delete("a/pod/x").done().policies == ()

    def test_what_changes_nothing_gives_the_same_snapshot(self) -> None:
        before = cluster()
        assert netsim.edit(before).label("a/pod/x", none=None).done() is before

    def test_a_policy_alone_leaves_all_else_the_very_same(self) -> None:
        before = cluster()
        after = netsim.edit(before).apply(POLICY % "open").done()
        assert after.pods is before.pods
        assert after.workloads is before.workloads
        assert after.nodes is before.nodes
        assert after.namespaces is before.namespaces
        assert after.diagnostics is before.diagnostics
        assert after.policies[0] is before.policies[0]
        assert [policy.name for policy in after.policies] == ["deny", "open"]

    def test_a_copy_that_replace_makes_is_edited_as_it_is(self) -> None:
        copied = replace(cluster(), policies=())
        after = netsim.edit(copied).apply(POLICY % "open").delete("a/deploy/w").done()
        assert [policy.name for policy in after.policies] == ["open"]
        assert [str(pod) for pod in after.pods] == ["a/x"]
        assert not after.workloads

    def test_another_argument_is_no_snapshot(self) -> None:
        with pytest.raises(TypeError, match=r"a Snapshot is needed, as from `netsim.load"):
            netsim.edit("manifests/")  # type: ignore[arg-type]


class TestApply:
    def test_faults_have_their_places(self) -> None:
        with pytest.raises(netsim.InputError) as caught:
            netsim.edit(cluster()).apply(pod("z", "containers: []"), name="mine.yaml")
        assert str(caught.value).startswith("mine.yaml:5:8: spec.containers: must have")

    def test_nothing_is_a_fault(self) -> None:
        with pytest.raises(netsim.InputError, match="there is no Kubernetes object"):
            netsim.edit(cluster()).apply("# nothing\n")

    def test_an_object_twice_in_one_text_is_a_fault(self) -> None:
        with pytest.raises(netsim.InputError, match="is in the input already, at <text>:4:12"):
            netsim.edit(cluster()).apply(joined(POLICY % "q", POLICY % "q"))

    def test_files_and_folders(self, tmp_path: Path) -> None:
        (tmp_path / "p.yaml").write_text(POLICY % "p")
        after = netsim.edit(cluster()).apply_files(tmp_path).done()
        assert [policy.name for policy in after.policies] == ["deny", "p"]
        assert str(after.policies[1].origin.locate()).endswith("p.yaml:2:1")
        assert after.summary.files == 2

    def test_the_semantics_of_the_snapshot_hold(self) -> None:
        twice = joined(POLICY % "q", POLICY % "q")
        before = read(POLICY % "p", netsim.Semantics(duplicates="last"))
        assert len(netsim.edit(before).apply(twice).done().policies) == 2

    def test_what_was_said_of_an_object_goes_with_it(self) -> None:
        labelled = NAMESPACE.replace("{name: a}", "{name: a, labels: {%s: b}}")
        before = read(labelled % "kubernetes.io/metadata.name")
        assert len(said(before)) == 1
        assert said(netsim.edit(before).apply(NAMESPACE).done()) == []

    def test_a_namespace_that_was_implied_is_declared(self) -> None:
        before = read(POLICY % "p")
        assert len(said(before)) == 1
        after = netsim.edit(before).apply(NAMESPACE).done()
        assert said(after) == []
        assert after.namespaces["a"].declared
        assert said(netsim.edit(after).delete("a/netpol/p").done()) == []


class TestDelete:
    def test_a_namespace_and_all_that_is_in_it(self) -> None:
        after = netsim.edit(cluster()).delete("ns/a").done()
        assert (after.pods, after.policies) == ((), ())
        assert not after.namespaces
        assert not after.workloads
        assert not after.summary.read

    def test_a_namespace_that_nobody_declares(self) -> None:
        after = netsim.edit(read(joined(POLICY % "p", pod("x")))).delete("namespace/a").done()
        assert after == netsim.edit(after).done()
        assert not after.namespaces
        assert said(after) == []

    def test_a_workload_and_what_it_owns(self) -> None:
        before = netsim.load(DUMP)
        after = netsim.edit(before).delete("shop/deploy/web").done()
        gone = {str(pod) for pod in before.pods} - {str(pod) for pod in after.pods}
        assert gone == {"shop/web-6d4cf56db6-x2v7k"}
        refs = before.workloads.keys() - after.workloads.keys()
        assert sorted(map(str, refs)) == [
            "shop/deployment/web",
            "shop/replicaset/web-6d4cf56db6",
        ]

    def test_a_deployment_whose_replica_set_is_told_by_its_name(self) -> None:
        owner = "{apiVersion: apps/v1, kind: ReplicaSet, name: w-1, uid: u, controller: true}"
        metadata = f"namespace: a, ownerReferences: [{owner}], labels: {{pod-template-hash: '1'}}"
        live = pod("x").replace("namespace: a", metadata)
        before = read(joined(workload("Deployment"), live, pod("z")))
        assert [str(pod) for pod in before.pods] == ["a/x", "a/z"]
        after = netsim.edit(before).delete("a/deploy/w").done()
        assert [str(pod) for pod in after.pods] == ["a/z"]

    def test_the_last_pod_of_a_workload_lets_its_template_stand(self) -> None:
        after = netsim.edit(netsim.load(DUMP)).delete("shop/pod/web-6d4cf56db6-x2v7k").done()
        assert "shop/deployment/web" in [str(pod) for pod in after.pods]

    def test_what_was_left_out(self) -> None:
        before = read(joined(POLICY % "p", FOREIGN, pod("x", "containers: []")), keep_going=True)
        assert len(before.left_out) == 2
        editor = netsim.edit(before).delete("a/ciliumnetworkpolicy/c")
        assert [item.kind for item in editor.done().left_out] == ["Pod"]
        after = editor.apply(pod("x")).done()
        assert after.left_out == ()
        assert [item for item in said(after) if "namespace `a`" not in item] == []


class TestHosts:
    ON_NODE = "containers: [{name: c}], nodeName: n1"
    NODE = (
        "apiVersion: v1\nkind: Node\nmetadata: {name: n1}\n"
        "status: {addresses: [{type: InternalIP, address: 10.9.0.1}]}\n"
    )

    def test_a_node_tells_the_pods_on_it(self) -> None:
        before = read(joined(pod("x", self.ON_NODE), pod("z")))
        editor = netsim.edit(before).apply(self.NODE)
        assert [list(map(str, pod.host_addresses)) for pod in editor.done().pods] == [
            ["10.9.0.1"],
            [],
        ]
        assert editor.done().pods[1] is before.pods[1]
        assert editor.delete("node/n1").done().pods == before.pods

    def test_a_pod_tells_the_others_on_its_node(self) -> None:
        before = read(pod("x", self.ON_NODE))
        there = pod("z", self.ON_NODE, "status: {hostIP: 10.9.0.2}")
        editor = netsim.edit(before).apply(there.replace("namespace: a", "namespace: b"))
        assert str(editor.done().pods[0].host_addresses[0]) == "10.9.0.2"
        assert editor.delete("b/pod/z").done().pods == before.pods

    def test_an_address_that_two_pods_have(self) -> None:
        status = "status: {podIP: 10.0.0.1}"
        before = read(joined(NAMESPACE, pod("x", more=status)))
        editor = netsim.edit(before).apply(pod("z", more=status))
        assert said(editor.done()) == ["pod `a/x` has the address 10.0.0.1 too"]
        assert said(editor.label("a/pod/z", app="x").done()) == said(editor.done())
        assert said(editor.delete("a/pod/x").done()) == []


class TestLabel:
    def test_a_pod_a_namespace_a_node_and_a_template(self) -> None:
        node = "apiVersion: v1\nkind: Node\nmetadata: {name: node}\n"
        after = (
            netsim.edit(cluster())
            .apply(node)
            .label("a/pod/x", tier="x")
            .label("ns/a", {"team.io/x": "y"})
            .label("node/node", {"zone": "z"}, app=None)
            .label("a/deploy/w", tier="w", app="w")
            .done()
        )
        assert {str(pod): pod.labels.get("tier") for pod in after.pods} == {
            "a/deployment/w": "w",
            "a/x": "x",
        }
        assert after.namespaces["a"].labels["team.io/x"] == "y"
        assert after.nodes["node"].labels == {"zone": "z"}

    def test_an_unknown_label_of_a_template_comes_back(self) -> None:
        editor = netsim.edit(cluster()).label("a/deploy/w", {"pod-template-hash": "1"})
        assert editor.done().pods[0].labels["pod-template-hash"] == "1"
        back = editor.label("a/deploy/w", {"pod-template-hash": None}).done()
        assert back.pods == cluster().pods

    def test_live_pods_keep_their_labels(self) -> None:
        with pytest.raises(netsim.QueryError, match="its pods, or its owner, are in the input"):
            netsim.edit(netsim.load(DUMP)).label("shop/deploy/web", tier="x")


class TestScale:
    def test_a_stateful_set_has_its_ordinals(self) -> None:
        before = read(workload("StatefulSet", "ordinals: {start: 3}"))
        editor = netsim.edit(before).scale("a/sts/w", 2)
        assert [pod.name for pod in editor.done().pods] == ["w-3", "w-4"]
        assert editor.done().pods[0] is before.pods[0]
        assert editor.scale("a/sts/w", 0).done().pods == ()
        assert [pod.name for pod in editor.scale("a/sts/w", 0).scale("a/sts/w", 1).done().pods] == [
            "w-3"
        ]

    def test_a_note_where_they_are_too_many(self) -> None:
        editor = netsim.edit(read(joined(NAMESPACE, workload("StatefulSet")))).scale(
            "a/sts/w", 1001
        )
        assert len(editor.done().pods) == 1001
        assert [item.code for item in editor.done().diagnostics] == ["WL-4"]
        assert editor.scale("a/sts/w", 1000).done().diagnostics == ()


REFUSED: list[tuple[Callable[[Editor], Editor], str]] = [
    (lambda e: e.delete("deny"), "`deny` names no object\n  help: write [namespace/]kind/name"),
    (lambda e: e.delete("a//deny"), "`a//deny` names no object"),
    (lambda e: e.delete("a/b/pod/x"), "`a/b/pod/x` names no object"),
    (lambda e: e.delete("a/x"), "kind the object is\n  help: did you mean `a/pod/x`?"),
    (lambda e: e.delete("a/netpol/dent"), "did you mean `a/networkpolicy/deny`?"),
    (lambda e: e.delete("a/pod/deny"), "did you mean `a/networkpolicy/deny`?"),
    (lambda e: e.delete("b/pod/x"), "there is no namespace `b`"),
    (lambda e: e.delete("ns/ab"), "did you mean `namespace/a`?"),
    (
        lambda e: e.delete("a/netpool/x"),
        "no objects of kind `netpool`\n  help: did you mean `netpol`",
    ),
    (lambda e: e.delete("a/ns/a"), "have no namespace\n  help: write `namespace/a`"),
    (lambda e: e.delete("secret/a"), "netsim reads no objects of kind `secret`"),
    (lambda e: e.label("a/service/s", app="x"), "has no labels that a policy asks for"),
    (lambda e: e.label("a/deploy/w", app=None), "the selector `app=w` of `a/deployment/w` would"),
    (lambda e: e.label("a/pod/x", {"a b": "c"}), "`a/pod/x`: label key `a b`"),
    (lambda e: e.label("a/pod/x", app="c d"), "`a/pod/x`: label value `c d`"),
    (lambda e: e.label("a/pod/x", app=1), "can't be 1"),  # type: ignore[arg-type]
    (lambda e: e.label("ns/a", {"kubernetes.io/metadata.name": "b"}), "is always its name"),
    (lambda e: e.label("ns/a", {"kubernetes.io/metadata.name": None}), "is always its name"),
    (lambda e: e.scale("a/pod/x", 2), "is of no kind that is scaled"),
    (lambda e: e.scale("a/deploy/w", -1), "`-1` is no number of replicas"),
    (lambda e: e.scale("a/deploy/w", True), "`True` is no number of replicas"),
    (lambda e: e.scale("a/deploy/w", 2**31), "`2147483648` is no number of replicas"),
]


@pytest.mark.parametrize(("edit", "message"), REFUSED, ids=[text for _, text in REFUSED])
def test_refused(edit: Callable[[Editor], Editor], message: str) -> None:
    with pytest.raises(netsim.QueryError) as caught:
        edit(netsim.edit(cluster()))
    assert message in str(caught.value)


def test_refused_elsewhere() -> None:
    both = read(joined(pod("x"), pod("x").replace("namespace: a", "namespace: b")))
    with pytest.raises(netsim.QueryError, match="write `a/pod/x` or `b/pod/x`"):
        netsim.edit(both).delete("pod/x")
    with pytest.raises(
        netsim.QueryError, match="the manifest of `namespace/a` is not in the input"
    ):
        netsim.edit(both).label("ns/a", team="x")
    owner = "{apiVersion: apps/v1, kind: DaemonSet, name: d, uid: u, controller: true}"
    owned = read(pod("x").replace("namespace: a", f"namespace: a, ownerReferences: [{owner}]"))
    with pytest.raises(netsim.QueryError, match="has pods of daemonset `d`, but not its manifest"):
        netsim.edit(owned).delete("a/ds/d")
    by_hand = replace(cluster())
    with pytest.raises(netsim.QueryError, match="the template of `a/deployment/w` is not known"):
        netsim.edit(by_hand).scale("a/deploy/w", 3)
    controller = read(
        "apiVersion: v1\nkind: ReplicationController\nmetadata: {name: r, namespace: a}\n"
        "spec: {template: {metadata: {labels: {app: x}}, spec: {containers: [{name: c}]}}}"
    )
    with pytest.raises(netsim.QueryError, match="must have a label"):
        netsim.edit(controller).label("a/rc/r", app=None)
