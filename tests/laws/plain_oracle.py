"""A second, independent reading of SEMANTICS section 8, on manifests as plain data.

It shares no code with netsim, not even the reader: what it and the reference agree on was
understood twice. Defaults of section 6 only; every pod has an address.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

Manifest = dict[str, Any]


def allowed(
    cluster: list[Manifest], source: str, destination: str, protocol: str, port: int
) -> bool:
    """Whether the connection is allowed in at least one family that both ends have."""
    one, other = _end(cluster, source), _end(cluster, destination)
    families = set(one["ips"]) & set(other["ips"])
    return any(_in_family(cluster, one, other, family, protocol, port) for family in families)


def _end(cluster: list[Manifest], text: str) -> Manifest:
    """A pod, or an address, as {pod, node, ips: family -> text}."""
    for pod in cluster:
        if pod["kind"] != "Pod":
            continue
        ips = {ip_address(item["ip"]).version: item["ip"] for item in pod["status"]["podIPs"]}
        name = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
        host = pod["spec"].get("hostNetwork", False)
        if name == text or (text in ips.values() and not host):
            if "/" not in text:  # asked by address: by that family alone
                ips = {ip_address(text).version: text}
            node = pod["spec"].get("nodeName", "")
            return {"pod": None if host else pod, "node": node, "ips": ips}
    return {"pod": None, "node": "", "ips": {ip_address(text).version: text}}


def _in_family(
    cluster: list[Manifest],
    source: Manifest,
    target: Manifest,
    family: int,
    protocol: str,
    port: int,
) -> bool:
    if source["pod"] is not None and source["pod"] is target["pod"]:
        return True
    return _side(cluster, "egress", source, target, target, family, protocol, port) and _side(
        cluster, "ingress", target, source, target, family, protocol, port
    )


def _side(
    cluster: list[Manifest],
    direction: str,
    subject: Manifest,
    peer: Manifest,
    target: Manifest,
    family: int,
    protocol: str,
    port: int,
) -> bool:
    pod = subject["pod"]
    if pod is None:
        return True
    if direction == "ingress" and subject["node"]:
        for node in cluster:
            if node["kind"] == "Node" and node["metadata"]["name"] == subject["node"]:
                addresses = [item["address"] for item in node["status"]["addresses"]]
                if peer["pod"] is None and peer["ips"][family] in addresses:
                    return True
    isolated = False
    for policy in cluster:
        if policy["kind"] != "NetworkPolicy":
            continue
        namespace = policy["metadata"]["namespace"]
        spec = policy["spec"] or {}
        if namespace != pod["metadata"]["namespace"]:
            continue
        if not _selects(spec.get("podSelector"), pod["metadata"]["labels"]):
            continue
        types = spec.get("policyTypes") or ["Ingress"] + (["Egress"] if spec.get("egress") else [])
        if direction.capitalize() not in types:
            continue
        isolated = True
        for rule in spec.get(direction) or []:
            rule = rule or {}
            peers = rule.get("from" if direction == "ingress" else "to")
            if peers and not any(_peer(cluster, item, namespace, peer, family) for item in peers):
                continue
            ports = rule.get("ports")
            if ports and not any(_port(item or {}, target, protocol, port) for item in ports):
                continue
            return True
    return not isolated


def _peer(
    cluster: list[Manifest], item: Manifest, namespace: str, peer: Manifest, family: int
) -> bool:
    if "ipBlock" in item:
        address = ip_address(peer["ips"][family])
        block = item["ipBlock"]
        return address in ip_network(block["cidr"]) and not any(
            address in ip_network(part) for part in block.get("except") or []
        )
    pod = peer["pod"]
    if pod is None:
        return False
    if item.get("namespaceSelector") is None:
        if pod["metadata"]["namespace"] != namespace:
            return False
    else:
        name = pod["metadata"]["namespace"]
        labels: dict[str, str] = {}
        for other in cluster:
            if other["kind"] == "Namespace" and other["metadata"]["name"] == name:
                labels = other["metadata"]["labels"]
        labels = {**labels, "kubernetes.io/metadata.name": name}
        if not _selects(item["namespaceSelector"], labels):
            return False
    return _selects(item.get("podSelector"), pod["metadata"]["labels"])


def _selects(selector: Manifest | None, labels: dict[str, str]) -> bool:
    selector = selector or {}
    for key, value in (selector.get("matchLabels") or {}).items():
        if labels.get(key) != value:
            return False
    for item in selector.get("matchExpressions") or []:
        value = labels.get(item["key"])
        holds = {
            "In": value is not None and value in item.get("values", []),
            "NotIn": value is None or value not in item.get("values", []),
            "Exists": value is not None,
            "DoesNotExist": value is None,
        }[item["operator"]]
        if not holds:
            return False
    return True


def _port(entry: Manifest, target: Manifest, protocol: str, port: int) -> bool:
    if protocol == "ICMP" or entry.get("protocol", "TCP") != protocol:
        return False
    wanted = entry.get("port")
    if wanted is None:
        return True
    if isinstance(wanted, int):
        return wanted <= port <= int(entry.get("endPort", wanted))
    if target["pod"] is None:
        return False
    spec = target["pod"]["spec"]
    containers = list(spec["containers"])
    containers += [c for c in spec.get("initContainers", []) if c.get("restartPolicy") == "Always"]
    return any(
        declared["name"] == wanted
        and declared.get("protocol", "TCP") == protocol
        and declared["containerPort"] == port
        for container in containers
        for declared in container.get("ports", [])
    )
