"""Questions that stand for many flows: who is asked, and what comes out alike (WL-11, WL-13)."""

from __future__ import annotations

import pytest
from builders import allowed, asked, cluster, namespace, node, pod, policy, workload

import netsim
from netsim import LimitError, QueryError, Snapshot, Verdict
from netsim.model.flow import Cause


def groups(
    verdict: Verdict,
) -> list[tuple[bool, tuple[str, ...], tuple[str, ...], tuple[str, ...], int]]:
    return [
        (group.allowed, group.sources, group.destinations, group.ports, group.count)
        for group in verdict.groups
    ]


WEB = pod("a/web", "{app: web}", ip="10.0.1.1")
FROM_LABEL = policy("a", "{ingress: [{from: [{podSelector: {matchLabels: {open: to-all}}}]}]}")


class TestWL11EveryPair:
    def test_all_pods_of_a_workload(self) -> None:
        snapshot = cluster(WEB, workload("a/db", kind="StatefulSet", spec="replicas: 3"))
        (group,) = groups(asked(snapshot, "a/db", "a/web"))
        assert group == (True, ("a/db-0", "a/db-1", "a/db-2"), ("a/web",), ("80/tcp",), 3)

    def test_one_pod_can_differ(self) -> None:
        spec = """{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector:
          {matchLabels: {apps.kubernetes.io/pod-index: '0'}}}]}]}"""
        snapshot = cluster(
            WEB, workload("a/db", kind="StatefulSet", spec="replicas: 3"), policy("a", spec)
        )
        verdict = asked(snapshot, "a/db", "a/web")
        assert (verdict.word, verdict.allowed, verdict.some) == ("mixed", False, True)
        assert groups(verdict) == [
            (False, ("a/db-1", "a/db-2"), ("a/web",), ("80/tcp",), 2),
            (True, ("a/db-0",), ("a/web",), ("80/tcp",), 1),
        ]

    def test_pods_of_a_selection_are_asked_about_each_other_not_themselves(self) -> None:
        twins = [
            pod(f"a/{name}", "{app: x}", ip=f"10.0.1.{n}") for n, name in enumerate(("u", "v", "w"))
        ]
        verdict = asked(cluster(*twins, policy("a", "{}")), "a/{app=x}", "a/{app=x}")
        assert verdict.word == "deny"
        assert [group.count for group in verdict.groups] == [6]

    def test_replicas_of_a_workload_are_different_pods(self) -> None:
        snapshot = cluster(workload("a/api", spec="replicas: 3"), policy("a", "{}"))
        verdict = asked(snapshot, "a/api", "a/api")
        assert verdict.word == "deny"
        assert verdict.notes == ()

    def test_one_replica_is_asked_as_two(self) -> None:
        verdict = asked(cluster(workload("a/api"), policy("a", "{}")), "a/api", "a/api")
        assert verdict.word == "deny"
        assert verdict.notes == (
            "`a/deployment/api` has one replica: asked as two different pods, for a rollout makes a second",
        )

    def test_so_is_the_one_live_pod_of_a_workload(self) -> None:
        live = pod("a/api-1", "{app: x}", ip="10.0.1.9").replace(
            "labels:",
            "ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: api, uid: u, "
            "controller: true}], labels:",
        )
        snapshot = cluster(live, policy("a", "{}"))
        assert not allowed(snapshot, "a/sts/api", "a/sts/api")
        assert allowed(snapshot, "a/api-1", "a/api-1")

    def test_a_pod_that_does_not_exist_has_others_like_it(self) -> None:
        snapshot = cluster(WEB, policy("a", "{}"))
        assert not allowed(snapshot, "new:a/{app=new}", "new:a/{app=new}")
        assert allowed(snapshot, "new:a/{app=new}", "203.0.113.7")

    def test_a_stranger_between_two_templates(self) -> None:
        verdict = asked(cluster(WEB, workload("b/api", spec="replicas: 2"), FROM_LABEL), "*", "*")
        # web to api, api to web, and one api to the other; web to itself is no pair.
        assert sum(group.count for group in verdict.groups) == 3


