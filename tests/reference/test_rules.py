"""NP-15..NP-24: what a spec and its rules say, missing parts among them."""

from __future__ import annotations

import pytest
from builders import allowed, cluster, namespace, pod, policy

from netsim import Snapshot

PODS = (
    namespace("a", "{team: a}"),
    namespace("b", "{team: b}"),
    pod("a/web", "{app: web}", ip="10.0.1.1"),
    pod("a/bare", ip="10.0.1.3"),
    pod("b/cli", "{app: cli}", ip="10.0.2.1"),
)
FROM_B = "{namespaceSelector: {matchLabels: {team: b}}}"


def ruled(spec: str) -> Snapshot:
    return cluster(*PODS, policy("a", spec))


class TestNP15ZeroSpec:
    """No spec is a default deny of ingress for the whole namespace."""

    @pytest.mark.parametrize(
        "spec", ["", "null", "{}", "{podSelector: null}", "{podSelector: {}}", "{ingress: null}"]
    )
    def test_all_pods_are_isolated_those_without_labels_too(self, spec: str) -> None:
        snapshot = ruled(spec)
        assert not allowed(snapshot, "b/cli", "a/web")
        assert not allowed(snapshot, "b/cli", "a/bare")
        assert allowed(snapshot, "a/bare", "b/cli")


class TestNP16EmptySelectorParts:
    @pytest.mark.parametrize(
        "empty", ["matchLabels: null", "matchLabels: {}", "matchExpressions: []"]
    )
    def test_they_require_nothing(self, empty: str) -> None:
        assert not allowed(ruled(f"{{podSelector: {{{empty}}}}}"), "b/cli", "a/bare")


class TestNP17NoRules:
    @pytest.mark.parametrize("rules", ["null", "[]"])
    def test_nothing_is_allowed(self, rules: str) -> None:
        assert not allowed(ruled(f"{{ingress: {rules}}}"), "b/cli", "a/web")
        spec = f"{{policyTypes: [Egress], egress: {rules}}}"
        assert not allowed(ruled(spec), "a/web", "b/cli")


class TestNP18EmptyRule:
    @pytest.mark.parametrize("source", ["b/cli", "203.0.113.7", "2001:db8::1"])
    def test_it_allows_everybody(self, source: str) -> None:
        pods = [*PODS[:2], pod("a/web", ip="10.0.1.1 fd00::1"), PODS[4]]
        assert allowed(cluster(*pods, policy("a", "{ingress: [{}]}")), source, "a/web")

    @pytest.mark.parametrize("protocol", ["TCP", "UDP", "SCTP", "ICMP"])
    def test_it_allows_every_protocol(self, protocol: str) -> None:
        assert allowed(ruled("{ingress: [{}]}"), "b/cli", "a/web", protocol=protocol)


class TestNP19NullRule:
    def test_it_is_an_empty_rule(self) -> None:
        assert allowed(ruled("{ingress: [null]}"), "b/cli", "a/web")

    def test_a_lone_dash_is_one(self) -> None:
        assert allowed(ruled("\n  ingress:\n  -"), "b/cli", "a/web")


class TestNP20PeersAndPorts:
    def test_both_must_match(self) -> None:
        snapshot = ruled(f"{{ingress: [{{from: [{FROM_B}], ports: [{{port: 80}}]}}]}}")
        assert allowed(snapshot, "b/cli", "a/web", 80)
        assert not allowed(snapshot, "b/cli", "a/web", 81)
        assert not allowed(snapshot, "a/bare", "a/web", 80)


@pytest.mark.parametrize("empty", ["", "from: null,", "from: [],"])
class TestNP21AnyPeer:
    def test_pods_and_addresses_match(self, empty: str) -> None:
        snapshot = ruled(f"{{ingress: [{{{empty} ports: [{{port: 80}}]}}]}}")
        assert allowed(snapshot, "b/cli", "a/web", 80)
        assert allowed(snapshot, "203.0.113.7", "a/web", 80)
        assert not allowed(snapshot, "203.0.113.7", "a/web", 81)


@pytest.mark.parametrize("empty", ["", ", ports: null", ", ports: []"])
class TestNP22AnyPort:
    def test_every_port_of_every_protocol_matches(self, empty: str) -> None:
        snapshot = ruled(f"{{ingress: [{{from: [{FROM_B}]{empty}}}]}}")
        assert allowed(snapshot, "b/cli", "a/web", 65535, protocol="UDP")
        assert allowed(snapshot, "b/cli", "a/web", "icmp")
        assert not allowed(snapshot, "a/bare", "a/web", 65535, protocol="UDP")


class TestNP23Alternatives:
    def test_one_port_of_several(self) -> None:
        snapshot = ruled("{ingress: [{ports: [{port: 80}, {port: 53, protocol: UDP}]}]}")
        assert allowed(snapshot, "b/cli", "a/web", 80)
        assert allowed(snapshot, "b/cli", "a/web", "53/udp")
        assert not allowed(snapshot, "b/cli", "a/web", 53)

    def test_one_peer_of_several(self) -> None:
        snapshot = ruled(f"{{ingress: [{{from: [{{podSelector: {{}}}}, {FROM_B}]}}]}}")
        assert allowed(snapshot, "b/cli", "a/web")
        assert allowed(snapshot, "a/bare", "a/web")
        assert not allowed(snapshot, "203.0.113.7", "a/web")


class TestNP24NoCrossing:
    def test_a_peer_of_one_rule_with_a_port_of_another(self) -> None:
        snapshot = ruled(
            f"{{ingress: [{{from: [{FROM_B}], ports: [{{port: 80}}]}},"
            " {from: [{podSelector: {}}], ports: [{port: 81}]}]}"
        )
        assert not allowed(snapshot, "b/cli", "a/web", 81)
        assert not allowed(snapshot, "a/bare", "a/web", 80)

    def test_two_dashes_make_two_rules_each_open_in_the_other_respect(self) -> None:
        snapshot = ruled(f"{{ingress: [{{from: [{FROM_B}]}}, {{ports: [{{port: 80}}]}}]}}")
        assert allowed(snapshot, "b/cli", "a/web", 9)
        assert allowed(snapshot, "203.0.113.7", "a/web", 80)
