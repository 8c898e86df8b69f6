"""A verdict as data (docs/json.md)."""

from __future__ import annotations

from sys import maxsize

from netsim.model.flow import Decision, Reason, Step
from netsim.model.profiles import Profile
from netsim.model.verdict import Group, Verdict
from netsim.model.walk import walk_text
from netsim.report.context import OPTION_RULES, Context, deciding_options, option_value
from netsim.report.json_text import API_VERSION, json_text, place


def verdict_json(verdict: Verdict, context: Context) -> str:
    """One object, `kind: Verdict`."""
    return json_text(verdict_value(verdict, context), indent=2)


def verdict_value(verdict: Verdict, context: Context) -> dict[str, object]:
    """All that the text says, and every reason of every group."""
    return {
        "apiVersion": API_VERSION,
        "kind": "Verdict",
        "from": verdict.source,
        "to": verdict.destination,
        "port": verdict.port,
        **answer_value(verdict),
        "options": [
            {
                "name": name,
                "value": option_value(context.semantics, name),
                "rule": OPTION_RULES[name],
            }
            for name in deciding_options(verdict)
        ],
        "differsUnder": [
            {"profile": profile.name, "verdict": word, "describes": profile.describes}
            for profile, word in context.differing
        ],
        "profile": None if context.profile is None else profile_value(context.profile),
        "semantics": context.semantics.changed(),
    }


def answer_value(verdict: Verdict) -> dict[str, object]:
    """The keys that say how the question was answered, whatever was asked under which options."""
    return {
        "verdict": verdict.word,
        "allowed": verdict.allowed,
        "some": verdict.some,
        "reason": verdict.reason,
        "groups": [_group(group) for group in verdict.groups],
        "notes": list(verdict.notes),
        "assumptions": list(verdict.assumptions),
        "incomplete": list(verdict.incomplete),
    }


def _group(group: Group) -> dict[str, object]:
    answer = group.answer
    return {
        "allowed": group.allowed,
        "count": group.count,
        "sources": list(group.sources),
        "destinations": list(group.destinations),
        "ports": list(group.ports),
        "family": None if answer.family is None else f"IPv{answer.family.value}",
        "egress": _decision(answer.egress),
        "ingress": _decision(answer.ingress),
        "notes": list(answer.notes),
        "assumptions": list(answer.assumptions),
    }


def _decision(decision: Decision) -> dict[str, object]:
    return {
        "allowed": decision.allowed,
        "cause": decision.cause.name.lower(),
        "text": decision.cause.value,
        "reasons": [_reason(reason) for reason in decision.reasons],
        "options": list(decision.options),
        **(_walk(decision) if decision.steps else {}),
    }


def _walk(decision: Decision) -> dict[str, object]:
    """The keys of a decision on whose way policies of the whole cluster were asked."""
    return {
        "walk": walk_text(decision, maxsize),
        "steps": [_step(step) for step in decision.steps],
        "ambiguous": [_reason(reason) for reason in decision.ambiguous],
    }


def _step(step: Step) -> dict[str, object]:
    return {
        "tier": str(step.tier),
        "priority": step.priority,
        "kind": step.kind,
        "policy": step.policy,
        "action": step.action and step.action.value,
        "reasons": [_reason(reason) for reason in step.reasons],
        **place(step.origin.locate()),
    }


def _reason(reason: Reason) -> dict[str, object]:
    return {
        "kind": reason.kind,
        "namespace": reason.namespace,
        "policy": reason.policy,
        "part": reason.part.value,
        "rule": reason.rule,
        "peer": reason.peer,
        "port": reason.port,
        "peers": list(reason.peers),
        "ports": list(reason.ports),
        **place(reason.location),
    }


def profile_value(profile: Profile) -> dict[str, object]:
    """What was answered under (IMP-21)."""
    return {
        "name": profile.name,
        "describes": profile.describes,
        "options": dict(profile.options),
        "unverified": sorted(profile.unverified),
        "caveats": list(profile.caveats),
    }
