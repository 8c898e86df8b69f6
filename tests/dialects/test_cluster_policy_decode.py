"""What cluster policies say once they are read: one syntax, whichever API they are written in."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from netsim import Semantics, loads
from netsim.dialects.tiers.syntax import (
    AnyPort,
    DomainsPeer,
    NamedPort,
    NamespacesPeer,
    NetworksPeer,
    NodesPeer,
    PodsPeer,
    Ports,
    Rule,
    TierPolicy,
    UnusablePeer,
)
from netsim.labels.labels import Labels
from netsim.labels.selector import EVERYTHING, Operator, Requirement, Selector, exactly
from netsim.model.cluster import Protocol
from netsim.model.tiers import Action, Tier

V1ALPHA2 = """
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: gate, labels: {a: b}}
spec:
  tier: Baseline
  priority: 1e1
  subject: {pods: {namespaceSelector: {matchLabels: {team: red}}, podSelector: {}}}
  ingress:
  - name: first
    action: Accept
    from:
    - namespaces: {matchExpressions: [{key: team, operator: In, values: [red, blue]}]}
    - pods: {podSelector: {matchLabels: {app: api}}}
    protocols:
    - tcp: {destinationPort: {number: 80}}
    - udp: {destinationPort: {range: {start: 8000, end: 9000}}}
    - sctp: {destinationPort: {number: 7.0}}
    - destinationNamedPort: web
  egress:
  - {action: Deny, to: [{networks: [10.0.0.1/8, "::/0"]}]}
  - {action: Accept, to: [{domainNames: [Example.COM., "*.k8s.io"]}, {nodes: {}}]}
  - {action: Pass, to: [{namespaces: {}}]}
