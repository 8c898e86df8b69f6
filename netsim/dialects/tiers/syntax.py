"""A policy of the whole cluster as written, after decoding and defaulting (SEMANTICS section 5).

ClusterNetworkPolicy, AdminNetworkPolicy and BaselineAdminNetworkPolicy say the same things in
other words: what they say is here once, and each API has a decoder of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network

from netsim.labels.labels import NO_LABELS, Labels
from netsim.labels.selector import EVERYTHING, Selector
from netsim.model.cluster import Protocol
from netsim.model.flow import Direction
from netsim.model.tiers import Action, Tier
from netsim.sets.addresses import span
from netsim.sets.intervals import joined
from netsim.source.origin import NOWHERE, Origin

Network = IPv4Network | IPv6Network

_EVERYWHERE = (IPv4Network("0.0.0.0/0"), IPv6Network("::/0"))


@dataclass(frozen=True, slots=True)
class NamespacesPeer:
    """Every pod of the namespaces that match (ANP-4)."""

    namespaces: Selector = EVERYTHING

    def __str__(self) -> str:
        return f"namespaces {_braced(self.namespaces)}"


@dataclass(frozen=True, slots=True)
class PodsPeer:
    """The pods that match, in the namespaces that match (ANP-4)."""

    namespaces: Selector = EVERYTHING
    pods: Selector = EVERYTHING

    def __str__(self) -> str:
        return f"namespaceSelector {_braced(self.namespaces)} and podSelector {_braced(self.pods)}"


@dataclass(frozen=True, slots=True)
class NodesPeer:
    """The addresses of the nodes that match (ANP-16)."""

    nodes: Selector = EVERYTHING

    def __str__(self) -> str:
        return f"nodes {_braced(self.nodes)}"


@dataclass(frozen=True, slots=True)
class NetworksPeer:
    """Every address in any of these blocks, pods' too (ANP-15). Never empty."""

    networks: tuple[Network, ...]

    @property
    def blocks(self) -> tuple[Network, ...]:
        """The same addresses, with all of an IP version as one block where they hold all of it.

        Then they hold an address that nobody knows, too (ANP-17, NP-43).
        """
        whole = [each for each in _EVERYWHERE if _make_up(self.networks, each)]
        known = {each.version for each in whole}
        return *whole, *(each for each in self.networks if each.version not in known)

    def __str__(self) -> str:
        return f"networks {', '.join(map(str, self.networks))}"


@dataclass(frozen=True, slots=True)
class DomainsPeer:
    """What is reached under one of these names, in lower case and without a last dot (ANP-17)."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"domainNames {', '.join(self.names)}"


@dataclass(frozen=True, slots=True)
class UnusablePeer:
    """A peer that can't be understood, as one with a selector that selects nothing (ANP-26, ANP-33).

    `why` is a text for the reader.
    """

    why: str

    def __str__(self) -> str:
        return self.why


Peer = NamespacesPeer | PodsPeer | NodesPeer | NetworksPeer | DomainsPeer | UnusablePeer
Subject = NamespacesPeer | PodsPeer | UnusablePeer


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports of one protocol from `first` to `last`, both inside; a reversed range has none."""

    protocol: Protocol
    first: int
    last: int

    def __str__(self) -> str:
        """As a port text of a question: `8080/tcp`, `8000-8999/udp`."""
        numbers = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{numbers}/{self.protocol.value.lower()}"


@dataclass(frozen=True, slots=True)
class NamedPort:
    """The port that the destination pod declares under a name, of any protocol (ANP-19)."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class AnyPort:
    """No list of ports: every port of every protocol, and what has no ports (ANP-18, ANP-27)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One item of `ingress` or `egress`: an action for whoever is a peer AND over any of the ports.

    `ports_field` is what the API calls the list of ports: `ports` or `protocols`.
    """

    action: Action
    peers: tuple[Peer, ...]
    ports: AnyPort | tuple[Ports | NamedPort, ...] = AnyPort()
    name: str = ""
    ports_field: str = "protocols"


@dataclass(frozen=True, slots=True)
class TierPolicy:
    """One policy of a tier around NetworkPolicy. `kind` is that of its API.

    `priority` is 0..1000, and asked in this order within a tier (ANP-3); of a
    BaselineAdminNetworkPolicy, which has none, it is 1000 (ANP-25).
    """

    kind: str
    name: str
    tier: Tier
    priority: int
    subject: Subject = NamespacesPeer()
    ingress: tuple[Rule, ...] = ()
    egress: tuple[Rule, ...] = ()
    labels: Labels = NO_LABELS
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)

    @property
    def namespace(self) -> str:
        """None: it is of the whole cluster."""
        return ""

    @property
    def rank(self) -> tuple[int, int]:
        """Its tier and priority: policies of one rank have no order among them (ANP-24)."""
        return self.tier.value, self.priority

    @property
    def order(self) -> tuple[int, int, str, str]:
        """By what policies are asked: the rank and, among equals, name and kind (IMP-12)."""
        return *self.rank, self.name, self.kind

    def rules(self, direction: Direction) -> tuple[Rule, ...]:
        """The rules of one direction, in the order in which they are asked (ANP-5)."""
        return self.ingress if direction is Direction.INGRESS else self.egress


def _make_up(networks: tuple[Network, ...], whole: Network) -> bool:
    """Whether networks hold all addresses of another together."""
    inside = (span(each) for each in networks if each.version == whole.version)
    return joined(inside) == [span(whole)]


def _braced(selector: Selector) -> str:
    """In the syntax of `kubectl -l`; `{}` selects everything."""
    return str(selector) or "{}"
