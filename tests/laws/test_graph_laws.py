"""A graph has the flows as its edges, and its view over rows is the same graph."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TypeAlias

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import netsim
from netsim import Reachability
from netsim.analysis import graph_columns, graph_links
from netsim.engine.level import Level

sys.path.insert(0, str(Path(__file__).parent))

from depth import examples
from law_clusters import small_clusters

from netsim.testing.clusters import Manifest
from netsim.testing.tier_policies import SEVERAL
from netsim.testing.tiered_clusters import tiered_clusters

Graph: TypeAlias = "nx.DiGraph[str]"
LEVELS = st.sampled_from(Level)
laws = examples(40)
some_clusters = st.one_of(small_clusters, tiered_clusters(SEVERAL))


@pytest.fixture(autouse=True, params=[0, 1_000_000], ids=["nothing kept", "all kept"])
def keeping(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """How much a view remembers."""
    monkeypatch.setattr(graph_links._Kept, "_MOST", request.param)
    monkeypatch.setattr(graph_columns._Sharing, "_MOST", request.param)


def reach_of(cluster: list[Manifest]) -> Reachability:
    snapshot = netsim.loads("\n---\n".join(map(json.dumps, cluster)))
    return netsim.compile_snapshot(snapshot).reach()


def both(reachability: Reachability, level: Level) -> tuple[Graph, Graph]:
    """The graph, and the view of it."""
    view = netsim.graph(reachability, level.value, most_edges=-1)
    assert nx.is_frozen(view)
    return netsim.graph(reachability, level.value), view


def beyond(graph: Graph) -> set[str]:
    kinds = ("external", "domain")
    return {name for name, each in graph.nodes.items() if each["kind"] in kinds}


def inside(graph: Graph) -> Graph:
    return graph.subgraph(set(graph) - beyond(graph))


def edges_inside(graph: Graph, data: str) -> list[tuple[str, str, object]]:
    """In their order: those of a `subgraph` may have another one."""
    left_out, edges = beyond(graph), list[tuple[str, str, object]](graph.edges(data=data))
    return [edge for edge in edges if left_out.isdisjoint(edge[:2])]


@laws
@given(cluster=some_clusters, level=LEVELS)
def test_edges_are_the_flows_and_weights_the_pairs(cluster: list[Manifest], level: Level) -> None:
    reachability = reach_of(cluster)
    graph, _ = both(reachability, level)
    assert edges_inside(graph, "traffic") == [
        (each.source.name, each.destination.name, each.traffic)
        for each in reachability.flows(level)
    ]
    numbers = {party.name: party.number for party in reachability.parties(level)}
    assert edges_inside(graph, "assumed") == [
        (one, other, reachability.hangs(numbers[one], numbers[other]))
        for one, other, _ in edges_inside(graph, "traffic")
    ]
    assert graph.size(weight="weight") == reachability.pairs()
    parties = reachability.parties(level)
    assert {*graph.successors("external")} == {
        party.name for party in parties if reachability.received_from_external(party)
    }
    assert {*graph.predecessors("external")} == {
        party.name for party in parties if reachability.sent_to_external(party)
    }
    for name in reachability.domains:
        sent = {party.name: reachability.marked_sent_to(name, party)[0] for party in parties}
        found = {source: graph.edges[source, name]["traffic"] for source in graph.pred[name]}
        assert found == {source: each for source, each in sent.items() if each}
        assert not graph.out_degree(name)


@laws
@given(cluster=some_clusters, level=LEVELS)
def test_a_view_is_the_same_graph(cluster: list[Manifest], level: Level) -> None:
    graph, view = both(reach_of(cluster), level)
    assert list(view.nodes(data=True)) == list(graph.nodes(data=True))
    assert list(view.edges(data=True)) == list(graph.edges(data=True))
    for name in graph:
        assert list(view.successors(name)) == list(graph.successors(name))
        assert list(view.pred[name].items()) == list(graph.pred[name].items())
    assert list(view.degree(weight="weight")) == list(graph.degree(weight="weight"))
    assert list(view.in_degree) == list(graph.in_degree)
    assert list(view.out_degree) == list(graph.out_degree)
    assert view.number_of_edges() == graph.number_of_edges()


@laws
@given(cluster=some_clusters, level=LEVELS)
def test_a_view_is_asked_for_single_edges(cluster: list[Manifest], level: Level) -> None:
    graph, view = both(reach_of(cluster), level)
    for source in graph:
        for destination in graph:
            assert view.has_edge(source, destination) == graph.has_edge(source, destination)
            assert view.has_predecessor(source, destination) == graph.has_edge(destination, source)
            assert view.get_edge_data(source, destination) == graph.get_edge_data(
                source, destination
            )


@examples(20)
@given(cluster=some_clusters, level=LEVELS)
def test_algorithms_find_the_same_in_a_view(cluster: list[Manifest], level: Level) -> None:
    graph, view = both(reach_of(cluster), level)
    for one, other in ((graph, view), (inside(graph), inside(view))):
        assert list(map(sorted, nx.strongly_connected_components(one))) == list(
            map(sorted, nx.strongly_connected_components(other))
        )
        for name in one:
            assert nx.descendants(one, name) == nx.descendants(other, name)
            assert nx.ancestors(one, name) == nx.ancestors(other, name)
            paths = nx.single_source_shortest_path(one, name)
            assert paths == nx.single_source_shortest_path(other, name)
            assert nx.immediate_dominators(one, name) == nx.immediate_dominators(other, name)
        assert nx.utils.graphs_equal(one.reverse(), other.reverse(copy=False))
        assert nx.utils.graphs_equal(one.copy(), other.copy())
        assert set(nx.articulation_points(one.to_undirected())) == set(
            nx.articulation_points(other.to_undirected())
        )
