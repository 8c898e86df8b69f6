"""From texts and files to a snapshot: lists, namespaces, duplicates, what is left out (DEC-9, 20..24)."""

from __future__ import annotations

import gc
import io
from pathlib import Path

import pytest
from manifest_texts import errors, pod, read, remarks, workload

import netsim
from netsim.errors import Severity
from netsim.model.cluster import NAME_LABEL, Namespace
from netsim.model.snapshot import LeftOut

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"
POLICY = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: a}
spec: {podSelector: {}}
"""


def test_lists_are_taken_apart() -> None:
    """DEC-9: typed lists give their kind to the items; lists in lists."""
    text = """
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: PodList
  items:
  - {metadata: {name: p, namespace: a}, spec: {containers: [{name: c}]}}
  - {metadata: {name: q, namespace: a}, spec: {containers: [{name: c}]}}
- {apiVersion: v1, kind: Namespace, metadata: {name: a}}
"""
    snapshot = read(text)
    assert [str(pod) for pod in snapshot.pods] == ["a/p", "a/q"]
    assert list(snapshot.namespaces) == ["a"]
    assert snapshot.summary.read == {"Pod": 2, "Namespace": 1}


def test_a_fault_in_a_list_is_told_at_its_line() -> None:
    """DEC-9"""
    text = "apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: p}\n  spec: {}\n"
    assert errors(text) == ["5:3: spec.containers: Required: must have at least one container"]


def test_null_is_absent() -> None:
    """DEC-20"""
    text = """
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: null, labels: null, annotations: , ownerReferences: }
spec: {containers: [{name: c, ports: null}], initContainers: null, hostNetwork: null, nodeName: }
status: null
"""
    (found,) = read(text).pods
    assert (found.namespace, found.labels, found.ports, found.node) == ("default", {}, (), "")


@pytest.mark.parametrize("namespace", ["", "namespace: ''", "namespace: null"])
def test_the_default_namespace(namespace: str) -> None:
    """DEC-21"""
    text = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p, {namespace}}}\nspec: {{containers: [{{name: c}}]}}\n"
    (found,) = read(text).pods
    assert found.namespace == "default"


def test_a_namespace_has_its_name_as_a_label() -> None:
    """NP-34: whatever is written."""
    assert read(NAMESPACE).namespaces["a"].labels == {NAME_LABEL: "a"}
    spoofed = f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: a, labels: {{{NAME_LABEL}: b, x: z}}}}\n"
    assert read(spoofed).namespaces["a"].labels == {NAME_LABEL: "a", "x": "z"}
    assert remarks(spoofed, Severity.WARNING) == [
        (
            "3:30: metadata.labels: Invalid: "
            "label `kubernetes.io/metadata.name` is always the name, whatever is written"
        )
    ]


def test_a_namespace_that_nobody_declares() -> None:
    """NP-35: its name label is known, and that is said once."""
    text = f"{pod()}---{pod('q')}---{POLICY}"
    snapshot = read(text)
    assert snapshot.namespaces == {"a": Namespace("a", snapshot.namespaces["a"].labels, False)}
    assert snapshot.namespaces["a"].labels == {NAME_LABEL: "a"}
    assert remarks(text, Severity.NOTE) == [
        (
            "4:21: metadata.namespace: NotModelled: "
            "namespace `a` of Pod `p` is not in the input: only its name label is known"
        )
    ]
    assert remarks(f"{text}---\n{NAMESPACE}", Severity.NOTE) == []


@pytest.mark.parametrize("kind", ["Namespace", "Node"])
def test_kinds_without_a_namespace(kind: str) -> None:
    """VAL-3: the API server drops it without a word."""
    text = f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: x, namespace: a}}\n"
    assert remarks(text, Severity.WARNING) == [
        "3:21: metadata.namespace: Invalid: objects of this kind have no namespace: `a` is ignored"
    ]
    assert "a" not in read(text).namespaces


TWICE = f"{pod(more='status: {podIP: 10.0.0.1}')}---{pod(more='status: {podIP: 10.0.0.2}')}"


def test_an_object_twice_is_an_error() -> None:
    """DEC-22: it names both places."""
    assert errors(TWICE) == [
        "10:12: metadata.name: Duplicate: Pod `a/p` is in the input already, at <text>:4:12"
    ]


@pytest.mark.parametrize(("choice", "address"), [("first", "10.0.0.1"), ("last", "10.0.0.2")])
def test_an_object_twice_as_chosen(choice: str, address: str) -> None:
    """DEC-22, IMP-23"""
    semantics = netsim.Semantics().with_texts({"duplicates": choice})
    snapshot = read(TWICE, semantics)
    (found,) = snapshot.pods
    assert [str(item) for item in found.addresses] == [address]
    assert snapshot.summary.read == {"Pod": 1}


def test_the_same_name_elsewhere_or_of_another_kind_is_no_duplicate() -> None:
    """DEC-22"""
    others = pod().replace("namespace: a", "namespace: b"), workload("Deployment", name="p")
    assert len(read(f"{pod()}---{others[0]}{others[1]}").pods) == 3


def test_made_names_are_of_different_objects() -> None:
    """DEC-23: two such objects are two, even when they are alike."""
    text = pod().replace("name: p", "generateName: p-")
    snapshot = read(f"{text}---{text}")
    assert len({found.name for found in snapshot.pods}) == len(snapshot.pods) == 2
    assert all(found.name.startswith("p-") for found in snapshot.pods)
    assert read(text).pods == snapshot.pods[:1]


@pytest.mark.parametrize("text", ["a: {{ .Values.b }}", "a: b\n{{- if .Values.c }}\n"])
def test_templates_are_not_manifests(text: str) -> None:
    """DEC-24"""
    with pytest.raises(netsim.InputError, match="a Helm or Go template, not a manifest"):
        read(text)


def test_unknown_and_repeated_fields_as_warnings() -> None:
    """DEC-10, DEC-11, IMP-24"""
    text = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, lables: {}}\nspec: {containers: [{name: b, name: c}]}\n"
    lenient = netsim.Semantics(decoding="warn")
    assert [line.split(": ")[2] for line in errors(text)] == ["UnknownField", "DuplicateField"]
    assert remarks(text, Severity.WARNING, lenient) == [
        "3:21: metadata.lables: UnknownField: unknown field `lables`",
        "4:31: name: DuplicateField: `name` is written twice in one mapping",
    ]
    assert len(read(text, lenient).pods) == 1


FAULTY = f"""
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: bad, namespace: a}}
spec: {{policyTypes: [x]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: unknown, namespace: no}}
---
apiVersion: networking.k8s.io/v1
kind: NetwrokPolicy
metadata: {{name: misspelt, namespace: b}}
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {{name: foreign, namespace: b}}
---
apiVersion: v1
kind: Namespace
metadata: {{name: A}}
---
apiVersion: v1
metadata: {{name: untyped, namespace: b}}
---
a: [
---
{POLICY}
---
{POLICY}
"""


def test_keep_going_leaves_out_and_says_what() -> None:
    """DESIGN 4: with the namespace where only that one is in doubt."""
    snapshot = read(FAULTY, keep_going=True)
    assert [(item.kind, item.namespace, item.name) for item in snapshot.left_out] == [
        ("", "", ""),  # could not be parsed
        ("NetworkPolicy", "a", "bad"),
        ("NetworkPolicy", "", "unknown"),  # `no` is a boolean: the namespace is not known
        ("NetworkPolicy", "b", "misspelt"),
        ("CiliumNetworkPolicy", "", "foreign"),  # may be about any pod
        ("Namespace", "", "A"),
        ("", "", "untyped"),
        ("NetworkPolicy", "a", "p"),  # the second of two
    ]
    assert [policy.name for policy in snapshot.policies] == ["p"]
    found = [item for item in snapshot.diagnostics if item.severity is Severity.ERROR]
    assert sorted(map(str, found)) == sorted(str(item.diagnostic) for item in snapshot.left_out)


def test_without_keep_going_every_error_is_told_in_order() -> None:
    with pytest.raises(netsim.InputError) as caught:
        read(FAULTY)
    lines = [item.location.line for item in caught.value.diagnostics if item.location]
    assert lines == sorted(lines)
    assert len(lines) == len(caught.value.diagnostics) == 8


def test_a_pod_with_a_fault_is_left_out_by_its_name() -> None:
    snapshot = read(f"{pod('p', spec='')}---{pod('q')}", keep_going=True)
    (item,) = snapshot.left_out
    assert item == LeftOut("Pod", "a", "p", item.diagnostic)
    assert [str(found) for found in snapshot.pods] == ["a/q"]


@pytest.mark.parametrize(
    "text", ["", "---\n# nothing\n---\n", "apiVersion: v1\nkind: List\nitems: []"]
)
def test_nothing_to_read(text: str) -> None:
    with pytest.raises(netsim.InputError, match="there is no Kubernetes object in the input"):
        read(text)
    assert len(read(text, keep_going=True).diagnostics) >= 1


def test_nothing_to_read_comes_with_what_there_is_instead() -> None:
    with pytest.raises(netsim.InputError) as caught:
        read("# nothing\n")
    messages = [diagnostic.message for diagnostic in caught.value.diagnostics]
    assert messages[1:] == ["nothing but blanks and comments in here"]


def test_a_folder_of_other_kinds_is_no_error() -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"
    assert read(text).summary.skipped == {"ConfigMap": 1}


def test_files_folders_and_the_standard_input(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(NAMESPACE)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "b.yaml").write_text(pod())
    stdin = io.BytesIO(POLICY.encode())
    snapshot = netsim.load(tmp_path, "-", stdin=stdin)
    assert snapshot.summary.read == {"Namespace": 1, "Pod": 1, "NetworkPolicy": 1}
    assert snapshot.summary.files == 3
    (policy,) = snapshot.policies
    assert str(policy.origin.locate(("metadata", "name"))) == "<stdin>:4:12"


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(netsim.InputError) as caught:
        netsim.load(tmp_path / "missing.yaml")
    assert [item.type for item in caught.value.diagnostics] == ["Unreadable"]


def test_no_path_at_all() -> None:
    with pytest.raises(netsim.InputError):
        netsim.load()


def test_the_name_of_a_text() -> None:
    with pytest.raises(netsim.InputError, match=r"^made\.yaml:1:1: "):
        netsim.loads("kind: Pod", name="made.yaml")


def test_bytes_and_text_are_the_same() -> None:
    assert netsim.loads(pod().encode()) == netsim.loads(pod())


def test_pods_and_policies_are_sorted() -> None:
    names = ["b", "c", "a"]
    pods = "---".join(pod(name) for name in names)
    policies = "---".join(POLICY.replace("name: p", f"name: {name}") for name in names)
    snapshot = read(f"{pods}---{policies}")
    assert [item.name for item in snapshot.pods] == ["a", "b", "c"]
    assert [item.name for item in snapshot.policies] == ["a", "b", "c"]


def test_the_collector_is_as_it_was() -> None:
    assert gc.isenabled()
    read(NAMESPACE)
    assert gc.isenabled()
