"""NP-45..NP-57: ports of rules, by number and by name."""

from __future__ import annotations

import pytest
from builders import allowed, cluster, pod, policy

from netsim import Snapshot

PORTS = "[{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]"
WEB = pod("a/web", "{app: web}", ip="10.0.1.1", ports=PORTS)
CLI = pod("b/cli", ip="10.0.2.1", ports="[{name: http, containerPort: 9999}]")


def ruled(ports: str, *more: str) -> Snapshot:
    return cluster(WEB, CLI, policy("a", f"{{ingress: [{{ports: [{ports}]}}]}}"), *more)


@pytest.mark.parametrize(
    ("rule", "ports", "allowed_ports", "denied_ports"),
    [
        ("NP-45", "{port: 53}", ["53"], ["53/udp", "53/sctp", "icmp"]),
        ("NP-45", "{port: 53, protocol: null}", ["53"], ["53/udp"]),
        ("NP-45", "{}", ["1", "65535"], ["1/udp", "1/sctp", "icmp"]),
        ("NP-45", "null", ["1", "65535"], ["1/udp", "1/sctp", "icmp"]),
        ("NP-46", "{protocol: UDP}", ["1/udp", "65535/udp"], ["1", "1/sctp"]),
        ("NP-46", "{protocol: UDP, port: null}", ["1/udp"], ["1"]),
        ("NP-47", "{port: 80}", ["80"], ["79", "81"]),
        ("NP-48", "{port: 80, endPort: 90}", ["80", "85", "90"], ["79", "91"]),
        ("NP-48", "{port: 80, endPort: 80}", ["80"], ["79", "81"]),
        ("NP-48", "{port: 1, endPort: 65535}", ["1", "65535"], ["1/udp"]),
        ("NP-50", "{port: http}", ["8080", "http"], ["9999", "80"]),
        ("NP-51", "{port: dns}", [], ["53", "53/udp"]),
        ("NP-51", "{port: dns, protocol: UDP}", ["53/udp", "dns/udp"], ["53"]),
        ("NP-54", "{port: nobody}", [], ["8080", "53/udp"]),
        ("NP-56", "{port: 7777}", ["7777"], ["8080"]),
        ("NP-57", "{port: 80, protocol: SCTP}", ["80/sctp"], ["80", "80/udp"]),
        ("NP-57", "{port: 80, protocol: UDP}", ["80/udp"], ["80", "80/sctp"]),
    ],
)
def test_ports(rule: str, ports: str, allowed_ports: list[str], denied_ports: list[str]) -> None:
    snapshot = ruled(ports)
    asked_ports = allowed_ports + denied_ports
    found = [port for port in asked_ports if allowed(snapshot, "b/cli", "a/web", port)]
    assert found == allowed_ports, rule


class TestNP49NP50EgressNames:
    """In egress a name means another number at each destination, never at the source."""

    def snapshot(self) -> Snapshot:
        api = pod("b/api", ip="10.0.2.3", ports="[{name: http, containerPort: 9090}]")
        none = pod("b/none", ip="10.0.2.4")
        spec = "{policyTypes: [Egress], egress: [{ports: [{port: http}]}]}"
        return cluster(WEB, CLI, api, none, policy("a", spec))

    @pytest.mark.parametrize(
        ("destination", "port", "expected"),
        [
            ("b/cli", 9999, True),
            ("b/cli", 8080, False),
            ("b/api", 9090, True),
            ("b/api", 9999, False),
            ("b/none", 8080, False),
        ],
    )
    def test_each_destination(self, destination: str, port: int, expected: bool) -> None:
        assert allowed(self.snapshot(), "a/web", destination, port) == expected


class TestNP52WhoDeclares:
    """Containers and sidecars; plain init containers don't count."""

    def test_sidecars_and_init_containers(self) -> None:
        web = pod(
            "a/web",
            ip="10.0.1.1",
            sidecar_ports="[{name: metrics, containerPort: 9090}]",
            init_ports="[{name: metrics, containerPort: 9091}]",
        )
        snapshot = cluster(web, CLI, policy("a", "{ingress: [{ports: [{port: metrics}]}]}"))
        assert allowed(snapshot, "b/cli", "a/web", 9090)
        assert not allowed(snapshot, "b/cli", "a/web", 9091)


class TestNP53SeveralDeclarations:
    def test_every_one_counts(self) -> None:
        spec = "nodeName: n1"
        web = pod("a/web", ports="[{name: http, containerPort: 80}]", spec=spec)
        web = web.replace(
            "containers: [{name: c,",
            "containers: [{name: d, ports: [{name: http, containerPort: 81}]}, {name: c,",
        )
        snapshot = cluster(web, CLI, policy("a", "{ingress: [{ports: [{port: http}]}]}"))
        assert [allowed(snapshot, "b/cli", "a/web", port) for port in (80, 81, 82)] == [
            True,
            True,
            False,
        ]


class TestNP54UnresolvedNames:
    def test_the_policy_still_isolates(self) -> None:
        assert not allowed(ruled("{port: nobody}"), "b/cli", "a/web", 443)


class TestNP55NamesOutsideThePodNetwork:
    """A name means nothing at an address outside, a node or a hostNetwork pod."""

    SPEC = "{policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: http}]}]}"

    @pytest.mark.parametrize("destination", ["203.0.113.7", "b/agent"])
    def test_it_matches_nothing(self, destination: str) -> None:
        agent = pod("b/agent", ip="192.168.0.1", ports=PORTS, spec="hostNetwork: true")
        snapshot = cluster(WEB, agent, policy("a", self.SPEC))
        assert not allowed(snapshot, "a/web", destination, 8080)

    def test_a_block_over_a_pod_reaches_a_pod_with_names(self) -> None:
        assert allowed(cluster(WEB, CLI, policy("a", self.SPEC)), "a/web", "b/cli", 9999)


def test_np_57_sctp_alone_isolates_tcp() -> None:
    assert not allowed(ruled("{protocol: SCTP}"), "b/cli", "a/web", 80)
