"""Section 6: what each option changes, and that the verdict names it (IMP-22)."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from builders import asked, cluster, node, pod, policy

from netsim import Snapshot, Verdict

PORTS = "[{name: http, containerPort: 8080}]"
PODS = (
    node("n1", "192.168.0.1"),
    node("n2", "192.168.0.2"),
    pod(
        "a/web",
        "{app: web}",
        ip="10.0.1.1",
        ports=PORTS,
        sidecar_ports="[{name: side, containerPort: 9090}]",
        init_ports="[{name: init, containerPort: 9091}]",
        spec="nodeName: n1",
    ),
    pod("a/agent", "{app: agent}", ports=PORTS, spec="hostNetwork: true, nodeName: n2"),
    pod("b/cli", "{app: cli}", ip="10.0.2.1", spec="nodeName: n2"),
)


def snapshot(spec: str, **options: object) -> Snapshot:
    return cluster(*PODS, policy("a", spec), **options)


@dataclass(frozen=True, slots=True)
class Case:
    """A question that an option decides: `default` is the word without it, `word` with it."""

    rule: str
    option: str
    value: object
    spec: str
    question: tuple[str, str, int | str]
    default: str
    word: str

    @property
    def side(self) -> str:
        return "egress" if "Egress" in self.spec else "ingress"


def ingress(rule: str) -> str:
    return f"{{ingress: [{rule}]}}"


def egress(rule: str) -> str:
    return f"{{policyTypes: [Egress], egress: [{rule}]}}"


FROM_ANY_V4 = ingress("{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}")
FROM_NODES = ingress("{from: [{ipBlock: {cidr: 192.168.0.0/24}}]}")
CLI_TO_WEB = ("b/cli", "a/web", 8080)
PING = ("b/cli", "a/web", "icmp")
AGENT_TO_WEB = ("a/agent", "a/web", 8080)
N2_TO_WEB = ("node/n2", "a/web", 8080)

CASES = [
    Case("IMP-1", "ipblock_matches_pods", False, FROM_ANY_V4, CLI_TO_WEB, "allow", "deny"),
    Case("IMP-3", "icmp", "allow", "{}", PING, "deny", "allow"),
    Case("IMP-3", "icmp", "deny", ingress("{}"), PING, "allow", "deny"),
    Case("IMP-4", "self_traffic", "policy", "{}", ("a/web", "a/web", 8080), "allow", "deny"),
    Case("IMP-5", "named_port_nonpod", "match_declared", egress("{ports: [{port: http}]}"), ("a/web", "a/agent", 8080), "deny", "allow"),
    Case("IMP-5", "named_port_containers", "containers", ingress("{ports: [{port: side}]}"), ("b/cli", "a/web", 9090), "allow", "deny"),
    Case("IMP-5", "named_port_containers", "all", ingress("{ports: [{port: init}]}"), ("b/cli", "a/web", 9091), "deny", "allow"),
    Case("IMP-7", "host_network_pods", "as_pods", ingress("{from: [{podSelector: {}}]}"), AGENT_TO_WEB, "deny", "allow"),
    Case("IMP-7", "host_network_pods", "as_pods", "{}", ("b/cli", "a/agent", 8080), "allow", "deny"),
    Case("IMP-8", "egress_to_own_node", "allow", egress("{to: [{podSelector: {}}]}"), ("a/web", "node/n1", 10250), "deny", "allow"),
    Case("IMP-9", "ingress_from_other_nodes", "allow", "{}", N2_TO_WEB, "deny", "allow"),
    Case("IMP-13", "endport", "first_port_only", ingress("{ports: [{port: 8000, endPort: 9000}]}"), CLI_TO_WEB, "allow", "deny"),
    Case("IMP-14", "sctp", "ignored", ingress("{ports: [{protocol: SCTP}]}"), ("b/cli", "a/web", "80/sctp"), "allow", "deny"),
    Case("IMP-15", "ipblock_matches_nodes", False, FROM_NODES, N2_TO_WEB, "allow", "deny"),
    Case("IMP-15", "ipblock_matches_nodes", "except_wildcard", FROM_ANY_V4, N2_TO_WEB, "allow", "deny"),
    Case("IMP-19", "node_local_ingress", "policy", "{}", ("node/n1", "a/web", 8080), "allow", "deny"),
]  # fmt: skip
NAMES = [f"{case.rule}-{case.option}-{case.value}" for case in CASES]


def deciding(verdict: Verdict, case: Case) -> tuple[str, ...]:
    decision = verdict.egress if case.side == "egress" else verdict.ingress
    return decision.options


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_an_option_changes_the_verdict_and_is_named(case: Case) -> None:
    plain = asked(snapshot(case.spec), *case.question)
    other = asked(snapshot(case.spec, **{case.option: case.value}), *case.question)
    assert (plain.word, other.word) == (case.default, case.word)
    assert case.option in deciding(plain, case)
    assert case.option in deciding(other, case)


@pytest.mark.parametrize(
    ("spec", "question"),
    [
        # Another rule allows it anyway.
        ("{ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}, {}]}", CLI_TO_WEB),
        # Nothing isolates the pod.
        ("{podSelector: {matchLabels: {app: nobody}}}", ("a/web", "a/web", 80)),
        ("{podSelector: {matchLabels: {app: nobody}}}", ("node/n1", "a/web", 80)),
        # A container has the name, whatever sidecars do.
        ("{ingress: [{ports: [{port: http}]}]}", CLI_TO_WEB),
    ],
)
def test_an_option_that_changes_nothing_is_not_named(
    spec: str, question: tuple[str, str, int]
) -> None:
    verdict = asked(snapshot(spec), *question)
    assert verdict.egress.options == verdict.ingress.options == ()


class TestIMP14Ignored:
    """Where SCTP is ignored its entries match nothing, and never open another protocol."""

    SPEC = "{ingress: [{ports: [{protocol: SCTP, port: 80}]}]}"

    @pytest.mark.parametrize("port", ["80", "80/udp", "80/sctp"])
    def test_an_sctp_entry_opens_nothing(self, port: str) -> None:
        assert asked(snapshot(self.SPEC, sctp="ignored"), "b/cli", "a/web", port).word == "deny"

    def test_a_rule_without_ports_still_does(self) -> None:
        open_all = snapshot("{ingress: [{}]}", sctp="ignored")
        assert asked(open_all, "b/cli", "a/web", "80/sctp").word == "allow"


class TestIMP13FirstPortOnly:
    def test_the_first_port_still_matches(self) -> None:
        spec = "{ingress: [{ports: [{port: 8000, endPort: 9000}]}]}"
        assert asked(snapshot(spec, endport="first_port_only"), "b/cli", "a/web", 8000).allowed


class TestIMP15ExceptWildcard:
    def test_any_smaller_block_matches_nodes(self) -> None:
        spec = ingress("{from: [{ipBlock: {cidr: 192.168.0.0/24}}]}")
        options = {"ipblock_matches_nodes": "except_wildcard"}
        assert asked(snapshot(spec, **options), *N2_TO_WEB).allowed
