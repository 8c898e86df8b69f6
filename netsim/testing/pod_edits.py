"""Realistic edits of pods, workloads and namespaces: added, relabelled, scaled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from netsim.labels.labels import Labels
from netsim.model.cluster import NAME_LABEL, Pod
from netsim.model.snapshot import Snapshot
from netsim.testing.asked import NOBODYS, Asked, meeting
from netsim.testing.documents import Manifest
from netsim.testing.edit_values import Apply, Label, Scale, Scope, labels_after
from netsim.testing.yaml_text import yaml_text

# The kinds of the objects that are added here.
ADDED_KINDS = ("Namespace", "Pod", "Deployment")
NEW_POD, NEW_WORKLOAD, NEW_NAMESPACE = "new-pod", "new-workload", "new-team"
_CONTAINERS = [{"name": "main", "image": "example.com/main"}]


def relabellings(snapshot: Snapshot, asked: Asked, scope: Scope) -> Iterator[Label]:
    """Pods given what a selector asks for, or rid of it; first one pod of those that look alike."""
    for name, pod in targets(snapshot, asked, scope):
        yield from _relabelled(name, pod.labels, asked)


def _relabelled(object: str, labels: Labels, asked: Asked) -> Iterator[Label]:
    seen: set[Label] = set()
    for changes in _changes(labels, asked):
        edit = Label(
            object, {key: value for key, value in changes.items() if labels.get(key) != value}
        )
        if edit.labels and edit not in seen:
            seen.add(edit)
            yield edit


def _changes(labels: Labels, asked: Asked) -> Iterator[Mapping[str, str | None]]:
    for key in sorted(asked.keys & labels.keys()):
        yield {key: None}
        yield {key: NOBODYS}
    for key, values in asked.labels.items():
        yield from ({key: value} for value in values)
    yield from (found for each in asked.pods if (found := meeting(each)))


def namespace_relabellings(snapshot: Snapshot, asked: Asked, scope: Scope) -> Iterator[Label]:
    """Namespaces given what a namespaceSelector asks for, or rid of it."""
    for space in snapshot.namespaces.values():
        labels = space.labels
        changes: list[Mapping[str, str | None]] = []
        for key, values in asked.namespace_labels.items():
            changes += [{key: value} for value in (None, *values)]
        changes += [found for each in asked.namespaces if (found := meeting(each))]
        for each in changes if space.declared and scope.has(space.name) else ():
            other = {key: value for key, value in each.items() if labels.get(key) != value}
            if other and NAME_LABEL not in other:
                yield Label(f"namespace/{space.name}", other)


def scalings(snapshot: Snapshot, asked: Asked, scope: Scope) -> Iterator[Scale]:
    """A replica more, and none."""
    for name, pod in targets(snapshot, asked, scope):
        workload = snapshot.workloads.get(pod.workload) if pod.workload and pod.template else None
        if workload and workload.replicas is not None:
            yield Scale(name, workload.replicas + 1)
            yield Scale(name, 0)


def unlabelled_pods(namespaces: Iterable[str]) -> Iterator[Apply]:
    """A pod without labels in each namespace."""
    return (new_pod(namespace, {}) for namespace in namespaces)


def new_workloads(snapshot: Snapshot, asked: Asked, scope: Scope) -> Iterator[Apply]:
    """Workloads with some of the labels that pods beside them have."""
    seen = set()
    for _, pod in targets(snapshot, asked, scope):
        known = sorted(key for key in pod.labels if key not in pod.labels.unknown)
        looked_at = [key for key in known if key in asked.keys] or known
        for count in range(1, min(len(looked_at), 3) + 1):
            for keys in combinations(looked_at, count):
                made = new_workload(pod.namespace, {key: pod.labels[key] for key in keys})
                if made not in seen:
                    seen.add(made)
                    yield made


def new_namespaces(snapshot: Snapshot, asked: Asked, scope: Scope) -> Iterator[Apply]:
    """Namespaces with one pod: without labels, then with what peers ask for together.

    If a selector asks for a namespace by name that nobody has, it is called so.
    """
    known = snapshot.namespaces
    fresh = next(name for name in _numbered(NEW_NAMESPACE) if name not in known)
    wanted = dict.fromkeys((fresh, *asked.namespace_labels.get(NAME_LABEL, ())))
    names = [name for name in wanted if name not in known and name != NOBODYS and scope.has(name)]
    looks: list[tuple[Mapping[str, str | None], Mapping[str, str | None]]] = [({}, {})]
    for namespaces, pods in asked.elsewhere:
        one, other = meeting(namespaces), meeting(pods)
        if one is not None and other is not None:
            looks.append((one, other))
    looks += [({}, found) for each in asked.pods if (found := meeting(each))]
    seen = set()
    for name in names:
        for labels, pod_labels in looks:
            made = new_namespace(
                name, labels_after(Labels(), labels), labels_after(Labels(), pod_labels)
            )
            if labels.get(NAME_LABEL, name) == name and made not in seen:
                seen.add(made)
                yield made


def new_pod(namespace: str, labels: Mapping[str, str]) -> Apply:
    """A pod added."""
    return added([_pod(namespace, labels)])


def new_workload(namespace: str, labels: Mapping[str, str]) -> Apply:
    """A Deployment added, of one replica."""
    return added([_deployment(namespace, labels)])


def new_namespace(name: str, labels: Mapping[str, str], pod_labels: Mapping[str, str]) -> Apply:
    """A namespace added, with a pod in it."""
    shown = {key: value for key, value in labels.items() if key != NAME_LABEL}
    metadata = {"name": name, **({"labels": shown} if shown else {})}
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
    return added([space, _pod(name, pod_labels)])


def added(manifests: Iterable[Manifest]) -> Apply:
    """These objects applied; the edit says what they are by name and labels."""
    each = list(manifests)
    return Apply("---\n".join(map(yaml_text, each)), f"add {' with '.join(map(_told, each))}")


def _pod(namespace: str, labels: Mapping[str, str]) -> Manifest:
    metadata = {
        "name": NEW_POD,
        "namespace": namespace,
        **({"labels": {**labels}} if labels else {}),
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata,
        "spec": {"containers": _CONTAINERS},
    }


def _deployment(namespace: str, labels: Mapping[str, str]) -> Manifest:
    template = {"metadata": {"labels": {**labels}}, "spec": {"containers": _CONTAINERS}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": NEW_WORKLOAD, "namespace": namespace},
        "spec": {"replicas": 1, "selector": {"matchLabels": {**labels}}, "template": template},
    }


def _told(manifest: Manifest) -> str:
    metadata = manifest["metadata"]
    place = f"{metadata['namespace']}/" if "namespace" in metadata else ""
    holder = (
        manifest["spec"]["template"]["metadata"]
        if "template" in manifest.get("spec", {})
        else metadata
    )
    labels = str(Labels(holder.get("labels", {})))
    return f"{manifest['kind'].lower()} {place}{metadata['name']} ({labels or 'no labels'})"


def targets(snapshot: Snapshot, asked: Asked, scope: Scope) -> Iterator[tuple[str, Pod]]:
    """Whom to edit, by name, with a pod of it: first one of those that policies see alike."""
    seen: set[object] = set()
    later: list[tuple[str, Pod]] = []
    names: set[str] = set()
    for pod in snapshot.pods:
        if pod.finished or not scope.has(pod.namespace):
            continue
        name = (
            str(pod.workload)
            if pod.template and pod.workload
            else f"{pod.namespace}/pod/{pod.name}"
        )
        if name in names:
            continue
        names.add(name)
        look = (
            pod.namespace,
            frozenset(item for item in pod.labels.items() if item[0] in asked.keys),
        )
        if look in seen:
            later.append((name, pod))
        else:
            seen.add(look)
            yield name, pod
    yield from later


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1
