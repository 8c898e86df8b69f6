"""The walk over the tiers: which policies are asked after which, and who has the last word."""

from __future__ import annotations

from dataclasses import replace

from netsim.dialects.networkpolicy.reference import decide_side, isolations
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.dialects.sides import Ledger, Side, TierDecision
from netsim.dialects.tiers.reference import decide_tier, governing
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.model.flow import Cause, Decision, Direction
from netsim.model.snapshot import Snapshot
from netsim.model.tiers import Action, Tier

_FINAL = (Action.ALLOW, Action.DENY)


def decide_by_tiers(snapshot: Snapshot, side: Side, ledger: Ledger) -> Decision:
    """Tier by tier, up to the first that decides (ANP-1)."""
    admin = decide_tier(_policies_of(snapshot, Tier.ADMIN), side, ledger)
    # ANP-6, ANP-7; after a Pass, or where no rule matches, the next tier is asked (ANP-8, ANP-11)
    if admin.action in _FINAL:
        return _final(admin, side)
    policies = [policy for policy in snapshot.policies if isinstance(policy, NetworkPolicy)]
    decision = decide_side(policies, side, ledger)
    # ANP-9
    if decision.cause is not Cause.NOT_ISOLATED:
        return replace(decision, steps=admin.steps)
    below = _policies_of(snapshot, Tier.BASELINE)
    # ANP-10, IMP-11
    if governing(below, side, ledger):
        other = Direction.EGRESS if side.direction is Direction.INGRESS else Direction.INGRESS
        selecting = isolations(policies, replace(side, direction=other), ledger)
        if selecting and ledger.option("baseline_scope") == "pod":
            shadowed = Decision(side.direction, True, Cause.SHADOWED, selecting)
            return replace(shadowed, steps=admin.steps)
    baseline = decide_tier(below, side, ledger)
    both = TierDecision(baseline.action, admin.steps + baseline.steps)
    if both.action in _FINAL:
        return _final(both, side)
    # ANP-1, ANP-21: nothing is left that could say otherwise
    cause = Cause.UNDECIDED if both.steps else Cause.NOT_ISOLATED
    return Decision(side.direction, True, cause, steps=both.steps)


def _final(tier: TierDecision, side: Side) -> Decision:
    """What the last of the steps says, which is the one that matches."""
    allowed, reasons = tier.action is Action.ALLOW, tier.steps[-1].reasons
    cause = Cause.TIER_ALLOW if allowed else Cause.TIER_DENY
    return Decision(side.direction, allowed, cause, reasons, steps=tier.steps)


def _policies_of(snapshot: Snapshot, tier: Tier) -> list[TierPolicy]:
    tiered = (policy for policy in snapshot.policies if isinstance(policy, TierPolicy))
    return [policy for policy in tiered if policy.tier is tier]
