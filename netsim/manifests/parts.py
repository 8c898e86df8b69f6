"""What a snapshot was made of, told from its parts: for one that somebody put together."""

from __future__ import annotations

from collections.abc import Iterable

from netsim.errors import Diagnostic
from netsim.manifests.cluster import NAMESPACE, NODE, POD
from netsim.manifests.pods import hosts_of
from netsim.manifests.workloads import WORKLOAD_KINDS, Standing
from netsim.model.cluster import Pod, Workload, WorkloadRef
from netsim.model.inventory import Contents, Inventory, Key, Read
from netsim.model.snapshot import Snapshot
from netsim.source.origin import NOWHERE

_KINDS = {kind.kind.lower(): kind.kind for kind in WORKLOAD_KINDS}


def inventory_of(snapshot: Snapshot) -> Inventory:
    """All that can be told: of workloads their pods, not their templates; no Services."""
    objects: dict[str, dict[Key, Read]] = {}
    for key, built in _objects(snapshot):
        objects.setdefault(key[1], {})[key] = Read(built, getattr(built, "origin", NOWHERE))
    pods: dict[str, list[Pod]] = {}
    for pod in snapshot.pods:
        pods.setdefault(pod.namespace, []).append(pod)
    contents = {}
    for name in objects.keys() | pods:
        there = tuple(pods.get(name, ()))
        contents[name] = Contents(objects.get(name, {}), there, there)
    besides = {
        (item.kind, item.namespace, item.name): (item.diagnostic,)
        for item in (*snapshot.left_out, *snapshot.unmodelled)
        if item.kind
    }
    shared, mixed = _said(snapshot, "NP-42"), _said(snapshot, "ANP-25")
    hosts = hosts_of(snapshot.nodes, contents)
    return Inventory(contents, besides, hosts, shared=shared, mixed=mixed)


def _said(snapshot: Snapshot, code: str) -> tuple[Diagnostic, ...]:
    return tuple(item for item in snapshot.diagnostics if item.code == code)


def _objects(snapshot: Snapshot) -> Iterable[tuple[Key, object]]:
    for space in snapshot.namespaces.values():
        if space.declared:
            yield (NAMESPACE.kind, "", space.name), space
    for node in snapshot.nodes.values():
        yield (NODE.kind, "", node.name), node
    for policy in snapshot.policies:
        yield (policy.kind, policy.namespace, policy.name), policy
    standing: dict[WorkloadRef, list[Pod]] = {ref: [] for ref in snapshot.workloads}
    for pod in snapshot.pods:
        if pod.template and pod.workload and pod.workload.kind in _KINDS:
            standing.setdefault(pod.workload, []).append(pod)
        else:
            yield (POD.kind, pod.namespace, pod.name), pod
    for ref, pods in standing.items():
        workload = snapshot.workloads.get(ref) or Workload(ref)
        kind = _KINDS.get(ref.kind, ref.kind)
        yield (kind, ref.namespace, ref.name), Standing(workload, tuple(pods))
