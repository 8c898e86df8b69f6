"""NP-1..NP-14: who is isolated, and what that leaves open."""

from __future__ import annotations

import pytest
from builders import allowed, asked, cluster, namespace, pod, policy

from netsim import Snapshot
from netsim.model.flow import Cause

PODS = (
    namespace("a", "{team: a}"),
    namespace("b", "{team: b}"),
    pod("a/web", "{app: web}", ip="10.0.1.1"),
    pod("a/cli", "{app: cli}", ip="10.0.1.2"),
    pod("b/cli", "{app: cli}", ip="10.0.2.1"),
)


def ruled(*policies: str) -> Snapshot:
    return cluster(*PODS, *policies)


class TestNP1Connections:
    """The opening of the connection is judged; replies and source ports never matter."""

    def test_an_allowed_opening_is_not_stopped_by_the_reverse_direction(self) -> None:
        snapshot = ruled(policy("a", "{podSelector: {matchLabels: {app: web}}}"))
        assert allowed(snapshot, "a/web", "b/cli")
        assert not allowed(snapshot, "b/cli", "a/web")

    def test_a_port_is_the_destination_s(self) -> None:
        snapshot = ruled(policy("a", "{ingress: [{ports: [{port: 80}]}]}"))
        assert allowed(snapshot, "b/cli", "a/web", 80)
        assert not allowed(snapshot, "b/cli", "a/web", 81)


class TestNP2BothSides:
    """The source's egress and the destination's ingress must both allow."""

    def test_neither_side_overrules_the_other(self) -> None:
        open_in = policy("a", "{ingress: [{}]}", "in")
        closed_out = policy("b", "{policyTypes: [Egress]}", "out")
        verdict = asked(ruled(open_in, closed_out), "b/cli", "a/web")
        assert not verdict.allowed
        assert verdict.ingress.allowed
        assert not verdict.egress.allowed

    def test_open_out_and_closed_in_is_closed(self) -> None:
        closed_in = policy("a", "{}", "in")
        open_out = policy("b", "{policyTypes: [Egress], egress: [{}]}", "out")
        assert not allowed(ruled(closed_in, open_out), "b/cli", "a/web")


class TestNP3NotASubject:
    """What no policy can select restricts nothing on its side."""

    def test_an_outside_address(self) -> None:
        verdict = asked(ruled(), "203.0.113.7", "a/web")
        assert verdict.egress.cause is Cause.NOT_A_SUBJECT
        assert asked(ruled(), "a/web", "203.0.113.7").ingress.cause is Cause.NOT_A_SUBJECT

    def test_two_of_them(self) -> None:
        assert allowed(ruled(policy("a", "{}")), "203.0.113.7", "198.51.100.1")


class TestNP4OwnNamespace:
    """A policy selects pods of its own namespace alone."""

    def test_another_namespace_is_left_alone(self) -> None:
        snapshot = ruled(policy("b", "{podSelector: {matchLabels: {app: web}}}"))
        assert allowed(snapshot, "b/cli", "a/web")

    def test_the_same_labels_elsewhere(self) -> None:
        snapshot = ruled(policy("a", "{podSelector: {matchLabels: {app: cli}}}"))
        assert not allowed(snapshot, "a/web", "a/cli")
        assert allowed(snapshot, "a/web", "b/cli")


class TestNP5Isolated:
    """Isolated in a direction by one policy of that type that selects the pod."""

    def test_directions_are_independent(self) -> None:
        snapshot = ruled(policy("a", "{policyTypes: [Egress]}"))
        assert allowed(snapshot, "b/cli", "a/web")
        assert not allowed(snapshot, "a/web", "b/cli")

    def test_only_selected_pods(self) -> None:
        snapshot = ruled(policy("a", "{podSelector: {matchLabels: {app: web}}}"))
        assert allowed(snapshot, "b/cli", "a/cli")


class TestNP6NotIsolated:
    def test_everything_is_allowed(self) -> None:
        verdict = asked(ruled(), "b/cli", "a/web", protocol="SCTP")
        assert verdict.allowed
        assert verdict.ingress.cause is Cause.NOT_ISOLATED


