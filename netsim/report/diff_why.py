"""Why a witness comes out otherwise in the new version: the rule that lets it through, or did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netsim.changes.blame import Cause
from netsim.changes.edits import PolicyEdit, TierEdit
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


_BY_RULE = Why.RULE, Why.TIER_ALLOW
_BY_NOBODY = Why.NOT_ISOLATED, Why.UNDECIDED


def _opened(old: Decision, new: Decision, whom: str, blamed: frozenset[str]) -> Turn:
    direction = new.direction.value
    allowing = _one(new, Part.MATCHED, blamed) if new.cause in _BY_RULE else None
    denying = _one(old, Part.MATCHED, blamed) if old.cause is Why.TIER_DENY else None
    if new.cause is Why.SHADOWED and (reason := _one(new, Part.ISOLATES, blamed)):
        where = f"isolates {whom} for {reason.direction.value}"
        text = f"{reason.full_name} {where}, so that Baseline is not asked about {direction}"
        return Turn(new.direction, text, reason, True)
    if denying and not (allowing and _is_blamed(allowing, blamed)):
        text = f"{direction} was denied by {_rule(denying)}"
        return Turn(new.direction, text, denying, False)
    if allowing:
        return Turn(new.direction, f"{direction} is allowed by {_rule(allowing)}", allowing, True)
    if new.cause in _BY_NOBODY and (reason := _one(old, Part.ISOLATES, blamed)):
        text = f"{reason.full_name} isolated {whom} for {direction}, and nothing does now"
        return Turn(new.direction, text, reason, False)
    return Turn(new.direction, f"{direction}: {new.cause.value}", None, True)


def _closed(old: Decision, new: Decision, whom: str, blamed: frozenset[str]) -> Turn:
    direction = new.direction.value
    allowing = _one(old, Part.MATCHED, blamed) if old.cause in _BY_RULE else None
    denying = _one(new, Part.MATCHED, blamed) if new.cause is Why.TIER_DENY else None
    if denying and not (allowing and _is_blamed(allowing, blamed)):
        text = f"{direction} is denied by {_rule(denying)}"
        return Turn(new.direction, text, denying, True)
    if allowing:
        return Turn(new.direction, f"{direction} was allowed by {_rule(allowing)}", allowing, False)
    if new.cause is Why.NO_RULE and (reason := _one(new, Part.ISOLATES, blamed)):
        text = f"{reason.full_name} isolates {whom} for {direction}, and no rule allows this"
        return Turn(new.direction, text, reason, True)
    return Turn(new.direction, f"{direction}: {new.cause.value}", None, True)


def _rule(reason: Reason) -> str:
    return f"{reason.full_name}, {matched_text(reason)}"


def _one(decision: Decision, part: Part, blamed: frozenset[str]) -> Reason | None:
    found = [reason for reason in decision.reasons if reason.part is part]
    to_blame = [reason for reason in found if _is_blamed(reason, blamed)]
    return next(iter([*to_blame, *found]), None)


def _is_blamed(reason: Reason, blamed: frozenset[str]) -> bool:
    return _name(reason.kind, reason.full_name) in blamed


def _policies(cause: Cause) -> Iterator[str]:
    for edit in (*cause.edits, *cause.alone):
        if isinstance(edit, PolicyEdit | TierEdit):
            yield _name(edit.either.kind, edit.full_name)


def _name(kind: str, full_name: str) -> str:
    """What tells it apart from policies of other kinds that are called so."""
    return f"{kind} {full_name}"
