"""Label selectors: a conjunction of requirements (SEMANTICS SEL-1..SEL-15)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from netsim.labels.labels import UNKNOWN_VALUE, Labels


class Operator(Enum):
    """The four operators of a LabelSelector; there is no other (SEL-14)."""

    IN = "In"
    NOT_IN = "NotIn"
    EXISTS = "Exists"
    DOES_NOT_EXIST = "DoesNotExist"

    __hash__ = object.__hash__  # members are singletons; Enum hashes in Python, by name


@dataclass(frozen=True, slots=True)
class Requirement:
    """One conjunct. `values` is sorted and free of duplicates; empty for (DoesNot)Exist."""

    key: str
    operator: Operator
    values: tuple[str, ...] = ()

    def matches(self, labels: Labels) -> bool:
        """Whether `labels` meet it (SEL-4..7): an absent key fails In and meets NotIn."""
        value = labels.get(self.key)
        match self.operator:
            case Operator.IN:
                return value is not None and value in self.values
            case Operator.NOT_IN:
                return value is None or value not in self.values
            case Operator.EXISTS:
                return value is not None
            case Operator.DOES_NOT_EXIST:
                return value is None

    def undecidable(self, labels: Labels) -> bool:
        """Whether the answer hangs on a value that is not known offline (WL-7)."""
        return bool(self.values) and labels.get(self.key) == UNKNOWN_VALUE

    def __str__(self) -> str:
        """The requirement in the syntax of `kubectl -l`."""
        match self.operator:
            case Operator.IN if len(self.values) == 1:
                return f"{self.key}={self.values[0]}"
            case Operator.NOT_IN if len(self.values) == 1:
                return f"{self.key}!={self.values[0]}"
            case Operator.IN:
                return f"{self.key} in ({','.join(self.values)})"
            case Operator.NOT_IN:
                return f"{self.key} notin ({','.join(self.values)})"
            case Operator.EXISTS:
                return self.key
            case Operator.DOES_NOT_EXIST:
                return f"!{self.key}"


@dataclass(frozen=True, slots=True)
class Selector:
    """All requirements must hold (SEL-2); without any it selects everything (SEL-1)."""

    # INVARIANT: sorted by (key, operator, values), no duplicates: equal selectors are ==.
    requirements: tuple[Requirement, ...] = ()
    # Selectors are looked up again and again: hashed once, when they are made.
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(self.requirements))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[type[Selector], tuple[tuple[Requirement, ...]]]:
        return Selector, (self.requirements,)  # a hash is good for one process

    @staticmethod
    def of(*requirements: Requirement) -> Selector:
        """The selector of these requirements in canonical order."""
        unique = dict.fromkeys(requirements)
        return Selector(
            tuple(sorted(unique, key=lambda item: (item.key, item.operator.value, item.values)))
        )

    def matches(self, labels: Labels) -> bool:
        """Whether every requirement holds for `labels`."""
        return all(requirement.matches(labels) for requirement in self.requirements)

    def undecidable(self, labels: Labels) -> bool:
        """Whether an unknown label value (WL-7) could turn the answer of `matches` round."""
        hanging = [item for item in self.requirements if item.undecidable(labels)]
        return bool(hanging) and all(
            item.matches(labels) for item in self.requirements if item not in hanging
        )

    def __str__(self) -> str:
        """The selector in the syntax of `kubectl -l`; empty for the selector of everything."""
        return ",".join(str(requirement) for requirement in self.requirements)


EVERYTHING = Selector()


def exactly(key: str, value: str) -> Requirement:
    """The requirement of one matchLabels pair (SEL-3)."""
    return Requirement(key, Operator.IN, (value,))