class TestWL13DaemonSets:
    """One pod on each node: for a node, the pod on it is on its own node (NP-60)."""

    NODES = (node("n1", "192.168.0.1"), node("n2", "192.168.0.2"), node("n3", "192.168.0.3"))

    def test_a_node_reaches_the_pod_on_it(self) -> None:
        agent = workload("a/agent", kind="DaemonSet")
        verdict = asked(cluster(*self.NODES, agent, policy("a", "{}")), "node/n1", "a/agent")
        assert groups(verdict) == [
            (False, ("node/n1",), ("a/agent on n2", "a/agent on n3"), ("80/tcp",), 2),
            (True, ("node/n1",), ("a/agent on n1",), ("80/tcp",), 1),
        ]

    def test_on_the_network_of_its_nodes(self) -> None:
        agent = workload("b/agent", kind="DaemonSet", pod_spec="hostNetwork: true")
        web = pod("a/web", ip="10.0.1.1", spec="nodeName: n1")
        block = policy("a", "{ingress: [{from: [{ipBlock: {cidr: 192.168.0.2/32}}]}]}")
        verdict = asked(cluster(*self.NODES, agent, web, block), "b/agent", "a/web")
        assert [(group.allowed, group.sources) for group in verdict.groups] == [
            (False, ("b/agent on n3",)),
            (True, ("b/agent on n1",)),
            (True, ("b/agent on n2",)),
        ]

    def test_between_pods_nodes_do_not_matter(self) -> None:
        agent = workload("a/agent", kind="DaemonSet")
        verdict = asked(cluster(*self.NODES, agent, WEB, policy("a", "{}")), "a/web", "a/agent")
        assert groups(verdict)[0][2] == ("a/daemonset/agent",)

    @pytest.mark.parametrize("pod_spec", ["", "hostNetwork: true"])
    def test_without_nodes_in_the_input(self, pod_spec: str) -> None:
        agent = workload("a/agent", kind="DaemonSet", pod_spec=pod_spec)
        assert len(asked(cluster(agent, WEB), "a/agent", "a/web").groups) == 1


class TestPorts:
    """A range is cut where policies cut it (REF-2)."""

    def verdict(self, ports: str, port: str) -> Verdict:
        web = pod("a/web", ip="10.0.1.1", ports="[{name: http, containerPort: 8080}]")
        snapshot = cluster(web, pod("b/cli"), policy("a", f"{{ingress: [{{ports: [{ports}]}}]}}"))
        return asked(snapshot, "b/cli", "a/web", port)

    @pytest.mark.parametrize(
        ("ports", "port", "expected"),
        [
            ("{port: 80}", "any", ["-1-79/tcp,81-65535/tcp", "+80/tcp"]),
            # From the second port on the option `endport` has a say: a group of its own.
            ("{port: 80, endPort: 90}", "80-99", ["-91-99/tcp", "+80/tcp", "+81-90/tcp"]),
            ("{port: 80}, {port: 81}", "80-82", ["-82/tcp", "+80/tcp", "+81/tcp"]),
            ("{port: http}", "8000-8999", ["-8000-8079/tcp,8081-8999/tcp", "+8080/tcp"]),
            ("{}", "any", ["+1-65535/tcp"]),
            ("{port: 53, protocol: UDP}", "any", ["-1-65535/tcp"]),
            ("{port: 53, protocol: UDP}", "53-54/udp", ["-54/udp", "+53/udp"]),
            ("{port: 1}", "any", ["-2-65535/tcp", "+1/tcp"]),
            ("{port: 65535}", "any", ["-1-65534/tcp", "+65535/tcp"]),
        ],
    )
    def test_ranges(self, ports: str, port: str, expected: list[str]) -> None:
        found = self.verdict(ports, port).groups
        assert [f"{'-+'[group.allowed]}{','.join(group.ports)}" for group in found] == expected

    def test_a_name_is_the_destination_s(self) -> None:
        assert self.verdict("{port: 8080}", "http").groups[0].ports == ("8080/tcp",)
        assert str(self.verdict("{port: 8080}", "http")).startswith("allow b/cli -> a/web http/tcp")

    def test_each_destination_has_its_own(self) -> None:
        one = workload("a/one", "{app: x}", ports="[{name: http, containerPort: 80}]")
        two = workload("a/two", "{app: x}", ports="[{name: http, containerPort: 81}]")
        snapshot = cluster(one, two, WEB, policy("a", "{ingress: [{ports: [{port: 80}]}]}"))
        assert groups(asked(snapshot, "a/web", "a/{app=x}", "http")) == [
            (False, ("a/web",), ("a/deployment/two",), ("81/tcp",), 1),
            (True, ("a/web",), ("a/deployment/one",), ("80/tcp",), 1),
        ]


