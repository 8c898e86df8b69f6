"""What evaluating policies finds about them that no schema can see."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from netsim.dialects.tiers.syntax import TierPolicy
from netsim.errors import Diagnostic, FaultType, Location, Severity
from netsim.model.flow import Direction, Flow
from netsim.model.tiers import Action
from netsim.schema.fault import path_text
from netsim.source.origin import Path


class FindingKind(Enum):
    """What is found. The value is its name in JSON."""

    AMBIGUOUS = "ambiguous"  # ANP-24
    SHADOWED = "shadowed"  # ANP-3, ANP-5
    DENIES_PODS = "denies-pods"  # ANP-15
    HIDDEN = "hidden"  # ANP-9
    PRIORITY = "priority"  # IMP-21
    NOBODY = "nobody"  # ANP-4
    NOT_EVALUATED = "not-evaluated"

    __hash__ = object.__hash__  # members are singletons; Enum hashes in Python, by name


@dataclass(frozen=True, slots=True)
class Place:
    """A policy, or a field of it, and where it is written. `action` is that of the rule, if any."""

    policy: TierPolicy
    path: Path
    location: Location
    action: Action | None = None

    @staticmethod
    def of(policy: TierPolicy, *path: str | int) -> Place:
        """A field of a policy."""
        return Place(policy, path, policy.origin.locate(path))

    @staticmethod
    def of_rules(policy: TierPolicy) -> dict[tuple[Direction, int], Place]:
        """Every rule of a policy: together, as each costs a reading of the document otherwise."""
        found = {}
        for direction in Direction:
            for number, rule in enumerate(policy.rules(direction)):
                path = "spec", direction.value, number
                place = Place(policy, path, policy.origin.locate(path), rule.action)
                found[direction, number] = place
        return found

    def inside(self, *path: str | int) -> Place:
        """A field of it."""
        whole = (*self.path, *path)
        return Place(self.policy, whole, self.policy.origin.locate(whole), self.action)

    @property
    def field(self) -> str:
        """The field as Kubernetes writes it: `spec.ingress[0]`."""
        return path_text(self.path)

    def __str__(self) -> str:
        """`deny-all ingress[0] (policies.yaml:9:5)`."""
        return f"`{self.policy.name}` {self.field.removeprefix('spec.')} ({self.location})"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that evaluation found: `places` are those that it is about, the first to blame.

    `witness` is a flow that shows it, `allowed` what comes of that; None where none can.
    `code` is the rule of SEMANTICS behind it.
    """

    kind: FindingKind
    code: str
    message: str
    places: tuple[Place, ...] = ()
    witness: Flow | None = None
    allowed: bool | None = None
    help: str = ""

    @property
    def severity(self) -> Severity:
        """Nobody may come to be somebody with the next pod: that is but a note."""
        notes = (FindingKind.NOBODY, FindingKind.NOT_EVALUATED)
        return Severity.NOTE if self.kind in notes else Severity.WARNING

    @property
    def diagnostic(self) -> Diagnostic:
        """The same as a diagnostic, at the first of its places."""
        place = self.places[0] if self.places else None
        return Diagnostic(
            self.severity,
            FaultType.SEMANTIC,
            self.code,
            self.message,
            place.location if place else None,
            place.field if place else "",
            self.help,
        )
