"""The neutral form that every policy API lowers to: rectangles of subject, peers and traffic."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from ipaddress import IPv4Network, IPv6Network

from netsim.labels.selector import EVERYTHING, Selector
from netsim.model.cluster import Protocol
from netsim.model.flow import Direction

Network = IPv4Network | IPv6Network


class Action(Enum):
    """What a rule says of the flows that it matches."""

    ALLOW = "allow"
    DENY = "deny"
    PASS = "pass"


class Tier(Enum):
    """The layers of policies, in the order in which they are asked (ANP-1)."""

    ADMIN = 0
    NETWORK_POLICY = 1
    BASELINE = 2


@dataclass(frozen=True, slots=True)
class PodSet:
    """Pods by label, in the one namespace of a name or in those that a selector matches."""

    namespaces: str | Selector
    pods: Selector = EVERYTHING
    # Sets are looked up again and again: hashed once, when they are made.
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.namespaces, self.pods)))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[type[PodSet], tuple[str | Selector, Selector]]:
        return PodSet, (self.namespaces, self.pods)  # a hash is good for one process


@dataclass(frozen=True, slots=True)
class AddressSet:
    """Every address inside `cidr` and inside none of `excepts`, whoever has it."""

    cidr: Network
    excepts: tuple[Network, ...] = ()
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.cidr, self.excepts)))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[type[AddressSet], tuple[Network, tuple[Network, ...]]]:
        return AddressSet, (self.cidr, self.excepts)


@dataclass(frozen=True, slots=True)
class Anyone:
    """Every endpoint: pods, nodes, addresses."""


Peers = PodSet | AddressSet | Anyone


@dataclass(frozen=True, slots=True)
class PortNumbers:
    """The ports of one protocol from `first` to `last`, both inside."""

    protocol: Protocol
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class PortOfName:
    """The port that the destination declares under a name for a protocol."""

    protocol: Protocol
    name: str


@dataclass(frozen=True, slots=True)
class AnyTraffic:
    """Every port of every protocol, and what has no ports."""


@dataclass(frozen=True, slots=True)
class NoTraffic:
    """What an entry opens that is passed over: nothing (IMP-14)."""


Traffic = PortNumbers | PortOfName | AnyTraffic | NoTraffic


@dataclass(frozen=True, slots=True)
class RuleRef:
    """Where a rule is written: the policy, and the number of its rule in one direction."""

    kind: str
    namespace: str
    policy: str
    rule: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: whoever of `peers`, over any of `traffic`, to or from `subject`.

    Where the policy lists peers or port entries, there is one here for each, in that order.
    Lower `priority` is asked first; rules of one tier and priority have no order among them.
    """

    ref: RuleRef
    direction: Direction
    subject: PodSet
    peers: tuple[Peers, ...]
    traffic: tuple[Traffic, ...]
    tier: Tier = Tier.NETWORK_POLICY
    priority: int = 0
    action: Action = Action.ALLOW


@dataclass(frozen=True, slots=True)
class Isolation:
    """In this direction only what a rule of the NetworkPolicy tier allows reaches `subject` (NP-5)."""

    direction: Direction
    subject: PodSet


@dataclass(frozen=True, slots=True)
class Lowered:
    """What one or more policies come to."""

    rules: tuple[Rule, ...] = ()
    isolations: tuple[Isolation, ...] = ()
