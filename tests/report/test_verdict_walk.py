"""What a person, a program and a line are told where policies of the whole cluster were asked."""

from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

import pytest
from verdicts import DB, OPEN, WEB, At, reason, verdict

from netsim.dialects.tiers.syntax import NamespacesPeer, NetworksPeer, Ports, Rule
from netsim.model.cluster import Protocol
from netsim.model.flow import (
    Answer,
    Cause,
    Decision,
    Direction,
    Domain,
    Endpoint,
    Flow,
    Part,
    Reason,
    Step,
)
from netsim.model.tiers import Action, Tier
from netsim.model.verdict import Group, Verdict
from netsim.report.context import Context
from netsim.report.rows import verdict_row
from netsim.report.style import COLOURED, PLAIN, Style, in_full
from netsim.report.text import verdict_text
from netsim.report.verdict_json import verdict_json

SHORT = Style(PLAIN, 3)
WRITTEN = Rule(
    Action.DENY,
    (NetworksPeer((IPv4Network("10.0.0.0/8"),)), NamespacesPeer()),
    (Ports(Protocol.TCP, 5432, 5432), Ports(Protocol.UDP, 53, 53)),
)


def matched(policy: str, rule: int, port: int | None = None, line: int = 1) -> Reason:
    place = (rule, 1, port)
    found = reason(policy, Part.MATCHED, *place, namespace="", line=line)
    return replace(found, kind="ClusterNetworkPolicy", written=WRITTEN)


def step(policy: str, priority: int, action: Action | None = None, *reasons: Reason) -> Step:
    tier, origin = Tier.ADMIN, At(f"{policy}.yaml", 1)
    return Step(tier, priority, "ClusterNetworkPolicy", policy, action, reasons, origin)


def told(what: Verdict, style: Style = SHORT) -> str:
    return verdict_text(what, Context(), style)


QUIET = step("allow-monitoring", 10)
PASSED = step("deny-cross-tenant", 20, Action.PASS, matched("deny-cross-tenant", 1))
STOPPED = step("deny-cross-tenant", 20, Action.DENY, matched("deny-cross-tenant", 1, 0))
DENIED_ABOVE = Decision(
    Direction.INGRESS, False, Cause.TIER_DENY, STOPPED.reasons, steps=(QUIET, STOPPED)
)
DENIED_BELOW = Decision(
    Direction.INGRESS,
    False,
    Cause.NO_RULE,
    (reason("default-deny", Part.ISOLATES),),
    steps=(QUIET, PASSED),
)
OTHER = matched("other", 0, line=4), matched("other", 0, 0)
TIED = replace(DENIED_ABOVE, steps=(QUIET, replace(STOPPED, rivals=OTHER)))


def test_a_deny_of_a_tier() -> None:
    assert told(verdict(DENIED_ABOVE)) == (
        "deny shop/web -> data/postgres 5432/tcp\n"
        "\n"
        "  egress   allowed: no policy selects shop/web for egress\n"
        "  ingress  denied: [Admin] 10 allow-monitoring: no match → 20 deny-cross-tenant: DENY (ingress[1])\n"
        "    by deny-cross-tenant, ingress[1], from[1] (namespaces {}), protocols[0] (5432/tcp)  (deny-cross-tenant.yaml:6:1)\n"
    )


def test_a_deny_below_a_pass_shows_both_places() -> None:
    assert told(verdict(DENIED_BELOW)).endswith(
        "  ingress  denied: [Admin] 10 allow-monitoring: no match → 20 deny-cross-tenant: PASS (ingress[1])"
        " → [NetworkPolicy] isolated by data/default-deny, no rule matches: DENY\n"
        "    passed on by deny-cross-tenant, ingress[1], from[1] (namespaces {}), any port  (deny-cross-tenant.yaml:6:1)\n"
        "    data/default-deny isolates it and has no ingress rule  (default-deny.yaml:3:1)\n"
    )


