"""A suite as written, after decoding: expectations about who may talk to whom.

    allow / deny     every pair of some sources and destinations, or some pair
    only             these sources may send to the destinations, and nobody else
    isolated         some policy selects the pods in a direction (NP-3, NP-6)
    reach-at-most    nothing else can be reached in so many hops

Endpoints and ports are the texts of every command.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, assert_never

from netsim.errors import Location
from netsim.model.flow import Direction
from netsim.model.ports import AskedPort
from netsim.source.origin import NOWHERE, Origin


class Ends(NamedTuple):
    """Whom all of `texts` mean together, without whom one of `excepts` means."""

    texts: tuple[str, ...]
    excepts: tuple[str, ...] = ()

    def __str__(self) -> str:
        excepts = f" except {_listed(self.excepts)}" if self.excepts else ""
        return f"{_listed(self.texts)}{excepts}"


class Ports(NamedTuple):
    """The traffic that an expectation is about. `asked` is empty for all of it, of any protocol."""

    asked: tuple[AskedPort, ...] = ()

    def __str__(self) -> str:
        return _listed([str(port) for port in self.asked]) if self.asked else "any"


class _Between(NamedTuple):
    """About the pairs of some sources and destinations; with `some` about one of them."""

    sources: Ends
    destinations: Ends
    ports: Ports
    some: bool = False

    def __eq__(self, other: object) -> bool:  # its kinds have the same fields
        return type(other) is type(self) and tuple.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((type(self), *self))

    def __str__(self) -> str:
        some = "some " if self.some else ""
        return f"{WORDS[type(self)]} {some}{self.sources} -> {self.destinations} {self.ports}"


class Allow(_Between):
    """Every pair may exchange all of the traffic; with `some`, one pair a part of it."""

    __slots__ = ()


class Deny(_Between):
    """No pair may exchange any of the traffic; with `some`, one pair not all of it."""

    __slots__ = ()


class Only(NamedTuple):
    """Each source may send the traffic to each destination, and no other pod or address may.

    Without ports a source is to be able to send anything, and nobody else is. Who is excepted is
    one of the others. Nodes are that only where they are excepted: one may reach its own pods
    whatever policies say (NP-60).
    """

    sources: Ends
    destinations: Ends
    ports: Ports

    def __str__(self) -> str:
        return f"only {self.sources} -> {self.destinations} {self.ports}"


class Isolated(NamedTuple):
    """In each direction some policy selects every one of the pods."""

    pods: Ends
    directions: tuple[Direction, ...]

    def __str__(self) -> str:
        return f"isolated {self.pods} {' and '.join(each.value for each in self.directions)}"


class ReachAtMost(NamedTuple):
    """In so many hops nobody is reached but those of `within`, and nothing outside but theirs.

    A hop goes from pod to pod, over any traffic of `ports`. The sources may reach one another.
    """

    sources: Ends
    hops: int
    within: Ends
    ports: Ports

    def __str__(self) -> str:
        hops = f"{self.hops} hop{'s' if self.hops > 1 else ''}"
        ports = f" {self.ports}" if self.ports.asked else ""
        return f"reach-at-most {self.sources} in {hops} within {self.within}{ports}"


Claim = Allow | Deny | Only | Isolated | ReachAtMost
# As a suite names them.
WORDS: dict[type, str] = {
    Allow: "allow",
    Deny: "deny",
    Only: "only",
    Isolated: "isolated",
    ReachAtMost: "reach-at-most",
}


@dataclass(frozen=True, slots=True)
class Expectation:
    """One item of `expect`. `number` counts from 0 in its suite; `why` is its author's reason.

    With `allow_empty` what means nothing counts as nobody, and it holds where nothing is left to
    judge; without, it fails. `origin` is its suite's.
    """

    number: int
    claim: Claim
    why: str = ""
    allow_empty: bool = False
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)

    @property
    def location(self) -> Location:
        """Where it stands. Costs one more reading of its document, for all that are asked about."""
        return self.origin.locate(("expect", self.number))

    @property
    def word(self) -> str:
        """What a suite calls it: `deny`."""
        return WORDS[type(self.claim)]

    def __str__(self) -> str:
        return str(self.claim)


@dataclass(frozen=True, slots=True)
class Suite:
    """A named list of expectations. `namespace` is that of names that give none."""

    name: str
    expectations: tuple[Expectation, ...]
    namespace: str = ""
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(texts)


def ends_of(claim: Claim) -> tuple[Ends, ...]:
    """The ends that a claim speaks of."""
    match claim:
        case Allow() | Deny() | Only():
            return claim.sources, claim.destinations
        case Isolated():
            return (claim.pods,)
        case ReachAtMost():
            return claim.sources, claim.within
    assert_never(claim)


def texts_of(claim: Claim) -> Iterator[str]:
    """All endpoint texts of a claim."""
    return (text for ends in ends_of(claim) for text in (*ends.texts, *ends.excepts))
