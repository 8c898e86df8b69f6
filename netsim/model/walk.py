"""The way to a decision in one line: tier by tier, which policies were asked and what they said.

[Admin] 10 allow-monitoring: no match → 20 deny-cross-tenant: PASS (ingress[1]) → [NetworkPolicy]
isolated by shop/default-deny, no rule matches: DENY
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from netsim.model.flow import Cause, Decision, Reason, Step
from netsim.model.tiers import Action, Tier

# So many policies of a tier that say nothing are named in a line that nobody can make longer.
FEW = 5


def walk_text(decision: Decision, shown: int = FEW) -> str:
    """The whole walk; of the policies of a tier in which no rule matches the first `shown` by name.

    Empty where no policy of the whole cluster was asked.
    """
    return " → ".join(_stations(decision, shown)) if decision.steps else ""


def matched_steps(decision: Decision) -> list[Step]:
    """The steps in which a rule matches: one of a tier at most, the last of it."""
    return [step for step in decision.steps if step.action is not None]


def names_apart(reasons: Iterable[Reason]) -> dict[tuple[str, str], str]:
    """The policies of some reasons by kind and full name, each as it is told from the others.

    With its kind where another has its name.
    """
    found = dict.fromkeys((each.kind, each.full_name) for each in reasons)
    often = Counter(name for _, name in found)
    return {(kind, name): f"{kind} {name}" if often[name] > 1 else name for kind, name in found}


def _stations(decision: Decision, shown: int) -> Iterator[str]:
    tiers = {
        tier: list(steps) for tier, steps in groupby(decision.steps, key=lambda step: step.tier)
    }
    yield from _in_tier(Tier.ADMIN, tiers.get(Tier.ADMIN, []), shown)
    if decision.steps[-1].tier is Tier.ADMIN and _decides(decision.steps[-1]):
        return
    yield f"[{Tier.NETWORK_POLICY}] {_network_policies(decision)}"
    yield from _in_tier(Tier.BASELINE, tiers.get(Tier.BASELINE, []), shown)
    if decision.cause is Cause.UNDECIDED:
        yield f"by default: {_word(decision.allowed)}"


def _in_tier(tier: Tier, steps: Sequence[Step], shown: int) -> Iterator[str]:
    silent = [step for step in steps if step.action is None]
    texts = [f"{_name(step)}: no match" for step in silent[:shown]]
    if len(silent) > shown:
        texts.append(f"{len(silent) - shown} more: no match")
    texts += [_said(step, step.action) for step in steps if step.action is not None]
    for number, text in enumerate(texts):
        yield text if number else f"[{tier}] {text}"


def _said(step: Step, action: Action) -> str:
    first = step.reasons[0]
    return f"{_name(step)}: {action.name} ({first.direction.value}[{first.rule}])"


def _name(step: Step) -> str:
    return f"{step.priority} {step.policy}"


def _decides(step: Step) -> bool:
    return step.action in (Action.ALLOW, Action.DENY)


def _network_policies(decision: Decision) -> str:
    """What the tier of the NetworkPolicies comes to; a verdict of theirs with its word."""
    if not decision.reasons or decision.steps[-1].tier is Tier.BASELINE:
        return "not isolated"
    names, direction = _names(decision.reasons), decision.reasons[0].direction.value
    match decision.cause:
        case Cause.RULE:
            said = _names(decision.reasons, f" {direction}[{decision.reasons[0].rule}]")
        case Cause.PROTOCOL:
            said = f"isolated by {names}, an option decides"
        case Cause.SHADOWED:
            said = f"isolated by {names} for {direction} alone, Baseline is not asked"
        case _:
            said = f"isolated by {names}, no rule matches"
    return f"{said}: {_word(decision.allowed)}"


def _names(reasons: Iterable[Reason], place: str = "") -> str:
    """The first policy, the place in it, and how many more there are."""
    first, *others = dict.fromkeys(reason.full_name for reason in reasons)
    return f"{first}{place} and {len(others)} more" if others else f"{first}{place}"


def _word(allowed: bool) -> str:
    return (Action.ALLOW if allowed else Action.DENY).name
