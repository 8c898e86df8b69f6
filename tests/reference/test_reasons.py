"""REF-3: all that decided, in an order that no file or name order can change."""

from __future__ import annotations

import pytest
from builders import asked, cluster, pod, policy

from netsim import Decision, Snapshot
from netsim.model.flow import Cause, Part

PODS = (pod("a/web", "{app: web}", ip="10.0.1.1"), pod("a/cli", "{app: cli}", ip="10.0.1.2"))


def ingress(snapshot: Snapshot) -> Decision:
    return asked(snapshot, "a/cli", "a/web", 80).ingress


def places(decision: Decision) -> list[tuple[str, Part, int | None, int | None, int | None]]:
    return [(item.policy, item.part, item.rule, item.peer, item.port) for item in decision.reasons]


class TestAllow:
    """Every pair of a peer and a port that match, of every rule of every policy."""

    RULES = """{ingress: [
      {from: [{podSelector: {}}, {namespaceSelector: {}}], ports: [{port: 9}, {port: 80}]},
      {ports: [{port: 9}]},
      {}]}"""

    def test_all_of_them_in_order(self) -> None:
        decision = ingress(
            cluster(*PODS, policy("a", self.RULES, "two"), policy("a", self.RULES, "one"))
        )
        assert decision.cause is Cause.RULE
        assert places(decision) == [
            (name, Part.MATCHED, *place)
            for name in ("one", "two")
            for place in ((0, 0, 1), (0, 1, 1), (2, None, None))
        ]


class TestDeny:
    """Every isolating policy, and for each of its rules the part that failed first."""

    RULES = """{ingress: [
      {from: [{ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: 9}]},
      {from: [{podSelector: {}}], ports: [{port: 9}, {port: 10}]},
      {from: [{podSelector: {}}], ports: [{port: 9}]}]}"""

    def test_all_of_them_in_order(self) -> None:
        decision = ingress(cluster(*PODS, policy("a", self.RULES, "two"), policy("a", "{}", "one")))
        assert decision.cause is Cause.NO_RULE
        assert places(decision) == [
            ("one", Part.ISOLATES, None, None, None),
            ("two", Part.ISOLATES, None, None, None),
            ("two", Part.PEERS, 0, 0, None),
            ("two", Part.PORTS, 1, None, None),
            ("two", Part.PORTS, 2, None, 0),
        ]

    def test_other_namespaces_and_directions_have_no_say(self) -> None:
        snapshot = cluster(
            *PODS,
            policy("b", "{}", "elsewhere"),
            policy("a", "{policyTypes: [Egress], egress: [{}]}", "out"),
            policy("a", "{podSelector: {matchLabels: {app: cli}}}", "other"),
            policy("a", "{}", "deny"),
        )
        assert places(ingress(snapshot)) == [("deny", Part.ISOLATES, None, None, None)]


def test_the_order_of_documents_changes_nothing() -> None:
    manifests = [*PODS, policy("a", TestDeny.RULES, "two"), policy("a", "{}", "one")]
    assert ingress(cluster(*manifests)) == ingress(cluster(*reversed(manifests)))


def test_a_reason_knows_its_line() -> None:
    spec = "\n  ingress:\n  - from:\n    - podSelector: {}\n    ports:\n    - port: 80"
    (reason,) = ingress(cluster(*PODS, policy("a", spec))).reasons
    assert reason.path == ("spec", "ingress", 0, "from", 0)
    text = "\n---\n".join([*PODS, policy("a", spec)]).splitlines()
    assert text[reason.location.line - 1].strip() == "- podSelector: {}"


@pytest.mark.parametrize("protocol", ["TCP", "ICMP"])
def test_not_isolated_needs_no_reason(protocol: str) -> None:
    verdict = asked(cluster(*PODS), "a/cli", "a/web", 80, protocol=protocol)
    assert verdict.reasons == ()
    assert verdict.reason == (
        "egress: no policy selects the pod in this direction; "
        "ingress: no policy selects the pod in this direction"
    )
