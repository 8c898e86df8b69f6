"""A NetworkPolicy as written, after decoding and defaulting.

Missing, null and empty are settled here once and for all (SEMANTICS Appendix A): `AnyPeer` and
`AnyPort` say "no restriction" in so many words, and an empty tuple of rules means no rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network

from netsim.labels.labels import NO_LABELS, Labels
from netsim.labels.selector import EVERYTHING, Selector
from netsim.model.cluster import Protocol
from netsim.model.flow import Direction
from netsim.source.origin import NOWHERE, Origin

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class PodPeer:
    """Pods by label (NP-25..29). `namespaces` is None for the policy's own namespace."""

    namespaces: Selector | None
    pods: Selector = EVERYTHING

    def __str__(self) -> str:
        """Its selectors by field, in the syntax of `kubectl -l`; `{}` selects everything."""
        written = (
            [] if self.namespaces is None else [f"namespaceSelector {str(self.namespaces) or '{}'}"]
        )
        if self.namespaces is None or self.pods != EVERYTHING:
            written.append(f"podSelector {str(self.pods) or '{}'}")
        return " and ".join(written)


@dataclass(frozen=True, slots=True)
class AddressPeer:
    """ipBlock: inside `cidr` and inside none of `excepts` (NP-36)."""

    cidr: Network
    excepts: tuple[Network, ...] = ()

    def __str__(self) -> str:
        excepts = f" except {', '.join(map(str, self.excepts))}" if self.excepts else ""
        return f"ipBlock {self.cidr}{excepts}"


Peer = PodPeer | AddressPeer


@dataclass(frozen=True, slots=True)
class AnyPeer:
    """`from` or `to` missing, null or empty: every peer, pods and addresses alike (NP-21)."""


@dataclass(frozen=True, slots=True)
class AllPorts:
    """A port entry without `port`: every port of its protocol (NP-46)."""

    def __str__(self) -> str:
        return "any"


@dataclass(frozen=True, slots=True)
class PortRange:
    """A numeric entry. Both ends are inside; `first == last` for a single port (NP-47, 48)."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class NamedPort:
    """A port name, resolved on the destination pod of each connection (NP-50)."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class PortEntry:
    """One item of `ports`; protocol TCP where none is written (NP-45)."""

    protocol: Protocol
    port: AllPorts | PortRange | NamedPort

    def __str__(self) -> str:
        """As a port text of a question: `8080/tcp`, `any/udp`."""
        return f"{self.port}/{self.protocol.value.lower()}"


@dataclass(frozen=True, slots=True)
class AnyPort:
    """`ports` missing, null or empty: every port of every protocol (NP-22)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One item of `ingress` or `egress`: peers AND ports (NP-20), each an OR of its items (NP-23)."""

    peers: AnyPeer | tuple[Peer, ...] = AnyPeer()
    ports: AnyPort | tuple[PortEntry, ...] = AnyPort()

    @property
    def ports_field(self) -> str:
        return "ports"


@dataclass(frozen=True, slots=True)
class NetworkPolicy:
    """One policy. `directions` are its effective policyTypes (NP-10..13).

    Rules of a direction outside `directions` are kept and are dead (NP-9).
    """

    namespace: str
    name: str
    subject: Selector = EVERYTHING
    directions: frozenset[Direction] = frozenset({Direction.INGRESS})
    ingress: tuple[Rule, ...] = ()
    egress: tuple[Rule, ...] = ()
    labels: Labels = NO_LABELS
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)

    @property
    def kind(self) -> str:
        return "NetworkPolicy"

    def rules(self, direction: Direction) -> tuple[Rule, ...]:
        """The rules of one direction, dead or not."""
        return self.ingress if direction is Direction.INGRESS else self.egress
