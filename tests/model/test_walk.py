"""The way to a decision, in a line."""

from __future__ import annotations

import pytest

from netsim.model.flow import Cause, Decision, Direction, Part, Reason, Step
from netsim.model.tiers import Action, Tier
from netsim.model.walk import walk_text

INGRESS, EGRESS = Direction.INGRESS, Direction.EGRESS
CNP = "ClusterNetworkPolicy"


def matched(policy: str, rule: int, namespace: str = "", kind: str = CNP) -> Reason:
    return Reason(kind, namespace, policy, INGRESS, Part.MATCHED, rule, 0)


def step(policy: str, priority: int, *said: Action | int, tier: Tier = Tier.ADMIN) -> Step:
    """`said` is an action and the number of its rule; nothing where no rule matches."""
    match said:
        case (Action() as action, int(rule)):
            return Step(tier, priority, CNP, policy, action, (matched(policy, rule),))
    return Step(tier, priority, CNP, policy)


def isolates(name: str, direction: Direction = INGRESS) -> Reason:
    namespace, _, policy = name.partition("/")
    return Reason("NetworkPolicy", namespace, policy, direction, Part.ISOLATES)


def below(name: str, priority: int, *said: Action | int) -> Step:
    return step(name, priority, *said, tier=Tier.BASELINE)


QUIET, PASSED = step("allow-monitoring", 10), step("deny-cross-tenant", 20, Action.PASS, 1)
HEAD = "[Admin] 10 allow-monitoring: no match → 20 deny-cross-tenant: "
PASS = f"{HEAD}PASS (ingress[1]) → [NetworkPolicy] "
RULES = tuple(matched("web", rule, "shop", "NetworkPolicy") for rule in (2, 2, 3))


@pytest.mark.parametrize(
    ("cause", "allowed", "reasons", "steps", "expected"),
    [
        (Cause.NOT_ISOLATED, True, (), (), ""),
        (Cause.TIER_DENY, False, (matched("deny-cross-tenant", 0),),
         (QUIET, step("deny-cross-tenant", 20, Action.DENY, 0)), f"{HEAD}DENY (ingress[0])"),
        (Cause.TIER_ALLOW, True, (matched("p", 4),), (step("p", 0, Action.ALLOW, 4),),
         "[Admin] 0 p: ALLOW (ingress[4])"),
        (Cause.NO_RULE, False, (isolates("shop/default-deny"),), (QUIET, PASSED),
         f"{PASS}isolated by shop/default-deny, no rule matches: DENY"),
        (Cause.NO_RULE, False, tuple(map(isolates, ("shop/a", "shop/a", "shop/b", "shop/c"))), (QUIET, PASSED),
         f"{PASS}isolated by shop/a and 2 more, no rule matches: DENY"),
        (Cause.RULE, True, RULES[:1], (QUIET, PASSED), f"{PASS}shop/web ingress[2]: ALLOW"),
        (Cause.PROTOCOL, True, (isolates("shop/a"),), (QUIET, PASSED),
         f"{PASS}isolated by shop/a, an option decides: ALLOW"),
        (Cause.SHADOWED, True, (isolates("shop/a", EGRESS),), (QUIET, PASSED),
         f"{PASS}isolated by shop/a for egress alone, Baseline is not asked: ALLOW"),
        (Cause.UNDECIDED, True, (), (QUIET,),
         "[Admin] 10 allow-monitoring: no match → [NetworkPolicy] not isolated → by default: ALLOW"),
        (Cause.UNDECIDED, True, (), (below("b", 5, Action.PASS, 0),),
         "[NetworkPolicy] not isolated → [Baseline] 5 b: PASS (ingress[0]) → by default: ALLOW"),
        (Cause.TIER_DENY, False, (matched("b", 3),), (QUIET, PASSED, below("a", 1), below("b", 5, Action.DENY, 3)),
         f"{PASS}not isolated → [Baseline] 1 a: no match → 5 b: DENY (ingress[3])"),
    ],
)  # fmt: skip
def test_every_way(
    cause: Cause,
    allowed: bool,
    reasons: tuple[Reason, ...],
    steps: tuple[Step, ...],
    expected: str,
) -> None:
    assert walk_text(Decision(INGRESS, allowed, cause, reasons, steps=steps)) == expected


def test_several_policies_that_allow_are_counted() -> None:
    reasons = (*RULES, matched("api", 0, "shop", "NetworkPolicy"))
    decision = Decision(INGRESS, True, Cause.RULE, reasons, steps=(QUIET, PASSED))
    assert walk_text(decision) == f"{PASS}shop/web ingress[2] and 1 more: ALLOW"


def test_of_many_in_which_nothing_matches_a_few_are_named() -> None:
    quiet = [step(f"q{number}", number) for number in range(9)]
    steps = (*quiet, step("last", 9, Action.DENY, 0))
    decision = Decision(INGRESS, False, Cause.TIER_DENY, (matched("last", 0),), steps=steps)
    assert walk_text(decision, 2) == (
        "[Admin] 0 q0: no match → 1 q1: no match → 7 more: no match → 9 last: DENY (ingress[0])"
    )
    assert walk_text(decision).count("no match") == 6
    assert walk_text(decision, 9).count("no match") == 9