class TestSVC3NotServed:
    """A port name that the destination doesn't have can't be answered, and is never a deny."""

    @pytest.mark.parametrize(
        ("destination", "port", "message", "help"),
        [
            ("a/web", "https", "`a/web` has no port named `https` for TCP", "it has dns (53/udp), http (8080/tcp)"),
            ("a/web", "dns", "`a/web` has no port named `dns` for TCP", "it has dns (53/udp), http (8080/tcp)"),
            ("a/cli", "http", "`a/cli` has no port named `http` for TCP", "it names no ports: ask by number"),
            ("203.0.113.7", "http", "`203.0.113.7` has no port named `http` for TCP", "it names no ports"),
            ("a/*", "http", "`a/cli` has no port named `http` for TCP", "it names no ports"),
        ],
    )  # fmt: skip
    def test_the_names_it_has_are_told(
        self, destination: str, port: str, message: str, help: str
    ) -> None:
        ports = "[{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]"
        snapshot = cluster(pod("a/web", ports=ports), pod("a/cli"), pod("b/x"))
        with pytest.raises(QueryError) as caught:
            asked(snapshot, "b/x", destination, port)
        (diagnostic,) = caught.value.diagnostics
        assert (diagnostic.code, diagnostic.message) == ("SVC-3", message)
        assert help in diagnostic.help


class TestAddressRanges:
    """Ranges are cut at the ipBlocks of the other end, and named by the fewest CIDRs."""

    def test_a_range(self) -> None:
        block = "{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.5/32]}}"
        snapshot = cluster(WEB, policy("a", f"{{ingress: [{{from: [{block}]}}]}}"))
        verdict = asked(snapshot, "203.0.112.0/22", "a/web")
        assert [(group.allowed, group.sources) for group in verdict.groups] == [
            (False, ("203.0.112.0/24", "203.0.113.5/32", "203.0.114.0/23")),
            (
                True,
                ("203.0.113.0/30", "203.0.113.4/32", "203.0.113.6/31", "203.0.113.8/29",
                 "203.0.113.16/28", "203.0.113.32/27", "203.0.113.64/26", "203.0.113.128/25"),
            ),
        ]  # fmt: skip
        assert [group.count for group in verdict.groups] == [1, 1]

    def test_pods_in_a_range_are_asked_as_pods(self) -> None:
        from_pods = policy(
            "a",
            "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{namespaceSelector: {}}]}]}",
        )
        snapshot = cluster(WEB, pod("b/cli", ip="10.0.2.1"), from_pods)
        assert groups(asked(snapshot, "10.0.2.0/24", "a/web")) == [
            (False, ("10.0.2.0/24",), ("a/web",), ("80/tcp",), 1),
            (True, ("b/cli",), ("a/web",), ("80/tcp",), 1),
        ]

    def test_nodes_in_a_range_are_asked_as_nodes(self) -> None:
        web = pod("a/web", ip="10.0.1.1", spec="nodeName: n1")
        snapshot = cluster(web, node("n1", "192.168.0.1"), policy("a", "{}"))
        verdict = asked(snapshot, "192.168.0.0/24", "a/web")
        assert [(group.allowed, group.sources) for group in verdict.groups] == [
            (False, ("192.168.0.0/24",)),
            (True, ("node/n1",)),
        ]

    def test_a_range_that_is_all_taken_has_nobody_else(self) -> None:
        snapshot = cluster(WEB, pod("b/x", ip="10.0.2.0"), pod("b/z", ip="10.0.2.1"))
        assert asked(snapshot, "10.0.2.0/31", "a/web").groups[0].sources == ("b/x", "b/z")


