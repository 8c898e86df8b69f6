"""Who the endpoint texts speak of in one snapshot.

directory = Directory(snapshot)
directory.find("shop/deploy/api").members       # its pods
directory.find("10.0.0.0/8").ranges             # whoever has an address there
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from netsim.errors import QueryError, query_error, unclear_error
from netsim.labels.selector import Selector
from netsim.model.cluster import Address, Node, Pod, WorkloadKind, WorkloadRef
from netsim.model.endpoints import (
    EVERYWHERE,
    AddressRange,
    DnsName,
    Name,
    Network,
    NewPod,
    Outside,
    Selection,
    dns_name,
    no_services,
    parse_endpoint,
)
from netsim.model.flow import Domain, Endpoint
from netsim.model.nearest import did_you_mean, near_names, one_of
from netsim.model.snapshot import Snapshot
from netsim.sets.addresses import address_of, networks, span
from netsim.sets.intervals import without

_POD, _NODE, _SERVICE = WorkloadKind.POD.value, "node", "service"
# kubectl's short names; plurals are understood besides.
SHORT_NAMES = {
    "po": _POD,
    "deploy": WorkloadKind.DEPLOYMENT.value,
    "sts": WorkloadKind.STATEFUL_SET.value,
    "ds": WorkloadKind.DAEMON_SET.value,
    "rs": WorkloadKind.REPLICA_SET.value,
    "rc": WorkloadKind.REPLICATION_CONTROLLER.value,
    "cj": WorkloadKind.CRON_JOB.value,
    "no": _NODE,
    "svc": _SERVICE,
}
_KINDS = {*(kind.value for kind in WorkloadKind), _NODE, _SERVICE}


class Named(NamedTuple):
    """What an endpoint text stands for: `members`, and the addresses in `ranges` that are nobody's.

    `workload` is the one workload that the text names, if it names one. `outside` is the text
    `external`: no address of a pod range is meant, and no IP version that nobody else has.
    `note` says how else the text might have been meant, if that is likely.
    """

    members: tuple[Endpoint, ...] = ()
    ranges: tuple[Network, ...] = ()
    workload: WorkloadRef | None = None
    outside: bool = False
    note: str = ""


class Directory:
    """The names and addresses of a snapshot. Building it costs a pass over the pods."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._pods = {
            (pod.namespace, pod.name): pod for pod in snapshot.pods if not _stands_in(pod)
        }
        self._members: dict[WorkloadRef, list[Pod]] = {ref: [] for ref in snapshot.workloads}
        for pod in snapshot.pods:
            if pod.workload:
                self._members.setdefault(pod.workload, []).append(pod)
        self._workloads: dict[tuple[str, str], list[WorkloadRef]] = {}
        for ref in self._members:
            self._workloads.setdefault((ref.namespace, ref.name), []).append(ref)
        self._kinds = _KINDS | {ref.kind for ref in self._members}
        self.nodes = known_nodes(snapshot)
        self._owners = _owners(snapshot)

    def find(self, text: str, namespace: str = "") -> Named:
        """What `text` stands for. `namespace` is that of texts that give none; empty: all.

        Raises QueryError if it is no endpoint text, if nothing is called so (with the nearest
        names), if several things are, or if no pod is behind it.
        """
        match parse_endpoint(text):
            case Name(parts):
                return self._find_name(parts, namespace)
            case Selection() as selection:
                return Named(self._selected(selection, namespace, text))
            case NewPod(own, labels):
                if not (own or namespace):
                    raise unclear_error(f"`{text}` gives no namespace", help="new:shop/{app=web}")
                where = self._known(own or namespace)
                return Named((Pod(where, f"{{{labels}}}", labels, replicas=None),))
            case Outside():
                return Named(ranges=self._outside(), outside=True)
            case DnsName(name, address):
                return Named((Domain(name, address),))
            case AddressRange(network) if network.num_addresses > 1:
                return Named(self._owners_in(network), (network,))
            case AddressRange(network):
                address = network.network_address
                return Named((self.owner_of(address) or address,))

    def owner_of(self, address: Address) -> Pod | Node | None:
        """The pod or node that has this address, as having no other (NP-42)."""
        owner = self._owners.get(address)
        return replace(owner, addresses=(address,)) if owner else None

    def text_of(self, endpoint: Endpoint) -> str:
        """A text for an endpoint: its name, or the one of its addresses that it is asked by."""
        if isinstance(endpoint, Pod | Node) and len(endpoint.addresses) == 1:
            [address] = endpoint.addresses
            is_pod = isinstance(endpoint, Pod)
            whole = self._owners.get(address) if is_pod else self.nodes.get(endpoint.name)
            if whole and len(whole.addresses) > 1 and str(whole) == str(endpoint):
                return str(address)
        return str(endpoint)

    def behind(self, endpoint: Endpoint) -> Endpoint:
        """Who an endpoint is: of a DNS name the pod or node that has its address, if one has."""
        if not isinstance(endpoint, Domain) or endpoint.address is None:
            return endpoint
        return self.owner_of(endpoint.address) or endpoint

    def _owners_in(self, network: Network) -> tuple[Pod | Node, ...]:
        inside = sorted(int(address) for address in self._owners if address in network)
        found = (self.owner_of(address_of(number, network.version)) for number in inside)
        return tuple(owner for owner in found if owner)

    def _outside(self) -> tuple[Network, ...]:
        found: list[Network] = []
        for version in (4, 6):
            cidrs = self._snapshot.semantics.pod_cidrs
            pools = [span(cidr) for cidr in cidrs if cidr.version == version]
            everywhere = next(span(item) for item in EVERYWHERE if item.version == version)
            found += networks(without(everywhere, pools), version)
        return tuple(found)

    def owned(self) -> Iterable[Address]:
        """Every address that is a pod's or a node's, in no order."""
        return self._owners.keys()

    @cached_property
    def hosts(self) -> frozenset[Address]:
        """Every address that the manifest of a node gives it."""
        nodes = self._snapshot.nodes.values()
        return frozenset(address for node in nodes for address in node.addresses)

    def _find_name(self, parts: tuple[str, ...], namespace: str) -> Named:
        *before, name = parts
        if len(before) == 2:
            return self._find_one(name, self._kind(before[1]), [self._known(before[0])])
        # A kind is a kind only where no namespace is called so.
        if before and before[0] in self._snapshot.namespaces:
            return self._find_one(name, "", before)
        if before and _singular(before[0]) not in self._kinds:
            words = (*self._snapshot.namespaces, *self._kinds)
            help = did_you_mean(before[0], words)
            raise query_error(f"`{before[0]}` is neither a namespace nor a kind", help=help)
        kind = self._kind(before[0]) if before else ""
        if kind == _NODE:
            return Named((self._node(name),))
        places = [self._known(namespace)] if namespace else list(self._snapshot.namespaces)
        if not before and (called := dns_name(name)) and not self._is_taken(name):
            return Named((Domain(called),), note=self._perhaps(name, places))
        return self._find_one(name, kind, places)

    def _is_taken(self, name: str) -> bool:
        """Whether a pod or workload of any namespace has this name."""
        return any(self._called(name, "", place) for place in self._snapshot.namespaces)

    def _perhaps(self, name: str, namespaces: list[str]) -> str:
        """A note on a DNS name that may be a misspelt name of a pod or workload with dots in it."""
        near = near_names(name, (item for item in self._names_in(namespaces) if "." in item))
        return (
            f"`{name}` is taken for a DNS name: no pod or workload is called so, but {one_of(near)}"
            if near
            else ""
        )

    def _names_in(self, namespaces: list[str]) -> list[str]:
        places = frozenset(namespaces)
        return [name for where, name in (*self._pods, *self._workloads) if where in places]

    def _find_one(self, name: str, kind: str, namespaces: list[str]) -> Named:
        """The one thing of this name in these namespaces; without a kind of any."""
        if kind == _SERVICE:
            raise no_services(name)
        found = [item for place in namespaces for item in self._called(name, kind, place)]
        if not found:
            raise self._nothing(name, kind, namespaces)
        if len(found) > 1:
            texts = sorted(str(item) for item in found)
            message = f"`{name}` names {len(texts)} things"
            raise unclear_error(message, help=f"write {one_of(texts)}")
        return Named((found[0],)) if isinstance(found[0], Pod) else self._pods_of(found[0])

    def _called(self, name: str, kind: str, namespace: str) -> list[Pod | WorkloadRef]:
        pod = self._pods.get((namespace, name))
        if pod and kind in ("", _POD):
            return [pod]
        refs = self._workloads.get((namespace, name), [])
        return [ref for ref in refs if kind in ("", ref.kind)]

    def _pods_of(self, ref: WorkloadRef) -> Named:
        pods = tuple([pod for pod in self._members[ref] if not pod.finished])
        if pods:
            return Named(pods, workload=ref)
        if self._members[ref]:
            raise query_error(f"`{ref}` has no running pod: all have finished", code="NP-64")
        raise query_error(f"`{ref}` has no pods: it has 0 replicas or is suspended", code="WL-3")

    def _selected(self, selection: Selection, namespace: str, text: str) -> tuple[Pod, ...]:
        places = self._places(selection, namespace)
        pods = self._running_in(places)
        if selection.pods.requirements:
            pods = [pod for pod in pods if selection.pods.matches(pod.labels)]
        found = tuple(pods)
        if not found:
            help = self._labels_there(selection.pods, places)
            raise query_error(f"no running pod matches `{text}`", help=help)
        return found

    def _labels_there(self, selector: Selector, places: set[str]) -> str:
        """What the running pods of these namespaces have instead, under the same keys if any."""
        labels = {
            item
            for pod in self._running_in(places)
            for item in pod.labels.items()
            if item[0] not in pod.labels.unknown
        }
        keys = {requirement.key for requirement in selector.requirements}
        same = {item for item in labels if item[0] in keys}
        return did_you_mean(str(selector), (f"{key}={value}" for key, value in same or labels))

    def _running_in(self, places: set[str]) -> Iterable[Pod]:
        """The running pods of some namespaces, in the order of the snapshot."""
        if len(places) == 1:
            return self._running.get(next(iter(places)), [])
        return (pod for pod in self._snapshot.pods if pod.namespace in places and not pod.finished)

    @cached_property
    def _running(self) -> dict[str, list[Pod]]:
        """The running pods by namespace."""
        found: dict[str, list[Pod]] = {}
        for pod in self._snapshot.pods:
            if not pod.finished:
                found.setdefault(pod.namespace, []).append(pod)
        return found

    def _places(self, selection: Selection, namespace: str) -> set[str]:
        selector = selection.namespaces
        if selector is not None:
            spaces = self._snapshot.namespaces.values()
            return {space.name for space in spaces if selector.matches(space.labels)}
        name = selection.namespace or namespace
        return {self._known(name)} if name else set(self._snapshot.namespaces)

    def _node(self, name: str) -> Node:
        if name in self.nodes:
            return self.nodes[name]
        none = "the input has no nodes: add the output of `kubectl get nodes -o yaml`"
        help = did_you_mean(name, self.nodes, "node/") or none
        raise query_error(f"there is no node `{name}`", help=help)

    def _known(self, namespace: str) -> str:
        known = self._snapshot.namespaces
        if namespace in known:
            return namespace
        help = did_you_mean(namespace, known)
        raise query_error(f"there is no namespace `{namespace}`", help=help)

    def _kind(self, word: str) -> str:
        kind = _singular(word)
        if kind in self._kinds:
            return kind
        help = did_you_mean(word, self._kinds)
        raise query_error(f"there is no kind `{word}`", help=help)

    def _nothing(self, name: str, kind: str, namespaces: list[str]) -> QueryError:
        what = kind or "pod or workload"
        place = f" in namespace `{namespaces[0]}`" if len(namespaces) == 1 else ""
        prefix = f"{namespaces[0]}/" if len(namespaces) == 1 else ""
        known = self._names_in(namespaces)
        elsewhere = sorted(
            {
                f"{where}/{name}"
                for where in self._snapshot.namespaces
                if self._called(name, kind, where)
            }
        )
        help = (
            f"did you mean {one_of(elsewhere)}?" if elsewhere else did_you_mean(name, known, prefix)
        )
        return query_error(f"there is no {what} `{name}`{place}", help=help)


