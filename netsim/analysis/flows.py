"""The flows that a question stands for: one of each kind that policies can tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from netsim.analysis.asked import Outlook, who_is_asked
from netsim.analysis.cuts import names_nodes, networks_in, port_starts
from netsim.analysis.pairs import Pair, check_limit, pairs
from netsim.analysis.served import named_atoms, not_served, numbered_atoms
from netsim.errors import query_error
from netsim.model.cluster import Address, Node, Pod, Protocol
from netsim.model.directory import Directory, Named
from netsim.model.endpoints import Network
from netsim.model.flow import Domain, Endpoint, Flow
from netsim.model.ports import AskedPort, PortName, PortNumbers
from netsim.model.snapshot import Policy, Snapshot
from netsim.sets.intervals import Interval


class AskedFlow(NamedTuple):
    """A flow, and what it is asked for: its pair, and the ports (None where there are none)."""

    flow: Flow
    pair: Pair
    ports: Interval | None


class Expansion:
    """From the two ends of a question to its flows, in one snapshot."""

    def __init__(self, snapshot: Snapshot, directory: Directory) -> None:
        self._snapshot = snapshot
        self._directory = directory
        self._policies: dict[str, list[Policy]] = {}
        for policy in snapshot.policies:
            self._policies.setdefault(policy.namespace, []).append(policy)
        self._cuts: dict[tuple[frozenset[str], Protocol], frozenset[int]] = {}
        self._looks: dict[frozenset[str], tuple[tuple[Network, ...], frozenset[Address]]] = {}

    def policies_of(self, *ends: Endpoint) -> list[Policy]:
        """The policies that may govern one of `ends`: of their namespaces, and cluster-scoped."""
        return self._policies_in(self._namespaces(ends))

    def _policies_in(self, namespaces: frozenset[str]) -> list[Policy]:
        return [policy for name in sorted(namespaces) for policy in self._policies.get(name, ())]

    def pairs(self, one: Named, other: Named) -> list[Pair]:
        """Who is asked about whom; empty where both are the same one pod.

        What is outside is asked in those IP versions that the other end has.
        Raises QueryError if a source is a DNS name (ANP-17).
        """
        _hold_sources(one)
        found = pairs(
            who_is_asked(self._facing(one, other), self._directory, self._outlook(other)),
            who_is_asked(self._facing(other, one), self._directory, self._outlook(one)),
        )
        if not (one.outside or other.outside):
            return found
        return [pair for pair in found if self._can_meet(pair.source, pair.destination)]

    def flows(self, pairs: Iterable[Pair], asked: AskedPort) -> Iterator[AskedFlow]:
        """The flows of `pairs`, cut by port.

        Raises QueryError if a port name is asked for that a destination doesn't have, LimitError
        if there are more than MOST_FLOWS.
        """
        cuts = [(pair, self._ports(pair, asked)) for pair in pairs]
        check_limit(sum(len(ports) for _, ports in cuts))
        without = [self._directory.behind(pair.destination) for pair, ports in cuts if not ports]
        if without and isinstance(asked.port, PortName):
            raise not_served(asked.port, asked.protocol, without)
        for pair, found in cuts:
            for ports in found:
                number = ports[0] if ports else None
                flow = Flow(pair.source, pair.destination, asked.protocol, number)
                yield AskedFlow(flow, pair, ports)

    def around(self, flow: Flow) -> Snapshot:
        """The part of the snapshot that can have a say in `flow`, its ends being resolved (NP-42).

        Of a DNS name with an address it is the answerer who finds whose that is.
        """
        policies = self.policies_of(flow.source, flow.destination)
        pods = self._snapshot.pods if isinstance(flow.destination, Domain) else ()
        return replace(self._snapshot, pods=pods, policies=tuple(policies))

    def _ports(self, pair: Pair, asked: AskedPort) -> list[Interval] | list[None]:
        destination = self._directory.behind(pair.destination)
        match asked.port:
            case None:
                return [None]
            case PortName():
                return named_atoms(asked.port, asked.protocol, destination)
            case PortNumbers(first, last) if first == last:
                return [(first, last)]
            case PortNumbers():
                starts = self._starts(self._namespaces((pair.source, destination)), asked.protocol)
                return numbered_atoms(asked.port, destination, starts)

    def _starts(self, namespaces: frozenset[str], protocol: Protocol) -> frozenset[int]:
        """Where the policies of some namespaces cut the ports."""
        found = self._cuts.get((namespaces, protocol))
        if found is None:
            found = frozenset(port_starts(self._policies_in(namespaces), protocol))
            self._cuts[namespaces, protocol] = found
        return found

    def _outlook(self, named: Named) -> Outlook:
        members = list(map(self._directory.behind, named.members))
        nodes = any(
            isinstance(item, Node) or (isinstance(item, Pod) and item.host_network)
            for item in members
        )
        namespaces = self._namespaces(members)
        looks = self._looks.get(namespaces)
        if looks is None:
            policies = self._policies_in(namespaces)
            hosts = self._directory.hosts if names_nodes(policies) else frozenset()
            looks = self._looks[namespaces] = tuple(networks_in(policies)), hosts
        networks, hosts = looks
        return Outlook(networks, nodes, hosts)

    def _namespaces(self, ends: Iterable[Endpoint]) -> frozenset[str]:
        """Those whose policies may govern one of `ends`; the empty one is of cluster-scoped policies."""
        pods = (end for end in map(self._directory.behind, ends) if isinstance(end, Pod))
        return frozenset(("", *(pod.namespace for pod in pods)))

    def _facing(self, named: Named, other: Named) -> Named:
        if not named.outside:
            return named
        versions: set[int] = {item.version for item in other.ranges}
        for member in other.members:
            versions |= self._versions(member) or self._expected_versions()
        return named._replace(
            ranges=tuple(item for item in named.ranges if item.version in versions)
        )

    def _can_meet(self, source: Endpoint, destination: Endpoint) -> bool:
        expected = self._expected_versions()
        one, other = self._versions(source) or expected, self._versions(destination) or expected
        return bool(one & other)

    def _versions(self, endpoint: Endpoint) -> set[int]:
        """The IP versions of its known addresses."""
        if isinstance(endpoint, Domain):
            return {endpoint.address.version} if endpoint.address else set()
        if not isinstance(endpoint, Pod | Node):
            return {endpoint.version}
        addresses = list(endpoint.addresses)
        if isinstance(endpoint, Pod) and endpoint.host_network:
            node = self._directory.nodes.get(endpoint.node)
            addresses += [*endpoint.host_addresses, *(node.addresses if node else ())]
        return {address.version for address in addresses}

    def _expected_versions(self) -> set[int]:
        """Those of pods without a known address, as the reference has them (NP-43)."""
        return {cidr.version for cidr in self._snapshot.semantics.pod_cidrs} or {4}


def _hold_sources(named: Named) -> None:
    for item in named.members:
        if isinstance(item, Domain):
            message = f"`{item}`: a name is where traffic goes to, not where it comes from"
            help = named.note or "ask about the address that it comes from"
            raise query_error(message, code="ANP-17", help=help)
