"""A question about one connection, and the answer with all that decided it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol as Structure

from netsim.errors import Location
from netsim.model.cluster import Address, Node, Pod, Protocol
from netsim.model.tiers import Action, Tier
from netsim.source.origin import NOWHERE, Origin


@dataclass(frozen=True, slots=True)
class Domain:
    """What is outside, reached under a DNS name (ANP-17): in lower case, without a dot at its end.

    `address` is the one that the name was resolved to; None where nobody knows it offline.
    """

    name: str
    address: Address | None = None

    def __str__(self) -> str:
        return f"{self.name}@{self.address}" if self.address else self.name


# One thing that sends or receives: a pod, a node, or what is neither (NP-42).
Endpoint = Pod | Node | Address | Domain


class Direction(Enum):
    """The side of a connection that a rule or decision speaks of."""

    INGRESS = "ingress"
    EGRESS = "egress"

    __hash__ = object.__hash__  # members are singletons; Enum hashes in Python, by name


class Family(Enum):
    """An IP family. A connection uses one, and both its ends need an address of it (NP-41)."""

    IPV4 = 4
    IPV6 = 6

    __hash__ = object.__hash__  # as that of Direction

    def __str__(self) -> str:
        return f"IPv{self.value}"


@dataclass(frozen=True, slots=True)
class Flow:
    """One concrete connection (NP-1). `port` is the destination's; None for ICMP."""

    source: Endpoint
    destination: Endpoint
    protocol: Protocol = Protocol.TCP
    port: int | None = None


class Cause(Enum):
    """Why a direction is allowed or denied."""

    SELF = "a pod reaches itself"  # NP-58
    NOT_A_SUBJECT = "no policy can govern this end"  # NP-3, NP-62
    OWN_NODE = "the other end is the pod's own node"  # NP-60, IMP-8
    OTHER_NODE = "traffic from other nodes is allowed"  # IMP-9
    NO_COMMON_FAMILY = "the two ends have no IP family in common"  # NP-41
    PROTOCOL = "an option decides for this protocol"  # IMP-3
    NOT_ISOLATED = "no policy selects the pod in this direction"  # NP-6
    RULE = "a rule allows it"  # NP-7
    NO_RULE = "isolated, and no rule allows it"  # NP-7
    TIER_ALLOW = "a rule of a cluster policy allows it"  # ANP-6
    TIER_DENY = "a rule of a cluster policy denies it"  # ANP-7
    SHADOWED = "a NetworkPolicy selects the pod, if not in this direction"  # IMP-11
    UNDECIDED = "no NetworkPolicy selects the pod in this direction, and no rule decides"  # ANP-1


class Part(Enum):
    """What a reason says of its rule: it matched, or which part failed first (REF-3)."""

    MATCHED = "matched"
    PEERS = "peers"
    PORTS = "ports"
    ISOLATES = "isolates"  # the policy selects the pod; said once for each policy of a deny


class WrittenRule(Structure):
    """A rule of any dialect: peers and ports are tuples, or something else where any will do."""

    @property
    def peers(self) -> object: ...
    @property
    def ports(self) -> object: ...
    @property
    def ports_field(self) -> str: ...  # what the list of ports is called in the manifest


@dataclass(frozen=True, slots=True)
class Reason:
    """One policy, or one place in it, that had a say.

    `rule`, `peer` and `port` are indexes into the policy as written; None where it has no such
    list, or where the reason is about more than one element. `written` is the rule at `rule`.
    Reasons sort by (namespace, policy, rule, peer, port), so file order never shows (REF-3).
    """

    kind: str
    namespace: str
    policy: str
    direction: Direction
    part: Part
    rule: int | None = None
    peer: int | None = None
    port: int | None = None
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)
    written: WrittenRule | None = field(default=None, compare=False, repr=False)

    @property
    def full_name(self) -> str:
        """`shop/api-from-frontend`, or the bare name of a policy of the whole cluster."""
        return f"{self.namespace}/{self.policy}" if self.namespace else self.policy

    @property
    def peers(self) -> tuple[str, ...]:
        """The peer that matched, in words; of PEERS all of the rule, as none did."""
        listed = self.written.peers if self.written else None
        return _words(listed, _ALL if self.part is Part.PEERS else _one(self.peer))

    @property
    def ports(self) -> tuple[str, ...]:
        """The port entry that matched, such as `8080/tcp`; of PORTS all of the rule."""
        listed = self.written.ports if self.written else None
        return _words(listed, _ALL if self.part is Part.PORTS else _one(self.port))

    @property
    def sort_key(self) -> tuple[str, str, int, int, int]:
        def number(index: int | None) -> int:
            return -1 if index is None else index

        return (
            self.namespace,
            self.policy,
            number(self.rule),
            number(self.peer),
            number(self.port),
        )

    @property
    def path(self) -> tuple[str | int, ...]:
        """Where the reason stands in its policy: down to the port entry or peer if there is one."""
        if self.rule is None:
            return ("spec", "podSelector") if self.part is Part.ISOLATES else ()
        steps: tuple[str | int, ...] = ("spec", self.direction.value, self.rule)
        if self.peer is not None:
            peers = "from" if self.direction is Direction.INGRESS else "to"
            return (*steps, peers, self.peer)
        if self.port is None:
            return steps
        return (*steps, self.written.ports_field if self.written else "ports", self.port)

    @property
    def location(self) -> Location:
        """`file:line:column`. Costs one more reading of the policy's document, the first time."""
        return self.origin.locate(self.path)


_ALL = slice(None)


def _one(index: int | None) -> slice:
    return slice(0) if index is None else slice(index, index + 1)


def _words(listed: object, which: slice) -> tuple[str, ...]:
    return tuple(map(str, listed[which])) if isinstance(listed, tuple) else ()


@dataclass(frozen=True, slots=True)
class Step:
    """One policy of the whole cluster that was asked on the way to a decision.

    `action` is what the first of its rules that matches says, None where none does (ANP-11);
    `reasons` are the (peer, port) of that rule that match, `rivals` what rules of other policies
    match that say otherwise at its rank (ANP-24).
    """

    tier: Tier
    priority: int
    kind: str
    policy: str
    action: Action | None = None
    reasons: tuple[Reason, ...] = ()
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)
    rivals: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What one direction says. `reasons` holds all that decided, in the order of REF-3.

    For an allow by RULE: every (rule, peer, port) that matches. For NO_RULE: each isolating
    policy, and each of its rules with the part that failed. For TIER_ALLOW and TIER_DENY: those
    of the last of `steps`. `options` names the options of SEMANTICS section 6 without which it
    might have come out otherwise (IMP-22).

    `steps` are the policies of the whole cluster that govern the subject and have rules for this
    direction, in the order in which they were asked, up to the one that decides.
    """

    direction: Direction
    allowed: bool
    cause: Cause
    reasons: tuple[Reason, ...] = ()
    options: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def ambiguous(self) -> tuple[Reason, ...]:
        """What rules of other policies match that say otherwise at the rank of a step (ANP-24)."""
        return tuple(reason for step in self.steps for reason in step.rivals)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer for one flow: both directions were asked.

    Where the IP families disagree, `family` is the one that this is the answer for, and `others`
    has the other's (NP-41); else they are None and empty. `assumptions` are what was taken as
    given and would, the other way round, change `allowed` (NP-43, WL-7).
    """

    flow: Flow
    egress: Decision
    ingress: Decision
    family: Family | None = None
    assumptions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    others: tuple[Answer, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether both directions allow it (NP-2)."""
        return self.egress.allowed and self.ingress.allowed
