"""What a listing is to be about: whose pairs, and which traffic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import ip_network

from netsim.analysis.incomplete import QuestionEnd
from netsim.analysis.served import named_atoms, not_served
from netsim.engine.parties import Party
from netsim.errors import query_error
from netsim.model.cluster import Node, Pod
from netsim.model.directory import Directory, Named
from netsim.model.endpoints import EVERYWHERE, NewPod, parse_endpoint
from netsim.model.flow import Domain, Endpoint
from netsim.model.ports import AskedPort, PortName, parse_port
from netsim.model.snapshot import Policy, Snapshot
from netsim.sets.addresses import networks, span
from netsim.sets.intervals import Interval, common
from netsim.sets.traffic import TrafficSet


@dataclass(frozen=True)
class Side:
    """The sources or the destinations that are asked about. An empty text is everyone."""

    text: str
    named: Named

    @property
    def names_addresses(self) -> bool:
        """Whether it names addresses by number: then each is meant, whoever may have such.

        All that is outside is only what somebody can meet (NP-43).
        """
        return bool(self.text) and not self.named.outside

    def has(self, party: Party) -> bool:
        """Whether it means a pod or node of this party."""
        return not self.text or any(str(member) in self._names for member in party.members)

    def part(self, cidrs: Iterable[str]) -> tuple[str, ...]:
        """The addresses of these CIDRs that it means, as the fewest CIDRs."""
        found: list[str] = []
        spans: dict[int, list[Interval]] = {4: [], 6: []}
        for cidr in map(ip_network, cidrs):
            spans[cidr.version].append(span(cidr))
        for version, intervals in spans.items():
            meant = [span(item) for item in self.named.ranges if item.version == version]
            found += map(str, networks(common(intervals, meant), version))
        return tuple(found)

    def domains(self, mentioned: Iterable[str]) -> tuple[str, ...]:
        """The DNS names that it means: one that it gives; or, of all outside, those that rules mention."""
        if self.text and not self.named.outside:
            return tuple(item.name for item in self.named.members if isinstance(item, Domain))
        return tuple(mentioned)

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(map(str, self.named.members))


@dataclass(frozen=True, slots=True)
class Scope:
    """Pairs of a source and a destination, and the traffic between them that is asked about.

    `namespace` is that of at least one end of a pair; empty is any. `port` is None for all traffic.
    """

    sources: Side
    destinations: Side
    port: AskedPort | None = None
    namespace: str = ""
    _known: dict[tuple[TrafficSet, tuple[Interval, ...] | None], TrafficSet] = field(
        default_factory=dict, compare=False, repr=False
    )

    @property
    def ends(self) -> tuple[QuestionEnd, QuestionEnd]:
        """Both sides as the ends of a question, for what a snapshot lacks to answer it.

        Where all that one side names is outside of the namespace, the other is only what is inside.
        """
        one, other = self.sources, self.destinations
        return self._end(one, other), self._end(other, one)

    def _end(self, side: Side, facing: Side) -> QuestionEnd:
        named = side.named
        if self.namespace and not any(map(self._is_inside, facing.named.members)):
            inside = tuple(member for member in named.members if self._is_inside(member))
            named = named._replace(members=inside, ranges=())
        return QuestionEnd(side.text or "*", named, self.namespace)

    def _is_inside(self, member: Endpoint) -> bool:
        return isinstance(member, Pod) and member.namespace == self.namespace

    def governing(self, policies: Iterable[Policy]) -> list[Policy]:
        """Those of these policies that may decide about a pair: of the namespaces of its ends."""
        spaces = set().union(*(end.namespaces() for end in self.ends))
        return [policy for policy in policies if policy.namespace in {"", *spaces}]

    @property
    def everything(self) -> bool:
        """Whether nothing narrows what a source may send."""
        return not (self.destinations.text or self.port or self.namespace)

    def touches(self, party: Party) -> bool:
        """Whether a pair with this party is about the namespace, whatever the other end is."""
        return not self.namespace or any(self._is_inside(member) for member in party.members)

    @property
    def names_port(self) -> bool:
        """Whether a port is asked about by name: then its number is for each destination to say."""
        return self.port is not None and isinstance(self.port.port, PortName)

    def limited(self, traffic: TrafficSet, destination: Party | None) -> TrafficSet:
        """The part of the traffic that is asked about; None is a destination outside."""
        if self.port is None:
            return traffic
        ports = _numbers(self.port, destination)
        found = self._known.get((traffic, ports))
        if found is None:
            found = traffic.limited(self.port.protocol.value.lower(), ports)
            self._known[traffic, ports] = found
        return found


def scope_of(
    snapshot: Snapshot,
    source: str | None = None,
    destination: str | None = None,
    port: str | None = None,
    namespace: str = "",
) -> Scope:
    """The scope that these texts ask for; None asks for everyone, or for all traffic.

    Raises QueryError if a name is unknown, if nothing that exists is meant, or if no destination
    has a port of this name (SVC-3).
    """
    directory = Directory(snapshot)
    if namespace and namespace not in snapshot.namespaces:
        directory.find("*", namespace)  # complains, with the nearest name
    sources, destinations = (
        Side("", everyone(snapshot)) if text is None else _side(text, directory, namespace)
        for text in (source, destination)
    )
    if any(isinstance(member, Domain) for member in sources.named.members):
        message = f"`{sources.text}`: a name is where traffic goes to, not where it comes from"
        raise query_error(message, code="ANP-17", help=sources.named.note)
    asked = None if port is None else parse_port(port)
    if asked and isinstance(asked.port, PortName):
        ends = [member for member in destinations.named.members if isinstance(member, Pod)]
        if ends and not any(named_atoms(asked.port, asked.protocol, end) for end in ends):
            raise not_served(asked.port, asked.protocol, ends)
    return Scope(sources, destinations, asked, namespace)


def everyone(snapshot: Snapshot) -> Named:
    """All pods that run, all nodes and everything outside."""
    pods = (pod for pod in snapshot.pods if not pod.finished)
    return Named((*pods, *snapshot.nodes.values()), EVERYWHERE)


def _side(text: str, directory: Directory, namespace: str) -> Side:
    if isinstance(parse_endpoint(text), NewPod):
        help = "ask `netsim can` about a pod that doesn't exist yet"
        raise query_error(f"`{text}` doesn't exist: a listing is of what does", help=help)
    found = directory.find(text, namespace)
    ranges = list(found.ranges)
    for member in found.members:
        if isinstance(member, Domain):
            if member.address is not None:
                help = found.note or f"ask `netsim can`, or list what goes `--to {member.name}`"
                message = f"`{text}` gives an address: a listing is of names alone"
                raise query_error(message, code="ANP-17", help=help)
        elif not isinstance(member, Pod | Node):
            ranges.append(ip_network(member))
    return Side(text, found._replace(ranges=tuple(ranges)))


def _numbers(port: AskedPort, destination: Party | None) -> tuple[Interval, ...] | None:
    """The port numbers meant at a destination; None for a protocol without ports."""
    if port.port is None:
        return None
    if not isinstance(port.port, PortName):
        return ((port.port.first, port.port.last),)
    members = destination.members if destination else ()
    found = (named_atoms(port.port, port.protocol, member) for member in members)
    return tuple(sorted({interval for intervals in found for interval in intervals}))
