"""A second, independent reading of SEMANTICS section 8, on manifests as plain data.

It shares no code with netsim, not even the reader: what it and the reference agree on was
understood twice. It knows the options of section 6, pods without an address, templates, and tiers.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from itertools import product
from typing import Any

import plain_tiers

Manifest = dict[str, Any]

DEFAULTS: Manifest = {
    "ipblock_matches_pods": True,
    "ipblock_matches_nodes": True,
    "icmp": "portless_rules",
    "self_traffic": "allow",
    "named_port_nonpod": "no_match",
    "named_port_containers": "containers+sidecars",
    "host_network_pods": "as_node",
    "egress_to_own_node": "policy",
    "ingress_from_other_nodes": "policy",
    "endport": "range",
    "sctp": "enforced",
    "pod_cidrs": (),
    "node_local_ingress": "allow",
    "baseline_scope": "direction",
}
# A label that live pods have, with a value that no manifest knows (WL-7).
UNKNOWN = object()


def allowed(
    cluster: list[Manifest],
    source: str,
    destination: str,
    protocol: str,
    port: int,
    options: Manifest | None = None,
) -> bool:
    """Whether every pod of `source` reaches every other of `destination` (WL-11)."""
    world = {"cluster": cluster, **DEFAULTS, **(options or {})}
    sources, destinations = _ends(world, source), _ends(world, destination)
    pairs = [(one, other) for one, other in product(sources, destinations) if one is not other]
    if not pairs:
        again = dict(sources[0])
        if source == destination and source.count("/") == 2:  # a rollout makes a second
            again["pod"] = again["pod"] and dict(again["pod"])
            if "/daemonset/" in source:  # WL-13: on another node
                again |= {"node": "", "ips": {}}
        pairs = [(sources[0], again)]
    return all(_reaches(world, one, other, protocol, port) for one, other in pairs)


def _reaches(world: Manifest, one: Manifest, other: Manifest, protocol: str, port: int) -> bool:
    """NP-41: in at least one family that both ends have or may have (NP-43)."""
    for end in (one, other):  # what is outside is asked about in its own
        if end["pod"] is None and not end["node_like"] and end["ips"]:
            (family,) = end["ips"]
            return _in_family(world, one, other, family, protocol, port)
    known = [found for found in (_families(world, one), _families(world, other)) if found]
    families = set.intersection(*known) if known else {4}
    return any(_in_family(world, one, other, family, protocol, port) for family in families)


def _families(world: Manifest, end: Manifest) -> set[int]:
    if end["ips"] or end["pod"] is None or end["host"] is not None:
        return set(end["ips"])
    return {ip_network(cidr).version for cidr in world["pod_cidrs"]}


def _ends(world: Manifest, text: str) -> list[Manifest]:
    """What a text means, each as {pod, host, node, node_like, ips: family -> text}.

    The same pod asked twice is the same dictionary.
    """
    if "memo" not in world:
        world["memo"] = [_end_of_pod(world, pod) for pod in _pods(world)]
    ends: list[Manifest] = world["memo"]
    name, _, address = text.partition("@")
    if "/" not in name and not _is_address(name):  # ANP-17
        reached = _ends(world, address) if address else [_outside({})]
        return [{**end, "domain": name} for end in reached]
    if "/" in text:
        first, *_, name = text.split("/")
        if first == "node":
            return [_node_end(world, name)]
        return [end for end in ends if text in end["names"]]
    for end in ends:
        if text in end["ips"].values() and not end["host"] and not end["finished"]:
            if len(end["ips"]) > 1:
                end = end["by_ip"].setdefault(text, {**end, "ips": {_version(text): text}})
            return [end]
    for name in _node_names(world):
        if text in _node_addresses(world, name):
            return [{**_node_end(world, name), "ips": {_version(text): text}}]
    return [_outside({_version(text): text})]


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _version(text: str) -> int:
    return ip_address(text).version


def _outside(ips: dict[int, str]) -> Manifest:
    return {"pod": None, "host": None, "node": "", "node_like": False, "ips": ips}


def _node_end(world: Manifest, name: str) -> Manifest:
    ips: dict[int, str] = {}
    for address in _node_addresses(world, name):
        ips.setdefault(_version(address), address)
    return {"pod": None, "host": None, "node": name, "node_like": True, "ips": ips}


def _end_of_pod(world: Manifest, pod: Manifest) -> Manifest:
    status, spec = pod.get("status") or {}, pod["spec"]
    host = spec.get("hostNetwork", False)
    as_node = host and world["host_network_pods"] == "as_node"
    node = spec.get("nodeName", "")
    ips = {_version(item["ip"]): item["ip"] for item in status.get("podIPs") or ()}
    if host:
        ips = {**_node_end(world, node)["ips"], **ips}
    return {
        "pod": None if as_node else pod,
        "host": pod if host else None,
        "node": node,
        "node_like": as_node,
        "ips": ips,
        "by_ip": {},
        "names": pod["names"],
        "finished": status.get("phase") in ("Succeeded", "Failed"),
    }


def _pods(world: Manifest) -> list[Manifest]:
    """Every pod, those of templates too, with the texts that name it."""
    found = []
    for item in world["cluster"]:
        kind, metadata = item["kind"], item["metadata"]
        namespace, name = metadata.get("namespace"), metadata["name"]
        if kind == "Pod":
            found.append({**item, "names": [f"{namespace}/{name}"]})
        elif kind in ("Deployment", "StatefulSet", "DaemonSet", "Job"):
            spec = item["spec"]
            template = spec["template"]
            count = spec.get("replicas", 1)
            nodes = _node_names(world)
            if kind == "DaemonSet":
                count = len(nodes) or 2  # WL-13, WL-3
            for number in range(count):
                labels = dict(template["metadata"]["labels"])
                names = [f"{namespace}/{kind.lower()}/{name}"]
                if kind == "Deployment":
                    labels["pod-template-hash"] = UNKNOWN
                if kind == "StatefulSet":
                    pod_name = f"{name}-{number}"
                    names.append(f"{namespace}/{pod_name}")
                    labels["statefulset.kubernetes.io/pod-name"] = pod_name
                    labels["apps.kubernetes.io/pod-index"] = str(number)
                    labels["controller-revision-hash"] = UNKNOWN
                if kind == "DaemonSet":
                    labels["controller-revision-hash"] = UNKNOWN
                if kind == "Job":
                    labels["job-name"] = labels["batch.kubernetes.io/job-name"] = name
                pod_spec = dict(template["spec"])
                if kind == "DaemonSet" and number < len(nodes):
                    pod_spec["nodeName"] = nodes[number]
                found.append(
                    {
                        "names": names,
                        "metadata": {"name": name, "namespace": namespace, "labels": labels},
                        "spec": pod_spec,
                    }
                )
    return found


def _node_names(world: Manifest) -> list[str]:
    found = [item["metadata"]["name"] for item in world["cluster"] if item["kind"] == "Node"]
    found += [
        item["spec"]["nodeName"]
        for item in world["cluster"]
        if item["kind"] == "Pod" and item["spec"].get("nodeName")
    ]
    return list(dict.fromkeys(found))


def _node_addresses(world: Manifest, name: str) -> list[str]:
    """NP-60: of the Node, and what its pods tell of it."""
    found = []
    for item in world["cluster"]:
        if item["kind"] == "Node" and item["metadata"]["name"] == name:
            found += [address["address"] for address in item["status"]["addresses"]]
        if item["kind"] == "Pod" and name and item["spec"].get("nodeName") == name:
            status = item.get("status") or {}
            if status.get("hostIP"):
                found.append(status["hostIP"])
            if item["spec"].get("hostNetwork") and status.get("phase") not in (
                "Succeeded",
                "Failed",
            ):
                found += [entry["ip"] for entry in status.get("podIPs") or ()]
    return found


def _in_family(
    world: Manifest, source: Manifest, target: Manifest, family: int, protocol: str, port: int
) -> bool:
    same = source["pod"] is not None and source["pod"] is target["pod"]
    if same and world["self_traffic"] == "allow":
        return True
    flow = (target, family, protocol, port)
    return _side(world, "egress", source, target, flow) and _side(
        world, "ingress", target, source, flow
    )


def _side(
    world: Manifest,
    direction: str,
    subject: Manifest,
    peer: Manifest,
    flow: tuple[Manifest, int, str, int],
) -> bool:
    family = flow[1]
    pod = subject["pod"]
    if pod is None:
        return True
    inward = direction == "ingress"
    own = bool(subject["node"]) and (
        (peer["node_like"] and peer["node"] == subject["node"])
        or peer["ips"].get(family) in _node_addresses(world, subject["node"])
    )
    if own:
        name = "node_local_ingress" if inward else "egress_to_own_node"
        if world[name] == "allow":
            return True
    elif inward and peer["node_like"] and world["ingress_from_other_nodes"] == "allow":
        return True
    # ANP-1: tier by tier, up to the first that says something
    tier = (direction, subject, peer, flow, _selects)
    admin = plain_tiers.said(world, "Admin", *tier)
    if admin in ("allow", "deny"):
        return admin == "allow"
    isolated = _network_policies(world, direction, pod, peer, flow)
    if isolated is not None:
        return isolated
    if world["baseline_scope"] == "pod" and any(  # IMP-11
        _isolates(policy, each, pod) for policy in world["cluster"] for each in _BOTH
    ):
        return True
    return plain_tiers.said(world, "Baseline", *tier) != "deny"


_BOTH = ("ingress", "egress")


def _isolates(policy: Manifest, direction: str, pod: Manifest) -> bool:
    """NP-4, NP-5, NP-9..15"""
    spec = policy.get("spec") or {}
    if policy["kind"] != "NetworkPolicy":
        return False
    if policy["metadata"]["namespace"] != pod["metadata"]["namespace"]:
        return False
    types = spec.get("policyTypes") or ["Ingress"] + (["Egress"] if spec.get("egress") else [])
    selected = _selects(spec.get("podSelector"), pod["metadata"]["labels"])
    return selected and direction.capitalize() in types


def _network_policies(
    world: Manifest,
    direction: str,
    pod: Manifest,
    peer: Manifest,
    flow: tuple[Manifest, int, str, int],
) -> bool | None:
    """What NetworkPolicies say; None where none isolates the pod (NP-6)."""
    target, family, protocol, port = flow
    isolating = [policy for policy in world["cluster"] if _isolates(policy, direction, pod)]
    if isolating and protocol == "ICMP" and world["icmp"] != "portless_rules":
        return bool(world["icmp"] == "allow")
    for policy in isolating:
        namespace = policy["metadata"]["namespace"]
        for rule in (policy["spec"] or {}).get(direction) or []:
            rule = rule or {}
            peers = rule.get("from" if direction == "ingress" else "to")
            if peers and not any(_peer(world, item, namespace, peer, family) for item in peers):
                continue
            ports = rule.get("ports")
            if ports and not any(_port(world, x or {}, target, protocol, port) for x in ports):
                continue
            return True
    return False if isolating else None


def _peer(world: Manifest, item: Manifest, namespace: str, peer: Manifest, family: int) -> bool:
    if item.get("ipBlock") is not None:
        return _block(world, item["ipBlock"], peer, family)
    pod = peer["pod"]
    if pod is None:
        return False
    if item.get("namespaceSelector") is None:
        if pod["metadata"]["namespace"] != namespace:
            return False
    else:
        labels = plain_tiers.namespace_labels(world, pod["metadata"]["namespace"])
        if not _selects(item["namespaceSelector"], labels):
            return False
    return _selects(item.get("podSelector"), pod["metadata"]["labels"])


def _block(world: Manifest, block: Manifest, peer: Manifest, family: int) -> bool:
    cidr = ip_network(block["cidr"])
    holes = [ip_network(part) for part in block.get("except") or []]
    if cidr.version != family:
        return False
    if peer["pod"] is not None and not world["ipblock_matches_pods"]:
        return False
    if peer["pod"] is None and peer["node_like"]:
        nodes = world["ipblock_matches_nodes"]
        if nodes is False or (nodes == "except_wildcard" and cidr.prefixlen == 0):
            return False
    if family in peer["ips"]:
        address = ip_address(peer["ips"][family])
        return address in cidr and not any(address in hole for hole in holes)
    # NP-43
    if cidr.prefixlen == 0 and not holes:
        return True
    pools = [ip_network(text) for text in world["pod_cidrs"]]
    pools = [pool for pool in pools if pool.version == family]
    if peer["pod"] is None or peer["host"] is not None or not pools:
        return False
    return all(
        pool.subnet_of(cidr) and not any(pool.overlaps(hole) for hole in holes)  # type: ignore[arg-type]
        for pool in pools
    )


def _selects(selector: Manifest | None, labels: dict[str, Any]) -> bool:
    selector = selector or {}
    for key, value in (selector.get("matchLabels") or {}).items():
        if labels.get(key) != (value or ""):
            return False
    for item in selector.get("matchExpressions") or []:
        value = labels.get(item["key"])
        present = item["key"] in labels
        values = item.get("values") or []
        holds = {
            "In": present and value in values,
            "NotIn": not present or value not in values,
            "Exists": present,
            "DoesNotExist": not present,
        }[item["operator"]]
        if not holds:
            return False
    return True


def _port(world: Manifest, entry: Manifest, target: Manifest, protocol: str, port: int) -> bool:
    if protocol == "ICMP" or (entry.get("protocol") or "TCP") != protocol:
        return False
    if protocol == "SCTP" and world["sctp"] == "ignored":
        return False
    wanted = entry.get("port")
    if wanted is None:
        return True
    if isinstance(wanted, int):
        last = entry.get("endPort") if world["endport"] == "range" else None
        return wanted <= port <= int(last or wanted)
    pod = target["pod"]
    if pod is None and world["named_port_nonpod"] == "match_declared":
        pod = target["host"]
    if pod is None:
        return False
    return (wanted, protocol, port) in plain_tiers.declared_ports(world, pod["spec"])
