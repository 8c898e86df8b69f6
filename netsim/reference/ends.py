"""Who the two ends of a flow are, before any policy is looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace

from netsim.dialects.sides import End, Ledger
from netsim.errors import query_error
from netsim.model.cluster import Address, Namespace, Node, Pod
from netsim.model.flow import Domain, Endpoint, Family, Flow
from netsim.model.remarks import NO_IPV6, asked_as_node, lacks_family
from netsim.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class _Party:
    """An end in all its families; `addresses` has the one that the other end sees first."""

    addresses: tuple[Address, ...]
    pod: Pod | None = None
    namespace: Namespace | None = None
    node: Node | None = None
    domain: str = ""

    @property
    def is_outside(self) -> bool:
        return self.pod is None and self.node is None

    def versions(self, ledger: Ledger) -> set[int]:
        """The IP versions that it has or, without a known address, is configured to have."""
        known: set[int] = {address.version for address in self.addresses}
        if known or self.pod is None or self.pod.host_network:
            return known
        return {cidr.version for cidr in ledger.semantics.pod_cidrs}

    def end(self, family: Family) -> End:
        matching = (item for item in self.addresses if item.version == family.value)
        return End(family, next(matching, None), self.pod, self.namespace, self.node, self.domain)


def ends(snapshot: Snapshot, flow: Flow, ledger: Ledger) -> list[tuple[End, End]]:
    """Source and destination, once for each family that both have, IPv4 first (NP-41).

    Raises QueryError if an end can't be one: a finished pod, a loopback address, a name as source.
    """
    # ANP-17
    if isinstance(flow.source, Domain):
        problem = f"`{flow.source}`: a name is where traffic goes to, not where it comes from"
        raise query_error(problem, code="ANP-17")
    source = _party(snapshot, flow.source, ledger)
    destination = _party(snapshot, flow.destination, ledger)
    families = _families(source, destination, ledger)
    return [(source.end(family), destination.end(family)) for family in families]


def _families(source: _Party, destination: _Party, ledger: Ledger) -> list[Family]:
    # NP-41: an address outside says in which family it is asked about, whoever the other end is
    for one, other in ((source, destination), (destination, source)):
        if one.is_outside and one.addresses:
            family = Family(one.addresses[0].version)
            if other.addresses and family.value not in other.versions(ledger):
                ledger.note(lacks_family(other.pod or other.node or other.addresses[0], family))
            return [family]
    known = [found for found in (source.versions(ledger), destination.versions(ledger)) if found]
    common = set.intersection(*known) if known else {4}
    # NP-43: an end of unknown family goes by the other; where both are unknown, by IPv4
    if not known and ledger.assume(False, NO_IPV6):
        common.add(6)
    return [family for family in Family if family.value in common]


def _party(snapshot: Snapshot, endpoint: Endpoint, ledger: Ledger) -> _Party:
    # ANP-17: whoever has the address is reached; without one, nobody that is known
    if isinstance(endpoint, Domain):
        known = endpoint.address
        party = _party(snapshot, known, ledger) if known else _Party(())
        return replace(party, domain=endpoint.name)
    if not isinstance(endpoint, Pod | Node):
        # NP-59
        if endpoint.is_loopback:
            raise query_error(f"`{endpoint}` never leaves its pod: no policy sees it", code="NP-59")
        # NP-42
        owner = owner_of(snapshot, endpoint)
        return _party(snapshot, owner, ledger) if owner else _Party((endpoint,))
    if isinstance(endpoint, Node):
        return _Party(endpoint.addresses, node=endpoint)
    # NP-64
    if endpoint.finished:
        raise query_error(f"pod `{endpoint}` is not running: it has finished", code="NP-64")
    namespace = snapshot.namespace(endpoint.namespace)
    if not endpoint.host_network:
        return _Party(endpoint.addresses, endpoint, namespace)
    addresses = host_addresses(snapshot, endpoint)
    # NP-62, NP-63, IMP-7
    if ledger.option("host_network_pods") == "as_pods":
        return _Party(addresses, endpoint, namespace)
    node = snapshot.nodes.get(endpoint.node) or Node(endpoint.node, addresses=addresses)
    ledger.note(asked_as_node(endpoint, addresses))
    return _Party(addresses, endpoint, namespace, node)


def owner_of(snapshot: Snapshot, address: Address) -> Pod | Node | None:
    """The pod or node that has this address, as having no other; None where it is outside (NP-42)."""
    for pod in snapshot.pods:
        # NP-64: a finished pod has given its address back
        if address in pod.addresses and not pod.host_network and not pod.finished:
            return replace(pod, addresses=(address,))
    for node in snapshot.nodes.values():
        if address in node.addresses:
            return replace(node, addresses=(address,))
    for pod in snapshot.pods:
        # A node that has no manifest, but whose pods name it.
        if address in host_addresses(snapshot, pod):
            return Node(pod.node, addresses=(address,))
    return None


def host_addresses(snapshot: Snapshot, pod: Pod) -> tuple[Address, ...]:
    """Every known address of the node that a pod is on (NP-60)."""
    node = snapshot.nodes.get(pod.node)
    # NP-64
    own = pod.addresses if pod.host_network and not pod.finished else ()
    return (*own, *(node.addresses if node else ()), *pod.host_addresses)