"""


def _policy(text: str, semantics: Semantics | None = None) -> TierPolicy:
    (policy,) = loads(text, semantics=semantics or Semantics()).policies
    assert isinstance(policy, TierPolicy)
    return policy


def test_a_cluster_network_policy() -> None:
    """ANP-2..5, ANP-15..19"""
    red = Selector.of(exactly("team", "red"))
    red_or_blue = Selector.of(Requirement("team", Operator.IN, ("blue", "red")))
    first = Rule(
        Action.ALLOW,
        (NamespacesPeer(red_or_blue), PodsPeer(EVERYTHING, Selector.of(exactly("app", "api")))),
        (
            Ports(Protocol.TCP, 80, 80),
            Ports(Protocol.UDP, 8000, 9000),
            Ports(Protocol.SCTP, 7, 7),
            NamedPort("web"),
        ),
        "first",
    )
    networks = NetworksPeer((ip_network("10.0.0.0/8"), ip_network("::/0")))
    assert _policy(V1ALPHA2) == TierPolicy(
        "ClusterNetworkPolicy",
        "gate",
        Tier.BASELINE,
        10,
        PodsPeer(red, EVERYTHING),
        (first,),
        (
            Rule(Action.DENY, (networks,)),
            Rule(Action.ALLOW, (DomainsPeer(("example.com", "*.k8s.io")), NodesPeer())),
            Rule(Action.PASS, (NamespacesPeer(),)),
        ),
        Labels({"a": "b"}),
    )


V1ALPHA1 = """
apiVersion: policy.networking.k8s.io/v1alpha1
kind: {kind}
metadata: {{name: default}}
spec: {{{rank}subject: {{namespaces: {{}}}}, ingress: [{rule}]}}
"""
RULE = """{action: Allow, from: [{namespaces: {}}], ports: [
  {portNumber: {port: 53}}, {portNumber: {protocol: UDP, port: 53}},
  {portRange: {protocol: ~, start: 5, end: 5}}, {portRange: {protocol: SCTP, start: 9, end: 5}},
  {namedPort: web}]}"""


@pytest.mark.parametrize(
    ("kind", "written", "tier", "priority"),
    [
        ("AdminNetworkPolicy", "priority: 7, ", Tier.ADMIN, 7),
        ("BaselineAdminNetworkPolicy", "", Tier.BASELINE, 1000),
    ],
)
def test_policies_of_v1alpha1(kind: str, written: str, tier: Tier, priority: int) -> None:
    """ANP-20, ANP-22, ANP-25"""
    policy = _policy(V1ALPHA1.format(kind=kind, rank=written, rule=RULE))
    assert (policy.kind, policy.tier, policy.priority) == (kind, tier, priority)
    ports = (
        Ports(Protocol.TCP, 53, 53),
        Ports(Protocol.UDP, 53, 53),
        Ports(Protocol.TCP, 5, 5),
        Ports(Protocol.SCTP, 9, 5),
        NamedPort("web"),
    )
    assert policy.ingress == (Rule(Action.ALLOW, (NamespacesPeer(),), ports, "", "ports"),)
    assert policy.egress == ()


def _with(rule: str) -> TierPolicy:
    header = V1ALPHA2.partition("spec:")[0]
    return _policy(
        f"{header}spec: {{tier: Admin, priority: 0, subject: {{namespaces: {{}}}}, egress: [{rule}]}}"
    )


@pytest.mark.parametrize("rules", ["egress: ~", "egress: []", "ingress: ~"])
def test_no_rules(rules: str) -> None:
    """ANP-12"""
    header = V1ALPHA2.partition("spec:")[0]
    text = f"{header}spec: {{tier: Admin, priority: 0, subject: {{namespaces: {{}}}}, {rules}}}"
    assert (_policy(text).ingress, _policy(text).egress) == ((), ())


@pytest.mark.parametrize("ports", ["", ", protocols: ~"])
def test_no_ports_are_all_ports(ports: str) -> None:
    """ANP-18"""
    (rule,) = _with(f"{{action: Deny, to: [{{namespaces: {{}}}}]{ports}}}").egress
    assert rule.ports == AnyPort()


def test_a_null_label_demands_nothing() -> None:
    """ANP-33: the API server drops it, unlike in a NetworkPolicy (SEL-12)."""
    (rule,) = _with("{action: Deny, to: [{namespaces: {matchLabels: {a: ~, b: c}}}]}").egress
    assert rule.peers == (NamespacesPeer(Selector.of(exactly("b", "c"))),)


def test_an_unusable_selector_is_kept_with_its_fault() -> None:
    """ANP-33"""
    (rule,) = _with("{action: Deny, to: [{nodes: {matchLabels: {a: b c}}}, {nodes: {}}]}").egress
    unusable, nodes = rule.peers
    assert isinstance(unusable, UnusablePeer)
    assert "label value `b c`" in unusable.why
    assert nodes == NodesPeer()


def test_an_unusable_subject() -> None:
    """ANP-33"""
    text = V1ALPHA2.replace(
        "podSelector: {}", "podSelector: {matchExpressions: [{key: a, operator: x}]}"
    )
    assert isinstance(_policy(text).subject, UnusablePeer)


def test_a_generated_name() -> None:
    """DEC-23"""
    assert _policy(V1ALPHA2.replace("name: gate", "generateName: gate-")).name.startswith("gate-")


def test_what_the_standard_channel_drops_is_not_built() -> None:
    """ANP-28: without strict decoding, the fields are dropped and the rest stands."""
    text = V1ALPHA2.replace("to: [{namespaces: {}}]", "to: [{namespaces: {}, nodes: {}}]")
    text = text.replace(", {nodes: {}}", "").replace(
        'domainNames: [Example.COM., "*.k8s.io"]', "namespaces: {}"
    )
    policy = _policy(text, Semantics(cnp_channel="standard", decoding="warn"))
    assert policy.egress[-1].peers == (NamespacesPeer(),)


def test_policies_are_sorted_and_counted() -> None:
    admin = V1ALPHA1.format(kind="AdminNetworkPolicy", rank="priority: 7, ", rule=RULE)
    network_policy = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\n"
    other = V1ALPHA2.replace("name: gate", "name: door").replace("1e1", "11")
    snapshot = loads("---".join([network_policy, V1ALPHA2, other, admin]))
    assert [(policy.kind, policy.namespace, policy.name) for policy in snapshot.policies] == [
        ("AdminNetworkPolicy", "", "default"),
        ("ClusterNetworkPolicy", "", "door"),
        ("ClusterNetworkPolicy", "", "gate"),
        ("NetworkPolicy", "default", "a"),
    ]
    assert snapshot.summary.read == {
        "AdminNetworkPolicy": 1,
        "ClusterNetworkPolicy": 2,
        "NetworkPolicy": 1,
    }
