"""Clusters and options beyond the defaults, as the oracle knows them.

`wide_clusters()` is `clusters()` with pods that have no address, are pending or finished, or tell
their node's address; with nodes that have no manifest; and with workloads beside the pods.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from netsim.testing.clusters import (
    NAMESPACES,
    NODES,
    OUTSIDE,
    Manifest,
    clusters,
    container_ports,
    labels,
    optional,
)

FINISHED = ("Succeeded", "Failed")
CONTROLLER_LABELS = (
    "pod-template-hash",
    "controller-revision-hash",
    "job-name",
    "batch.kubernetes.io/job-name",
    "apps.kubernetes.io/pod-index",
    "statefulset.kubernetes.io/pod-name",
)
# Kind -> apiVersion.
WORKLOADS = {
    "Deployment": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "Job": "batch/v1",
}
# All bear the name of a pod, and so may bear that of one another.
WORKLOAD_NAME = "pod-0"
OTHER_VALUES: dict[str, tuple[Any, ...]] = {
    "ipblock_matches_pods": (False,),
    "ipblock_matches_nodes": (False, "except_wildcard"),
    "icmp": ("allow", "deny"),
    "self_traffic": ("policy",),
    "named_port_nonpod": ("match_declared",),
    "named_port_containers": ("containers", "all"),
    "host_network_pods": ("as_pods",),
    "egress_to_own_node": ("allow",),
    "ingress_from_other_nodes": ("allow",),
    "endport": ("first_port_only",),
    "sctp": ("ignored",),
    "pod_cidrs": (
        ("10.0.0.0/8",),
        ("10.0.1.0/24",),
        ("10.0.0.0/16", "fd00::/48"),
        ("fd00::/48",),
        ("10.0.0.0/9", "172.16.0.0/12"),
    ),
    "node_local_ingress": ("policy",),
    "baseline_scope": ("pod",),
}

options = optional(**{name: st.sampled_from(values) for name, values in OTHER_VALUES.items()})


@st.composite
def workloads(draw: st.DrawFn, kind: str) -> Manifest:
    """A workload whose pods are selected by its kind."""
    own = {**draw(labels), "own": kind}
    host = draw(st.integers(0, 5)) == 0
    pod: Manifest = {
        "containers": [{"name": "c", "ports": [] if host else draw(container_ports())}]
    }
    if host:
        pod["hostNetwork"] = True
    spec: Manifest = {"template": {"metadata": {"labels": own}, "spec": pod}}
    if kind != "Job":
        spec["selector"] = {"matchLabels": {"own": kind}}
    if kind in ("Deployment", "StatefulSet"):
        spec |= draw(optional(replicas=st.integers(1, 3)))
    metadata = {
        "name": WORKLOAD_NAME,
        "namespace": draw(st.sampled_from(NAMESPACES[:2])),
        "labels": draw(labels),
    }
    return {"apiVersion": WORKLOADS[kind], "kind": kind, "metadata": metadata, "spec": spec}


@st.composite
def controller_peers(draw: st.DrawFn) -> Manifest:
    """A peer by a label that controllers write."""
    key = draw(st.sampled_from(CONTROLLER_LABELS))
    value = draw(st.sampled_from(("0", "pod-0-0", "pod-0", "abc")))
    operator = draw(st.sampled_from(("In", "NotIn", "Exists", "DoesNotExist")))
    values = [value] if operator in ("In", "NotIn") else None
    item = {"key": key, "operator": operator, "values": values}
    return {"podSelector": {"matchExpressions": [item]}, "namespaceSelector": {}}


@st.composite
def wide_clusters(draw: st.DrawFn) -> list[Manifest]:
    """Namespaces and nodes (not all declared), pods, workloads, policies."""
    cluster = [item for item in draw(clusters()) if item["kind"] != "Node" or draw(st.booleans())]
    for item in cluster:
        if item["kind"] == "Pod":
            _unsettle(draw, item)
        if item["kind"] == "NetworkPolicy":
            _widen(draw, item["spec"] or {})
    kinds = draw(st.lists(st.sampled_from(tuple(WORKLOADS)), unique=True, max_size=3))
    return [*cluster, *(draw(workloads(kind)) for kind in kinds)]


def _widen(draw: st.DrawFn, spec: Manifest) -> None:
    for rule in spec.get("ingress") or ():
        if rule and rule.get("from") and draw(st.booleans()):
            rule["from"].append(draw(controller_peers()))


def _unsettle(draw: st.DrawFn, pod: Manifest) -> None:
    status = pod["status"]
    status["phase"] = draw(st.sampled_from(("Running", "Running", "Pending", "Unknown", *FINISHED)))
    if draw(st.integers(0, 2)) == 0:
        del status["podIPs"]
    node = pod["spec"].get("nodeName")
    if node and draw(st.booleans()):
        status["hostIP"] = NODES[node]


@st.composite
def wide_questions(draw: st.DrawFn, ends: list[str], nodes: list[str]) -> tuple[str, str]:
    """Two ends, of which at most one is outside the pods, and often both are the same."""
    source, destination = draw(st.sampled_from(ends)), draw(st.sampled_from(ends))
    beyond = draw(st.sampled_from((*OUTSIDE, *(f"node/{name}" for name in nodes))))
    match draw(st.integers(0, 5)):
        case 0:
            source = beyond
        case 1:
            destination = beyond
        case 2:
            destination = source
    return source, destination


def ends_of(cluster: list[Manifest]) -> list[str]:
    """The texts of every pod that has not finished, its addresses, and of every workload."""
    found = []
    for item in cluster:
        kind, metadata = item["kind"], item["metadata"]
        if kind == "Pod" and item["status"]["phase"] not in FINISHED:
            found.append(f"{metadata['namespace']}/{metadata['name']}")
            found += [entry["ip"] for entry in item["status"].get("podIPs", ())]
        elif kind in WORKLOADS:
            found.append(f"{metadata['namespace']}/{kind.lower()}/{metadata['name']}")
    return found
