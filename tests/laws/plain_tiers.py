"""What the tiers around NetworkPolicy say: a second, independent reading of SEMANTICS section 5.

As the oracle that it belongs to it shares no code with netsim, and works on manifests as plain
data: an end is {pod, host, node, node_like, ips, domain}.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

Manifest = dict[str, Any]
Selects = Callable[[Manifest | None, Manifest], bool]

_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")
_TIERS = {"AdminNetworkPolicy": "Admin", "BaselineAdminNetworkPolicy": "Baseline"}
_ALLOW = ("Accept", "Allow")
_ENTRIES = ("protocols", "ports")


def said(
    world: Manifest,
    tier: str,
    direction: str,
    subject: Manifest,
    peer: Manifest,
    flow: tuple[Manifest, int, str, int],
    selects: Selects,
) -> str:
    """What a tier says of one side: `allow`, `deny`, `pass`, or nothing."""
    for policy in governing(world, tier, direction, subject, selects):
        for rule in policy["spec"][direction]:
            allows = rule["action"] in _ALLOW
            peers = rule["from" if direction == "ingress" else "to"]
            if not allows and any(map(_is_unusable, peers)):  # ANP-26, and ANP-13 as it is
                if direction == "egress" or peer["pod"] is not None:
                    return "deny"
                continue
            if not any(_is_peer(world, each, peer, flow[1], selects) for each in peers):
                continue
            entries = next((rule[name] for name in _ENTRIES if name in rule), None)
            if entries is None or any(_is_port(world, each, flow) for each in entries):
                return "allow" if allows else str(rule["action"]).lower()
    return ""


def governing(
    world: Manifest, tier: str, direction: str, subject: Manifest, selects: Selects
) -> list[Manifest]:
    """The policies of a tier that have rules in a direction for a pod, in their order."""
    found = [
        policy
        for policy in world["cluster"]
        if "policy.networking.k8s.io" in policy["apiVersion"]
        and _TIERS.get(policy["kind"], policy["spec"].get("tier")) == tier
        and policy["spec"].get(direction)
        and not _is_unusable(policy["spec"]["subject"])
        and _is_pod(world, policy["spec"]["subject"], subject, selects)
    ]
    return sorted(
        found,
        key=lambda policy: (
            policy["spec"].get("priority", 1000),
            policy["metadata"]["name"],
            policy["kind"],
        ),
    )


def _is_unusable(peer: Manifest) -> bool:
    """ANP-33: with an operator that there isn't."""
    held = [*peer.values(), *peer["pods"].values()] if "pods" in peer else [*peer.values()]
    items = [
        item
        for each in held
        if isinstance(each, dict)
        for item in each.get("matchExpressions") or []
    ]
    return any(item["operator"] not in _OPERATORS for item in items)


def _is_peer(world: Manifest, peer: Manifest, end: Manifest, family: int, selects: Selects) -> bool:
    if _is_unusable(peer):
        return False
    if "networks" in peer:
        return any(
            _in_network(world, ip_network(x, strict=False), end, family) for x in peer["networks"]
        )
    if "nodes" in peer:
        return _is_node(world, peer["nodes"], end, family, selects)
    if "domainNames" in peer:
        return any(_is_name(name, end.get("domain", "")) for name in peer["domainNames"])
    return _is_pod(world, peer, end, selects)


def _is_pod(world: Manifest, peer: Manifest, end: Manifest, selects: Selects) -> bool:
    if end["pod"] is None:  # ANP-13, ANP-14
        return False
    metadata = end["pod"]["metadata"]
    spaces = peer.get("namespaces")
    if "pods" in peer:
        spaces = peer["pods"].get("namespaceSelector")
        if not selects(peer["pods"].get("podSelector"), metadata["labels"]):
            return False
    return selects(spaces, namespace_labels(world, metadata["namespace"]))


def namespace_labels(world: Manifest, name: str) -> Manifest:
    """NP-34: with the label that every namespace has."""
    found: Manifest = {}
    for item in world["cluster"]:
        if item["kind"] == "Namespace" and item["metadata"]["name"] == name:
            found = item["metadata"]["labels"]
    return {**found, "kubernetes.io/metadata.name": name}


def _in_network(world: Manifest, network: Any, end: Manifest, family: int) -> bool:
    """ANP-15: whoever has the address."""
    if network.version != family:
        return False
    if family in end["ips"]:
        return ip_network(end["ips"][family]).subnet_of(network)
    if network.prefixlen == 0:
        return True
    # NP-43: not known, but for where pods have theirs
    pools = [ip_network(text) for text in world["pod_cidrs"]]
    pools = [pool for pool in pools if pool.version == family]
    own = end["pod"] is not None and end["host"] is None
    return own and bool(pools) and all(pool.subnet_of(network) for pool in pools)


def _is_node(
    world: Manifest, selector: Manifest, end: Manifest, family: int, selects: Selects
) -> bool:
    """ANP-16: by its address or by being it; of a node without a manifest no label is known."""
    declared = [item for item in world["cluster"] if item["kind"] == "Node"]
    found = [
        node
        for node in declared
        if end["ips"].get(family) in [each["address"] for each in node["status"]["addresses"]]
        or (end["node_like"] and node["metadata"]["name"] == end["node"])
    ]
    if end["node_like"] and not found:
        items = [value for value in selector.values() if value]
        return not items
    return any(selects(selector, node["metadata"].get("labels", {})) for node in found)


def _is_name(pattern: str, domain: str) -> bool:
    """ANP-17"""
    labels = pattern.lower().rstrip(".").split(".")
    asked = domain.split(".")
    if labels[0] != "*":
        return asked == labels
    return len(asked) >= len(labels) and asked[-len(labels) + 1 :] == labels[1:]


def _is_port(world: Manifest, entry: Manifest, flow: tuple[Manifest, int, str, int]) -> bool:
    target, _, protocol, port = flow
    if protocol == "ICMP":  # ANP-27
        return False
    name = entry.get("destinationNamedPort", entry.get("namedPort"))
    if name is not None:  # ANP-19
        return target["pod"] is not None and (name, protocol, port) in declared_ports(
            world, target["pod"]["spec"]
        )
    asked, first, last = _numbers(entry)
    if asked == "SCTP" and world["sctp"] == "ignored":  # IMP-14
        return False
    return asked == protocol and first <= port <= last


def _numbers(entry: Manifest) -> tuple[str, int, int]:
    for kind in ("portNumber", "portRange"):
        if kind in entry:
            found = entry[kind]
            ends = found.get("start", found.get("port")), found.get("end", found.get("port"))
            return found.get("protocol", "TCP"), *ends
    ((word, inner),) = entry.items()
    ports = inner["destinationPort"]
    if "number" in ports:
        return word.upper(), ports["number"], ports["number"]
    return word.upper(), ports["range"]["start"], ports["range"]["end"]


def declared_ports(world: Manifest, spec: Manifest) -> list[tuple[str, str, int]]:
    """Name, protocol and number of each port that a pod declares, as far as they count (IMP-5)."""
    containers = list(spec["containers"])
    if world["named_port_containers"] != "containers":
        containers += [
            container
            for container in spec.get("initContainers", [])
            if container.get("restartPolicy") == "Always" or world["named_port_containers"] == "all"
        ]
    return [
        (each.get("name", ""), each.get("protocol", "TCP"), each["containerPort"])
        for container in containers
        for each in container.get("ports", [])
    ]