class TestNP7Union:
    """One rule of one policy that applies in the direction is enough."""

    def test_over_policies(self) -> None:
        snapshot = ruled(
            policy("a", "{ingress: [{ports: [{port: 80}]}]}", "p1"),
            policy("a", "{ingress: [{ports: [{port: 81}]}]}", "p2"),
        )
        assert [allowed(snapshot, "b/cli", "a/web", port) for port in (80, 81, 82)] == [
            True,
            True,
            False,
        ]

    def test_a_policy_that_does_not_select_the_pod_opens_nothing(self) -> None:
        snapshot = ruled(
            policy("a", "{}", "deny"),
            policy("a", "{podSelector: {matchLabels: {app: cli}}, ingress: [{}]}", "allow"),
        )
        assert not allowed(snapshot, "b/cli", "a/web")
        assert allowed(snapshot, "b/cli", "a/cli")


class TestNP8NoOrder:
    def test_names_decide_nothing(self) -> None:
        for deny, allow in (("a", "z"), ("z", "a")):
            snapshot = ruled(policy("a", "{}", deny), policy("a", "{ingress: [{}]}", allow))
            assert allowed(snapshot, "b/cli", "a/web")

    def test_another_isolating_policy_closes_nothing_that_is_open(self) -> None:
        opening = policy("a", "{ingress: [{ports: [{port: 80}]}]}", "open")
        for spec in ("{}", "{ingress: [{ports: [{port: 9}]}]}"):
            assert allowed(ruled(opening, policy("a", spec, "more")), "b/cli", "a/web")


class TestNP9DeadRules:
    """Rules of a direction outside policyTypes neither isolate nor allow."""

    def test_they_do_not_isolate(self) -> None:
        snapshot = ruled(policy("a", "{policyTypes: [Egress], ingress: [{ports: [{port: 1}]}]}"))
        assert allowed(snapshot, "b/cli", "a/web")

    def test_they_do_not_allow(self) -> None:
        dead = policy("a", "{policyTypes: [Egress], egress: [{}], ingress: [{}]}", "dead")
        assert not allowed(ruled(policy("a", "{}"), dead), "b/cli", "a/web")


INGRESS_ONLY, EGRESS_ONLY, BOTH = (False, True), (True, False), (False, False)


@pytest.mark.parametrize(
    ("rule", "spec", "open_in_and_out"),
    [
        ("NP-10", "{}", INGRESS_ONLY),
        ("NP-10", "{ingress: []}", INGRESS_ONLY),
        ("NP-10", "{egress: [{ports: [{port: 1}]}]}", BOTH),
        ("NP-11", "{policyTypes: null, egress: [{ports: [{port: 1}]}]}", BOTH),
        ("NP-11", "{policyTypes: [], egress: [{ports: [{port: 1}]}]}", BOTH),
        ("NP-11", "{egress: []}", INGRESS_ONLY),
        ("NP-11", "{egress: null}", INGRESS_ONLY),
        ("NP-12", "{policyTypes: [Egress], ingress: [{ports: [{port: 1}]}]}", EGRESS_ONLY),
        ("NP-12", "{policyTypes: [Ingress], egress: [{ports: [{port: 1}]}]}", INGRESS_ONLY),
        ("NP-13", "{policyTypes: [Egress, Ingress]}", BOTH),
        ("NP-13", "{policyTypes: [Ingress, Ingress]}", INGRESS_ONLY),
        ("NP-14", "{policyTypes: [Ingress, Egress]}", BOTH),
        ("NP-14", "{policyTypes: [Egress]}", EGRESS_ONLY),
    ],
)
def test_policy_types(rule: str, spec: str, open_in_and_out: tuple[bool, bool]) -> None:
    snapshot = ruled(policy("a", spec))
    found = allowed(snapshot, "b/cli", "a/web"), allowed(snapshot, "a/web", "b/cli")
    assert found == open_in_and_out, rule
