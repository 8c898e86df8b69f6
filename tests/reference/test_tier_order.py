"""ANP-1..ANP-12, ANP-21..ANP-25: which policies are asked in which order, and who has the last word."""

from __future__ import annotations

import pytest
from builders import cluster, namespace, node, pod, policy
from tier_builders import anp, answered, banp, cnp, decided_by, passes, places

from netsim import Answer, Decision, Direction, Snapshot
from netsim.model.flow import Cause, Part
from netsim.model.tiers import Action, Tier

PODS = (
    namespace("a", "{team: a}"),
    namespace("b", "{team: b}"),
    pod("a/web", "{app: web}", ip="10.0.1.1"),
    pod("a/cli", "{app: cli}", ip="10.0.1.2"),
    pod("b/cli", "{app: cli}", ip="10.0.2.1"),
)
A = "{namespaces: {matchLabels: {team: a}}}"
B = "{namespaces: {matchLabels: {team: b}}}"
ANY = "{namespaces: {}}"
CLOSED = policy("a", "{podSelector: {}, policyTypes: [Ingress]}", "closed")
OPEN = policy("a", "{podSelector: {}, policyTypes: [Ingress], ingress: [{}]}", "open")
DENY_ALL = f"{{action: Deny, from: [{ANY}]}}"
ACCEPT_ALL = f"{{action: Accept, from: [{ANY}]}}"
PASS_ALL = f"{{action: Pass, from: [{ANY}]}}"


def on(port: int, rule: str) -> str:
    return f"{rule[:-1]}, protocols: [{{tcp: {{destinationPort: {{number: {port}}}}}}}]}}"


def asked(snapshot: Snapshot, port: int = 80, source: str = "b/cli") -> Answer:
    return answered(snapshot, source, "a/web", port)


def ingress(*manifests: str, port: int = 80, source: str = "b/cli", **options: object) -> Decision:
    return asked(cluster(*PODS, *manifests, **options), port, source).ingress


class TestANP1TierByTier:
    """Admin, NetworkPolicy, Baseline, and what nobody decides is allowed."""

    LAYERS = (
        cnp("admin", subject=A, ingress=on(80, DENY_ALL)),
        cnp("base", subject=A, ingress=on(81, DENY_ALL), tier="Baseline"),
    )

    @pytest.mark.parametrize(
        ("port", "allowed", "cause"),
        [
            (80, False, Cause.TIER_DENY),
            (81, False, Cause.TIER_DENY),
            (82, True, Cause.UNDECIDED),
        ],
    )
    def test_without_networkpolicy(self, port: int, allowed: bool, cause: Cause) -> None:
        decision = ingress(*self.LAYERS, port=port)
        assert (decision.allowed, decision.cause) == (allowed, cause)

    @pytest.mark.parametrize(
        ("port", "allowed", "cause"),
        [(80, False, Cause.TIER_DENY), (81, True, Cause.RULE), (82, True, Cause.RULE)],
    )
    def test_with_networkpolicy_between(self, port: int, allowed: bool, cause: Cause) -> None:
        decision = ingress(*self.LAYERS, OPEN, port=port)
        assert (decision.allowed, decision.cause) == (allowed, cause)

    def test_the_sides_are_asked_apart(self) -> None:
        snapshot = cluster(
            *PODS,
            cnp("in", subject=A, ingress=DENY_ALL),
            cnp("out", subject=B, egress=ACCEPT_ALL.replace("from", "to")),
        )
        answer = asked(snapshot)
        assert answer.egress.cause is Cause.TIER_ALLOW
        assert answer.ingress.cause is Cause.TIER_DENY
        assert not answer.allowed

    def test_who_is_governed_by_nobody_is_open(self) -> None:
        decision = ingress(cnp(subject=B, ingress=DENY_ALL))
        assert (decision.cause, decision.steps) == (Cause.NOT_ISOLATED, ())


class TestANP3Priority:
    """Lower first, as a number; neither name nor place in the file counts."""

    @pytest.mark.parametrize(("first", "second"), [(9, 10), (0, 1), (20, 100), (999, 1000)])
    def test_lower_goes_first(self, first: int, second: int) -> None:
        decision = ingress(
            cnp("aa", ingress=ACCEPT_ALL, priority=second),
            cnp("zz", ingress=DENY_ALL, priority=first),
        )
        assert [step.policy for step in decision.steps] == ["zz"]
        assert not decision.allowed

    def test_each_tier_has_its_own(self) -> None:
        decision = ingress(
            cnp("base", ingress=DENY_ALL, tier="Baseline", priority=0),
            cnp("admin", ingress=ACCEPT_ALL, priority=1000),
        )
        assert decision.allowed

    def test_a_step_says_what_was_asked(self) -> None:
        decision = ingress(
            cnp("one", ingress=on(81, DENY_ALL), priority=3),
            cnp("two", ingress=DENY_ALL, priority=4),
        )
        one, two = decision.steps
        assert (one.tier, one.priority, one.kind) == (Tier.ADMIN, 3, "ClusterNetworkPolicy")
        assert (one.action, one.reasons) == (None, ())
        assert (two.action, two.priority) == (Action.DENY, 4)
        assert two.reasons == decision.reasons


