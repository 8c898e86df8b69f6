"""Who is asked for whom: pods that are alike, and addresses that no policy tells apart."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from ipaddress import ip_network
from typing import NamedTuple

from netsim.model.cluster import Address, Node, Pod, WorkloadKind
from netsim.model.directory import Directory, Named
from netsim.model.endpoints import Network
from netsim.model.flow import Domain
from netsim.sets.addresses import address_of, span
from netsim.sets.intervals import Interval, cut

_DAEMON_SET = WorkloadKind.DAEMON_SET.value
# By IP version: what never leaves a pod, and so can't be asked (NP-59).
_LOOPBACK = {4: span(ip_network("127.0.0.0/8")), 6: span(ip_network("::1/128"))}


class PodClass(NamedTuple):
    """Pods that differ only in what no policy of the question can see. Never empty."""

    members: tuple[Pod, ...]

    @property
    def endpoint(self) -> Pod:
        return self.members[0]


class AddressAtom(NamedTuple):
    """Addresses of nobody in the cluster that no policy of the question tells apart."""

    endpoint: Address
    interval: Interval


class Alone(NamedTuple):
    """A node, or an address or DNS name that was named itself."""

    endpoint: Node | Address | Domain


Asked = PodClass | AddressAtom | Alone


class Outlook(NamedTuple):
    """What the other end can tell apart: by CIDR and by address, in its policies, and by node."""

    networks: tuple[Network, ...]
    nodes: bool
    addresses: frozenset[Address] = frozenset()


def who_is_asked(named: Named, directory: Directory, outlook: Outlook) -> list[Asked]:
    """The fewest endpoints that stand for all of `named`, in a stable order."""
    pods = [item for item in named.members if isinstance(item, Pod)]
    placed = [one for pod in pods for one in _placed(pod, directory, outlook)]
    alone = [Alone(item) for item in named.members if not isinstance(item, Pod)]
    atoms = [atom for network in named.ranges for atom in _atoms(network, directory, outlook)]
    return [*_classes(placed, outlook), *alone, *atoms]


def _placed(pod: Pod, directory: Directory, outlook: Outlook) -> list[Pod]:
    """A DaemonSet is one pod on each node, where it matters on which (WL-13)."""
    everywhere = pod.template and pod.workload and pod.workload.kind == _DAEMON_SET
    matters = pod.host_network or outlook.nodes
    if not (everywhere and matters and directory.nodes) or pod.node:
        return [pod]
    return on_each_node(pod, directory.nodes.values())


def on_each_node(pod: Pod, nodes: Iterable[Node]) -> list[Pod]:
    """The pods of a DaemonSet, one on each of these nodes."""
    return [
        replace(
            pod,
            name=f"{pod.name} on {node.name}",
            node=node.name,
            host_addresses=node.addresses,
            replicas=1,
        )
        for node in nodes
    ]


def _classes(pods: list[Pod], outlook: Outlook) -> list[Asked]:
    spans = [(network.version, *span(network)) for network in outlook.networks]
    classes: dict[Hashable, list[Pod]] = {}
    for pod in pods:
        seen = tuple(
            item if item in outlook.addresses else _seen(item, spans) for item in pod.addresses
        )
        # A node's pods know it by its very addresses, whatever policies write (NP-60).
        addresses = pod.addresses if pod.host_network else seen
        node = (pod.node, pod.host_addresses) if outlook.nodes or pod.host_network else None
        many = pod.replicas != 1
        key = (pod.namespace, pod.labels, pod.ports, pod.host_network, addresses, node, many)
        classes.setdefault(key, []).append(pod)
    return [PodClass(tuple(members)) for members in classes.values()]


def _seen(item: Address, spans: Sequence[tuple[int, int, int]]) -> Hashable:
    """An address as policies see it: its version, and which of their networks hold it."""
    number = int(item)
    holding = (
        index
        for index, (version, first, last) in enumerate(spans)
        if version == item.version and first <= number <= last
    )
    return (item.version, *holding)


def _atoms(network: Network, directory: Directory, outlook: Outlook) -> Iterator[AddressAtom]:
    version = network.version
    used = {int(item) for item in directory.owned() if item.version == version}
    inner = [span(item) for item in outlook.networks if item.version == version]
    starts = {first for first, _ in inner} | {last + 1 for _, last in inner}
    for atom in cut(span(network), starts):
        number = _free(atom, used, version)
        if number is not None:
            yield AddressAtom(address_of(number, version), atom)


def _free(interval: Interval, used: set[int], version: int) -> int | None:
    """The first number that is nobody's in the cluster."""
    number, last = interval
    first_loopback, last_loopback = _LOOPBACK[version]
    while number in used or first_loopback <= number <= last_loopback:
        number = last_loopback + 1 if first_loopback <= number <= last_loopback else number + 1
    return number if number <= last else None
