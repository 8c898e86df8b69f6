"""Questions where policies of the whole cluster tell apart what NetworkPolicies don't."""

from __future__ import annotations

import pytest
from builders import asked, cluster, cluster_policy, namespace, node, pod, policy, workload

import netsim
from netsim import QueryError, Snapshot, Verdict
from netsim.model.flow import Cause

DENY_ALL_BUT = "egress: [{{action: Accept, to: [{accept}]}}, {{action: Deny, to: [{{networks: [0.0.0.0/0]}}]}}]"
WEB = pod("a/web", "{app: web}", ip="10.0.1.1")


def groups(verdict: Verdict) -> list[tuple[bool, tuple[str, ...], tuple[str, ...]]]:
    return [(group.allowed, group.destinations, group.ports) for group in verdict.groups]


def only(accept: str, **how: int | str) -> str:
    return cluster_policy(DENY_ALL_BUT.format(accept=accept), **how)  # type: ignore[arg-type]


class TestANP15Networks:
    """Ranges, and pods that differ in nothing but their address, are cut where networks are."""

    def test_a_range(self) -> None:
        snapshot = cluster(WEB, only("{networks: [203.0.113.0/25, 198.51.100.0/24]}"))
        assert groups(asked(snapshot, "a/web", "203.0.113.0/24")) == [
            (False, ("203.0.113.128/25",), ("80/tcp",)),
            (True, ("203.0.113.0/25",), ("80/tcp",)),
        ]

    def test_pods(self) -> None:
        twins = [pod(f"b/{name}", ip=f"10.0.{n}.1") for n, name in enumerate(("u", "v", "w"))]
        snapshot = cluster(WEB, *twins, only("{networks: [10.0.2.0/24]}"))
        assert groups(asked(snapshot, "a/web", "b/*")) == [
            (False, ("b/u", "b/v"), ("80/tcp",)),
            (True, ("b/w",), ("80/tcp",)),
        ]

    def test_whatever_is_said_about_ip_block(self) -> None:
        snapshot = cluster(
            WEB,
            pod("b/u", ip="10.0.0.1"),
            pod("b/v", ip="10.0.2.1"),
            only("{networks: [10.0.2.0/24]}"),
            ipblock_matches_pods=False,
        )
        assert asked(snapshot, "a/web", "b/*").word == "mixed"


class TestANP16Nodes:
    NODES = (
        node("n1", "192.168.0.1").replace("name: n1", "name: n1, labels: {role: edge}"),
        node("n2", "192.168.0.2"),
    )
    ONLY_EDGE = only("{nodes: {matchLabels: {role: edge}}}")

    def test_a_range_with_nodes_in_it(self) -> None:
        snapshot = cluster(WEB, *self.NODES, self.ONLY_EDGE)
        assert groups(asked(snapshot, "a/web", "192.168.0.0/30")) == [
            (False, ("node/n2", "192.168.0.0/30"), ("80/tcp",)),
            (True, ("node/n1",), ("80/tcp",)),
        ]

    def test_a_pod_on_each_node(self) -> None:
        agent = workload("b/agent", kind="DaemonSet", pod_spec="hostNetwork: true")
        snapshot = cluster(WEB, *self.NODES, agent, self.ONLY_EDGE)
        assert groups(asked(snapshot, "a/web", "b/agent")) == [
            (False, ("b/agent on n2",), ("80/tcp",)),
            (True, ("b/agent on n1",), ("80/tcp",)),
        ]

    def test_pods_of_which_one_has_the_address_of_a_node(self) -> None:
        pods = pod("b/u", ip="192.168.0.9"), pod("b/v", ip="192.168.0.1")
        snapshot = cluster(WEB, *self.NODES, *pods, self.ONLY_EDGE)
        assert groups(asked(snapshot, "a/web", "b/*")) == [
            (False, ("b/u",), ("80/tcp",)),
            (True, ("b/v",), ("80/tcp",)),
        ]


class TestPorts:
    """A range of ports is cut where entries and named ports of any protocol cut it."""

    def snapshot(self, protocols: str) -> Snapshot:
        rules = f"{{action: Deny, from: [{{namespaces: {{}}}}], protocols: [{protocols}]}}"
        ports = "[{name: dns, containerPort: 53, protocol: UDP}, {name: web, containerPort: 80}]"
        return cluster(
            WEB, pod("b/api", ip="10.0.2.1", ports=ports), cluster_policy(f"ingress: [{rules}]")
        )

    @pytest.mark.parametrize(
        ("protocols", "port", "denied"),
        [
            ("{tcp: {destinationPort: {range: {start: 100, end: 200}}}}", "any", ["100-200/tcp"]),
            ("{tcp: {destinationPort: {range: {start: 100, end: 200}}}}", "any/udp", []),
            ("{tcp: {destinationPort: {number: 443}}}", "400-500", ["443/tcp"]),
            ("{destinationNamedPort: dns}", "any/udp", ["53/udp"]),
            ("{destinationNamedPort: dns}", "any", []),
            ("{destinationNamedPort: web}", "1-100", ["80/tcp"]),
        ],
    )
    def test_a_range(self, protocols: str, port: str, denied: list[str]) -> None:
        verdict = asked(self.snapshot(protocols), "a/web", "b/api", port)
        found = [text for group in verdict.groups if not group.allowed for text in group.ports]
        assert found == denied
        assert verdict.some