class TestANP4Subjects:
    """By namespace, or by namespace and pod."""

    @pytest.mark.parametrize(
        ("subject", "governed"),
        [
            (ANY, {"a/web", "a/cli", "b/cli"}),
            (A, {"a/web", "a/cli"}),
            (
                "{namespaces: {matchExpressions: [{key: team, operator: NotIn, values: [a]}]}}",
                {"b/cli"},
            ),
            ("{namespaces: {matchLabels: {kubernetes.io/metadata.name: b}}}", {"b/cli"}),
            ("{pods: {namespaceSelector: {}, podSelector: {}}}", {"a/web", "a/cli", "b/cli"}),
            (
                "{pods: {namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: cli}}}}",
                {"a/cli"},
            ),
        ],
    )
    def test_who_is_governed(self, subject: str, governed: set[str]) -> None:
        deny = "{action: Deny, to: [{networks: [203.0.113.0/24]}]}"
        snapshot = cluster(*PODS, cnp(subject=subject, egress=deny))
        pods = ("a/web", "a/cli", "b/cli")
        assert {each for each in pods if not passes(snapshot, each, "203.0.113.7")} == governed


class TestANP5RulesInOrder:
    """The first that matches, by a peer and by a port."""

    def test_the_first_decides(self) -> None:
        decision = ingress(cnp(ingress=f"{on(80, ACCEPT_ALL)}, {DENY_ALL}"))
        assert decision.allowed
        assert places(decision.reasons) == [("p", 0, 0, 0)]

    def test_one_that_has_another_port_is_passed_over(self) -> None:
        decision = ingress(cnp(ingress=f"{on(81, ACCEPT_ALL)}, {DENY_ALL}"))
        assert places(decision.reasons) == [("p", 1, 0, None)]

    def test_parts_of_two_rules_make_no_third(self) -> None:
        from_a, from_b = f"{{action: Deny, from: [{A}]}}", f"{{action: Deny, from: [{B}]}}"
        rules = f"{on(80, from_a)}, {on(81, from_b)}"
        assert ingress(cnp(ingress=rules), port=80).allowed
        assert not ingress(cnp(ingress=rules), port=81).allowed

    def test_all_of_the_rule_that_matches_is_named(self) -> None:
        rule = f"{{action: Deny, from: [{A}, {B}, {ANY}], protocols: [{{udp: {{destinationPort: {{number: 80}}}}}}, {{tcp: {{destinationPort: {{number: 80}}}}}}, {{tcp: {{destinationPort: {{range: {{start: 1, end: 99}}}}}}}}]}}"
        decision = ingress(cnp(ingress=rule))
        assert places(decision.reasons) == [
            ("p", 0, peer, port) for peer in (1, 2) for port in (1, 2)
        ]
        assert {reason.part for reason in decision.reasons} == {Part.MATCHED}


class TestANP6Accept:
    """Final for its direction."""

    def test_no_networkpolicy_is_asked(self) -> None:
        decision = ingress(cnp(ingress=ACCEPT_ALL), CLOSED)
        assert (decision.allowed, decision.cause) == (True, Cause.TIER_ALLOW)

    def test_no_baseline_is_asked(self) -> None:
        decision = ingress(
            cnp("admin", ingress=ACCEPT_ALL), cnp("base", ingress=DENY_ALL, tier="Baseline")
        )
        assert [step.policy for step in decision.steps] == ["admin"]


class TestANP7Deny:
    """Final too."""

    def test_no_networkpolicy_opens_it(self) -> None:
        assert ingress(cnp(ingress=DENY_ALL), OPEN).cause is Cause.TIER_DENY

    def test_nor_baseline(self) -> None:
        base = banp(ingress=ACCEPT_ALL.replace("Accept", "Allow"))
        assert not ingress(anp(ingress=DENY_ALL), base).allowed


