"""NP-58..NP-75: a pod itself, nodes, hostNetwork pods, finished pods, other protocols."""

from __future__ import annotations

import pytest
from builders import allowed, asked, cluster, namespace, node, pod, policy, workload

from netsim import InputError, QueryError, Snapshot
from netsim.model.flow import Cause

N1, N2 = node("n1", "192.168.0.1", "192.168.9.1"), node("n2", "192.168.0.2")
WEB = pod("a/web", "{app: web}", ip="10.0.1.1", spec="nodeName: n1")
CLI = pod("b/cli", "{app: cli}", ip="10.0.2.1", spec="nodeName: n2")
DENY_ALL = policy("a", "{policyTypes: [Ingress, Egress]}", "deny")


def host_pod(name: str, where: str, ip: str = "") -> str:
    return pod(name, "{app: agent}", ip=ip, spec=f"hostNetwork: true, nodeName: '{where}'")


class TestNP58Itself:
    """A pod always reaches its own address."""

    @pytest.mark.parametrize("destination", ["a/web", "10.0.1.1"])
    def test_whatever_policies_say(self, destination: str) -> None:
        verdict = asked(cluster(WEB, DENY_ALL), "a/web", destination)
        assert verdict.allowed
        assert verdict.ingress.cause is verdict.egress.cause is Cause.SELF

    def test_another_pod_of_the_same_labels_is_another(self) -> None:
        twin = pod("a/twin", "{app: web}", ip="10.0.1.2")
        assert not allowed(cluster(WEB, twin, DENY_ALL), "a/web", "a/twin")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.0.0/16", "::1"])
def test_np_59_loopback_is_nobody_s_question(address: str) -> None:
    with pytest.raises(QueryError, match="never leaves a pod"):
        asked(cluster(WEB), "a/web", address)


class TestNP60OwnNode:
    """A pod's own node is always let in, from all of its addresses."""

    @pytest.mark.parametrize(
        ("source", "expected"),
        [
            ("node/n1", True),
            ("192.168.0.1", True),
            ("192.168.9.1", True),
            ("node/n2", False),
            ("192.168.0.2", False),
        ],
    )
    def test_by_name_and_by_address(self, source: str, expected: bool) -> None:
        assert allowed(cluster(WEB, N1, N2, DENY_ALL), source, "a/web") == expected

    def test_by_the_host_address_of_the_pod(self) -> None:
        web = pod("a/web", ip="10.0.1.1", status="phase: Running, hostIP: 192.168.0.7")
        snapshot = cluster(web, DENY_ALL)
        assert asked(snapshot, "192.168.0.7", "a/web").ingress.cause is Cause.OWN_NODE

    def test_it_is_no_exception_for_egress(self) -> None:
        assert not allowed(cluster(WEB, N1, DENY_ALL), "a/web", "node/n1")

    def test_without_the_node_the_answer_says_so(self) -> None:
        web = pod("a/web", ip="10.0.1.1")
        verdict = asked(cluster(web, N1, DENY_ALL), "node/n1", "a/web")
        assert not verdict.allowed
        assert verdict.groups[0].answer.notes == (
            "would be allowed if `a/web` ran on the same node, which is not known (NP-60)",
        )

    def test_np_61_probes_need_no_rule(self) -> None:
        assert allowed(cluster(WEB, N1, policy("a", "{}")), "node/n1", "a/web", 8080)


class TestNP62HostNetworkSubjects:
    """No policy governs a hostNetwork pod."""

    def test_in_neither_direction(self) -> None:
        snapshot = cluster(host_pod("a/agent", "n2", "192.168.0.2"), CLI, N1, N2, DENY_ALL)
        assert asked(snapshot, "b/cli", "a/agent").ingress.cause is Cause.NOT_A_SUBJECT
        assert asked(snapshot, "a/agent", "b/cli").egress.cause is Cause.NOT_A_SUBJECT


class TestNP63HostNetworkPeers:
    """Their traffic is their node's."""

    FROM_AGENTS = policy("a", "{ingress: [{from: [{podSelector: {matchLabels: {app: agent}}}]}]}")
    FROM_NODES = policy("a", "{ingress: [{from: [{ipBlock: {cidr: 192.168.0.0/24}}]}]}")

    def test_no_selector_matches_them(self) -> None:
        snapshot = cluster(WEB, host_pod("a/agent", "n2"), N1, N2, self.FROM_AGENTS)
        assert not allowed(snapshot, "a/agent", "a/web")

    def test_a_block_matches_the_address_of_their_node(self) -> None:
        snapshot = cluster(WEB, host_pod("a/agent", "n2"), N1, N2, self.FROM_NODES)
        assert allowed(snapshot, "a/agent", "a/web")

    def test_on_the_pod_s_own_node_they_are_let_in(self) -> None:
        snapshot = cluster(WEB, host_pod("a/agent", "n1"), N1, DENY_ALL)
        assert asked(snapshot, "a/agent", "a/web").ingress.cause is Cause.OWN_NODE

    def test_the_answer_says_as_whom_they_were_asked(self) -> None:
        snapshot = cluster(WEB, host_pod("a/agent", "n2"), N1, N2)
        assert asked(snapshot, "a/agent", "a/web").groups[0].answer.notes == (
            "`a/agent` uses the host's network: no policy governs it; asked as node n2 (192.168.0.2)",
        )

    def test_an_unknown_node_is_said_to_be_unknown(self) -> None:
        snapshot = cluster(WEB, host_pod("a/agent", ""), DENY_ALL)
        notes = asked(snapshot, "a/agent", "a/web").groups[0].answer.notes
        assert "asked as a node that is not known (address not known)" in notes[0]
        assert notes[1].startswith("would be allowed if `a/web` ran on the same node")


