"""Clusters full of what is seldom seen, by seed: in each, nearly every rule decides something.

A drawn cluster is small, so that a failure shrinks well; these are dense instead, so that all
flows of a few of them meet every branch.
"""

from __future__ import annotations

from random import Random
from typing import Any

from depth import TIERS
from odd_tiers import odd_tiers, with_node_labels

from netsim.model.semantics import Semantics
from netsim.testing.wide_clusters import OTHER_VALUES

Manifest = dict[str, Any]

SPACES = ("a", "b", "c")
# Two with several addresses, one of each IP version alone, one with none.
NODES: dict[str, tuple[str, ...]] = {
    "n1": ("192.168.0.1", "fd00:1::1"),
    "n2": ("192.168.0.2", "192.168.0.3"),
    "n3": ("fd00:1::3",),
    "n4": (),
}
# Excepts that cover the block, that touch its ends and each other, that lie in one another.
BLOCKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("10.0.0.0/8", ("10.0.0.0/9", "10.128.0.0/9")),
    ("10.0.0.0/24", ("10.0.0.0/32", "10.0.0.255/32", "10.0.0.2/31")),
    ("10.0.0.0/24", ("10.0.0.0/25", "10.0.0.64/26", "10.0.0.1/32")),
    ("10.0.1.0/24", ()),
    ("10.0.0.4/30", ("10.0.0.5/32", "10.0.0.6/32")),
    ("192.168.0.0/24", ("192.168.0.2/32",)),
    ("192.168.0.1/32", ()),
    ("0.0.0.0/0", ()),
    ("0.0.0.0/0", ("10.0.0.0/16", "192.168.0.0/16")),
    ("fd00::/16", ("fd00::1/128", "fd00::2/127")),
    ("fd00:1::/64", ()),
    ("::/0", ()),
    ("::/0", ("fd00::/17", "fd00:8000::/17")),
)
PORTS = (1, 80, 81, 8080, 65535)
NAMES = ("http", "dns")
PROTOCOLS = ("TCP", "TCP", "UDP", "SCTP")
VALUES: dict[str, tuple[str, ...]] = {"app": ("web", "db", ""), "tier": ("x", "y")}
CONTROLLED = "pod-template-hash"


def odd_cluster(seed: int) -> list[Manifest]:
    """Namespaces and nodes (some not declared), pods and workloads of every sort, policies."""
    draw = Random(seed)
    nodes = [node(name) for name in NODES if draw.random() < 0.7]
    pods = [pod(draw, number) for number in range(draw.randint(4, 6))]
    pods += [twin(draw, each) for each in pods if draw.random() < 0.6]
    owners = [workload(draw, kind) for kind in draw.sample(list(_VERSIONS), draw.randint(1, 3))]
    policies = [policy(draw, number) for number in range(draw.randint(4, 9))]
    cluster = [*map(space, SPACES[: draw.randint(1, 3)]), *nodes, *pods, *owners, *policies]
    return [*with_node_labels(seed, cluster), *odd_tiers(seed)] if TIERS else cluster


def odd_options(seed: int) -> Semantics:
    """The defaults for one seed in three, else some options together."""
    draw = Random(seed)
    chance = draw.choice((0.0, 0.2, 0.5))
    return Semantics(
        **{
            name: draw.choice(values)
            for name, values in OTHER_VALUES.items()
            if draw.random() < chance
        }
    )


def space(name: str) -> Manifest:
    labels = {"a": {"team": "x"}, "b": {"team": "y", "env": ""}, "c": {}}[name]
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def node(name: str) -> Manifest:
    addresses = [{"type": "InternalIP", "address": each} for each in NODES[name]]
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name},
        "status": {"addresses": [{"type": "Hostname", "address": name}, *addresses]},
    }


def labels_of(draw: Random) -> dict[str, str]:
    return {key: draw.choice(values) for key, values in VALUES.items() if draw.random() < 0.8}


def pod(draw: Random, number: int) -> Manifest:
    on = draw.choice((*NODES, "", ""))
    host = draw.random() < 0.2
    status: Manifest = {
        "phase": draw.choice(("Running", "Running", "Running", "Pending", "Failed"))
    }
    own = [f"10.0.{draw.randint(0, 1)}.{number}", f"fd00::{number}"]
    if host:
        of_node = list(NODES.get(on, ()))
        draw.shuffle(of_node)
        own = list({":" in address: address for address in of_node}.values())
    kept = {"4": own[:1], "6": own[-1:], "b": own, "r": own[::-1], "-": []}
    status["podIPs"] = [{"ip": ip} for ip in kept[draw.choice("446bbr--")]]
    if NODES.get(on) and draw.random() < 0.5:
        status["hostIP"] = draw.choice(NODES[on])
        status["hostIPs"] = [{"ip": status["hostIP"]}]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"pod-{number}",
            "namespace": draw.choice(SPACES),
            "labels": labels_of(draw),
        },
        "spec": {**pod_spec(draw, host), **({"nodeName": on} if on else {})},
        "status": status,
    }


