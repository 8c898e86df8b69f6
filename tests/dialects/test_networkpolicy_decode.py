"""What becomes of a valid NetworkPolicy (NP-10..31, NP-45..48, Appendix A)."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest
from judged import errors_of

from netsim.dialects.networkpolicy.decode import NETWORK_POLICY
from netsim.dialects.networkpolicy.syntax import (
    AddressPeer,
    AllPorts,
    AnyPeer,
    AnyPort,
    NamedPort,
    NetworkPolicy,
    Peer,
    PodPeer,
    PortEntry,
    PortRange,
    Rule,
)
from netsim.labels.selector import EVERYTHING, Selector, exactly
from netsim.model.cluster import Protocol
from netsim.model.flow import Direction
from netsim.model.semantics import Semantics
from netsim.schema.kinds import first_faults
from netsim.source.origin import NOWHERE

INGRESS, EGRESS = Direction.INGRESS, Direction.EGRESS
APP = Selector.of(exactly("app", "web"))
MATCHES_APP = {"matchLabels": {"app": "web"}}


def _build(
    spec: object = None, semantics: Semantics | None = None, **metadata: object
) -> NetworkPolicy:
    value = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "web", **metadata},
        "spec": spec,
    }
    semantics = semantics or Semantics()
    assert not errors_of(first_faults(NETWORK_POLICY, value, (), semantics))
    return NETWORK_POLICY.build(value, NOWHERE, semantics)


def _rule(**rule: object) -> Rule:
    return _build({"ingress": [rule]}).ingress[0]


@pytest.mark.parametrize("spec", [None, {}, {"podSelector": None}, {"podSelector": {}}])
def test_the_zero_spec_denies_all_ingress(spec: object) -> None:
    """NP-15, DEC-21"""
    policy = _build(spec)
    assert policy == NetworkPolicy("default", "web", EVERYTHING, frozenset({INGRESS}))


def test_the_subject() -> None:
    assert _build({"podSelector": MATCHES_APP}, namespace="shop").subject == APP


@pytest.mark.parametrize(
    ("spec", "directions"),
    [
        ({"ingress": [{}]}, {INGRESS}),
        ({"egress": [{}]}, {INGRESS, EGRESS}),
        ({"egress": []}, {INGRESS}),
        ({"egress": None}, {INGRESS}),
        ({"egress": [None]}, {INGRESS, EGRESS}),
        ({"policyTypes": [], "egress": [{}]}, {INGRESS, EGRESS}),
        ({"policyTypes": None}, {INGRESS}),
        ({"policyTypes": ["Egress"], "ingress": [{}]}, {EGRESS}),
        ({"policyTypes": ["Ingress"], "egress": [{}]}, {INGRESS}),
        ({"policyTypes": ["Egress", "Ingress"]}, {INGRESS, EGRESS}),
        ({"policyTypes": ["Ingress", "Ingress"]}, {INGRESS}),
    ],
)
def test_effective_policy_types(spec: dict[str, Any], directions: set[Direction]) -> None:
    """NP-10..13"""
    assert _build(spec).directions == directions


@pytest.mark.parametrize("rules", [None, []])
def test_no_rules(rules: object) -> None:
    """NP-17"""
    policy = _build({"ingress": rules, "egress": rules})
    assert (policy.ingress, policy.egress) == ((), ())


@pytest.mark.parametrize(
    "rule", [None, {}, {"from": None, "ports": None}, {"from": [], "ports": []}]
)
def test_a_rule_without_restrictions(rule: object) -> None:
    """NP-18, NP-19, NP-21, NP-22"""
    assert _build({"ingress": [rule]}).ingress == (Rule(AnyPeer(), AnyPort()),)


def test_dead_rules_are_kept() -> None:
    """NP-9"""
    policy = _build({"policyTypes": ["Ingress"], "egress": [{"to": [{"podSelector": {}}]}]})
    assert policy.rules(EGRESS) == (Rule((PodPeer(None),)),)


PEERS: list[tuple[dict[str, Any], Peer]] = [
    ({"podSelector": {}}, PodPeer(None, EVERYTHING)),
    ({"podSelector": MATCHES_APP}, PodPeer(None, APP)),
    ({"podSelector": MATCHES_APP, "namespaceSelector": None}, PodPeer(None, APP)),
    ({"podSelector": MATCHES_APP, "ipBlock": None}, PodPeer(None, APP)),
    ({"namespaceSelector": {}}, PodPeer(EVERYTHING, EVERYTHING)),
    ({"namespaceSelector": {}, "podSelector": None}, PodPeer(EVERYTHING, EVERYTHING)),
    ({"namespaceSelector": {}, "podSelector": MATCHES_APP}, PodPeer(EVERYTHING, APP)),
    ({"namespaceSelector": MATCHES_APP, "podSelector": {}}, PodPeer(APP, EVERYTHING)),
    ({"ipBlock": {"cidr": "10.0.0.0/8"}}, AddressPeer(ip_network("10.0.0.0/8"))),
    ({"ipBlock": {"cidr": "FD00::/48", "except": None}}, AddressPeer(ip_network("fd00::/48"))),
    (
        {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16", "10.2.0.0/16"]}},
        AddressPeer(
            ip_network("10.0.0.0/8"), (ip_network("10.1.0.0/16"), ip_network("10.2.0.0/16"))
        ),
    ),
]


@pytest.mark.parametrize(("item", "peer"), PEERS)
def test_peers(item: dict[str, Any], peer: Peer) -> None:
    """NP-25..31, NP-36"""
    assert _rule(**{"from": [item]}).peers == (peer,)


def test_lax_blocks_mean_what_go_reads() -> None:
    """NP-38, NP-39"""
    mapped = {"ipBlock": {"cidr": "::ffff:10.0.2.77/104"}}
    masked = {"ipBlock": {"cidr": "010.1.2.3/8", "except": ["10.0.2.77/024"]}}
    policy = _build({"egress": [{"to": [mapped, masked]}]}, Semantics(strict_ip=False))
    ten = ip_network("10.0.0.0/8")
    expected = (AddressPeer(ten), AddressPeer(ten, (ip_network("10.0.2.0/24"),)))
    assert policy.egress == (Rule(expected),)


PORTS: list[tuple[object, PortEntry]] = [
    (None, PortEntry(Protocol.TCP, AllPorts())),
    ({}, PortEntry(Protocol.TCP, AllPorts())),
    ({"protocol": None, "port": None, "endPort": None}, PortEntry(Protocol.TCP, AllPorts())),
    ({"protocol": "UDP"}, PortEntry(Protocol.UDP, AllPorts())),
    ({"port": 80}, PortEntry(Protocol.TCP, PortRange(80, 80))),
    ({"port": 80.0}, PortEntry(Protocol.TCP, PortRange(80, 80))),
    ({"port": 80, "endPort": 80}, PortEntry(Protocol.TCP, PortRange(80, 80))),
    (
        {"port": 1, "endPort": 65535.0, "protocol": "SCTP"},
        PortEntry(Protocol.SCTP, PortRange(1, 65535)),
    ),
    ({"port": "8080-web"}, PortEntry(Protocol.TCP, NamedPort("8080-web"))),
]


@pytest.mark.parametrize(("item", "entry"), PORTS)
def test_ports(item: object, entry: PortEntry) -> None:
    """NP-45..50"""
    assert _rule(ports=[item]).ports == (entry,)


def test_port_numbers_are_whole_whatever_was_read_before() -> None:
    """DEC-6: 443 and 443.0 are one port, and it is an int"""
    for written in (443.0, 443):
        (entry,) = _rule(ports=[{"port": written}]).ports  # type: ignore[misc]
        assert isinstance(entry.port, PortRange)
        assert type(entry.port.first) is int


def test_names_and_labels() -> None:
    """DEC-23, SEL-12"""
    policy = _build(name=None, generateName="web-", namespace="shop", labels={"a": None})
    assert policy.name.startswith("web-")
    assert (policy.namespace, policy.labels) == ("shop", {"a": ""})
    assert policy == _build(name=None, generateName="web-", namespace="shop", labels={"a": None})
