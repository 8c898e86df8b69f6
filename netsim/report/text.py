"""A verdict for people: the answer first, then who decided and where it is written.

deny shop/frontend -> data/postgres 5432/tcp

  egress   allowed: no policy selects shop/frontend for egress
  ingress  denied: data/postgres is isolated, and no rule allows this
    data/postgres-from-api isolates it  (policies.yaml:10:3)
      ingress[0]: no item of `from` has shop/frontend  (policies.yaml:15:5)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from netsim.model.flow import Answer, Cause, Decision, Flow, Part, Reason
from netsim.model.verdict import Group, Verdict
from netsim.report.causes import cause_text, failed_text, matched_text, policy_name
from netsim.report.context import Context
from netsim.report.escape import visible
from netsim.report.options import OPTION_RULES, deciding_options, option_value
from netsim.report.style import Style


def verdict_text(verdict: Verdict, context: Context, style: Style) -> str:
    """The whole answer, several lines, ending in a line end."""
    lines = [
        _headline(verdict, style),
        *_groups(verdict, style),
        *_remarks(verdict, style),
        *_options(verdict, context, style),
        *_profile(context, style),
    ]
    return "\n".join(lines) + "\n"


def _headline(verdict: Verdict, style: Style) -> str:
    word = style.palette.decision(verdict.allowed, verdict.word)
    flow = f"{verdict.source} -> {verdict.destination} {verdict.port}"
    allowed = sum(group.count for group in verdict.groups if group.allowed)
    asked = sum(group.count for group in verdict.groups)
    share = f": {allowed} of {_flows(asked)} allowed" if verdict.mixed else ""
    return f"{word} {style.palette.paint(style.palette.strong, visible(flow))}{share}"


def _groups(verdict: Verdict, style: Style) -> Iterator[str]:
    shown = verdict.groups[: style.items]
    alone = len(verdict.groups) == 1
    for group in shown:
        yield ""
        if not alone or group.count > 1:
            yield _group_line(group, style)
        yield from _answer(group.answer, style)
    yield from _more(len(verdict.groups) - len(shown), "")


def _group_line(group: Group, style: Style) -> str:
    word = style.palette.decision(group.allowed, "allow" if group.allowed else "deny")
    ends = " -> ".join(_listed(names, style) for names in (group.sources, group.destinations))
    return f"{word} {_flows(group.count)}: {ends} {_listed(group.ports, style)}"


def _answer(answer: Answer, style: Style) -> Iterator[str]:
    if answer.family is not None:
        yield f"  over IPv{answer.family.value}"
    for decision in (answer.egress, answer.ingress):
        yield from _decision(decision, answer.flow, style)
    for note in answer.notes:
        yield f"  note: {visible(note)}"


def _decision(decision: Decision, flow: Flow, style: Style) -> Iterator[str]:
    word = style.palette.decision(decision.allowed, "allowed" if decision.allowed else "denied")
    head = f"  {decision.direction.value:7}  {word}"
    if decision.cause is Cause.RULE and decision.reasons:
        yield from _allowing(head, decision.reasons, style)
        return
    yield f"{head}: {visible(cause_text(decision, flow))}"
    policies = [list(found) for _, found in groupby(decision.reasons, key=policy_name)]
    for reasons in policies[: style.items]:
        yield from _isolating(reasons, flow, style)
    yield from _more(len(policies) - style.items, "    ")


def _allowing(head: str, reasons: Sequence[Reason], style: Style) -> Iterator[str]:
    """The first reason on the line of its direction, others below it."""
    shown = reasons[: style.allowing]
    yield f"{head} by {_matched(shown[0], style)}"
    for reason in shown[1:]:
        yield f"    and by {_matched(reason, style)}"
    yield from _more(len(reasons) - len(shown), "    ")


def _matched(reason: Reason, style: Style) -> str:
    return f"{visible(policy_name(reason))}, {matched_text(reason)}{_place(reason, style)}"


def _isolating(reasons: Sequence[Reason], flow: Flow, style: Style) -> Iterator[str]:
    """One policy of a deny: that it isolates, and for each of its rules what failed."""
    first = reasons[0]
    rules = [reason for reason in reasons if reason.part is not Part.ISOLATES]
    none = "" if rules else f" and has no {first.direction.value} rule"
    yield f"    {visible(policy_name(first))} isolates it{none}{_place(first, style)}"
    for reason in rules[: style.items]:
        failed = visible(failed_text(reason, flow))
        rule = f"{reason.direction.value}[{reason.rule}]"
        yield f"      {rule}: {failed}{_place(reason, style)}"
    yield from _more(len(rules) - style.items, "      ")


def _place(reason: Reason, style: Style) -> str:
    return "  " + style.palette.paint(style.palette.faint, f"({visible(str(reason.location))})")


def _remarks(verdict: Verdict, style: Style) -> Iterator[str]:
    remarks = [
        *(f"note: {visible(text)}" for text in verdict.notes),
        *(f"{_warned('assumption', style)}: {visible(text)}" for text in verdict.assumptions),
        *(f"{_warned('incomplete', style)}: {visible(text)}" for text in verdict.incomplete),
    ]
    return _paragraph(remarks)


def _options(verdict: Verdict, context: Context, style: Style) -> Iterator[str]:
    """Which options had a say, and under which profiles the verdict differs (IMP-22)."""
    names = deciding_options(verdict)
    if not names:
        return iter(())
    settings = (f"{name}={option_value(context.semantics, name)}" for name in names)
    rules = ", ".join(
        f"{item} ({OPTION_RULES[name]})" for item, name in zip(settings, names, strict=True)
    )
    lines = [f"decided by option: {rules}"]
    for profile, word in context.differing:
        described = f"{word}  (describes {profile.describes})"
        lines.append(f"  the verdict differs under profile {profile.name}: {described}")
    if not context.differing:
        lines.append("  no profile has another verdict")
    return _paragraph(lines)


def _profile(context: Context, style: Style) -> Iterator[str]:
    profile = context.profile
    if profile is None:
        return iter(())
    options = (
        f"{name}={value} (unverified)" if name in profile.unverified else f"{name}={value}"
        for name, value in profile.options.items()
    )
    return _paragraph(
        [
            f"profile {profile.name} describes {profile.describes}",
            f"  sets {', '.join(options) or 'nothing'}",
            *(f"  caveat: {caveat}" for caveat in profile.caveats),
        ]
    )


def _paragraph(lines: Iterable[str]) -> Iterator[str]:
    """The lines after an empty one, or nothing."""
    for number, line in enumerate(lines):
        if number == 0:
            yield ""
        yield line


def _warned(word: str, style: Style) -> str:
    return style.palette.paint(style.palette.warning, word)


def _listed(names: Sequence[str], style: Style) -> str:
    """The names, or the first of them and how many more."""
    shown = ", ".join(visible(name) for name in names[: style.items])
    more = len(names) - style.items
    return f"{shown} and {more} more" if more > 0 else shown


def _flows(count: int) -> str:
    return "1 flow" if count == 1 else f"{count} flows"


def _more(number: int, indent: str) -> Iterator[str]:
    if number > 0:
        yield f"{indent}… and {number} more (-v shows all)"
