"""Hypothesis strategies for edits: clusters that load, and what one may do to them.

An edit is data: what to call on the editor, and what it does to a list of manifests.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

Manifest = dict[str, Any]

SPACES = ("a", "b")
KEYS = ("app", "tier", "pod-template-hash", "job-name")
VALUES = ("x", "y")
INDEX = "batch.kubernetes.io/job-completion-index"
KINDS = {
    "Deployment": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "ReplicaSet": "apps/v1",
    "ReplicationController": "v1",
    "Job": "batch/v1",
    "CronJob": "batch/v1",
}
CLUSTER_SCOPED = ("Namespace", "Node")

labels = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), max_size=2)
# A Deployment `w`, its ReplicaSet, a CronJob and its Job: owners that may be there or not.
owners = st.sampled_from(
    [None, None, ("Deployment", "w"), ("ReplicaSet", "w-x"), ("CronJob", "w"), ("Job", "w")]
)


def metadata(namespace: str, name: str, labels: Manifest, owner: Any = None) -> Manifest:
    found: Manifest = {"name": name, "labels": labels}
    if namespace:
        found["namespace"] = namespace
    if owner:
        kind, owner_name = owner
        reference = {"apiVersion": KINDS[kind], "kind": kind, "name": owner_name, "uid": "u"}
        found["ownerReferences"] = [reference | {"controller": True}]
    return found


@st.composite
def live_pods(draw: st.DrawFn) -> Manifest:
    host = draw(st.integers(0, 3)) == 0
    status: Manifest = {"phase": draw(st.sampled_from(["Running", "Running", "Succeeded"]))}
    if draw(st.booleans()):
        status["podIP"] = draw(st.sampled_from(["10.0.0.1", "10.0.0.2"]))
    if draw(st.booleans()):
        status["hostIP"] = draw(st.sampled_from(["10.9.0.1", "10.9.0.2"]))
    spec: Manifest = {"containers": [{"name": "c"}], "hostNetwork": host}
    if draw(st.booleans()):
        spec["nodeName"] = draw(st.sampled_from(["n0", "n1"]))
    name, space = draw(st.sampled_from(["p", "q", "w-0"])), draw(st.sampled_from(SPACES))
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata(space, name, draw(labels), draw(owners)),
        "spec": spec,
        "status": status,
    }


@st.composite
def workloads(draw: st.DrawFn) -> Manifest:
    kind = draw(st.sampled_from(tuple(KINDS)))
    pod_labels = {"app": "x"} | draw(labels)
    pod_spec: Manifest = {"containers": [{"name": "c"}]}
    if draw(st.integers(0, 3)) == 0:
        pod_spec |= {"nodeName": "n0", "hostNetwork": True}
    spec: Manifest = {"template": {"metadata": {"labels": pod_labels}, "spec": pod_spec}}
    selector = {"app": pod_labels["app"]}
    if kind in ("Job", "CronJob"):
        if draw(st.booleans()):
            spec |= {"completionMode": "Indexed", "completions": draw(st.integers(0, 3))}
        if draw(st.booleans()):
            spec |= {"manualSelector": True, "selector": {"matchLabels": selector}}
        if kind == "CronJob":
            spec = {"schedule": "* * * * *", "jobTemplate": {"spec": spec}}
    elif kind == "ReplicationController":
        spec |= draw(st.sampled_from([{}, {"selector": selector}]))
    else:
        spec["selector"] = {"matchLabels": selector}
    if kind not in ("DaemonSet", "Job", "CronJob"):
        spec |= draw(st.sampled_from([{}, {"replicas": 0}, {"replicas": 2}]))
    name, space = draw(st.sampled_from(["w", "w-x"])), draw(st.sampled_from(SPACES))
    owner = None
    if name == "w-x" and draw(st.booleans()):
        owner = {"ReplicaSet": ("Deployment", "w"), "Job": ("CronJob", "w")}.get(kind)
    return {
        "apiVersion": KINDS[kind],
        "kind": kind,
        "metadata": metadata(space, name, {}, owner),
        "spec": spec,
    }


@st.composite
def policies(draw: st.DrawFn) -> Manifest:
    key, value = draw(st.sampled_from([*KEYS, INDEX])), draw(st.sampled_from(["x", "0"]))
    name, space = draw(st.sampled_from(["deny", "open"])), draw(st.sampled_from(SPACES))
    peer = {"podSelector": {"matchLabels": {key: value}}}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(space, name, {}),
        "spec": {"podSelector": {}, "ingress": draw(st.sampled_from([[], [{"from": [peer]}]]))},
    }


@st.composite
def cluster_objects(draw: st.DrawFn) -> Manifest:
    """A Namespace, at times with a wrong name label (which is a warning), or a Node."""
    if draw(st.booleans()):
        wrong = draw(st.sampled_from([{}, {}, {"kubernetes.io/metadata.name": "z"}]))
        name = draw(st.sampled_from(SPACES))
        found = metadata("", name, draw(labels) | wrong)
        return {"apiVersion": "v1", "kind": "Namespace", "metadata": found}
    addresses = draw(st.sampled_from([[], ["10.9.0.1"], ["10.9.0.2", "10.9.0.3"]]))
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": metadata("", draw(st.sampled_from(["n0", "n1"])), {}),
        "status": {"addresses": [{"type": "InternalIP", "address": item} for item in addresses]},
    }


services = st.builds(
    lambda space: {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(space, "s", {}),
        "spec": {"ports": [{"port": 80}]},
    },
    st.sampled_from(SPACES),
)
objects = st.one_of(
    policies(), workloads(), workloads(), live_pods(), live_pods(), cluster_objects(), services
)


def key_of(manifest: Manifest) -> tuple[str, str, str]:
    found = manifest["metadata"]
    return manifest["kind"], found.get("namespace", ""), found["name"]


def once(manifests: list[Manifest]) -> list[Manifest]:
    """The last of each name, where the first one stands."""
    return list({key_of(item): item for item in manifests}.values())


@dataclass(frozen=True)
class Apply:
    manifests: list[Manifest]


@dataclass(frozen=True)
class Delete:
    key: tuple[str, str, str]


@dataclass(frozen=True)
class Label:
    key: tuple[str, str, str]
    labels: dict[str, str | None]


@dataclass(frozen=True)
class Scale:
    key: tuple[str, str, str]
    replicas: int


Edit = Apply | Delete | Label | Scale


@st.composite
def edits(draw: st.DrawFn, keys: list[tuple[str, str, str]]) -> Edit:
    """One edit of objects, most of which are there."""
    key = draw(st.sampled_from(keys))
    match draw(st.integers(0, 4)):
        case 0 | 1:
            return Apply(once(draw(st.lists(objects, min_size=1, max_size=2))))
        case 2:
            return Delete(key)
        case 3:
            values = st.sampled_from([*VALUES, None])
            changes = st.dictionaries(st.sampled_from(KEYS), values, min_size=1, max_size=2)
            return Label(key, draw(changes))
        case _:
            return Scale(key, draw(st.integers(0, 3)))


@st.composite
def edited_clusters(draw: st.DrawFn) -> tuple[list[Manifest], list[Edit]]:
    manifests = once(draw(st.lists(objects, min_size=1, max_size=8)))
    keys = [key_of(item) for item in manifests]
    keys += [("Namespace", "", space) for space in SPACES]
    return manifests, draw(st.lists(edits(keys), min_size=1, max_size=5))


def edited(manifests: list[Manifest], edit: Edit) -> list[Manifest]:
    """What one would have written instead."""
    manifests = copy.deepcopy(manifests)
    match edit:
        case Apply(new):
            return once([*manifests, *new])
        case Delete(key):
            return _without(manifests, key)
        case Label(key, changes):
            for item in manifests:
                if key_of(item) == key:
                    _relabel(_labels_in(item), changes)
        case Scale(key, replicas):
            for item in manifests:
                if key_of(item) == key:
                    item["spec"]["replicas"] = replicas
    return manifests


def _relabel(labels: Manifest, changes: dict[str, str | None]) -> None:
    for key, value in changes.items():
        labels.pop(key, None)
        if value is not None:
            labels[key] = value


def _labels_in(manifest: Manifest) -> Manifest:
    if manifest["kind"] not in KINDS:
        found: Manifest = manifest["metadata"]["labels"]
        return found
    spec = manifest["spec"]
    if manifest["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    inner: Manifest = spec["template"]["metadata"]["labels"]
    return inner


def _without(manifests: list[Manifest], key: tuple[str, str, str]) -> list[Manifest]:
    kind, namespace, name = key
    if kind == "Namespace":
        return [
            item
            for item in manifests
            if key_of(item) != key and item["metadata"].get("namespace") != name
        ]
    gone = {(kind, name)}
    # A ReplicaSet that isn't there is told by its name to be its Deployment's.
    inside = [item for item in manifests if item["metadata"].get("namespace") == namespace]
    sets = {item["metadata"]["name"] for item in inside if item["kind"] == "ReplicaSet"}
    left = manifests
    for _ in range(3):
        left = [
            item
            for item in left
            if not (key_of(item)[1] == namespace and key_of(item)[::2] in gone)
            and not (item in inside and _owner(item, sets) & gone)
        ]
        gone |= {key_of(item)[::2] for item in inside if item not in left} & _made(inside)
    return left


def _made(inside: list[Manifest]) -> set[tuple[str, str]]:
    return {key_of(item)[::2] for item in inside if item["kind"] in ("ReplicaSet", "Job")}


def _owner(manifest: Manifest, sets: set[str]) -> set[tuple[str, str]]:
    for owner in manifest["metadata"].get("ownerReferences", ()):
        found = {(owner["kind"], owner["name"])}
        value = manifest["metadata"]["labels"].get("pod-template-hash")
        if manifest["kind"] == "Pod" and owner["kind"] == "ReplicaSet":
            name = owner["name"]
            if name not in sets and value and name.endswith(f"-{value}"):
                found |= {("Deployment", name.removesuffix(f"-{value}"))}
        return found
    return set()
