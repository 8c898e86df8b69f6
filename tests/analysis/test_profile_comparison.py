"""Under which profiles a verdict differs (IMP-21, IMP-22)."""

from __future__ import annotations

import pytest
from builders import asked, cluster, node, pod, policy

from netsim.analysis.profiles import ProfileComparison
from netsim.analysis.query import Questions
from netsim.model.snapshot import Snapshot

PODS = (
    node("n1", "192.168.0.1"),
    pod("a/web", ip="10.0.1.1", spec="nodeName: n1", sidecar_ports="[{name: side, containerPort: 90}]"),
    pod("b/cli", ip="10.0.2.1"),
)  # fmt: skip
OWN_NODE_OUT = policy("a", "{policyTypes: [Egress]}")


def comparison(snapshot: Snapshot) -> ProfileComparison:
    return ProfileComparison(Questions(snapshot))


@pytest.mark.parametrize(
    ("spec", "question", "differing"),
    [
        ("{ingress: [{}]}", ("b/cli", "a/web", 80), []),
        ("{ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}", ("b/cli", "a/web", 80), ["cilium", "cilium-nodes", "cilium-1.15"]),
        ("{ingress: [{ports: [{port: 80, endPort: 90}]}]}", ("b/cli", "a/web", 81), ["cilium-1.15"]),
        ("{policyTypes: [Egress]}", ("a/web", "node/n1", 80), ["aws-vpc-cni"]),
        ("{ingress: [{ports: [{port: side}]}]}", ("b/cli", "a/web", "side"),
         ["cilium", "cilium-nodes", "cilium-pods", "cilium-1.15", "antrea", "kube-network-policies", "kindnet", "aws-vpc-cni"]),
    ],
)  # fmt: skip
def test_the_profiles_that_answer_otherwise(
    spec: str, question: tuple[str, str, int | str], differing: list[str]
) -> None:
    snapshot = cluster(*PODS, policy("a", spec))
    found = comparison(snapshot).differing(asked(snapshot, *question))
    assert [profile.name for profile, _ in found] == differing


def test_it_compares_with_the_options_in_force() -> None:
    spec = "{ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}"
    snapshot = cluster(*PODS, policy("a", spec), ipblock_matches_pods=False)
    verdict = asked(snapshot, "b/cli", "a/web")
    found = {profile.name: word for profile, word in comparison(snapshot).differing(verdict)}
    assert "cilium" not in found
    assert found["upstream"] == "allow"


def test_where_pods_live_is_the_same_under_every_profile() -> None:
    spec = "{ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}"
    snapshot = cluster(pod("a/web"), pod("b/cli"), policy("a", spec), pod_cidrs=("10.0.0.0/8",))
    verdict = asked(snapshot, "b/cli", "a/web")
    assert verdict.allowed
    names = {profile.name for profile, _ in comparison(snapshot).differing(verdict)}
    assert names == {"cilium", "cilium-nodes", "cilium-1.15"}


def test_a_namespace_goes_with_the_question() -> None:
    snapshot = cluster(*PODS, pod("b/web"), OWN_NODE_OUT)
    verdict = asked(snapshot, "web", "node/n1", 80, namespace="a")
    found = comparison(snapshot).differing(verdict, namespace="a")
    assert [profile.name for profile, _ in found] == ["aws-vpc-cni"]
