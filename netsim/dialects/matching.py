"""What every policy API asks of an end, written plainly: its labels, its address, its port names.

For the references alone: loops and `ipaddress`, the number of the rule at each branch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network

from netsim.dialects.sides import End, Ledger
from netsim.labels.selector import Selector
from netsim.model.cluster import (
    NAME_LABEL,
    ContainerPort,
    ContainerRole,
    Namespace,
    Node,
    Pod,
    Protocol,
)
from netsim.model.remarks import (
    block_text,
    domain_not_in,
    label_not_known,
    namespace_not_declared,
    no_pod_in,
    node_not_in,
    node_not_labelled,
)

Network = IPv4Network | IPv6Network


def selects_pod(selector: Selector, pod: Pod, ledger: Ledger) -> bool:
    """Whether a pod's labels match (SEL-1..11)."""
    matches = selector.matches(pod.labels)
    # WL-7: a label whose value only the live cluster has
    if selector.undecidable(pod.labels):
        return ledger.assume(matches, label_not_known(pod, selector, matches))
    return matches


def selects_namespace(selector: Selector, namespace: Namespace, ledger: Ledger) -> bool:
    """Whether a namespace's labels match, its name label among them (NP-34)."""
    # NP-35; a selector that asks for the name alone lacks nothing
    if not namespace.declared and any(item.key != NAME_LABEL for item in selector.requirements):
        ledger.note(namespace_not_declared(namespace.name))
    return selector.matches(namespace.labels)


def block_matches(cidr: Network, excepts: Sequence[Network], end: End, ledger: Ledger) -> bool:
    """Whether a block of addresses, less its excepts, matches an end of any kind."""
    # NP-38: `0.0.0.0/0` is not everything
    if cidr.version != end.family.value or not _inside(cidr, excepts, end, ledger):
        return False
    # NP-40, IMP-1: the packet's address is compared, and pods have addresses too
    if end.network_pod:
        return ledger.option("ipblock_matches_pods") is True
    # NP-63, IMP-15
    if end.node:
        matches = ledger.option("ipblock_matches_nodes")
        return cidr.prefixlen > 0 if matches == "except_wildcard" else matches is True
    return True


def network_matches(cidr: Network, end: End, ledger: Ledger) -> bool:
    """Whether a block of addresses matches an end of any kind, whatever is said about ipBlock."""
    # ANP-15: pods and nodes have addresses too; IPv6 needs its own entry
    return cidr.version == end.family.value and _inside(cidr, (), end, ledger)


def _inside(cidr: Network, excepts: Sequence[Network], end: End, ledger: Ledger) -> bool:
    # NP-36, NP-37: an except makes its own block smaller and denies nothing
    if end.address is not None:
        return end.address in cidr and not any(end.address in hole for hole in excepts)
    # NP-43: the address is not known; does the block hold every one, or none, that it may be?
    if cidr.prefixlen == 0 and not excepts:
        return True
    pools = _pools(end, ledger)
    if pools and all(_holds(cidr, excepts, pool) for pool in pools):
        return True
    if pools and not any(_touches(cidr, excepts, pool) for pool in pools):
        return False
    return ledger.assume(False, _no_address_in(cidr, excepts, end))


def _pools(end: End, ledger: Ledger) -> list[Network]:
    """The ranges that hold the unknown address of a pod, as far as configured (IMP-16)."""
    if not _has_own_address(end):
        return []
    cidrs = ledger.semantics.pod_cidrs
    return [cidr for cidr in cidrs if cidr.version == end.family.value]


def _holds(cidr: Network, excepts: Sequence[Network], pool: Network) -> bool:
    return _within(pool, cidr) and not any(_overlap(pool, hole) for hole in excepts)


def _touches(cidr: Network, excepts: Sequence[Network], pool: Network) -> bool:
    return _overlap(pool, cidr) and not any(_within(pool, hole) for hole in excepts)


def _within(inner: Network, outer: Network) -> bool:
    return inner.prefixlen >= outer.prefixlen and inner.network_address in outer


def _overlap(one: Network, other: Network) -> bool:
    return _within(one, other) or _within(other, one)


def _no_address_in(cidr: Network, excepts: Sequence[Network], end: End) -> str:
    block = block_text(cidr, excepts)
    if _has_own_address(end):
        return no_pod_in(block)
    if end.pod is None and end.node is None:
        return domain_not_in(end.domain, block)
    return node_not_in(_whose_node(end), block)


def _whose_node(end: End) -> str:
    if end.pod:
        return f"the node of `{end.pod}`"
    return f"`{end.node}`" if end.node and end.node.name else f"the node at `{end.address}`"


def is_node_of(selector: Selector, end: End, nodes: Mapping[str, Node], ledger: Ledger) -> bool:
    """Whether an end is a node that matches, by any address of it or by its name (ANP-16).

    `nodes` are those of the snapshot, by name.
    """
    name = end.node.name if end.node else None
    found = [node for node in nodes.values() if end.address in node.addresses or node.name == name]
    if found or end.node is None:
        return any(selector.matches(node.labels) for node in found)
    # A node that has no manifest has labels nonetheless
    if not selector.requirements:
        return True
    return ledger.assume(False, node_not_labelled(_whose_node(end), selector))


def reached_under(name: str, end: End) -> bool:
    """Whether an end is reached under `name`, or under one of those that `*.` stands for (ANP-17)."""
    # One whole label or more stand before the dot; without a domain the end is no name at all
    return end.domain.endswith(name[1:]) if name.startswith("*.") else end.domain == name


def _has_own_address(end: End) -> bool:
    """Whether the address is a pod's own, and not that of its node (NP-63)."""
    return end.pod is not None and not end.pod.host_network


def names_port(
    name: str, protocol: Protocol, number: int | None, destination: End, ledger: Ledger
) -> bool:
    """Whether a port entry of `protocol` that says `name` means this port (NP-50, NP-51)."""
    if not declares_port(name, protocol, number, destination, ledger):
        return False
    # NP-55, IMP-5: only a hostNetwork pod declares ports without being in the pod network
    if destination.network_pod:
        return True
    return ledger.option("named_port_nonpod") == "match_declared"


def declares_port(
    name: str, protocol: Protocol, number: int | None, end: End, ledger: Ledger
) -> bool:
    """Whether an end declares this port of this protocol under `name`."""
    # NP-53: every declaration of the name counts; NP-54: none is no error
    declared = [
        port
        for port in end.ports
        if port.name == name and port.protocol is protocol and port.number == number
    ]
    return any(_has_name(port, ledger) for port in declared)


def _has_name(port: ContainerPort, ledger: Ledger) -> bool:
    # NP-52, IMP-5
    match port.role:
        case ContainerRole.CONTAINER:
            return True
        case ContainerRole.SIDECAR:
            return ledger.option("named_port_containers") != "containers"
        case ContainerRole.INIT:
            return ledger.option("named_port_containers") == "all"