class TestANP8Pass:
    """The rest of the tier is skipped, and the next has its say."""

    PASSING = (
        cnp("one", ingress=f"{PASS_ALL}, {DENY_ALL}", priority=1),
        cnp("two", ingress=DENY_ALL, priority=2),
    )

    def test_its_own_rules_and_other_policies(self) -> None:
        decision = ingress(*self.PASSING)
        assert (decision.allowed, decision.cause) == (True, Cause.UNDECIDED)
        assert [step.action for step in decision.steps] == [Action.PASS]

    @pytest.mark.parametrize(("below", "allowed"), [(OPEN, True), (CLOSED, False)])
    def test_networkpolicy_decides(self, below: str, allowed: bool) -> None:
        decision = ingress(*self.PASSING, below)
        assert decision.allowed == allowed
        assert decision.cause is (Cause.RULE if allowed else Cause.NO_RULE)
        assert [step.policy for step in decision.steps] == ["one"]

    def test_then_baseline(self) -> None:
        snapshot = cluster(*PODS, *self.PASSING, cnp("base", ingress=DENY_ALL, tier="Baseline"))
        answer = asked(snapshot)
        assert decided_by(answer, Direction.INGRESS) == [("one", "pass"), ("base", "deny")]
        assert not answer.allowed


class TestANP9NetworkPolicyIsFinal:
    """Whom it isolates Baseline never sees."""

    @pytest.mark.parametrize(
        ("below", "base", "allowed"), [(OPEN, DENY_ALL, True), (CLOSED, ACCEPT_ALL, False)]
    )
    def test_whatever_baseline_says(self, below: str, base: str, allowed: bool) -> None:
        decision = ingress(below, cnp(ingress=base, tier="Baseline"))
        assert (decision.allowed, decision.steps) == (allowed, ())

    def test_for_the_pods_that_it_selects(self) -> None:
        web = policy("a", "{podSelector: {matchLabels: {app: web}}, ingress: [{}]}")
        snapshot = cluster(*PODS, web, cnp(ingress=DENY_ALL, tier="Baseline"))
        assert passes(snapshot, "b/cli", "a/web")
        assert not passes(snapshot, "b/cli", "a/cli")


class TestANP10Scope:
    """Per direction, or under baseline_scope=pod for the whole pod (IMP-11)."""

    EGRESS_ALONE = policy("a", "{podSelector: {}, policyTypes: [Egress], egress: [{}]}", "out")
    BASE = cnp("base", ingress=DENY_ALL, tier="Baseline")

    def test_the_other_direction_hides_nothing(self) -> None:
        answer = asked(cluster(*PODS, self.EGRESS_ALONE, self.BASE))
        assert answer.ingress.cause is Cause.TIER_DENY
        assert answer.ingress.options == ("baseline_scope",)

    def test_under_pod_it_hides_baseline(self) -> None:
        decision = ingress(self.EGRESS_ALONE, self.BASE, baseline_scope="pod")
        assert (decision.allowed, decision.cause) == (True, Cause.SHADOWED)
        (reason,) = decision.reasons
        assert (reason.policy, reason.part) == ("out", Part.ISOLATES)
        assert reason.direction is Direction.EGRESS
        assert decision.options == ("baseline_scope",)

    def test_but_not_admin(self) -> None:
        admin = cnp("admin", ingress=DENY_ALL)
        decision = ingress(self.EGRESS_ALONE, self.BASE, admin, baseline_scope="pod")
        assert decision.cause is Cause.TIER_DENY

    def test_where_no_baseline_governs_there_is_nothing_to_hide(self) -> None:
        base = cnp("base", subject=B, ingress=DENY_ALL, tier="Baseline")
        decision = ingress(self.EGRESS_ALONE, base, baseline_scope="pod")
        assert decision.cause is Cause.NOT_ISOLATED


class TestANP11NoIsolation:
    """A policy that matches nothing changes nothing."""

    def test_a_governed_pod_stays_open(self) -> None:
        decision = ingress(cnp(ingress=on(81, ACCEPT_ALL)))
        assert (decision.allowed, decision.cause) == (True, Cause.UNDECIDED)
        assert [step.action for step in decision.steps] == [None]

    def test_and_closed_where_networkpolicy_closes_it(self) -> None:
        assert not ingress(cnp(ingress=on(81, ACCEPT_ALL)), CLOSED).allowed


class TestANP12NoRules:
    """Without rules for a direction a policy isn't even asked there."""

    def test_it_is_no_step(self) -> None:
        decision = ingress(cnp(egress="{action: Deny, to: [{networks: [0.0.0.0/0]}]}"))
        assert (decision.cause, decision.steps) == (Cause.NOT_ISOLATED, ())


