"""What is asked of policies: one side of a flow, and the ledger that a decision is written in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from netsim.model.cluster import Address, ContainerPort, Namespace, Node, Pod, Protocol
from netsim.model.flow import Direction, Family, Step
from netsim.model.semantics import Semantics
from netsim.model.tiers import Action


@dataclass(frozen=True, slots=True)
class End:
    """One end of a flow in one family, as policies see it.

    A pod has `pod` and its `namespace`; a node has `node`, and so has a pod that uses its
    node's network (NP-63); what is outside has none of them. `address` is None where nobody
    knows it (NP-43). `domain` is the DNS name under which a destination is reached, if it is
    (ANP-17); whoever it is.
    """

    family: Family
    address: Address | None
    pod: Pod | None = None
    namespace: Namespace | None = None
    node: Node | None = None
    domain: str = ""

    @property
    def network_pod(self) -> Pod | None:
        """The pod that policies can select, as subject and as peer (NP-33, NP-62)."""
        return self.pod if self.node is None else None

    @property
    def ports(self) -> tuple[ContainerPort, ...]:
        """The ports that the end declares; none for a node by itself and for the outside."""
        return self.pod.ports if self.pod else ()


@dataclass(frozen=True, slots=True)
class Side:
    """One direction of a flow: the governed end, the other end, and what is opened.

    `port` is the destination's; None for ICMP. `nodes` are those of the snapshot, by name:
    a rule can ask for their labels (ANP-16).
    """

    direction: Direction
    subject: End
    peer: End
    protocol: Protocol
    port: int | None
    nodes: Mapping[str, Node] = field(default_factory=dict, compare=False, repr=False)

    @property
    def destination(self) -> End:
        """The end whose ports are meant, in either direction (NP-49, NP-50)."""
        return self.subject if self.direction is Direction.INGRESS else self.peer


@dataclass(frozen=True, slots=True)
class TierDecision:
    """What the policies of one tier around NetworkPolicy say of a side.

    `action` is None where no rule matches (ANP-11). `steps` are as in a Decision.
    """

    action: Action | None = None
    steps: tuple[Step, ...] = ()


class Ledger:
    """What a decision leaned on besides the manifests; written while it is made.

    `turned` has the assumptions to answer the other way round, for a second look.
    """

    __slots__ = ("_turned", "assumptions", "notes", "options", "semantics")

    def __init__(self, semantics: Semantics, turned: Iterable[str] = ()) -> None:
        self.semantics = semantics
        self._turned = frozenset(turned)
        # Dicts, for the order in which things were met.
        self.options: dict[str, None] = {}
        self.assumptions: dict[str, None] = {}
        self.notes: dict[str, None] = {}

    def option(self, name: str) -> object:
        """The value of an option on which a branch hangs, and a record that it was asked (IMP-22)."""
        self.options[name] = None
        value: object = getattr(self.semantics, name)
        return value

    def assume(self, answer: bool, assumption: str) -> bool:
        """`answer`, where nobody knows and `assumption` says what it takes as given (NP-43, WL-7)."""
        self.assumptions[assumption] = None
        return answer != (assumption in self._turned)

    def note(self, text: str) -> None:
        """Keep something that a reader of the verdict should know and that decides nothing."""
        self.notes[text] = None

    def again(self) -> Ledger:
        """An empty one with the same options, and the same assumptions turned."""
        return Ledger(self.semantics, self._turned)

    def holds_for(self, other: Ledger) -> bool:
        """Whether what this was written for comes out the same with the options of `other`."""
        mine, theirs = self.semantics, other.semantics
        return all(getattr(mine, name) == getattr(theirs, name) for name in self.options) and all(
            (text in self._turned) == (text in other._turned) for text in self.assumptions
        )

    def include(self, other: Ledger) -> None:
        """Write down what `other` has, as if it had been met here."""
        self.options |= other.options
        self.assumptions |= other.assumptions
        self.notes |= other.notes
