"""One side of a flow, tier by tier, up to the first that decides (ANP-1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from netsim.dialects.sides import Ledger, Side, TierDecision
from netsim.engine.ranked import RankedIndex, RankedPolicy
from netsim.model.flow import Cause, Decision, Direction, Reason, Step
from netsim.model.tiers import Action, Tier


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TierWalk:
    """Asks the tiers; `between` is what the NetworkPolicies say.

    `isolations` are those of them that isolate the subject of a side, whatever they say of it.
    """

    index: RankedIndex
    between: Callable[[Side, Ledger], Decision]
    isolations: Callable[[Side, Ledger], tuple[Reason, ...]]

    def decision(self, side: Side, ledger: Ledger) -> Decision:
        """What comes of it, with the steps on the way."""
        if not self.index:
            return self.between(side, ledger)
        admin = _asked(self.index.governing(Tier.ADMIN, side, ledger), side, ledger)
        if admin.action in _FINAL:
            return _final(admin, side.direction)
        decision = self.between(side, ledger)
        if decision.cause is Cause.NOT_ISOLATED:
            return self._below(admin, side, ledger)
        return replace(decision, steps=admin.steps)

    def _below(self, admin: TierDecision, side: Side, ledger: Ledger) -> Decision:
        """Where no NetworkPolicy isolates: Baseline, and if it says nothing, allow (ANP-9, ANP-21)."""
        policies = self.index.governing(Tier.BASELINE, side, ledger)
        if policies and (shadowed := self._shadowed(side, ledger)):
            return replace(shadowed, steps=admin.steps)
        baseline = _asked(policies, side, ledger)
        steps = admin.steps + baseline.steps
        if baseline.action in _FINAL:
            return _final(TierDecision(baseline.action, steps), side.direction)
        cause = Cause.UNDECIDED if steps else Cause.NOT_ISOLATED
        return Decision(side.direction, True, cause, steps=steps)

    def _shadowed(self, side: Side, ledger: Ledger) -> Decision | None:
        """IMP-11"""
        inward = side.direction is Direction.INGRESS
        other = Direction.EGRESS if inward else Direction.INGRESS
        selecting = self.isolations(replace(side, direction=other), ledger)
        if not selecting or ledger.option("baseline_scope") != "pod":
            return None
        return Decision(side.direction, True, Cause.SHADOWED, selecting)


_FINAL = (Action.ALLOW, Action.DENY)


def _asked(policies: Sequence[RankedPolicy], side: Side, ledger: Ledger) -> TierDecision:
    """What the first of these policies says that says anything (ANP-8, ANP-11)."""
    steps: list[Step] = []
    for number, policy in enumerate(policies):
        step = policy.step(side, ledger)
        if step.action is not None:
            equals = [
                each for each in policies[number + 1 :] if each.policy.priority == step.priority
            ]
            others = [each.step(side, ledger) for each in equals]
            found = (each.reasons for each in others if each.action not in (None, step.action))
            rivals: tuple[Reason, ...] = sum(found, ())
            return TierDecision(step.action, (*steps, replace(step, rivals=rivals)))
        steps.append(step)
    return TierDecision(None, tuple(steps))


def _final(tier: TierDecision, direction: Direction) -> Decision:
    """What the last of the steps says."""
    allowed = tier.action is Action.ALLOW
    return Decision(
        direction,
        allowed,
        Cause.TIER_ALLOW if allowed else Cause.TIER_DENY,
        tier.steps[-1].reasons,
        steps=tier.steps,
    )
