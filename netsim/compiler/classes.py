"""Endpoint classes: pods and nodes that no policy of the snapshot tells apart."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, pairwise

from netsim.compiler.looks import Looks
from netsim.compiler.seen import Seen
from netsim.model.cluster import Address, ContainerPort, ContainerRole, Node, Pod
from netsim.model.directory import known_nodes
from netsim.model.semantics import Semantics
from netsim.model.snapshot import Snapshot
from netsim.sets.blocks import Places, each_place

_NO_ADDRESSES: frozenset[Address] = frozenset()
_NOWHERE = "", _NO_ADDRESSES


@dataclass(slots=True, eq=False, repr=False)
class EndpointClass:
    """Endpoints that are alike to every rule; `pod` or `node` is one of them.

    `addresses` has one address a version, as the other end sees it; empty where none is known.
    `host` are the name and the addresses of the node that the pods are on, or that it is.
    `has_own_address` says whether its address, known or not, is a pod's own, not a node's (NP-63).
    `count` is the number of endpoints, replicas counted (1 where their number isn't known).
    """

    namespace: str
    representative: Pod | Node
    members: tuple[Pod | Node, ...]
    addresses: tuple[Address, ...]
    ports: tuple[ContainerPort, ...]
    host: tuple[str, frozenset[Address]]
    is_node: bool
    has_own_address: bool
    count: int


@dataclass(slots=True, eq=False, repr=False)
class Universe:
    """All classes of a snapshot. The classes of one namespace make a block; nodes make the last.

    Class number n is the place (block, bit) that `place(n)` says. `blocks` has the namespaces'
    names, and an empty one for the nodes; `everyone` is the set of all classes of each.
    """

    classes: tuple[EndpointClass, ...]
    blocks: tuple[str, ...]
    starts: tuple[int, ...]
    everyone: list[int]
    _places: list[tuple[int, int]]

    @staticmethod
    def of(classes: Sequence[EndpointClass]) -> Universe:
        """The universe of these classes, which stand sorted by namespace."""
        starts: dict[str, int] = {}
        for number, item in enumerate(classes):
            starts.setdefault(item.namespace, number)
        sizes = [end - start for start, end in pairwise((*starts.values(), len(classes)))]
        everyone = [(1 << size) - 1 for size in sizes]
        places = [(at, bit) for at, size in enumerate(sizes) for bit in range(size)]
        return Universe(tuple(classes), tuple(starts), tuple(starts.values()), everyone, places)

    def __len__(self) -> int:
        return len(self.classes)

    def place(self, number: int) -> tuple[int, int]:
        """Block and bit of a class."""
        return self._places[number]

    def number(self, block: int, bit: int) -> int:
        """The class at a place."""
        return self.starts[block] + bit

    @property
    def pods(self) -> Places:
        """The places of all classes but those of nodes."""
        return {at: bits for at, bits in enumerate(self.everyone) if self.blocks[at]}

    def numbers(self, places: Places) -> Iterator[int]:
        """The classes at these places."""
        return (self.starts[block] + bit for block, bit in each_place(places))

    def places(self, classes: int) -> Places:
        """The places of a set of classes."""
        found = {}
        for block, everyone in enumerate(self.everyone):
            if bits := classes >> self.starts[block] & everyone:
                found[block] = bits
        return found

    def classes_at(self, places: Places) -> int:
        """The classes at these places, as a set."""
        found = 0
        for block, bits in places.items():
            found |= bits << self.starts[block]
        return found

    def block(self, block: int) -> tuple[EndpointClass, ...]:
        """The classes of one block, by bit."""
        end = self.starts[block + 1] if block + 1 < len(self.starts) else len(self.classes)
        return self.classes[self.starts[block] : end]


def classes_of(snapshot: Snapshot, looks: Looks) -> Universe:
    """The classes that the rules of a snapshot leave."""
    alike: dict[Hashable, list[EndpointClass]] = {}
    for key, alone in _each(snapshot, looks):
        alike.setdefault(key, []).append(alone)
    found = [first if not others else _together(first, others) for first, *others in alike.values()]
    return Universe.of(sorted(found, key=lambda item: (item.is_node, item.namespace)))


def _together(first: EndpointClass, others: list[EndpointClass]) -> EndpointClass:
    every = (first, *others)
    members = tuple([item.representative for item in every])
    return replace(first, members=members, count=sum([item.count for item in every]))


def _each(snapshot: Snapshot, looks: Looks) -> Iterator[tuple[Hashable, EndpointClass]]:
    """Every endpoint as a class of its own, with a key that is equal for those that are alike."""
    semantics = snapshot.semantics
    nodes = known_nodes(snapshot)
    told = [_host_addresses(snapshot, pod) for pod in snapshot.pods]
    of_hosts = frozenset(chain.from_iterable(told))
    own_node = looks.outward and semantics.egress_to_own_node == "allow"  # IMP-8
    # NP-60: so may one pod for another, as far as it has an address of its node.
    own_node |= looks.inward and _is_shared(snapshot, of_hosts)
    # Where a pod runs can matter only where something is known of some node.
    anywhere = bool(nodes or of_hosts)
    seen = Seen(looks, partial(counts, semantics=semantics))
    for pod, of_host in zip(snapshot.pods, told, strict=True):
        if pod.finished:  # NP-64
            continue
        if pod.host_network and semantics.host_network_pods == "as_node":
            yield _on_host(pod, of_host, (pod.node, frozenset(of_host)), semantics)
        else:
            addresses = of_host if pod.host_network else pod.addresses
            # Where it runs matters if something but its own node may be refused (NP-60).
            matters = anywhere and (own_node or pod.namespace in looks.isolated)
            where = (pod.node, frozenset(of_host)) if matters else _NOWHERE
            shared = of_hosts.intersection(addresses) if addresses else _NO_ADDRESSES
            yield _pod(pod, addresses, shared, where, seen)
    for _, node in sorted(nodes.items()):
        yield _node(node)


def _is_shared(snapshot: Snapshot, of_hosts: frozenset[Address]) -> bool:
    """Whether a pod that policies can name has an address of a node."""
    as_pods = snapshot.semantics.host_network_pods == "as_pods"
    pods = (pod for pod in snapshot.pods if not pod.finished)
    return any(
        as_pods if pod.host_network else not of_hosts.isdisjoint(pod.addresses) for pod in pods
    )


def _pod(
    pod: Pod,
    addresses: tuple[Address, ...],
    shared: frozenset[Address],
    host: tuple[str, frozenset[Address]],
    seen: Seen,
) -> tuple[Hashable, EndpointClass]:
    """NP-60: of its addresses those that it shares with some node are looked at one by one."""
    labels, (ports, asked) = seen.labels(pod.labels), seen.ports(pod.ports)
    atoms = seen.atoms(addresses)
    key = pod.namespace, labels, asked, atoms, shared, host, pod.host_network
    own, count = not pod.host_network, pod.replicas or 1
    return key, EndpointClass(pod.namespace, pod, (pod,), addresses, ports, host, False, own, count)


def _on_host(
    pod: Pod,
    addresses: tuple[Address, ...],
    host: tuple[str, frozenset[Address]],
    semantics: Semantics,
) -> tuple[Hashable, EndpointClass]:
    """NP-62, NP-63: a hostNetwork pod is its node; IMP-5 decides whether it has named ports."""
    declared = semantics.named_port_nonpod == "match_declared"
    ports = tuple(port for port in pod.ports if counts(port, semantics)) if declared else ()
    key = "node", host, addresses, ports
    count = pod.replicas or 1
    return key, EndpointClass("", pod, (pod,), addresses, ports, host, True, False, count)


def _node(node: Node) -> tuple[Hashable, EndpointClass]:
    host = node.name, frozenset(node.addresses)
    key = "node", host, node.addresses, ()
    return key, EndpointClass("", node, (node,), node.addresses, (), host, True, False, 1)


def _host_addresses(snapshot: Snapshot, pod: Pod) -> tuple[Address, ...]:
    """Every known address of the node that a pod is on, its own first if they are the node's."""
    node = snapshot.nodes.get(pod.node)
    if node is None and not pod.host_network:
        return pod.host_addresses
    own = pod.addresses if pod.host_network else ()
    return tuple(dict.fromkeys((*own, *(node.addresses if node else ()), *pod.host_addresses)))


def counts(port: ContainerPort, semantics: Semantics) -> bool:
    """Whether a declaration gives its port a name (NP-52, IMP-5)."""
    match semantics.named_port_containers:
        case "containers":
            return port.role is ContainerRole.CONTAINER
        case "containers+sidecars":
            return port.role is not ContainerRole.INIT
        case _:
            return True