def twin(draw: Random, given: Manifest) -> Manifest:
    """Another pod that differs in one thing, so that only a rule about that tells them apart."""
    name, spec, status = given["metadata"]["name"], dict(given["spec"]), dict(given["status"])
    host, ips = spec.get("hostNetwork"), [each["ip"] for each in status["podIPs"]]
    match draw.choice(("ports", "roles", "address", "addresses", "node", "host", "status")):
        case "ports":
            spec |= pod_spec(draw, bool(host))
        case "roles" if not host:
            spec["initContainers"] = [{"name": "init", "ports": declared(draw)}]
        case "address" if not host:
            more = draw.choice((10, 130))
            ips = [ip if ":" in ip else f"{ip.rpartition('.')[0]}.{more}" for ip in ips]
        case "addresses":
            ips = ips[1:] if draw.random() < 0.5 else ips[::-1]
        case "node" if not host:
            spec["nodeName"] = draw.choice(tuple(NODES))
        case "host":
            spec = {"containers": [{"name": "c0", "ports": []}], "hostNetwork": True}
            spec |= {key: given["spec"][key] for key in ("nodeName",) if key in given["spec"]}
        case "status":
            status["hostIP"] = draw.choice(("192.168.0.1", "192.168.0.9"))
            status["hostIPs"] = [{"ip": status["hostIP"]}]
    status["podIPs"] = [{"ip": ip} for ip in ips]
    metadata = {**given["metadata"], "name": f"{name}-twin"}
    return {**given, "metadata": metadata, "spec": spec, "status": status}


def pod_spec(draw: Random, host: bool) -> Manifest:
    """Containers, a sidecar and an init container that give names to ports, the same twice."""
    spec: Manifest = {
        "containers": [
            {"name": f"c{number}", "ports": [] if host else declared(draw)}
            for number in range(draw.randint(1, 2))
        ]
    }
    if draw.random() < 0.5 and not host:
        sidecar = {"name": "sidecar", "restartPolicy": "Always", "ports": declared(draw)}
        spec["initContainers"] = [sidecar, {"name": "init", "ports": declared(draw)}]
    return {**spec, **({"hostNetwork": True} if host else {})}


def declared(draw: Random) -> list[Manifest]:
    return [
        {"name": name, "containerPort": draw.choice(PORTS), "protocol": draw.choice(PROTOCOLS)}
        for name in NAMES
        if draw.random() < 0.6
    ]


_VERSIONS = {
    "Deployment": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "Job": "batch/v1",
}


def workload(draw: Random, kind: str) -> Manifest:
    own = {**labels_of(draw), "own": kind}
    template = {"metadata": {"labels": own}, "spec": pod_spec(draw, draw.random() < 0.25)}
    spec: Manifest = {"template": template}
    if kind == "Job":
        template["spec"]["restartPolicy"] = "Never"
    else:
        spec["selector"] = {"matchLabels": {"own": kind}}
    if kind in ("Deployment", "StatefulSet"):
        spec["replicas"] = draw.randint(0, 3)
    return {
        "apiVersion": _VERSIONS[kind],
        "kind": kind,
        "metadata": {"name": kind.lower(), "namespace": draw.choice(SPACES)},
        "spec": spec,
    }


def policy(draw: Random, number: int) -> Manifest:
    spec: Manifest = {"podSelector": selector(draw, 0.4)}
    for direction, field in (("ingress", "from"), ("egress", "to")):
        if draw.random() < 0.75:
            spec[direction] = [rule(draw, field) for _ in range(draw.randint(0, 3))]
    if "egress" not in spec or draw.random() < 0.5:
        written = [word for word in ("Ingress", "Egress") if word.lower() in spec]
        spec["policyTypes"] = written or ["Ingress"]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": f"policy-{number}", "namespace": draw.choice(SPACES)},
        "spec": spec,
    }


def rule(draw: Random, field: str) -> Manifest:
    found: Manifest = {}
    if draw.random() < 0.9:
        found[field] = [peer(draw) for _ in range(draw.randint(0, 3))]
    if draw.random() < 0.7:
        found["ports"] = [port(draw) for _ in range(draw.choice((0, 1, 1, 2, 5)))]
    return found


def peer(draw: Random) -> Manifest:
    if draw.random() < 0.35:
        cidr, excepts = draw.choice(BLOCKS)
        return {"ipBlock": {"cidr": cidr, **({"except": list(excepts)} if excepts else {})}}
    chosen = draw.choice(("pods", "spaces", "both"))
    found: Manifest = {}
    if chosen != "spaces":
        found["podSelector"] = selector(draw, 0.3)
    if chosen != "pods":
        found["namespaceSelector"] = of_spaces(draw)
    return found


def of_spaces(draw: Random) -> Manifest:
    return draw.choice(
        (
            {},
            {"matchLabels": {"team": "x"}},
            {"matchLabels": {"kubernetes.io/metadata.name": draw.choice(SPACES)}},
            {"matchExpressions": [{"key": "team", "operator": "NotIn", "values": ["x"]}]},
            {"matchExpressions": [{"key": "env", "operator": "Exists"}]},
            {"matchExpressions": [{"key": "team", "operator": "DoesNotExist"}]},
        )
    )


def selector(draw: Random, empty: float) -> Manifest:
    if draw.random() < empty:
        return draw.choice(({}, {"matchLabels": {}}, {"matchExpressions": []}))
    key = draw.choice((*VALUES, "own", CONTROLLED))
    values = list(VALUES.get(key, ("Deployment", "0")))
    operator = draw.choice(("In", "In", "NotIn", "Exists", "DoesNotExist"))
    item: Manifest = {"key": key, "operator": operator}
    if operator.endswith("In"):
        item["values"] = draw.sample(values, draw.randint(1, len(values)))
    found: Manifest = {"matchExpressions": [item]}
    if draw.random() < 0.2:
        found["matchLabels"] = {"app": draw.choice(VALUES["app"])}
    return found


def port(draw: Random) -> Manifest:
    protocol = {"protocol": draw.choice(PROTOCOLS)} if draw.random() < 0.6 else {}
    match draw.choice(("number", "name", "name", "range", "protocol")):
        case "number":
            return {**protocol, "port": draw.choice(PORTS)}
        case "name":
            return {**protocol, "port": draw.choice((*NAMES, "nobody"))}
        case "range":
            first, last = sorted(draw.choices(PORTS, k=2))
            return {**protocol, "port": first, "endPort": last}
    return protocol
