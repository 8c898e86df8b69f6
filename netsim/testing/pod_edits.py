"""Realistic edits of pods, workloads and namespaces: added, relabelled, scaled."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from netsim.labels.labels import Labels
from netsim.model.cluster import NAME_LABEL, ContainerPort, Namespace, Node, Pod, Protocol
from netsim.model.snapshot import Snapshot
from netsim.testing.asked import NOBODYS, Asked, meeting
from netsim.testing.documents import Manifest
from netsim.testing.edit_values import Apply, Label, Scale, Scope
from netsim.testing.yaml_text import yaml_text

# The kinds of the objects that are added here.
ADDED_KINDS = ("Namespace", "Pod", "Deployment")
NEW_POD, NEW_WORKLOAD, NEW_NAMESPACE = "new-pod", "new-workload", "new-team"
_MOST_LABELS = 3  # of which all subsets are tried


@dataclass(frozen=True, slots=True)
class Target:
    """A pod, or a workload with one of its pods, by the name that an edit has for it."""

    object: str
    pod: Pod


def targets(snapshot: Snapshot, asked: Asked, scope: Scope) -> list[Target]:
    """Whom to edit: first one of those that policies see alike, then the others."""
    first: dict[Hashable, Target] = {}
    others: list[Target] = []
    names: set[str] = set()
    for pod in snapshot.pods:
        if pod.finished or not scope.has(pod.namespace):
            continue
        own = f"{pod.namespace}/pod/{pod.name}"
        target = Target(str(pod.workload) if pod.template and pod.workload else own, pod)
        if target.object not in names:
            names.add(target.object)
            if first.setdefault(look_of(pod, asked), target) is not target:
                others.append(target)
    return [*first.values(), *others]


def look_of(pod: Pod, asked: Asked) -> Hashable:
    """What policies see of the labels of a pod: those that see the same are alike to them."""
    keys = asked.seen_in(pod.namespace).keys
    return pod.namespace, frozenset(item for item in pod.labels.items() if item[0] in keys)


def look_of_node(node: Node, asked: Asked) -> Hashable:
    """The same of a node."""
    return frozenset(item for item in node.labels.items() if item[0] in asked.nodes.keys)


def relabellings(target: Target, asked: Asked) -> Iterator[Label]:
    """One given what a selector that looks at it asks for, or rid of it."""
    labels, seen = target.pod.labels, asked.seen_in(target.pod.namespace)
    changes: list[Mapping[str, str | None]] = []
    for key in sorted(seen.keys & labels.keys()):
        changes += [{key: None}, {key: NOBODYS}]
    changes += [{key: value} for key, values in seen.labels.items() for value in values]
    yield from _labellings(target.object, labels, [*changes, *seen.met])


def namespace_relabellings(space: Namespace, asked: Asked) -> Iterator[Label]:
    """A namespace given what a namespaceSelector asks for, or rid of it."""
    known = {key: values for key, values in asked.namespaces.labels.items() if key != NAME_LABEL}
    changes: list[Mapping[str, str | None]] = []
    changes += [{key: value} for key, values in known.items() for value in (None, *values)]
    changes += [each for each in asked.namespaces.met if NAME_LABEL not in each]
    yield from _labellings(f"namespace/{space.name}", space.labels, changes)


def _labellings(
    object: str, labels: Labels, changes: Iterable[Mapping[str, str | None]]
) -> Iterator[Label]:
    """Each change as an edit, without what is so already."""
    seen = set()
    for each in changes:
        other = {key: value for key, value in each.items() if labels.get(key) != value}
        edit = Label(object, other)
        if other and edit not in seen:
            seen.add(edit)
            yield edit


def scalings(target: Target, snapshot: Snapshot) -> Iterator[Scale]:
    """A replica more, and none."""
    ref = target.pod.workload
    workload = snapshot.workloads.get(ref) if ref and target.pod.template else None
    if workload and workload.replicas is not None:
        yield Scale(target.object, workload.replicas + 1)
        yield Scale(target.object, 0)


def workloads_beside(target: Target, asked: Asked) -> Iterator[Apply]:
    """Workloads with some of the labels of a pod beside them, and with its ports."""
    pod, keys = target.pod, asked.seen_in(target.pod.namespace).keys
    known = sorted(key for key in pod.labels if key not in pod.labels.unknown)
    looked_at = [key for key in known if key in keys] or known
    for size in range(1, min(len(looked_at), _MOST_LABELS) + 1):
        for chosen in combinations(looked_at, size):
            labels = {key: pod.labels[key] for key in chosen}
            yield new_workload(asked.unused(NEW_WORKLOAD), pod.namespace, labels, pod.ports)


def new_namespaces(name: str, asked: Asked) -> Iterator[Apply]:
    """A namespace of this name with one pod: without labels, then with what peers ask for together."""
    looks: list[tuple[Mapping[str, str | None] | None, Mapping[str, str | None] | None]] = [
        ({}, {})
    ]
    looks += [(meeting(namespaces), meeting(pods)) for namespaces, pods in asked.elsewhere]
    looks += [({}, found) for found in asked.pods.met]
    seen = set()
    for labels, pod_labels in looks:
        if labels is not None and pod_labels is not None and labels.get(NAME_LABEL, name) == name:
            made = new_namespace(name, given(labels), asked.unused(NEW_POD), given(pod_labels))
            if made not in seen:
                seen.add(made)
                yield made


def namespace_names(snapshot: Snapshot, asked: Asked, scope: Scope) -> list[str]:
    """What new namespaces may be called: anything, and what selectors ask for that nobody is."""
    wanted = asked.namespaces.labels.get(NAME_LABEL, (NOBODYS,))[:-1]
    names = dict.fromkeys((asked.unused(NEW_NAMESPACE), *wanted))
    return [name for name in names if name not in snapshot.namespaces and scope.has(name)]


def given(changes: Mapping[str, str | None]) -> dict[str, str]:
    """The labels of something new that come of changes."""
    return {key: value for key, value in changes.items() if value is not None}


def new_pod(name: str, namespace: str, labels: Mapping[str, str]) -> Apply:
    """A pod added."""
    return added([_pod(name, namespace, labels)])


def new_workload(
    name: str, namespace: str, labels: Mapping[str, str], ports: Iterable[ContainerPort] = ()
) -> Apply:
    """A Deployment of one replica added."""
    return added([_deployment(name, namespace, labels, ports)])


def new_namespace(
    name: str, labels: Mapping[str, str], pod_name: str, pod_labels: Mapping[str, str]
) -> Apply:
    """A namespace added, with a pod in it."""
    shown = {key: value for key, value in labels.items() if key != NAME_LABEL}
    metadata = {"name": name, **({"labels": shown} if shown else {})}
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
    return added([space, _pod(pod_name, name, pod_labels)])


def added(manifests: Iterable[Manifest]) -> Apply:
    """These objects applied; the edit says what they are by name and labels."""
    each = list(manifests)
    return Apply("---\n".join(map(yaml_text, each)), f"add {' with '.join(map(_told, each))}")


def _pod(name: str, namespace: str, labels: Mapping[str, str]) -> Manifest:
    metadata = {"name": name, "namespace": namespace, **({"labels": {**labels}} if labels else {})}
    spec = {"containers": [_container(())]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def _deployment(
    name: str, namespace: str, labels: Mapping[str, str], ports: Iterable[ContainerPort]
) -> Manifest:
    template = {"metadata": {"labels": {**labels}}, "spec": {"containers": [_container(ports)]}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"replicas": 1, "selector": {"matchLabels": {**labels}}, "template": template},
    }


def _container(ports: Iterable[ContainerPort]) -> Manifest:
    """One container; each name of a port stands once."""
    named = {port.name or port: _port(port) for port in ports}
    return {
        "name": "main",
        "image": "example.com/main",
        **({"ports": [*named.values()]} if named else {}),
    }


def _port(port: ContainerPort) -> Manifest:
    name = {"name": port.name} if port.name else {}
    protocol = {} if port.protocol is Protocol.TCP else {"protocol": port.protocol.value}
    return {**name, "containerPort": port.number, **protocol}


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