class TestANP21PassInBaseline:
    """Nothing follows: allowed."""

    def test_the_rest_of_baseline_is_skipped(self) -> None:
        decision = ingress(
            cnp("one", ingress=on(80, PASS_ALL), tier="Baseline", priority=1),
            cnp("two", ingress=DENY_ALL, tier="Baseline", priority=2),
        )
        assert (decision.allowed, decision.cause) == (True, Cause.UNDECIDED)
        assert [step.action for step in decision.steps] == [Action.PASS]


def test_anp_22_several_baselines_go_by_priority() -> None:
    one = cnp("zz", ingress=on(80, ACCEPT_ALL), tier="Baseline", priority=1)
    two = cnp("aa", ingress=DENY_ALL, tier="Baseline", priority=2)
    assert ingress(one, two).allowed
    assert not ingress(one, two, port=81).allowed


class TestANP24Ties:
    """Equal priorities go by name, and what the others say is reported where it differs."""

    def test_by_name(self) -> None:
        decision = ingress(cnp("bb", ingress=DENY_ALL), cnp("aa", ingress=ACCEPT_ALL))
        assert decision.allowed
        assert places(decision.ambiguous) == [("bb", 0, 0, None)]

    def test_who_agrees_is_not_reported(self) -> None:
        assert ingress(cnp("aa", ingress=DENY_ALL), cnp("bb", ingress=DENY_ALL)).ambiguous == ()

    @pytest.mark.parametrize(
        "other",
        [
            cnp("bb", ingress=DENY_ALL, priority=11),
            cnp("bb", ingress=DENY_ALL, tier="Baseline"),
            cnp("bb", ingress=on(81, DENY_ALL)),
            cnp("bb", subject=B, ingress=DENY_ALL),
            cnp("bb", egress=DENY_ALL.replace("from", "to")),
            cnp("bb", ingress=f"{ACCEPT_ALL}, {DENY_ALL}"),
        ],
        ids=["another priority", "another tier", "no match", "others", "the other side", "second"],
    )
    def test_nor_who_has_no_say(self, other: str) -> None:
        assert ingress(cnp("aa", ingress=ACCEPT_ALL), other).ambiguous == ()

    def test_a_pass_has_rivals_too(self) -> None:
        decision = ingress(
            cnp("aa", ingress=PASS_ALL), cnp("bb", ingress=DENY_ALL), cnp("cc", ingress=PASS_ALL), OPEN
        )  # fmt: skip
        assert decision.cause is Cause.RULE
        assert places(decision.ambiguous) == [("bb", 0, 0, None)]

    def test_of_both_tiers(self) -> None:
        decision = ingress(
            cnp("aa", ingress=PASS_ALL),
            cnp("bb", ingress=DENY_ALL),
            cnp("cc", ingress=DENY_ALL, tier="Baseline"),
            cnp("dd", ingress=ACCEPT_ALL, tier="Baseline"),
        )
        assert decision.cause is Cause.TIER_DENY
        assert places(decision.ambiguous) == [("bb", 0, 0, None), ("dd", 0, 0, None)]


class TestANP25BothVersions:
    """One Admin tier and one Baseline tier for both."""

    def test_admin_by_priority(self) -> None:
        old, new = anp("old", ingress=DENY_ALL, priority=5), cnp("new", ingress=ACCEPT_ALL)
        assert not ingress(old, new).allowed

    def test_the_old_baseline_comes_last(self) -> None:
        old = banp(ingress=DENY_ALL)
        near = cnp("near", ingress=ACCEPT_ALL, tier="Baseline", priority=999)
        same = cnp("same", ingress=ACCEPT_ALL, tier="Baseline", priority=1000)
        assert ingress(old, near).allowed
        tied = ingress(old, same)
        assert not tied.allowed
        assert places(tied.ambiguous) == [("same", 0, 0, None)]


class TestANP23Exceptions:
    """What comes before any policy."""

    def test_a_pod_reaches_itself(self) -> None:
        snapshot = cluster(*PODS, cnp(ingress=DENY_ALL))
        assert answered(snapshot, "a/web", "10.0.1.1").ingress.cause is Cause.SELF

    def test_under_self_traffic_policy_it_is_a_peer(self) -> None:
        snapshot = cluster(*PODS, cnp(ingress=DENY_ALL), self_traffic="policy")
        assert not passes(snapshot, "a/web", "a/web")

    def test_its_node_comes_in(self) -> None:
        web = pod("a/web", ip="10.0.1.1", spec="nodeName: n1")
        snapshot = cluster(web, node("n1", "192.168.0.1"), cnp(ingress=DENY_ALL), CLOSED)
        assert answered(snapshot, "node/n1", "a/web").ingress.cause is Cause.OWN_NODE
