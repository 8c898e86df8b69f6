"""The neutral form that every policy API lowers to: rectangles of subject, peers and traffic."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from itertools import chain
from typing import NamedTuple

from netsim.labels.selector import EVERYTHING, Selector
from netsim.model.cluster import Protocol
from netsim.model.flow import Direction
from netsim.model.tiers import Action, Tier

Network = IPv4Network | IPv6Network


class PodSet:
    """Pods by label, in the one namespace of a name or in those that a selector matches."""

    # None of these sets is assigned to. They are written out, which takes less time to define, and
    # to make: there are thousands. Looked up again and again, they are hashed when they are made.
    __match_args__ = ("namespaces", "pods")
    __slots__ = ("_hash", "namespaces", "pods")

    def __init__(self, namespaces: str | Selector, pods: Selector = EVERYTHING) -> None:
        self.namespaces = namespaces
        self.pods = pods
        self._hash = hash((namespaces, pods))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, PodSet)
            and self.namespaces == other.namespaces
            and self.pods == other.pods
        )

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"PodSet({self.namespaces!r}, {self.pods!r})"

    def __reduce__(self) -> tuple[type[PodSet], tuple[str | Selector, Selector]]:
        return PodSet, (self.namespaces, self.pods)  # a hash is good for one process


class AddressSet:
    """Every address inside `cidr` and inside none of `excepts`, whoever has it.

    Whether that may be a pod or a node is for the options about ipBlock to say (IMP-1, IMP-15),
    unless it is of a `network` of a cluster policy: that means every address in it (ANP-15).
    """

    __match_args__ = ("cidr", "excepts", "network")
    __slots__ = ("_hash", "cidr", "excepts", "network")

    def __init__(
        self, cidr: Network, excepts: tuple[Network, ...] = (), network: bool = False
    ) -> None:
        self.cidr = cidr
        self.excepts = excepts
        self.network = network
        self._hash = hash((cidr, excepts, network))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, AddressSet)
            and self.cidr == other.cidr
            and self.excepts == other.excepts
            and self.network == other.network
        )

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"AddressSet({self.cidr!r}, {self.excepts!r}, {self.network!r})"

    def __reduce__(self) -> tuple[type[AddressSet], tuple[Network, tuple[Network, ...], bool]]:
        return AddressSet, (self.cidr, self.excepts, self.network)


class _All:
    """What has no fields: those of one class are equal."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class NodeSet(NamedTuple):
    """The nodes that a selector matches, by any of their addresses (ANP-16)."""

    nodes: Selector


class DomainSet(NamedTuple):
    """What is reached under a name: the very one, or with `*.` one or more labels below it (ANP-17)."""

    name: str


class Anyone(_All):
    """Every endpoint: pods, nodes, addresses."""


Peers = PodSet | AddressSet | Anyone
# Those of rules of the tiers around NetworkPolicy.
RankedPeers = Peers | NodeSet | DomainSet


class PortNumbers(NamedTuple):
    """The ports of one protocol from `first` to `last`, both inside."""

    protocol: Protocol
    first: int
    last: int


class PortOfName(NamedTuple):
    """The port that the destination declares under a name for a protocol."""

    protocol: Protocol
    name: str


class PortOfAnyProtocol(NamedTuple):
    """The port that a destination pod declares under a name, whatever the protocol (ANP-19)."""

    name: str


class AnyTraffic(_All):
    """Every port of every protocol, and what has no ports."""


class NoTraffic(_All):
    """What an entry opens that is passed over: nothing (IMP-14)."""


Traffic = PortNumbers | PortOfName | AnyTraffic | NoTraffic
# That of rules of the tiers around NetworkPolicy.
RankedTraffic = PortNumbers | PortOfAnyProtocol | AnyTraffic | NoTraffic


class RuleRef(NamedTuple):
    """Where a rule is written: the policy, and the number of its rule in one direction."""

    kind: str
    namespace: str
    policy: str
    rule: int


class Rule(NamedTuple):
    """One rule of a NetworkPolicy: whoever of `peers`, over any of `traffic`, to or from `subject`.

    Where the policy lists peers or port entries, there is one here for each, in that order.
    """

    ref: RuleRef
    direction: Direction
    subject: PodSet
    peers: tuple[Peers, ...]
    traffic: tuple[Traffic, ...]


class RankedRule(NamedTuple):
    """One rule of a tier around NetworkPolicy; `action` is what it says of the flows that it matches.

    Of a list of peers each item is here once or, as one of several networks, more often: `peer_of`
    has the index in the policy of each of `peers`, ascending.
    """

    ref: RuleRef
    direction: Direction
    subject: PodSet
    peers: tuple[RankedPeers, ...]
    peer_of: tuple[int, ...]
    traffic: tuple[RankedTraffic, ...]
    tier: Tier
    priority: int
    action: Action


class Isolation(NamedTuple):
    """In this direction only what a rule of the NetworkPolicy tier allows reaches `subject` (NP-5)."""

    direction: Direction
    subject: PodSet


class Lowered(NamedTuple):
    """What one or more policies come to.

    `rules` are of the NetworkPolicy tier. `ranked` are those of the tiers around it, in the order
    in which they are asked: by tier, priority, policy and their place in it (ANP-3, ANP-5, ANP-24).
    """

    rules: tuple[Rule, ...] = ()
    isolations: tuple[Isolation, ...] = ()
    ranked: tuple[RankedRule, ...] = ()

    @property
    def peers(self) -> tuple[Peers, ...]:
        """Whom `rules` name, each once, in their order."""
        return tuple(dict.fromkeys(chain.from_iterable([rule.peers for rule in self.rules])))
