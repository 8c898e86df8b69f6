"""A graph has every flow as an edge, says who its nodes are, and stays within its bound."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from copy import deepcopy

import networkx as nx
import pytest
from builders import cluster, node, pod, policy, workload

import netsim
from netsim import LimitError, QueryError, Reachability
from netsim.engine.level import Level

LEVELS = [level.value for level in Level]


def reach_of(*manifests: str) -> Reachability:
    return netsim.compile_snapshot(cluster(*manifests)).reach()


SHOP = reach_of(
    workload("a/web", "{app: web, tier: front}", spec="replicas: 3"),
    workload("a/api", "{app: api}", spec="replicas: 2"),
    pod("a/db", "{app: db}", ip="10.0.0.9"),
    node("n1", "192.168.0.1"),
    policy("a", "{podSelector: {}, policyTypes: [Ingress, Egress]}", name="deny"),
    policy(
        "a",
        "{podSelector: {matchLabels: {app: web}}, "
        "egress: [{to: [{podSelector: {matchLabels: {app: api}}}]}]}",
        name="out",
    ),
    policy(
        "a",
        "{podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: 80}], "
        "from: [{podSelector: {}}, {ipBlock: {cidr: 203.0.113.0/24}}]}]}",
        name="in",
    ),
)


def test_nodes_say_who_they_are() -> None:
    nodes = netsim.graph(SHOP).nodes
    assert nodes["a/deployment/web"] == {
        "kind": "deployment",
        "namespace": "a",
        "workload": "a/deployment/web",
        "labels": {"app": "web", "tier": "front"},
        "addresses": (),
        "pods": 3,
        "pods_known": True,
    }
    assert nodes["a/db"]["kind"] == "pod"
    assert nodes["a/db"]["addresses"] == ("10.0.0.9",)
    assert nodes["node/n1"]["kind"] == "node"
    quotient = netsim.graph(SHOP, "class").nodes
    assert quotient["a/deployment/web"]["kind"] == "class"
    assert nodes["external"]["kind"] == "external"


def test_edges_say_what_may_pass() -> None:
    edges = netsim.graph(SHOP).edges
    assert edges["a/deployment/web", "a/deployment/api"]["text"] == "TCP 80"
    assert ("tcp", 80) in edges["a/deployment/web", "a/deployment/api"]["traffic"]
    assert ("a/deployment/api", "a/deployment/web") not in edges


def test_the_outside_is_one_node() -> None:
    graph = netsim.graph(SHOP)
    assert [*graph.predecessors("external")] == ["node/n1"]
    (part,) = graph.edges["external", "a/deployment/api"]["parts"]
    assert part.cidrs == ("203.0.113.0/24",)
    assert graph.edges["external", "a/deployment/api"]["text"] == "TCP 80"


NAMES = """
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: names}
spec:
  tier: Admin
  priority: 5
  subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: a}}}
  egress:
  - {action: Accept, to: [{domainNames: [api.example.com]}], protocols: [{tcp: {destinationPort: {number: 443}}}]}
  - {action: Deny, to: [{networks: [0.0.0.0/0]}]}
