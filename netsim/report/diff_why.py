"""Why a witness comes out otherwise in the new version: the rule that lets it through, or did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netsim.changes.blame import Cause
from netsim.changes.edits import PolicyEdit
from netsim.changes.witness import Witness
from netsim.model.flow import Answer, Decision, Direction, Part, Reason
from netsim.model.flow import Cause as Why
from netsim.report.decision_text import matched_text


@dataclass(frozen=True, slots=True)
class Turn:
    """One direction that turned: why, in words, and what decided where that is written.

    `is_new` says whether that is in the new version.
    """

    direction: Direction
    text: str
    reason: Reason | None
    is_new: bool


def turns(witness: Witness, cause: Cause | None) -> list[Turn]:
    """Each direction that says something else now; of several reasons one that is to blame."""
    blamed = frozenset(_policies(cause)) if cause else frozenset[str]()
    before, after = witness.before, witness.after
    sides = (
        (before.egress, after.egress, str(after.flow.source)),
        (before.ingress, after.ingress, str(after.flow.destination)),
    )
    return [
        _opened(old, new, whom, blamed) if new.allowed else _closed(old, new, whom, blamed)
        for old, new, whom in sides
        if old.allowed != new.allowed
    ]


def assumptions(witness: Witness) -> Iterator[str]:
    """What was taken as given in either version."""
    answers: tuple[Answer, ...] = (witness.before, witness.after)
    return (text for answer in answers for text in answer.assumptions)


def _opened(old: Decision, new: Decision, whom: str, blamed: frozenset[str]) -> Turn:
    direction = new.direction.value
    if new.cause is Why.RULE and (reason := _one(new, Part.MATCHED, blamed)):
        return Turn(new.direction, f"{direction} is allowed by {_rule(reason)}", reason, True)
    if new.cause is Why.NOT_ISOLATED and (reason := _one(old, Part.ISOLATES, blamed)):
        text = f"{reason.full_name} isolated {whom} for {direction}, and nothing does now"
        return Turn(new.direction, text, reason, False)
    return Turn(new.direction, f"{direction}: {new.cause.value}", None, True)


def _closed(old: Decision, new: Decision, whom: str, blamed: frozenset[str]) -> Turn:
    direction = new.direction.value
    if old.cause is Why.RULE and (reason := _one(old, Part.MATCHED, blamed)):
        return Turn(new.direction, f"{direction} was allowed by {_rule(reason)}", reason, False)
    if new.cause is Why.NO_RULE and (reason := _one(new, Part.ISOLATES, blamed)):
        text = f"{reason.full_name} isolates {whom} for {direction}, and no rule allows this"
        return Turn(new.direction, text, reason, True)
    return Turn(new.direction, f"{direction}: {new.cause.value}", None, True)


def _rule(reason: Reason) -> str:
    return f"{reason.full_name}, {matched_text(reason)}"


def _one(decision: Decision, part: Part, blamed: frozenset[str]) -> Reason | None:
    found = [reason for reason in decision.reasons if reason.part is part]
    to_blame = [reason for reason in found if reason.full_name in blamed]
    return next(iter([*to_blame, *found]), None)


def _policies(cause: Cause) -> Iterator[str]:
    for edit in (*cause.edits, *cause.alone):
        if isinstance(edit, PolicyEdit):
            yield f"{edit.namespace}/{edit.either.name}"
