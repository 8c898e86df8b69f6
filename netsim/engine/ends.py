"""The two ends of a flow in each IP family, as policies see them."""

from __future__ import annotations

from typing import NamedTuple

from netsim.dialects.sides import End, Ledger
from netsim.errors import query_error
from netsim.model.cluster import Address, Namespace, Node, Pod
from netsim.model.flow import Domain, Endpoint, Family, Flow
from netsim.model.remarks import NO_IPV6, asked_as_node, lacks_family
from netsim.model.snapshot import Snapshot


class _Ends(NamedTuple):
    """One end of a flow in all families; of its addresses the first of a family is the seen one."""

    addresses: tuple[Address, ...]
    pod: Pod | None = None
    namespace: Namespace | None = None
    node: Node | None = None
    domain: str = ""

    def versions(self, snapshot: Snapshot) -> frozenset[int]:
        """The IP versions that it has; empty where nobody knows (NP-43)."""
        known = frozenset(address.version for address in self.addresses)
        if known or self.pod is None or self.pod.host_network:
            return known
        return frozenset(cidr.version for cidr in snapshot.semantics.pod_cidrs)

    def of(self, family: Family) -> End:
        seen = (address for address in self.addresses if address.version == family.value)
        return End(family, next(seen, None), self.pod, self.namespace, self.node, self.domain)


def ends_of(
    snapshot: Snapshot, flow: Flow, ledger: Ledger, owner: Pod | Node | None = None
) -> list[tuple[End, End]]:
    """Source and destination, once for each family that both may have, IPv4 first (NP-41).

    `owner` is who has the address of a destination that is reached under a name (ANP-17).

    Raises QueryError if an end can't be one: a finished pod, a name as source.
    """
    if isinstance(flow.source, Domain):
        problem = f"`{flow.source}`: a name is where traffic goes to, not where it comes from"
        raise query_error(problem, code="ANP-17")
    source = _ends(snapshot, flow.source, ledger)
    destination = _ends(snapshot, owner or flow.destination, ledger)
    if isinstance(flow.destination, Domain):
        destination = destination._replace(domain=flow.destination.name)
    outside = _family_outside(source, destination, ledger)
    families = [outside] if outside else _common(source, destination, snapshot, ledger)
    return [(source.of(family), destination.of(family)) for family in families]


def _family_outside(source: _Ends, destination: _Ends, ledger: Ledger) -> Family | None:
    """That of an address outside: it is asked about whatever the other end has (NP-41)."""
    for one, other in ((source, destination), (destination, source)):
        if one.pod or one.node or not one.addresses:
            continue
        family = Family(one.addresses[0].version)
        if other.addresses and all(each.version != family.value for each in other.addresses):
            ledger.note(lacks_family(other.pod or other.node or other.addresses[0], family))
        return family
    return None


def _common(source: _Ends, destination: _Ends, snapshot: Snapshot, ledger: Ledger) -> list[Family]:
    """The families that two ends may meet in, IPv4 first (NP-41, NP-43)."""
    known = [found for end in (source, destination) if (found := end.versions(snapshot))]
    common = frozenset.intersection(*known) if known else frozenset({Family.IPV4.value})
    if not known and ledger.assume(False, NO_IPV6):
        common |= {Family.IPV6.value}
    return [family for family in Family if family.value in common]


def _ends(snapshot: Snapshot, endpoint: Endpoint, ledger: Ledger) -> _Ends:
    if isinstance(endpoint, Node):
        return _Ends(endpoint.addresses, node=endpoint)
    if isinstance(endpoint, Domain):
        return _Ends((endpoint.address,) if endpoint.address else ())
    if not isinstance(endpoint, Pod):
        return _Ends((endpoint,))
    if endpoint.finished:
        raise query_error(f"pod `{endpoint}` is not running: it has finished", code="NP-64")
    namespace = snapshot.namespace(endpoint.namespace)
    if not endpoint.host_network:
        return _Ends(endpoint.addresses, endpoint, namespace)
    addresses = _host_addresses(snapshot, endpoint)
    if ledger.option("host_network_pods") == "as_pods":  # NP-62, NP-63, IMP-7
        return _Ends(addresses, endpoint, namespace)
    node = snapshot.nodes.get(endpoint.node) or Node(endpoint.node, addresses=addresses)
    ledger.note(asked_as_node(endpoint, addresses))
    return _Ends(addresses, endpoint, namespace, node)


def is_same_pod(one: End, other: End) -> bool:
    """Whether both are one and the same pod of the pod network (NP-58)."""
    first, second = one.network_pod, other.network_pod
    return first is not None and second is not None and first.identity == second.identity


def is_own_node(snapshot: Snapshot, pod: Pod, peer: End) -> bool | None:
    """Whether `peer` is the node that a pod is on, by name or address (NP-60); None: not known."""
    known = _host_addresses(snapshot, pod)
    if peer.address in known:
        return True
    if peer.node is None:
        return False
    if peer.node.name and pod.node:
        return peer.node.name == pod.node
    return False if peer.address and known else None


def _host_addresses(snapshot: Snapshot, pod: Pod) -> tuple[Address, ...]:
    """Every known address of the node that a pod is on, its own first if it has the node's."""
    node = snapshot.nodes.get(pod.node)
    own = pod.addresses if pod.host_network else ()
    return (*own, *(node.addresses if node else ()), *pod.host_addresses)
