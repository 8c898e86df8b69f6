"""Policies of tiers for odd clusters, by seed: of both APIs, few priorities, every kind of peer."""

from __future__ import annotations

from random import Random
from typing import Any

Manifest = dict[str, Any]

_SPACES = ("a", "b", "c")
_NETWORKS = (
    "10.0.0.0/8",
    "10.0.0.0/24",
    "10.0.0.4/30",
    "10.0.0.1/32",
    "192.168.0.0/24",
    "192.168.0.1/32",
    "0.0.0.0/0",
    "fd00::/16",
    "fd00::2/127",
    "fd00:1::/64",
    "::/0",
)
_NAMES = ("*.example.com", "api.example.com", "example.org")
_PORTS = (1, 80, 81, 8080, 65535)
_PORT_NAMES = ("http", "dns", "nobody")
_PROTOCOLS = ("TCP", "TCP", "UDP", "SCTP")
_VALUES: dict[str, tuple[str, ...]] = {"app": ("web", "db", ""), "tier": ("x", "y")}
_NODE_LABELS: tuple[dict[str, str], ...] = ({}, {"zone": "1"}, {"zone": "2", "edge": ""})


def odd_tiers(seed: int) -> list[Manifest]:
    """None for one seed in five, else up to six."""
    draw = Random(f"tiers of {seed}")
    found = [_policy(draw, number) for number in range(draw.choice((0, 1, 2, 3, 6)))]
    if found and draw.random() < 0.3:
        found.append(_baseline(draw))
    return found


def with_node_labels(seed: int, cluster: list[Manifest]) -> list[Manifest]:
    """The cluster with labels on its nodes."""
    draw = Random(f"nodes of {seed}")
    return [
        {**each, "metadata": {**each["metadata"], "labels": draw.choice(_NODE_LABELS)}}
        if each["kind"] == "Node"
        else each
        for each in cluster
    ]


def _policy(draw: Random, number: int) -> Manifest:
    older = draw.random() < 0.3
    spec: Manifest = {"priority": draw.choice((5, 5, 9))}
    if not older:
        spec["tier"] = draw.choice(("Admin", "Admin", "Baseline"))
    name, kind = f"tier-{number}", "AdminNetworkPolicy" if older else "ClusterNetworkPolicy"
    return _written(draw, kind, name, spec, ("Deny", "Pass"))


def _baseline(draw: Random) -> Manifest:
    return _written(draw, "BaselineAdminNetworkPolicy", "default", {}, ("Deny",))


def _written(
    draw: Random, kind: str, name: str, spec: Manifest, others: tuple[str, ...]
) -> Manifest:
    older = kind != "ClusterNetworkPolicy"
    actions = ("Allow" if older else "Accept", *others)
    spec["subject"] = {"namespaces": {}} if draw.random() < 0.5 else _pods(draw)
    for direction in ("ingress", "egress"):
        if draw.random() < 0.75:
            count = draw.randint(1, 4)
            spec[direction] = [_rule(draw, kind, direction, actions) for _ in range(count)]
    version = "v1alpha1" if older else "v1alpha2"
    return {
        "apiVersion": f"policy.networking.k8s.io/{version}",
        "kind": kind,
        "metadata": {"name": name},
        "spec": spec,
    }


def _rule(draw: Random, kind: str, direction: str, actions: tuple[str, ...]) -> Manifest:
    action, older = draw.choice(actions), kind != "ClusterNetworkPolicy"
    names = action == actions[0] and kind != "BaselineAdminNetworkPolicy"
    inward = direction == "ingress"
    peers = [
        _pods(draw) if inward or draw.random() < 0.4 else _beyond(draw, names)
        for _ in range(draw.randint(1, 3))
    ]
    found = {"action": action, "from" if inward else "to": peers}
    if draw.random() < 0.5:
        named = all(each.keys() <= {"namespaces", "pods"} for each in peers)
        entries = [_entry(draw, older, named) for _ in range(draw.choice((1, 1, 2, 4)))]
        found["ports" if older else "protocols"] = entries
    return found


def _pods(draw: Random) -> Manifest:
    if draw.random() < 0.4:
        return {"namespaces": _of_spaces(draw)}
    return {"pods": {"namespaceSelector": _of_spaces(draw), "podSelector": _of_pods(draw)}}


def _beyond(draw: Random, names: bool) -> Manifest:
    match draw.choice(("networks", "networks", "nodes", "names")):
        case "nodes":
            return {"nodes": _of_nodes(draw)}
        case "names" if names:
            return {"domainNames": draw.sample(_NAMES, draw.randint(1, 2))}
    return {"networks": draw.sample(_NETWORKS, draw.randint(1, 3))}


def _of_spaces(draw: Random) -> Manifest:
    return draw.choice(
        (
            {},
            {},
            {"matchLabels": {"team": "x"}},
            {"matchLabels": {"kubernetes.io/metadata.name": draw.choice(_SPACES)}},
            {"matchExpressions": [{"key": "team", "operator": "NotIn", "values": ["x"]}]},
            {"matchExpressions": [{"key": "env", "operator": "Exists"}]},
        )
    )


def _of_pods(draw: Random) -> Manifest:
    key = draw.choice((*_VALUES, "own", "pod-template-hash"))
    value = draw.choice(_VALUES.get(key, ("Deployment", "0")))
    return draw.choice(
        (
            {},
            {"matchLabels": {key: value}},
            {"matchExpressions": [{"key": key, "operator": "NotIn", "values": [value]}]},
            {"matchExpressions": [{"key": key, "operator": "DoesNotExist"}]},
            {"matchExpressions": [{"key": key, "operator": "Equals", "values": [value]}]},
        )
    )


def _of_nodes(draw: Random) -> Manifest:
    return draw.choice(
        (
            {},
            {"matchLabels": {"zone": draw.choice("12")}},
            {"matchExpressions": [{"key": "edge", "operator": "DoesNotExist"}]},
            {"matchExpressions": [{"key": "zone", "operator": "Exists"}]},
        )
    )


def _entry(draw: Random, older: bool, named: bool) -> Manifest:
    if named and draw.random() < 0.4:
        return {"namedPort" if older else "destinationNamedPort": draw.choice(_PORT_NAMES)}
    protocol = draw.choice(_PROTOCOLS)
    first, last = sorted(draw.sample(_PORTS, 2))
    single = draw.random() < 0.5
    if older:
        ends = {"port": first} if single else {"start": first, "end": last}
        return {"portNumber" if single else "portRange": {"protocol": protocol, **ends}}
    ports = {"number": first} if single else {"range": {"start": first, "end": last}}
    return {protocol.lower(): {"destinationPort": ports}}
