"""Whether one end of a flow is among the peers of a rule, and whether the flow is its traffic."""

from __future__ import annotations

from netsim.compiler.pools import holds_all, holds_none
from netsim.dialects.sides import End, Ledger, Side
from netsim.labels.selector import Selector
from netsim.model.cluster import NAME_LABEL, ContainerRole, Namespace, Pod
from netsim.model.remarks import (
    block_text,
    label_not_known,
    namespace_not_declared,
    no_pod_in,
    node_not_in,
)
from netsim.model.rules import (
    AddressSet,
    Anyone,
    AnyTraffic,
    NoTraffic,
    Peers,
    PodSet,
    PortNumbers,
    PortOfName,
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


def _in_block(block: AddressSet, end: End, ledger: Ledger) -> bool:
    if not _holds(block, end, ledger):
        return False
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
    whose = f"the node of `{end.pod}`" if end.pod else f"`{end.node}`"
    return ledger.assume(False, node_not_in(whose, text))


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


def _is_named(part: PortOfName, side: Side, ledger: Ledger) -> bool:
    roles = {
        port.role
        for port in side.destination.ports
        if port.name == part.name and port.protocol is part.protocol and port.number == side.port
    }
    if not _gives_names(roles, ledger):
        return False
    if side.destination.network_pod:
        return True
    return ledger.option("named_port_nonpod") == "match_declared"  # IMP-5


def _gives_names(roles: set[ContainerRole], ledger: Ledger) -> bool:
    """Whether one of these declarations counts (NP-52, IMP-5)."""
    if ContainerRole.CONTAINER in roles or not roles:
        return bool(roles)
    containers = ledger.option("named_port_containers")
    return containers == "all" or (
        ContainerRole.SIDECAR in roles and containers == "containers+sidecars"
    )
