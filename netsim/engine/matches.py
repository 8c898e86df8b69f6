"""Whether one end of a flow is among the peers of a rule, and whether the flow is its traffic."""

from __future__ import annotations

from collections.abc import Mapping

from netsim.compiler.pools import holds_all, holds_none
from netsim.dialects.sides import End, Ledger, Side
from netsim.labels.selector import Selector
from netsim.model.cluster import NAME_LABEL, ContainerRole, Namespace, Node, Pod
from netsim.model.remarks import (
    block_text,
    domain_not_in,
    label_not_known,
    namespace_not_declared,
    no_pod_in,
    node_not_in,
    node_not_labelled,
)
from netsim.model.rules import (
    AddressSet,
    Anyone,
    AnyTraffic,
    DomainSet,
    NodeSet,
    NoTraffic,
    Peers,
    PodSet,
    PortNumbers,
    PortOfAnyProtocol,
    PortOfName,
    RankedPeers,
    RankedTraffic,
    Traffic,
)


def is_in(pods: PodSet, end: End, ledger: Ledger) -> bool:
    """Whether an end is one of these pods: nodes and what is outside are none (NP-33, NP-63)."""
    pod = end.network_pod
    if pod is None or end.namespace is None:
        return False
    if isinstance(pods.namespaces, str):
        return pods.namespaces == pod.namespace and _selected(pods.pods, pod, ledger)
    return _selected(pods.pods, pod, ledger) and _has(pods.namespaces, end.namespace, ledger)


def _selected(selector: Selector, pod: Pod, ledger: Ledger) -> bool:
    matches = selector.matches(pod.labels)
    if pod.labels.unknown and selector.undecidable(pod.labels):  # WL-7
        return ledger.assume(matches, label_not_known(pod, selector, matches))
    return matches


def _has(selector: Selector, namespace: Namespace, ledger: Ledger) -> bool:
    if not namespace.declared and any(item.key != NAME_LABEL for item in selector.requirements):
        ledger.note(namespace_not_declared(namespace.name))  # NP-35
    return selector.matches(namespace.labels)


def is_among(peers: Peers, end: End, ledger: Ledger) -> bool:
    """Whether an end is one of these peers."""
    match peers:
        case Anyone():
            return True
        case PodSet():
            return is_in(peers, end, ledger)
        case AddressSet():
            return peers.cidr.version == end.family.value and _in_block(peers, end, ledger)


def is_ranked_among(
    peers: RankedPeers, end: End, nodes: Mapping[str, Node], ledger: Ledger
) -> bool:
    """Whether an end is one of the peers of a ranked rule; `nodes` are those of the snapshot."""
    match peers:
        case NodeSet():
            return _is_node(peers.nodes, end, nodes, ledger)
        case DomainSet():
            return is_named(peers, end.domain)
        case _:
            return is_among(peers, end, ledger)


def is_named(domains: DomainSet, name: str) -> bool:
    """Whether a DNS name is the one that is meant, or one below it (ANP-17)."""
    wanted = domains.name
    return name.endswith(wanted.removeprefix("*")) if wanted.startswith("*") else name == wanted


def _is_node(selector: Selector, end: End, nodes: Mapping[str, Node], ledger: Ledger) -> bool:
    """ANP-16"""
    name = end.node.name if end.node else None
    labels = [
        node.labels
        for node in nodes.values()
        if node.name == name or (end.address is not None and end.address in node.addresses)
    ]
    if labels or end.node is None:
        return any(map(selector.matches, labels))
    if not selector.requirements:
        return True
    return ledger.assume(False, node_not_labelled(_whose_node(end), selector))


def _whose_node(end: End) -> str:
    if end.pod:
        return f"the node of `{end.pod}`"
    return f"`{end.node}`" if end.node and end.node.name else f"the node at `{end.address}`"


def _in_block(block: AddressSet, end: End, ledger: Ledger) -> bool:
    if not _holds(block, end, ledger):
        return False
    if block.network:
        return True  # ANP-15
    if end.network_pod:
        return ledger.option("ipblock_matches_pods") is True  # IMP-1
    if end.node:
        matches = ledger.option("ipblock_matches_nodes")  # IMP-15
        return block.cidr.prefixlen > 0 if matches == "except_wildcard" else matches is True
    return True


def _holds(block: AddressSet, end: End, ledger: Ledger) -> bool:
    if end.address is not None:
        return end.address in block.cidr and not any(end.address in hole for hole in block.excepts)
    if block.cidr.prefixlen == 0 and not block.excepts:  # NP-43
        return True
    own = end.pod is not None and not end.pod.host_network
    cidrs = ledger.semantics.pod_cidrs if own else ()
    pools = [cidr for cidr in cidrs if cidr.version == end.family.value]
    if pools and holds_all(block, pools):
        return True
    if pools and holds_none(block, pools):
        return False
    text = block_text(block.cidr, block.excepts)
    if own:
        return ledger.assume(False, no_pod_in(text))
    if end.pod is None and end.node is None:
        return ledger.assume(False, domain_not_in(end.domain, text))
    return ledger.assume(False, node_not_in(_whose_node(end), text))


def is_traffic(part: Traffic, side: Side, ledger: Ledger) -> bool:
    """Whether one entry of a rule's traffic has the protocol and port of a flow."""
    match part:
        case NoTraffic():
            return False
        case AnyTraffic():
            return True
        case PortNumbers(protocol, first, last):
            port = side.port
            return protocol is side.protocol and port is not None and first <= port <= last
        case PortOfName():
            return part.protocol is side.protocol and _is_named(part, side, ledger)


def is_ranked_traffic(part: RankedTraffic, side: Side, ledger: Ledger) -> bool:
    """The same for an entry of a ranked rule: a port name is what a pod declares (ANP-19)."""
    if isinstance(part, PortOfAnyProtocol):
        pod = side.destination.network_pod
        return pod is not None and _declares(part.name, side, ledger)
    return is_traffic(part, side, ledger)


def _is_named(part: PortOfName, side: Side, ledger: Ledger) -> bool:
    if not _declares(part.name, side, ledger):
        return False
    if side.destination.network_pod:
        return True
    return ledger.option("named_port_nonpod") == "match_declared"  # IMP-5


def _declares(name: str, side: Side, ledger: Ledger) -> bool:
    """Whether the destination declares the port of a flow under a name."""
    roles = {
        port.role
        for port in side.destination.ports
        if port.name == name and port.protocol is side.protocol and port.number == side.port
    }
    return _gives_names(roles, ledger)


def _gives_names(roles: set[ContainerRole], ledger: Ledger) -> bool:
    """Whether one of these declarations counts (NP-52, IMP-5)."""
    if ContainerRole.CONTAINER in roles or not roles:
        return bool(roles)
    containers = ledger.option("named_port_containers")
    return containers == "all" or (
        ContainerRole.SIDECAR in roles and containers == "containers+sidecars"
    )
