"""ANP-18..ANP-20, ANP-27, ANP-31: which traffic the rules of cluster policies are about."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import cluster, namespace, node, pod, policy
from tier_builders import anp, answered, cnp, passes, places

from netsim import Snapshot
from netsim.dialects.tiers.syntax import AnyPort, NamedPort, NodesPeer, Rule, TierPolicy
from netsim.model.tiers import Action, Tier

PORTS = (
    "[{name: web, containerPort: 80}, {name: dns, containerPort: 53, protocol: UDP},"
    " {name: both, containerPort: 90}]"
)
PODS = (
    namespace("a", "{team: a}"),
    pod(
        "a/web",
        "{app: web}",
        ip="10.0.1.1",
        ports=PORTS,
        sidecar_ports="[{name: side, containerPort: 91}, {name: both, containerPort: 92, protocol: SCTP}]",
        init_ports="[{name: init, containerPort: 93}]",
    ),
    pod("b/cli", "{app: cli}", ip="10.0.2.1", ports="[{name: web, containerPort: 8080}]"),
    pod("b/agent", ip="192.168.0.2", ports=PORTS, spec="hostNetwork: true, nodeName: n2"),
    node("n2", "192.168.0.2"),
)
ASKED = ("79", "80", "81", "90", "91", "92", "93", "53/tcp", "53/udp", "80/udp", "80/sctp", "92/sctp", "icmp")  # fmt: skip


def denied(*entries: str, **options: object) -> set[str]:
    """Of the traffic asked, what a Deny with these entries stops on its way into `a/web`."""
    listed = f", protocols: [{', '.join(entries)}]" if entries else ""
    rule = f"{{action: Deny, from: [{{namespaces: {{}}}}]{listed}}}"
    return _stopped(cluster(*PODS, cnp(ingress=rule), **options))


def denied_v1alpha1(*entries: str) -> set[str]:
    rule = f"{{action: Deny, from: [{{namespaces: {{}}}}], ports: [{', '.join(entries)}]}}"
    return _stopped(cluster(*PODS, anp(ingress=rule)))


def _stopped(snapshot: Snapshot) -> set[str]:
    return {each for each in ASKED if not passes(snapshot, "b/cli", "a/web", each)}


class TestANP18Protocols:
    """An OR of entries, each for one protocol; without a list all traffic."""

    def test_without_a_list(self) -> None:
        assert denied() == set(ASKED)

    @pytest.mark.parametrize(
        ("entries", "expected"),
        [
            (["{tcp: {destinationPort: {number: 80}}}"], {"80"}),
            (["{udp: {destinationPort: {number: 80}}}"], {"80/udp"}),
            (["{sctp: {destinationPort: {number: 80}}}"], {"80/sctp"}),
            (["{tcp: {destinationPort: {range: {start: 79, end: 80}}}}"], {"79", "80"}),
            (["{tcp: {destinationPort: {range: {start: 80, end: 91}}}}"], {"80", "81", "90", "91"}),
            (
                [
                    "{tcp: {destinationPort: {number: 79}}}",
                    "{udp: {destinationPort: {number: 53}}}",
                ],
                {"79", "53/udp"},
            ),
        ],
    )
    def test_entries(self, entries: list[str], expected: set[str]) -> None:
        assert denied(*entries) == expected

    def test_every_entry_that_matches_is_named(self) -> None:
        entries = "{udp: {destinationPort: {number: 80}}}, {tcp: {destinationPort: {number: 80}}}, {destinationNamedPort: web}"
        rule = f"{{action: Deny, from: [{{namespaces: {{}}}}], protocols: [{entries}]}}"
        answer = answered(cluster(*PODS, cnp(ingress=rule)), "b/cli", "a/web", 80)
        assert places(answer.ingress.reasons) == [("p", 0, 0, 1), ("p", 0, 0, 2)]
        assert [reason.path for reason in answer.ingress.reasons] == [
            ("spec", "ingress", 0, "from", 0)
        ] * 2


class TestANP19NamedPorts:
    """Number and protocol are what the destination pod declares."""

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("web", {"80"}),
            ("dns", {"53/udp"}),
            ("side", {"91"}),
            ("both", {"90", "92/sctp"}),
            ("init", set()),
            ("none", set()),
        ],
    )
    def test_names(self, name: str, expected: set[str]) -> None:
        assert denied(f"{{destinationNamedPort: {name}}}") == expected
        assert denied_v1alpha1(f"{{namedPort: {name}}}") == expected

    @pytest.mark.parametrize(
        ("option", "expected"),
        [("containers", set()), ("containers+sidecars", {"91"}), ("all", {"91", "93"})],
    )
    def test_whose_declarations_count(self, option: str, expected: set[str]) -> None:
        entries = "{destinationNamedPort: side}", "{destinationNamedPort: init}"
        assert denied(*entries, named_port_containers=option) == expected

    def test_the_source_declares_nothing(self) -> None:
        rule = "{action: Deny, to: [{namespaces: {}}], protocols: [{destinationNamedPort: web}]}"
        snapshot = cluster(*PODS, cnp(egress=rule))
        assert not passes(snapshot, "b/cli", "a/web", 80)
        assert passes(snapshot, "b/cli", "a/web", 8080)
        assert not passes(snapshot, "a/web", "b/cli", 8080)

    @pytest.mark.parametrize("option", ["no_match", "match_declared"])
    def test_a_pod_on_the_host_gives_no_name(self, option: str) -> None:
        rule = "{action: Deny, to: [{namespaces: {}}], protocols: [{destinationNamedPort: web}]}"
        snapshot = cluster(*PODS, cnp(egress=rule), named_port_nonpod=option)
        answer = answered(snapshot, "a/web", "b/agent", 80)
        assert answer.allowed
        assert "named_port_nonpod" not in answer.egress.options

    def test_not_even_where_a_peer_is_its_node(self) -> None:
        # The API refuses such a rule; its meaning doesn't lean on that.
        deny = Rule(Action.DENY, (NodesPeer(),), (NamedPort("web"),))
        tiered = TierPolicy("ClusterNetworkPolicy", "p", Tier.ADMIN, 1, egress=(deny,))
        snapshot = replace(cluster(*PODS, named_port_nonpod="match_declared"), policies=(tiered,))
        assert passes(snapshot, "a/web", "b/agent", 80)
        anything = replace(tiered, egress=(replace(deny, ports=AnyPort()),))
        assert not passes(replace(snapshot, policies=(anything,)), "a/web", "b/agent", 80)


class TestANP20OlderPorts:
    """TCP where no protocol is written; both ends of a range count."""

    @pytest.mark.parametrize(
        ("entry", "expected"),
        [
            ("{portNumber: {port: 80}}", {"80"}),
            ("{portNumber: {protocol: UDP, port: 80}}", {"80/udp"}),
            ("{portRange: {start: 79, end: 81}}", {"79", "80", "81"}),
            ("{portRange: {protocol: SCTP, start: 80, end: 80}}", {"80/sctp"}),
            # ANP-31: accepted, and empty
            ("{portRange: {protocol: TCP, start: 81, end: 79}}", set()),
        ],
    )
    def test_entries(self, entry: str, expected: set[str]) -> None:
        assert denied_v1alpha1(entry) == expected


class TestANP27Icmp:
    """Rules without a list of ports mean ICMP too, and the option about it is NetworkPolicy's."""

    def test_a_rule_with_every_port_does_not(self) -> None:
        ranges = [f"{{{each}: {{destinationPort: {{range: {{start: 1, end: 65535}}}}}}}}" for each in ("tcp", "udp", "sctp")]  # fmt: skip
        assert denied(*ranges) == set(ASKED) - {"icmp"}

    @pytest.mark.parametrize(("action", "expected"), [("Accept", True), ("Deny", False)])
    @pytest.mark.parametrize("icmp", ["allow", "deny"])
    def test_whatever_the_option(self, icmp: str, action: str, expected: bool) -> None:
        rule = f"{{action: {action}, from: [{{namespaces: {{}}}}]}}"
        closed = policy("a", "{ingress: [{ports: [{port: 80}]}]}")
        snapshot = cluster(*PODS, cnp(ingress=rule), closed, icmp=icmp)
        assert passes(snapshot, "b/cli", "a/web", "icmp") == expected
        assert passes(snapshot, "203.0.113.7", "a/web", "icmp") == (icmp == "allow")

    def test_networks_mean_it(self) -> None:
        rule = "{action: Deny, to: [{networks: [203.0.113.0/24]}]}"
        assert not passes(cluster(*PODS, cnp(egress=rule)), "a/web", "203.0.113.7", "icmp")


class TestOptions:
    """IMP-13, IMP-14."""

    def test_sctp_ignored(self) -> None:
        entry = "{sctp: {destinationPort: {number: 80}}}"
        assert denied(entry, sctp="ignored") == set()
        assert denied(sctp="ignored") == set(ASKED)
        rule = f"{{action: Deny, from: [{{namespaces: {{}}}}], protocols: [{entry}]}}"
        answer = answered(cluster(*PODS, cnp(ingress=rule)), "b/cli", "a/web", "80/sctp")
        assert answer.ingress.options == ("sctp",)

    def test_endport_is_not_about_ranges(self) -> None:
        entry = "{tcp: {destinationPort: {range: {start: 79, end: 81}}}}"
        assert denied(entry, endport="first_port_only") == {"79", "80", "81"}