class TestExternal:
    """Everything outside, in the families that the other end has."""

    OPEN_V4 = policy("a", "{ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}")

    def sources(self, snapshot: Snapshot) -> list[tuple[bool, tuple[str, ...]]]:
        verdict = asked(snapshot, "external", "a/web")
        return [(group.allowed, group.sources) for group in verdict.groups]

    def test_an_ipv4_pod(self) -> None:
        assert self.sources(cluster(WEB, self.OPEN_V4)) == [(True, ("0.0.0.0/0",))]

    def test_a_pod_of_both(self) -> None:
        both = pod("a/web", ip="10.0.1.1 fd00::1")
        assert self.sources(cluster(both, self.OPEN_V4)) == [
            (False, ("::/0",)),
            (True, ("0.0.0.0/0",)),
        ]

    def test_a_pod_without_address(self) -> None:
        assert self.sources(cluster(pod("a/web"), self.OPEN_V4)) == [(True, ("0.0.0.0/0",))]

    def test_pods_of_different_families(self) -> None:
        six = pod("a/six", ip="fd00::6")
        verdict = asked(cluster(WEB, six, self.OPEN_V4), "external", "a/*")
        assert [(g.allowed, g.sources, g.destinations) for g in verdict.groups] == [
            (False, ("::/0",), ("a/six",)),
            (True, ("0.0.0.0/0",), ("a/web",)),
        ]

    def test_pod_cidrs_are_inside(self) -> None:
        snapshot = cluster(WEB, self.OPEN_V4, pod_cidrs=("0.0.0.0/1",))
        assert self.sources(snapshot) == [(True, ("128.0.0.0/1",))]

    def test_pods_are_not_asked(self) -> None:
        only_pods = policy("a", "{ingress: [{from: [{namespaceSelector: {}}]}]}")
        snapshot = cluster(WEB, pod("b/cli", ip="0.0.0.0"), only_pods)
        assert not asked(snapshot, "external", "a/web").some

    def test_outside_to_outside(self) -> None:
        verdict = asked(cluster(WEB), "external", "external")
        assert verdict.allowed
        assert verdict.ingress.cause is Cause.NOT_A_SUBJECT

    def test_nothing_is_left_where_all_is_pods(self) -> None:
        with pytest.raises(QueryError, match="no address is left"):
            asked(cluster(WEB, pod_cidrs=("0.0.0.0/0",)), "external", "a/web")


class TestVerdict:
    def test_denied_groups_come_first(self) -> None:
        snapshot = cluster(
            WEB, pod("b/a", "{open: to-all}"), pod("a/z", "{open: to-all}"), FROM_LABEL
        )
        verdict = asked(snapshot, "*", "a/web")
        assert [group.allowed for group in verdict.groups] == [False, True]
        assert verdict.reason.startswith("ingress: isolated, and no rule allows it (a/p)")

    def test_it_is_no_truth_value(self) -> None:
        with pytest.raises(TypeError, match="allowed"):
            bool(asked(cluster(WEB), "a/web", "a/web"))

    def test_more_flows_than_can_be_asked(self) -> None:
        many = [pod(f"a/p{n}", f"{{n: '{n}'}}") for n in range(320)]
        with pytest.raises(LimitError, match="more than 100,000 flows"):
            asked(cluster(*many), "*", "*")

    def test_alike_pods_are_asked_once_for_all(self) -> None:
        many = [pod(f"a/p{n}", "{app: x}", ip=f"10.1.0.{n}") for n in range(100)]
        snapshot = cluster(*many, *(pod(f"b/q{n}") for n in range(100)), policy("a", "{}"))
        verdict = asked(snapshot, "b/*", "a/*")
        assert [group.count for group in verdict.groups] == [10_000]

    @pytest.mark.parametrize(
        ("protocol", "port", "text"),
        [(None, 80, "80/tcp"), ("udp", "80", "80/udp"), ("ICMP", None, "icmp")],
    )
    def test_the_port_is_told_with_its_protocol(
        self, protocol: str | None, port: int | str | None, text: str
    ) -> None:
        verdict = netsim.can(cluster(WEB), "a/web", "203.0.113.7", port, protocol=protocol)
        assert verdict.port == text
        assert verdict.groups[0].ports == (text,)

    def test_a_namespace_for_bare_names(self) -> None:
        snapshot = cluster(WEB, pod("b/web"), namespace("a"))
        assert allowed(snapshot, "web", "203.0.113.7", namespace="b")
        with pytest.raises(QueryError, match="names 2 things"):
            asked(snapshot, "web", "203.0.113.7")
