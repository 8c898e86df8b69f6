"""Causes and reasons in words, for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from netsim.model.cluster import Node, Pod
from netsim.model.flow import Cause, Decision, Direction, Endpoint, Part, Reason
from netsim.model.verdict import Group


def cause_text(decision: Decision, group: Group) -> str:
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
        case _:
            assert_never(decision.cause)


def _ungoverned(end: Endpoint) -> str:
    if isinstance(end, Node):
        return "no policy governs a node"
    if isinstance(end, Pod):
        return "no policy governs a pod on the network of its node"
    return "no policy governs what is outside the cluster"


def _ends(direction: Direction, group: Group) -> tuple[str, str]:
    """The governed end of a direction, and the other."""
    flow = group.answer.flow
    source = _name(group.sources, flow.source)
    destination = _name(group.destinations, flow.destination)
    return (destination, source) if direction is Direction.INGRESS else (source, destination)


def _name(names: Sequence[str], asked: Endpoint | int | None) -> str:
    """The name of one side of a group; where it has several, of the one that was asked for all."""
    return names[0] if len(names) == 1 else str(asked)


def policy_name(reason: Reason) -> str:
    """The policy of a reason: `shop/api-from-frontend`, or the bare name of a cluster policy."""
    return f"{reason.namespace}/{reason.policy}" if reason.namespace else reason.policy


def rule_name(reason: Reason) -> str:
    """The rule as Kubernetes writes it: `ingress[0]`."""
    return f"{reason.direction.value}[{reason.rule}]"


def matched_text(reason: Reason) -> str:
    """The rule, peer and port entry that match: `ingress[0], from[1], ports[0]`.

    A part that the rule doesn't restrict is said to be any.
    """
    peers = "from" if reason.direction is Direction.INGRESS else "to"
    peer = "any peer" if reason.peer is None else f"{peers}[{reason.peer}]"
    port = "any port" if reason.port is None else f"ports[{reason.port}]"
    return f"{rule_name(reason)}, {peer}, {port}"


def failed_text(reason: Reason, group: Group) -> str:
    """What part of a rule failed first (REF-3)."""
    inward = reason.direction is Direction.INGRESS
    if reason.part is Part.PEERS:
        _, other = _ends(reason.direction, group)
        return f"no item of `{'from' if inward else 'to'}` has {other}"
    flow = group.answer.flow
    port = group.ports[0] if len(group.ports) == 1 else f"{flow.port}/{flow.protocol.value.lower()}"
    end = "source" if inward else "destination"
    return f"the {end} matches, but no item of `ports` has {port}"