def test_an_allow_below_names_the_rules() -> None:
    allowing = (reason("web", Part.MATCHED, 0, 0, 0), reason("web", Part.MATCHED, 0, 1, 0))
    decision = Decision(Direction.INGRESS, True, Cause.RULE, allowing, steps=(QUIET,))
    text = told(verdict(decision), in_full(PLAIN))
    assert text.endswith(
        "  ingress  allowed: [Admin] 10 allow-monitoring: no match → [NetworkPolicy] data/web ingress[0]: ALLOW\n"
        "    by data/web, ingress[0], from[0], ports[0]  (web.yaml:6:1)\n"
        "    and by data/web, ingress[0], from[1], ports[0]  (web.yaml:6:1)\n"
    )


def test_where_nothing_decides() -> None:
    decision = Decision(Direction.INGRESS, True, Cause.UNDECIDED, steps=(QUIET,))
    assert told(verdict(decision)).endswith(
        "  ingress  allowed: [Admin] 10 allow-monitoring: no match → [NetworkPolicy] not isolated → by default: ALLOW\n"
    )


@pytest.mark.parametrize("steps", [(), (QUIET,)])
def test_imp_11_what_shadows_baseline(steps: tuple[Step, ...]) -> None:
    isolating = reason("egress-only", Part.ISOLATES, direction=Direction.EGRESS)
    decision = Decision(Direction.INGRESS, True, Cause.SHADOWED, (isolating,), steps=steps)
    text = told(verdict(decision))
    assert text.endswith("    data/egress-only isolates it for egress  (egress-only.yaml:3:1)\n")
    if not steps:
        said = "a NetworkPolicy selects data/postgres for egress: Baseline is not asked"
        assert f"  ingress  allowed: {said}\n" in text


def test_long_walks_are_cut_and_told_in_full_on_demand() -> None:
    quiet = [step(f"q{number}", number) for number in range(9)]
    long = replace(DENIED_ABOVE, steps=(*quiet, STOPPED))
    text = told(verdict(long))
    assert "→ 2 q2: no match → 6 more: no match → 20 deny-cross-tenant: DENY" in text
    assert "→ 7 q7: no match → 8 q8: no match → 20" in told(verdict(long), in_full(PLAIN))


class TestANP24Ambiguous:
    """Policies of one priority that disagree are both named, whatever the answer."""

    def test_in_text(self) -> None:
        assert told(verdict(TIED)).endswith(
            "\nambiguous: deny-cross-tenant ingress[1] and other ingress[0] have the same priority"
            " and disagree  (deny-cross-tenant.yaml:6:1, other.yaml:9:1)\n"
        )

    def test_each_is_held_against_the_policy_of_its_tier(self) -> None:
        """Which of both tiers it is of decides whose priority it has."""
        stopped = replace(STOPPED, tier=Tier.BASELINE, policy="below", priority=700)
        steps = replace(PASSED, rivals=OTHER), stopped
        assert "ambiguous: deny-cross-tenant ingress[1] and other ingress[0] have" in told(
            verdict(replace(TIED, steps=steps))
        )
        last = matched("last", 0, line=7)
        both = steps[0], replace(stopped, reasons=(matched("below", 2),), rivals=(last,))
        text = told(verdict(replace(TIED, steps=both)))
        assert "ambiguous: below ingress[2] and last ingress[0] have the same priority" in text
        assert text.count("ambiguous: ") == 2

    def test_where_names_are_equal_it_has_its_kind(self) -> None:
        namesake = replace(matched("deny-cross-tenant", 0), kind="AdminNetworkPolicy")
        found = replace(TIED, steps=(replace(STOPPED, rivals=(namesake,)),))
        assert (
            "ambiguous: ClusterNetworkPolicy deny-cross-tenant ingress[1] and"
            " AdminNetworkPolicy deny-cross-tenant ingress[0] have the same" in told(verdict(found))
        )
        assert verdict(found).reason.endswith(
            " (ambiguous: AdminNetworkPolicy deny-cross-tenant of the same priority disagrees)"
        )

    def test_groups_that_are_listed_have_it_too_and_once(self) -> None:
        others = [replace(TIED, steps=(step(f"q{n}", n), TIED.steps[1])) for n in range(3)]
        text = told(verdict(*others))
        assert "-v shows what decided each of them" in text
        assert text.count("ambiguous: ") == 1

    def test_it_is_a_warning(self) -> None:
        assert "\x1b[33mambiguous: " in told(verdict(TIED), Style(COLOURED))

    def test_in_a_line(self) -> None:
        stopped = replace(STOPPED, rivals=(*OTHER, matched("third", 0)))
        both = replace(TIED, steps=(QUIET, stopped))
        assert verdict(TIED).reason == (
            "ingress: [Admin] 10 allow-monitoring: no match → 20 deny-cross-tenant: DENY (ingress[1])"
            " (ambiguous: other of the same priority disagrees)"
        )
        assert "(ambiguous: other and 1 more of the same priority disagree)" in verdict(both).reason

    def test_as_a_value(self) -> None:
        assert verdict(TIED).ambiguous
        assert verdict(DENIED_ABOVE, TIED).ambiguous
        assert not verdict(DENIED_ABOVE).ambiguous