"""


@pytest.mark.parametrize("most_edges", [0, 100])
def test_a_name_that_a_rule_mentions_is_a_node(most_edges: int) -> None:
    reachability = reach_of(pod("a/web", ip="10.0.0.1"), pod("b/job", ip="10.0.0.2"), NAMES)
    graph = netsim.graph(reachability, most_edges=most_edges)
    assert list(graph) == ["a/web", "b/job", "external", "api.example.com"]
    assert graph.nodes["api.example.com"]["kind"] == "domain"
    assert graph.edges["a/web", "api.example.com"] == {
        "traffic": reachability.marked_sent_to("api.example.com", reachability.parties()[0])[0],
        "text": "TCP 443",
        "weight": 0,
        "assumed": False,
    }
    assert graph.edges["b/job", "api.example.com"]["text"] == "all"
    assert not graph.has_edge("a/web", "external")
    assert not list(graph.successors("api.example.com"))
    assert list(graph.predecessors("api.example.com")) == ["a/web", "b/job"]
    assert ("a/web", "api.example.org") not in graph.edges
    with pytest.raises(KeyError):
        graph.edges["external", "api.example.com"]


def test_several_parts_of_the_outside_are_one_edge() -> None:
    spec = """
      podSelector: {}
      ingress:
      - {ports: [{port: 80}], from: [{ipBlock: {cidr: 203.0.113.0/24}}]}
      - {ports: [{port: 81}], from: [{ipBlock: {cidr: 198.51.100.0/24}}]}
      - {ports: [{port: 53, protocol: UDP}], from: [{ipBlock: {cidr: 198.51.100.0/24}}]}"""
    edge = netsim.graph(reach_of(pod("a/web"), policy("a", spec))).edges["external", "a/web"]
    assert edge["text"] == "TCP 80-81, UDP 53"
    assert sorted(str(part.traffic) for part in edge["parts"]) == ["TCP 80", "TCP 81, UDP 53"]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("folder", ["shop", "boutique"])
def test_edges_are_the_flows(level: str, folder: str) -> None:
    snapshot = netsim.load(f"fixtures/clusters/{folder}")
    reachability = netsim.compile_snapshot(snapshot).reach()
    graph = netsim.graph(reachability, level)
    flows = list(reachability.flows(Level(level)))
    inside = graph.subgraph(set(graph) - {"external"})
    assert list(inside.edges(data="traffic")) == [
        (each.source.name, each.destination.name, each.traffic) for each in flows
    ]
    assert inside.number_of_edges() == reachability.count(Level(level))
    assert len(inside) == len(reachability.parties(Level(level)))
    assert {*graph.reverse().edges} == {(there, here) for here, there in graph.edges}


def test_equal_edges_share_their_attributes_until_copied() -> None:
    graph = netsim.graph(reach_of(pod("a/one"), pod("a/two")), "pod")
    assert graph.edges["a/one", "a/two"] is graph.edges["a/two", "a/one"]
    copied = graph.copy()
    assert copied.edges["a/one", "a/two"] is not copied.edges["a/two", "a/one"]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("most_edges", [0, 100])
def test_weights_count_the_pairs(level: str, most_edges: int) -> None:
    reachability = reach_of(
        workload("a/web", spec="replicas: 3"), workload("b/web", spec="replicas: 2"), pod("b/x")
    )
    graph = netsim.graph(reachability, level, most_edges=most_edges)
    assert graph.size(weight="weight") == reachability.pairs() == 6 * 5
    if level == "workload":
        assert graph.edges["a/deployment/web", "b/deployment/web"]["weight"] == 3 * 2
        assert graph.edges["a/deployment/web", "a/deployment/web"]["weight"] == 3 * 2
        assert graph.edges["a/deployment/web", "b/x"]["weight"] == 3
        assert graph.edges["a/deployment/web", "external"]["weight"] == 0


def test_a_number_nobody_knows_is_a_lower_bound() -> None:
    graph = netsim.graph(reach_of(workload("a/agent", kind="DaemonSet")))
    assert graph.nodes["a/daemonset/agent"]["pods"] == 1
    assert not graph.nodes["a/daemonset/agent"]["pods_known"]
    assert graph.has_edge("a/daemonset/agent", "a/daemonset/agent")


def test_a_node_and_a_pod_of_one_name_stay_two() -> None:
    graph = netsim.graph(reach_of(pod("node/n1"), node("n1", "192.168.0.1")))
    assert {*graph} == {"node/n1 (n1)", "node/n1 (a node)", "external"}


SIX = reach_of(*(pod(f"a/{name}") for name in "uvw"))


def test_a_graph_of_too_many_edges_is_a_view_or_none() -> None:
    assert not nx.is_frozen(netsim.graph(SIX, "pod", most_edges=6))
    assert nx.is_frozen(netsim.graph(SIX, "pod", most_edges=5))
    with pytest.raises(LimitError, match=r"the graph has 6 edges; at most 5 are made") as found:
        netsim.graph(SIX, "pod", most_edges=5, beyond="refuse")
    assert 'level="class"' in found.value.diagnostics[0].help


def test_a_view_is_not_changed_and_its_copy_is() -> None:
    view = netsim.graph(SIX, "pod", most_edges=0)
    changes: list[Callable[[], object]] = [
        lambda: view.add_node("a/x"),
        lambda: view.remove_node("a/u"),
        lambda: view.add_edge("a/u", "a/u"),
        lambda: view.remove_edge("a/u", "a/v"),
        lambda: view.add_edges_from([("a/u", "a/u")]),
        lambda: view.update(edges=[("a/u", "a/u")]),
        view.clear,
        view.clear_edges,
    ]
    for change in changes:
        with pytest.raises(nx.NetworkXError, match="Frozen graph can't be modified"):
            change()
    copied = view.copy()
    copied.remove_node("a/u")
    assert "a/u" in view
    assert view.subgraph(["a/u", "a/v"]).size() == 2


def test_a_view_has_no_edges_of_strangers() -> None:
    view = netsim.graph(SIX, "pod", most_edges=0)
    assert not view.has_edge("a/u", "a/x")
    assert not view.has_edge("a/x", "a/u")
    assert not view.has_edge("external", "external")
    with pytest.raises(nx.NetworkXError, match="a/x is not in the digraph"):
        view.predecessors("a/x")
    with pytest.raises(KeyError):
        view.edges["a/u", "a/u"]


def test_views_are_copied_and_sent_elsewhere() -> None:
    graph, view = netsim.graph(SHOP), netsim.graph(SHOP, most_edges=0)
    assert nx.utils.graphs_equal(view, graph)  # with what it remembers of that
    assert nx.utils.graphs_equal(deepcopy(view), graph)
    assert nx.utils.graphs_equal(pickle.loads(pickle.dumps(view)), graph)


def test_an_unknown_word_is_told() -> None:
    with pytest.raises(QueryError, match="there is no level `deployment`"):
        netsim.graph(SHOP, "deployment")
    with pytest.raises(QueryError, match="`beyond` can't be `error`"):
        netsim.graph(SHOP, beyond="error")  # type: ignore[arg-type]


def test_networkx_algorithms_take_it() -> None:
    graph = netsim.graph(SHOP)
    assert nx.has_path(graph, "a/deployment/web", "a/deployment/api")
    assert nx.number_strongly_connected_components(graph) > 0
