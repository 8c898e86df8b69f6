"""What every policy API brings: the kinds that it reads, and the meaning of what it reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from netsim.dialects.sides import Ledger, Side, TierDecision
from netsim.model.flow import Decision
from netsim.model.snapshot import Policy
from netsim.schema.kinds import ObjectKind


class Reference(Protocol):
    """The meaning of a dialect, executable: what its policies say of one side of a flow.

    A Decision where they decide by themselves, of what one tier around NetworkPolicy says else.
    """

    def __call__(
        self, policies: Iterable[Any], side: Side, ledger: Ledger
    ) -> Decision | TierDecision: ...


@dataclass(frozen=True, slots=True)
class Dialect:
    """One policy API. Whatever else evaluates it is held against its `reference`.

    Raises TypeError if there is no reference: nobody could say whether an answer is right.
    """

    name: str
    kinds: tuple[ObjectKind[Policy], ...]
    reference: Reference

    def __post_init__(self) -> None:
        if not callable(self.reference):
            raise TypeError(f"dialect {self.name} has no reference")