def test_the_reason_in_a_line() -> None:
    assert verdict(DENIED_BELOW).reason == (
        "ingress: [Admin] 10 allow-monitoring: no match → 20 deny-cross-tenant: PASS (ingress[1])"
        " → [NetworkPolicy] isolated by data/default-deny, no rule matches: DENY"
    )
    row = verdict_row(verdict(DENIED_BELOW), lambda _: Context(), {})
    assert row.split("\t")[4] == f"{verdict(DENIED_BELOW).reason}\n"


def test_names_cannot_act_on_a_terminal() -> None:
    evil = step("\x1b[2J", 1)
    text = told(verdict(replace(DENIED_BELOW, steps=(evil,))))
    assert "\x1b" not in text
    assert r"[Admin] 1 \x1b[2J: no match" in text


def test_json() -> None:
    (group,) = json.loads(verdict_json(verdict(TIED), Context()))["groups"]
    ingress = group["ingress"]
    assert ingress["cause"] == "tier_deny"
    assert ingress["walk"] == (
        "[Admin] 10 allow-monitoring: no match → 20 deny-cross-tenant: DENY (ingress[1])"
    )
    quiet, stopped = ingress["steps"]
    assert quiet == {
        "tier": "Admin",
        "priority": 10,
        "kind": "ClusterNetworkPolicy",
        "policy": "allow-monitoring",
        "action": None,
        "reasons": [],
        "file": "allow-monitoring.yaml",
        "line": 1,
        "column": 1,
    }
    assert stopped["action"] == "deny"
    assert stopped["reasons"] == ingress["reasons"]
    assert ingress["reasons"][0]["ports"] == ["5432/tcp"]
    assert [each["policy"] for each in ingress["ambiguous"]] == ["other", "other"]


def test_json_has_the_whole_walk() -> None:
    steps = (*(step(f"q{number}", number) for number in range(9)), STOPPED)
    decision = replace(DENIED_ABOVE, steps=steps)
    (group,) = json.loads(verdict_json(verdict(decision), Context()))["groups"]
    assert group["ingress"]["walk"].count("no match") == 9


def test_without_policies_of_the_cluster_nothing_of_it_is_written() -> None:
    (group,) = json.loads(verdict_json(verdict(OPEN), Context()))["groups"]
    assert set(group["egress"]) == {"allowed", "cause", "text", "reasons", "options"}


@pytest.mark.parametrize(
    ("destination", "said"),
    [
        (Domain("a.example.com"), "no policy governs what is outside the cluster"),
        # The address may be a node's
        (
            Domain("a.example.com", IPv4Address("10.0.0.9")),
            "no policy governs a.example.com@10.0.0.9",
        ),
        (DB, "no policy governs a pod on the network of its node"),
    ],
)
def test_what_no_policy_governs(destination: Endpoint, said: str) -> None:
    flow = Flow(WEB, destination, Protocol.TCP, 443)
    ingress = Decision(Direction.INGRESS, True, Cause.NOT_A_SUBJECT)
    names = ("shop/web",), (str(destination),), ("443/tcp",)
    group = Group(Answer(flow, OPEN, ingress), *names)
    assert f"  ingress  allowed: {said}\n" in told(Verdict("a", "b", "443/tcp", (group,)))
