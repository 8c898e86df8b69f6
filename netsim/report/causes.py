"""Causes and reasons in words, for people."""

from __future__ import annotations

from typing import assert_never

from netsim.model.flow import Cause, Decision, Direction, Flow, Part, Reason


def cause_text(decision: Decision, flow: Flow) -> str:
    """Why `decision` came out as it did, naming the endpoints of `flow`."""
    inward = decision.direction is Direction.INGRESS
    subject = flow.destination if inward else flow.source
    match decision.cause:
        case Cause.SELF:
            return "a pod always reaches itself"
        case Cause.NOT_A_SUBJECT:
            return f"no policy can govern {subject}"
        case Cause.OWN_NODE:
            return (
                f"{flow.source if inward else flow.destination} is the node that {subject} runs on"
            )
        case Cause.OTHER_NODE:
            return "traffic from other nodes is let in"
        case Cause.NO_COMMON_FAMILY:
            return f"{flow.source} and {flow.destination} have no IP family in common"
        case Cause.PROTOCOL:
            return f"an option decides for {flow.protocol.value}"
        case Cause.NOT_ISOLATED:
            return f"no policy selects {subject} for {decision.direction.value}"
        case Cause.RULE:
            return "a rule allows it"
        case Cause.NO_RULE:
            return f"{subject} is isolated, and no rule allows this"
        case _:
            assert_never(decision.cause)


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


def failed_text(reason: Reason, flow: Flow) -> str:
    """What part of a rule failed first (REF-3)."""
    inward = reason.direction is Direction.INGRESS
    if reason.part is Part.PEERS:
        side = f"`from` has {flow.source}" if inward else f"`to` has {flow.destination}"
        return f"no item of {side}"
    port = f"{flow.port}/" if flow.port is not None else ""
    end = "source" if inward else "destination"
    return f"the {end} matches, but no item of `ports` has {port}{flow.protocol.value.lower()}"
