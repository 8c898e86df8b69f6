"""One direction of an answer for people: who decided it, and where that is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from netsim.model.flow import Cause, Decision, Part, Reason
from netsim.model.verdict import Group
from netsim.report.causes import cause_text, failed_text, matched_text, policy_name, rule_name
from netsim.report.escape import visible
from netsim.report.style import Style, more


def decision_lines(decision: Decision, group: Group, style: Style) -> Iterator[str]:
    """What one direction of a group says, and who decided it."""
    word = style.palette.decision(decision.allowed, "allowed" if decision.allowed else "denied")
    head = f"  {decision.direction.value:7}  {word}"
    if decision.cause is Cause.RULE and decision.reasons:
        yield from _allowing(head, decision.reasons, style)
        return
    yield f"{head}: {visible(cause_text(decision, group))}"
    policies = [list(found) for _, found in groupby(decision.reasons, key=policy_name)]
    for reasons in policies[: style.items]:
        yield from _isolating(reasons, group, style)
    yield from more(len(policies) - style.items, "    ")


def _allowing(head: str, reasons: Sequence[Reason], style: Style) -> Iterator[str]:
    """The first reason on the line of its direction, others below it."""
    shown = reasons[: style.allowing]
    yield f"{head} by {_matched(shown[0], style)}"
    for reason in shown[1:]:
        yield f"    and by {_matched(reason, style)}"
    yield from more(len(reasons) - len(shown), "    ")


def _matched(reason: Reason, style: Style) -> str:
    return f"{visible(policy_name(reason))}, {visible(matched_text(reason))}{_place(reason, style)}"


def _isolating(reasons: Sequence[Reason], group: Group, style: Style) -> Iterator[str]:
    """One policy of a deny: that it isolates, and for each of its rules what failed."""
    first = reasons[0]
    rules = [reason for reason in reasons if reason.part is not Part.ISOLATES]
    none = "" if rules else f" and has no {first.direction.value} rule"
    yield f"    {visible(policy_name(first))} isolates it{none}{_place(first, style)}"
    for reason in rules[: style.items]:
        failed = visible(failed_text(reason, group, style.items))
        yield f"      {rule_name(reason)}: {failed}{_place(reason, style)}"
    yield from more(len(rules) - style.items, "      ")


def _place(reason: Reason, style: Style) -> str:
    return "  " + style.palette.paint(style.palette.faint, f"({visible(str(reason.location))})")