class TestANP17Domains:
    RULES = cluster_policy(
        """egress: [
          {action: Accept, to: [{domainNames: ['*.example.com']}], protocols: [{tcp: {destinationPort: {number: 443}}}]},
          {action: Deny, to: [{networks: [0.0.0.0/0, '::/0']}]}]"""
    )
    SNAPSHOT = cluster(
        WEB,
        node("n1", "192.168.0.1"),
        pod("b/db", ip="10.0.2.1", ports="[{name: pg, containerPort: 5432}]"),
        policy("b", "{}"),
        RULES,
    )

    @pytest.mark.parametrize(
        ("destination", "port", "expected"),
        [
            ("api.example.com", 443, True),
            ("API.example.com.", 443, True),
            ("api.example.com", 80, False),
            ("api.example.com@203.0.113.7", 443, True),
            ("api.example.com@2001:db8::1", 443, True),
            ("example.com", 443, False),
            ("api.example.org", 443, False),
            ("203.0.113.7", 443, False),
        ],
    )
    def test_questions(self, destination: str, port: int, expected: bool) -> None:
        assert asked(self.SNAPSHOT, "a/web", destination, port).allowed is expected

    def test_ports_are_cut(self) -> None:
        assert groups(asked(self.SNAPSHOT, "a/web", "api.example.com", "400-500")) == [
            (False, ("api.example.com",), ("400-442/tcp", "444-500/tcp")),
            (True, ("api.example.com",), ("443/tcp",)),
        ]

    def test_every_pod_that_asks(self) -> None:
        verdict = asked(self.SNAPSHOT, "*", "api.example.com", 443)
        (group,) = verdict.groups
        assert (group.allowed, group.sources, group.count) == (True, ("a/web", "b/db"), 2)

    def test_a_name_of_a_pod_s_address_leads_to_the_pod(self) -> None:
        verdict = asked(self.SNAPSHOT, "a/web", "db.example.com@10.0.2.1", 443)
        assert verdict.egress.cause is Cause.TIER_ALLOW
        assert verdict.ingress.cause is Cause.NO_RULE
        assert verdict.ingress.reasons[0].full_name == "b/p"

    def test_its_ports_have_the_names_of_the_pod(self) -> None:
        verdict = asked(self.SNAPSHOT, "a/web", "db.example.com@10.0.2.1", "pg")
        assert groups(verdict) == [(False, ("db.example.com@10.0.2.1",), ("5432/tcp",))]
        with pytest.raises(QueryError, match="`b/db` has no port named `http`"):
            asked(self.SNAPSHOT, "a/web", "db.example.com@10.0.2.1", "http")

    def test_a_name_of_a_node_s_address_leads_to_the_node(self) -> None:
        snapshot = cluster(
            pod("a/web", ip="10.0.1.1", spec="nodeName: n1"),
            node("n1", "192.168.0.1"),
            self.RULES,
            egress_to_own_node="allow",
        )
        verdict = asked(snapshot, "a/web", "n1.example.org@192.168.0.1", 22)
        assert verdict.egress.cause is Cause.OWN_NODE

    @pytest.mark.parametrize("source", ["api.example.com", "api.example.com@203.0.113.7"])
    def test_a_name_sends_nothing(self, source: str) -> None:
        with pytest.raises(QueryError) as caught:
            asked(self.SNAPSHOT, source, "a/web")
        (diagnostic,) = caught.value.diagnostics
        assert diagnostic.message == (
            f"`{source}`: a name is where traffic goes to, not where it comes from"
        )

    def test_a_source_that_is_much_like_a_pod(self) -> None:
        snapshot = cluster(WEB, pod("b/web.v1"))
        with pytest.raises(QueryError) as caught:
            asked(snapshot, "web.v2", "a/web")
        assert "but `web.v1`" in caught.value.diagnostics[0].help
        note = asked(snapshot, "a/web", "web.v2").notes
        assert note == (
            "`web.v2` is taken for a DNS name: no pod or workload is called so, but `web.v1`",
        )

    def test_unlike_the_pods_that_it_stands_for_no_policy_governs_it(self) -> None:
        verdict = asked(cluster(WEB), "a/web", "api.example.com")
        assert verdict.allowed
        assert (verdict.notes, verdict.ingress.cause) == ((), Cause.NOT_A_SUBJECT)


