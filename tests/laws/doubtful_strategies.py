"""Clusters in which much isn't known, and policies that ask for just that.

Unlike `clusters()` every policy has rules and every rule peers, so that most examples decide
something.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from netsim.testing.clusters import CIDRS, Manifest

HASH = "pod-template-hash"
NAMESPACES = ("a", "b")
VALUES = ("web", "db")

pod_selectors: st.SearchStrategy[Manifest] = st.sampled_from(
    (
        {},
        {"matchLabels": {"app": "web"}},
        {"matchLabels": {"app": "db"}},
        {"matchLabels": {HASH: "abc"}},
        {"matchLabels": {"app": "web", HASH: "abc"}},
        {"matchExpressions": [{"key": HASH, "operator": "NotIn", "values": ["abc"]}]},
        {"matchExpressions": [{"key": HASH, "operator": "Exists"}]},
        {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["db"]}]},
    )
)
namespace_selectors: st.SearchStrategy[Manifest] = st.sampled_from(
    (
        {},
        {"matchLabels": {"kubernetes.io/metadata.name": "a"}},
        {"matchLabels": {"team": "x"}},
        {"matchLabels": {"team": "x", "kubernetes.io/metadata.name": "b"}},
        {"matchExpressions": [{"key": "team", "operator": "NotIn", "values": ["x"]}]},
        {"matchExpressions": [{"key": "team", "operator": "DoesNotExist"}]},
    )
)


@st.composite
def blocks(draw: st.DrawFn) -> Manifest:
    cidr = draw(st.sampled_from(tuple(CIDRS)))
    holes = CIDRS[cidr][: draw(st.integers(0, 2))]
    return {"ipBlock": {"cidr": cidr, **({"except": list(holes)} if holes else {})}}


peers = st.one_of(
    blocks(),
    st.builds(lambda pods: {"podSelector": pods}, pod_selectors),
    st.builds(lambda space: {"namespaceSelector": space}, namespace_selectors),
    st.builds(
        lambda space, pods: {"namespaceSelector": space, "podSelector": pods},
        namespace_selectors,
        pod_selectors,
    ),
)
ports = st.sampled_from(
    (None, None, [{"port": 80}], [{"port": "http"}], [{"port": 80, "endPort": 82}])
)
rules = st.builds(lambda whom, which: (whom, which), st.lists(peers, min_size=1, max_size=2), ports)


def _rule(field: str, rule: tuple[list[Manifest], Any]) -> Manifest:
    whom, which = rule
    return {field: whom, **({"ports": which} if which else {})}


@st.composite
def policies(draw: st.DrawFn, number: int) -> Manifest:
    types = draw(st.sampled_from((["Ingress"], ["Egress"], ["Ingress", "Egress"])))
    spec: Manifest = {"podSelector": draw(pod_selectors), "policyTypes": types}
    for direction, field in (("ingress", "from"), ("egress", "to")):
        if direction.capitalize() in types:
            drawn = draw(st.lists(rules, min_size=1, max_size=2))
            spec[direction] = [_rule(field, rule) for rule in drawn]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": f"policy-{number}", "namespace": draw(st.sampled_from(NAMESPACES))},
        "spec": spec,
    }


@st.composite
def pods(draw: st.DrawFn, number: int) -> Manifest:
    family = draw(st.sampled_from("46b---h"))
    addresses = [f"10.0.{number % 3}.{number + 1}"] if family in "4b" else []
    addresses += [f"fd00::{number % 3}:{number + 1}"] if family in "6b" else []
    declared = draw(st.sampled_from(([], [{"name": "http", "containerPort": 80}])))
    spec: Manifest = {"containers": [{"name": "c", "ports": declared}]}
    if family == "h":
        spec = {"containers": [{"name": "c"}], "hostNetwork": True}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"pod-{number}",
            "namespace": draw(st.sampled_from(NAMESPACES)),
            "labels": {"app": draw(st.sampled_from(VALUES))},
        },
        "spec": spec,
        "status": {"phase": "Running", "podIPs": [{"ip": address} for address in addresses]},
    }


@st.composite
def deployments(draw: st.DrawFn) -> Manifest:
    labels = {"app": draw(st.sampled_from(VALUES))}
    containers = [{"name": "c", "ports": [{"name": "http", "containerPort": 8080}]}]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": draw(st.sampled_from(NAMESPACES))},
        "spec": {
            "replicas": draw(st.integers(1, 2)),
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": containers}},
        },
    }


@st.composite
def doubtful_clusters(draw: st.DrawFn) -> list[Manifest]:
    """Two namespaces (not all declared), pods with and without addresses, policies for them."""
    declared = draw(st.sampled_from(((), ("a",), ("a", "b"))))
    spaces = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
        for name in declared
        for labels in [draw(st.sampled_from(({}, {"team": "x"}, {"team": "y"})))]
    ]
    found = [draw(pods(number)) for number in range(draw(st.integers(1, 3)))]
    found += draw(st.lists(deployments(), max_size=1))
    if draw(st.booleans()):
        node = {
            "addresses": draw(
                st.sampled_from(([], [{"type": "InternalIP", "address": "10.0.1.9"}]))
            )
        }
        found.append(
            {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1"}, "status": node}
        )
    count = draw(st.integers(1, 4))
    return [*spaces, *found, *(draw(policies(number)) for number in range(count))]