def _stands_in(pod: Pod) -> bool:
    """Whether the pod stands for all replicas of its workload, and is no pod of its own name."""
    return pod.template and pod.workload is not None and pod.workload.name == pod.name


def kind_of(word: str) -> str:
    """The kind that a word of a name stands for, whatever exists; empty if it is none."""
    kind = _singular(word)
    return kind if kind in _KINDS else ""


def _singular(word: str) -> str:
    word = word.lower()
    singular = word[:-1] if word.endswith("s") and word not in SHORT_NAMES else word
    return SHORT_NAMES.get(singular, singular)


def known_nodes(snapshot: Snapshot) -> dict[str, Node]:
    """The nodes by name, those included of which only their pods speak."""
    nodes = dict(snapshot.nodes)
    for pod in snapshot.pods:
        if pod.node and pod.node not in snapshot.nodes:
            known = nodes[pod.node].addresses if pod.node in nodes else ()
            addresses = dict.fromkeys((*known, *_host_addresses(pod)))
            nodes[pod.node] = Node(pod.node, addresses=tuple(addresses))
    return nodes


def _owners(snapshot: Snapshot) -> dict[Address, Pod | Node]:
    """Who has an address: running pods of the pod network first, then nodes (NP-42, NP-64)."""
    owners: dict[Address, Pod | Node] = {}
    for pod in snapshot.pods:
        if not pod.host_network and not pod.finished:
            owners.update({address: pod for address in pod.addresses if address not in owners})
    for node in snapshot.nodes.values():
        owners.update({address: node for address in node.addresses if address not in owners})
    for pod in snapshot.pods:
        for address in _host_addresses(pod):
            owners.setdefault(address, Node(pod.node))
    return owners


def _host_addresses(pod: Pod) -> tuple[Address, ...]:
    """The addresses that a pod tells of its node; a finished one has none of its own (NP-64)."""
    own = pod.addresses if pod.host_network and not pod.finished else ()
    return (*own, *pod.host_addresses)
