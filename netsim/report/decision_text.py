"""One direction of an answer for people: why it came out so, who decided it, and where it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import ip_network
from itertools import groupby
from typing import assert_never

from netsim.errors import visible
from netsim.model.cluster import Node, Pod
from netsim.model.flow import Cause, Decision, Direction, Domain, Endpoint, Part, Reason
from netsim.model.tiers import Action
from netsim.model.verdict import Group
from netsim.model.walk import matched_steps, names_apart, walk_text
from netsim.report.style import Style, more


def decision_lines(decision: Decision, group: Group, style: Style) -> Iterator[str]:
    """What one direction of a group says, and who decided it."""
    word = style.palette.decision(decision.allowed, "allowed" if decision.allowed else "denied")
    head = f"  {decision.direction.value:7}  {word}"
    if decision.steps:
        yield f"{head}: {visible(walk_text(decision, style.items))}"
        yield from _passing(decision, style)
        yield from _deciding(decision, group, style)
    elif decision.cause is Cause.RULE and decision.reasons:
        yield from _matching(f"{head} by", decision.reasons, style)
    else:
        yield f"{head}: {visible(_cause_text(decision, group))}"
        yield from _deciding(decision, group, style)


def _deciding(decision: Decision, group: Group, style: Style) -> Iterator[str]:
    """Who decided, and where it is written."""
    match decision.cause:
        case Cause.RULE | Cause.TIER_ALLOW | Cause.TIER_DENY if decision.reasons:
            yield from _matching("    by", decision.reasons, style)
        case Cause.SHADOWED:
            yield from _isolating_otherwise(decision.reasons, style)
        case _:
            yield from _denying(decision, group, style)


def disagreements(decision: Decision) -> Iterator[str]:
    """A line for each policy of the priority of one that matches, that says otherwise (ANP-24)."""
    for step in matched_steps(decision):
        first, names = step.reasons[0], names_apart((*step.reasons, *step.rivals))
        for key, found in groupby(step.rivals, key=_policy):
            other = next(found)
            one = f"{names[_policy(first)]} {_rule_name(first)}"
            rival = f"{names[key]} {_rule_name(other)}"
            places = f"({first.location}, {other.location})"
            said = f"{one} and {rival} have the same priority and disagree"
            yield visible(f"ambiguous: {said}  {places}")


def _policy(reason: Reason) -> tuple[str, str]:
    return reason.kind, reason.full_name


def _passing(decision: Decision, style: Style) -> Iterator[str]:
    """Where it is written that a tier has no say."""
    for step in matched_steps(decision):
        if step.action is Action.PASS:
            yield from _matching("    passed on by", step.reasons, style)


def _isolating_otherwise(reasons: Sequence[Reason], style: Style) -> Iterator[str]:
    """The policies that isolate a pod in the other direction (IMP-11)."""
    for each in reasons[: style.items]:
        name = visible(each.full_name)
        yield f"    {name} isolates it for {each.direction.value}{_place(each, style)}"
    yield from more(len(reasons) - style.items, "    ")


def _denying(decision: Decision, group: Group, style: Style) -> Iterator[str]:
    policies = [
        list(found) for _, found in groupby(decision.reasons, key=lambda reason: reason.full_name)
    ]
    for reasons in policies[: style.items]:
        yield from _isolating(reasons, group, style)
    yield from more(len(policies) - style.items, "    ")


def _matching(head: str, reasons: Sequence[Reason], style: Style) -> Iterator[str]:
    """The first reason on the line that `head` begins, others below it."""
    shown = reasons[: style.allowing]
    yield f"{head} {_matched(shown[0], style)}"
    for reason in shown[1:]:
        yield f"    and by {_matched(reason, style)}"
    yield from more(len(reasons) - len(shown), "    ")


def _matched(reason: Reason, style: Style) -> str:
    return f"{visible(reason.full_name)}, {visible(matched_text(reason))}{_place(reason, style)}"


def _isolating(reasons: Sequence[Reason], group: Group, style: Style) -> Iterator[str]:
    """One policy that isolates: that it does, and for each of its rules what failed."""
    first = reasons[0]
    rules = [reason for reason in reasons if reason.part is not Part.ISOLATES]
    none = "" if rules else f" and has no {first.direction.value} rule"
    yield f"    {visible(first.full_name)} isolates it{none}{_place(first, style)}"
    for reason in rules[: style.items]:
        failed = visible(_failed_text(reason, group, style.items))
        yield f"      {_rule_name(reason)}: {failed}{_place(reason, style)}"
    yield from more(len(rules) - style.items, "      ")


def _place(reason: Reason, style: Style) -> str:
    return "  " + style.palette.paint(style.palette.faint, f"({visible(str(reason.location))})")


def _cause_text(decision: Decision, group: Group) -> str:
    """Why a direction of the group came out as it did, naming the endpoints."""
    subject, other = _ends(decision.direction, group)
    match decision.cause:
        case Cause.SELF:
            return "a pod always reaches itself"
        case Cause.NOT_A_SUBJECT:
            flow = group.answer.flow
            inward = decision.direction is Direction.INGRESS
            return _ungoverned(flow.destination if inward else flow.source)
        case Cause.OWN_NODE:
            return f"{other} is the node that {subject} runs on"
        case Cause.OTHER_NODE:
            return "traffic from other nodes is let in"
        case Cause.NO_COMMON_FAMILY:
            return f"{subject} and {other} have no IP family in common"
        case Cause.PROTOCOL:
            return f"an option decides for {group.answer.flow.protocol.value}"
        case Cause.NOT_ISOLATED:
            return f"no policy selects {subject} for {decision.direction.value}"
        case Cause.RULE:
            return "a rule allows it"
        case Cause.NO_RULE:
            return f"{subject} is isolated, and no rule allows this"
        case Cause.TIER_ALLOW | Cause.TIER_DENY | Cause.UNDECIDED:
            return str(decision.cause.value)
        case Cause.SHADOWED:
            other = decision.reasons[0].direction.value
            return f"a NetworkPolicy selects {subject} for {other}: Baseline is not asked"
        case _:
            assert_never(decision.cause)


def _ungoverned(end: Endpoint) -> str:
    if isinstance(end, Node):
        return "no policy governs a node"
    if isinstance(end, Pod):
        return "no policy governs a pod on the network of its node"
    if isinstance(end, Domain) and end.address:  # which may be a node's
        return f"no policy governs {end}"
    return "no policy governs what is outside the cluster"


def _ends(direction: Direction, group: Group) -> tuple[str, str]:
    """The governed end of a direction, and the other."""
    flow = group.answer.flow
    source = _name(group.sources, flow.source)
    destination = _name(group.destinations, flow.destination)
    return (destination, source) if direction is Direction.INGRESS else (source, destination)


def _name(names: Sequence[str], asked: Endpoint) -> str:
    """The name of one side of a group; where it has several, of the one that was asked for all."""
    if len(names) == 1:
        return names[0]
    if isinstance(asked, Pod | Node) or str(asked) in names:
        return str(asked)
    # Nobody asked for this very address: it stands for ranges
    ranges = [name for name in names if _is_range(name)]
    return f"{ranges[0]} and {len(ranges) - 1} more ranges" if len(ranges) > 1 else ranges[0]


def _is_range(name: str) -> bool:
    try:
        ip_network(name)
    except ValueError:
        return False
    return True


def _rule_name(reason: Reason) -> str:
    """The rule as Kubernetes writes it: `ingress[0]`."""
    return f"{reason.direction.value}[{reason.rule}]"


def matched_text(reason: Reason) -> str:
    """The rule, peer and port entry that match, and what these are.

    `ingress[0], from[1] (podSelector app=web), ports[0] (8080/tcp)`. A part that the rule doesn't
    restrict is said to be any.
    """
    peer, port = "any peer", "any port"
    if reason.peer is not None:
        peer = _entry(f"{_peers_field(reason)}[{reason.peer}]", reason.peers)
    if reason.port is not None:
        port = _entry(f"{_ports_field(reason)}[{reason.port}]", reason.ports)
    return f"{_rule_name(reason)}, {peer}, {port}"


def _failed_text(reason: Reason, group: Group, shown: int) -> str:
    """What part of a rule failed first (REF-3), and the first `shown` of what stands there."""
    if reason.part is Part.PEERS:
        _, other = _ends(reason.direction, group)
        return f"no item of `{_peers_field(reason)}` matches {other}{_instead(reason.peers, shown)}"
    flow = group.answer.flow
    port = group.ports[0] if len(group.ports) == 1 else f"{flow.port}/{flow.protocol.value.lower()}"
    end = "source" if reason.direction is Direction.INGRESS else "destination"
    return (
        f"the {end} matches, but no item of `ports` matches {port}{_instead(reason.ports, shown)}"
    )


def _ports_field(reason: Reason) -> str:
    return reason.written.ports_field if reason.written else "ports"


def _peers_field(reason: Reason) -> str:
    return "from" if reason.direction is Direction.INGRESS else "to"


def _entry(name: str, words: Sequence[str]) -> str:
    return f"{name} ({words[0]})" if words else name


def _instead(words: Sequence[str], shown: int) -> str:
    more = [f"and {len(words) - shown} more"] if len(words) > shown else []
    return f": {'; '.join([*words[:shown], *more])}" if words else ""