class TestNP64FinishedPods:
    """They are out of the network: no end, no peer, no address."""

    @pytest.mark.parametrize("phase", ["Succeeded", "Failed"])
    @pytest.mark.parametrize("ends", [("a/done", "a/web"), ("a/web", "a/done")])
    def test_they_cannot_be_asked_about(self, phase: str, ends: tuple[str, str]) -> None:
        done = pod("a/done", ip="10.0.1.9", status=f"phase: {phase}")
        with pytest.raises(QueryError, match="not running"):
            asked(cluster(WEB, done), *ends)

    def test_no_selection_has_them(self) -> None:
        done = pod("a/done", "{app: web}", status="phase: Succeeded")
        verdict = asked(cluster(WEB, done, CLI), "b/cli", "a/{app=web}")
        assert verdict.groups[0].destinations == ("a/web",)


@pytest.mark.parametrize("status", ["phase: Pending", "", "phase: Unknown"])
def test_np_65_pods_that_are_not_up_yet_count(status: str) -> None:
    web = pod("a/web", status=status)
    assert not allowed(cluster(web, CLI, DENY_ALL), "b/cli", "a/web")


def test_np_66_terminating_pods_count() -> None:
    web = WEB.replace("labels:", "deletionTimestamp: '2026-01-01T00:00:00Z', labels:")
    assert not allowed(cluster(web, CLI, DENY_ALL), "b/cli", "a/web")


class TestNP72OtherProtocols:
    """ICMP is judged by peers alone: only a rule without ports matches it."""

    def test_a_rule_with_ports_never_matches(self) -> None:
        assert not allowed(self._with("{ports: [{}, {protocol: UDP}]}"), "b/cli", "a/web", "icmp")

    def test_a_rule_without_ports_does(self) -> None:
        snapshot = self._with("{from: [{namespaceSelector: {}}]}")
        assert allowed(snapshot, "b/cli", "a/web", "icmp")
        assert not allowed(snapshot, "203.0.113.7", "a/web", "icmp")

    def _with(self, rule: str) -> Snapshot:
        return cluster(WEB, CLI, policy("a", f"{{ingress: [{rule}]}}"))


def test_np_73_nothing_is_exempt() -> None:
    dns = pod("kube-system/dns", "{k8s-app: kube-dns}", ip="10.0.9.9")
    snapshot = cluster(WEB, dns, namespace("kube-system"), DENY_ALL)
    assert not allowed(snapshot, "a/web", "kube-system/dns", "53/udp")
    assert not allowed(snapshot, "a/web", "169.254.169.254")


def test_np_74_the_order_of_objects_does_not_matter() -> None:
    manifests = [DENY_ALL, WEB, policy("a", "{ingress: [{}]}", "open"), CLI]
    assert allowed(cluster(*manifests), "b/cli", "a/web")
    assert allowed(cluster(*reversed(manifests)), "b/cli", "a/web")


class TestWL7UnknownLabels:
    """A label that only a live pod has: equality fails, NotIn holds, and the verdict says so."""

    def verdict_of(self, expression: str) -> tuple[bool, tuple[str, ...]]:
        peer = f"{{podSelector: {{matchExpressions: [{expression}]}}}}"
        spec = f"{{podSelector: {{matchLabels: {{app: web}}}}, ingress: [{{from: [{peer}]}}]}}"
        snapshot = cluster(WEB, workload("a/api", "{app: api}"), policy("a", spec))
        verdict = asked(snapshot, "a/api", "a/web")
        return verdict.allowed, verdict.assumptions

    def test_equality_and_in(self) -> None:
        expression = "{key: pod-template-hash, operator: In, values: [abc]}"
        assert self.verdict_of(expression) == (
            False,
            (
                "assuming that `a/deployment/api` does not match `pod-template-hash=abc`: the value of its label `pod-template-hash` is not known",
            ),
        )

    def test_not_in(self) -> None:
        is_allowed, assumptions = self.verdict_of(
            "{key: pod-template-hash, operator: NotIn, values: [abc]}"
        )
        assert is_allowed
        assert assumptions[0].startswith("assuming that `a/deployment/api` matches")

    @pytest.mark.parametrize(("operator", "expected"), [("Exists", True), ("DoesNotExist", False)])
    def test_presence_is_known(self, operator: str, expected: bool) -> None:
        expression = f"{{key: pod-template-hash, operator: {operator}}}"
        assert self.verdict_of(expression) == (expected, ())

    def test_whether_a_policy_selects_can_hang_on_one(self) -> None:
        spec = "{podSelector: {matchLabels: {pod-template-hash: abc}}}"
        snapshot = cluster(WEB, workload("a/api", "{app: api}"), policy("a", spec))
        verdict = asked(snapshot, "a/web", "a/api")
        assert verdict.allowed
        assert len(verdict.assumptions) == 1

    def test_what_comes_up_only_then_is_turned_too(self) -> None:
        unknown = "{matchLabels: {pod-template-hash: abc}}"
        snapshot = cluster(
            workload("a/api", "{app: api}"),
            workload("a/cli", "{app: cli}"),
            policy("a", "{podSelector: {matchLabels: {app: api}}}", "deny"),
            policy("a", f"{{podSelector: {unknown}, ingress: [{{from: [{{podSelector: {unknown}}}]}}]}}", "maybe"),
        )  # fmt: skip
        assert len(asked(snapshot, "a/cli", "a/api").assumptions) == 2


def test_np_75_only_v1_exists() -> None:
    old = policy("a", "{}").replace("networking.k8s.io/v1", "extensions/v1beta1")
    with pytest.raises(InputError, match=r"removed in Kubernetes 1\.16"):
        cluster(WEB, old)