class TestANP17NamesPassedOver:
    """Where a rule about names was asked and the question has none, the answer says so."""

    def notes(self, destination: str, port: int | str = 443, *more: str) -> tuple[str, ...]:
        snapshot = cluster(
            WEB,
            pod("b/db", ip="10.0.2.1"),
            node("n1", "192.168.0.1"),
            TestANP17Domains.RULES,
            *more,
        )
        return asked(snapshot, "a/web", destination, port).notes

    SAID = "egress[0] was passed over: domainNames match only questions that name a domain"

    def test_an_address(self) -> None:
        assert self.notes("203.0.113.7") == (f"`p` {self.SAID}",)
        assert self.notes("external") == (f"`p` {self.SAID}",)

    @pytest.mark.parametrize(
        ("destination", "port"),
        [("api.example.com", 443), ("x.example.org", 443), ("b/db", 443), ("node/n1", 443), ("203.0.113.7", 80), ("203.0.113.7", "icmp")],
    )  # fmt: skip
    def test_what_it_would_not_match_by_name_either(
        self, destination: str, port: int | str
    ) -> None:
        assert self.notes(destination, port) == ()

    def test_a_policy_that_is_not_asked(self) -> None:
        first = cluster_policy(
            "egress: [{action: Pass, to: [{networks: [0.0.0.0/0]}]}]", "first", priority=1
        )
        assert self.notes("203.0.113.7", 443, first) == ()

    def test_a_rule_after_the_one_that_matches(self) -> None:
        last = cluster_policy(
            """egress: [{action: Accept, to: [{networks: [203.0.113.0/24]}]},
                        {action: Accept, to: [{domainNames: [a.example.com]}]}]""",
            "first",
            priority=1,
        )
        assert self.notes("203.0.113.7", 443, last) == ()
        assert self.notes("198.51.100.7", 443, last) == (
            "`first` egress[1] was passed over: domainNames match only questions that name a domain",
            f"`p` {self.SAID}",
        )


class TestIncomplete:
    """What --keep-going left out, and could change a verdict by policies of the cluster."""

    GOOD = (
        namespace("a"),
        namespace("b"),
        WEB,
        pod("b/db", ip="10.0.2.1"),
        pod("late/x", ip="10.0.3.1"),
    )

    def incomplete(self, question: tuple[str, str], *more: str) -> list[str]:
        snapshot = netsim.loads("\n---\n".join((*self.GOOD, *more)), keep_going=True)
        return [text.split(" was left out")[0] for text in asked(snapshot, *question).incomplete]

    @pytest.mark.parametrize("question", [("a/web", "b/db"), ("a/web", "external"), ("a/web", "x.example.com")])  # fmt: skip
    def test_a_policy_of_the_cluster_is_about_everybody(self, question: tuple[str, str]) -> None:
        bad = cluster_policy("ingress: 1", "faulty")
        assert self.incomplete(question, bad) == ["ClusterNetworkPolicy `faulty`"]

    @pytest.mark.parametrize(
        ("rules", "matters"),
        [
            (cluster_policy("ingress: [{action: Deny, from: [{namespaces: {}}]}]"), False),
            (cluster_policy("ingress: [{action: Deny, from: [{namespaces: {matchLabels: {team: late}}}]}]"), True),
            (cluster_policy("egress: [{action: Deny, to: [{pods: {namespaceSelector: {matchLabels: {team: late}}, podSelector: {}}}]}]"), True),
            (cluster_policy("ingress: [{action: Deny, from: [{namespaces: {}}]}]", subject="{matchLabels: {team: late}}"), True),
        ],
    )  # fmt: skip
    def test_a_namespace_matters_where_its_labels_do(self, rules: str, matters: bool) -> None:
        bad = f"{namespace('late').rstrip()}\nunknownField: 1\n"
        found = self.incomplete(("late/x", "b/db"), bad, rules)
        assert found == (["Namespace `late`"] if matters else [])

    @pytest.mark.parametrize(
        ("destination", "faulty", "matters"),
        [
            ("web.v1", pod("b/web.v1"), True),
            ("web.v1", workload("b/web.v1"), True),
            ("web.v1", pod("b/web.v2"), False),
            ("web.v1@10.0.9.9", pod("b/web.v1"), True),
            ("web.v1@10.0.9.9", pod("b/other"), True),
            ("web.v1@10.0.9.9", workload("b/web.v1"), False),
            ("web.v1", node("n1", "10.0.9.9"), False),
            ("web.v1@10.0.9.9", node("n1", "10.0.9.9"), True),
            ("db.v1@10.0.2.1", policy("b", "{}"), True),
            ("db.v1@10.0.2.1", policy("late", "{}"), False),
        ],
    )
    def test_dns_names(self, destination: str, faulty: str, matters: bool) -> None:
        bad = f"{faulty.rstrip()}\nunknownField: 1\n"
        assert bool(self.incomplete(("a/web", destination), bad)) is matters
