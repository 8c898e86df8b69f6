"""Who may reach whom as a networkx graph, for every question about paths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import networkx as nx

from netsim.analysis.graph_links import Links
from netsim.analysis.graph_nodes import nodes_of
from netsim.analysis.graph_view import predecessors, successors
from netsim.engine.level import Level
from netsim.engine.reach import Reachability
from netsim.errors import Diagnostic, FaultType, LimitError, Severity, hold_type, query_error

# About 100 bytes each, and their ends in two dictionaries: 0.2 GB in all.
MOST_EDGES = 1_000_000


def graph(
    reachability: Reachability,
    level: str = "workload",
    *,
    most_edges: int = MOST_EDGES,
    beyond: Literal["view", "refuse"] = "view",
) -> nx.DiGraph[str]:
    """The graph of a reachability: an edge where anything may pass.

    `level` is `workload`, `pod` (replicas are one) or `class` (the quotient: the smallest graph
    with all paths). Nodes are called as in `reachability.parties`. They have `kind`, `namespace`,
    `workload`, `labels` (those that all its pods have), `addresses`, and `pods`: how many it
    stands for, with `pods_known` False where that is a lower bound. A node that stands for
    several has an edge to itself if one of them may send to another.

    Edges have `traffic`, a TrafficSet, `text`, the same in words, `assumed`, which says whether
    more or less may pass if an assumption is wrong (NP-43), and `weight`: the number of
    ordered pairs of different pods that it stands for, so that `size(weight="weight")` is
    `reachability.pairs()`. Edges that are equal share one dict: change it for one and it is
    changed for all; `copy()` gives each its own.

    All that is outside is one node, `external`. Its edges have also `parts`: what passes by
    address, as OutsideFlows; their weight is 0. A path through it is one only if somebody outside
    passes things on. Each DNS name that a rule mentions is a node of kind `domain`, with edges
    into it alone, of weight 0 (ANP-17): what may be sent there whatever address it has.

    If more than `most_edges` edges lie inside the cluster it is a view that reads the rows of
    `reachability` whenever it is asked: it grows with the rules and not with the edges, can't be
    changed (`networkx.is_frozen`), and an algorithm that goes over every edge takes longer.
    Raises LimitError instead with `beyond="refuse"`, before any edge is made.
    """
    hold_type(reachability, Reachability, "netsim.compile_snapshot(snapshot).reach()")
    wanted = _level(level)
    if beyond not in ("view", "refuse"):
        raise query_error(f"`beyond` can't be `{beyond}`", help="one of view, refuse")
    edges = reachability.count(wanted)
    if edges <= most_edges:
        return _made(Links(reachability, wanted), wanted)
    if beyond == "refuse":
        raise _too_many(edges, wanted, most_edges)
    return _view(Links(reachability, wanted), wanted)


def _level(text: str) -> Level:
    try:
        return Level(text)
    except ValueError:
        words = ", ".join(level.value for level in Level)
        raise query_error(f"there is no level `{text}`", help=f"one of {words}") from None


def _too_many(edges: int, level: Level, most: int) -> LimitError:
    quotient = '; level="class" is the smallest graph with all paths'
    smaller = "" if level is Level.CLASS else quotient
    return LimitError(
        [
            Diagnostic(
                Severity.ERROR,
                FaultType.QUERY,
                "LIMIT",
                f"the graph has {edges:,} edges; at most {most:,} are made",
                help=f'load fewer namespaces, or take the view, with beyond="view"{smaller}',
            )
        ]
    )


def _made(links: Links, level: Level) -> nx.DiGraph[str]:
    found: nx.DiGraph[str] = nx.DiGraph()
    found.add_nodes_from(nodes_of(links.parties, level, links.domains).items())
    # networkx copies attributes edge by edge wherever it is asked to add one. To share them the
    # two mappings that it keeps edges in are written: 80 bytes an edge instead of 260.
    after, before = vars(found)["_succ"], vars(found)["_pred"]
    for source, edges in successors(links).items():
        for destination, attributes in edges.items():
            after[source][destination] = attributes
            before[destination][source] = attributes
    return found


def _view(links: Links, level: Level) -> nx.DiGraph[str]:
    """As networkx makes its own views: a frozen graph whose mappings read something else."""
    found: nx.DiGraph[str] = nx.DiGraph()
    mappings: dict[str, Mapping[str, Any]] = {
        "_node": nodes_of(links.parties, level, links.domains),
        "_adj": successors(links),
        "_pred": predecessors(links),
    }
    for name, mapping in mappings.items():
        setattr(found, name, mapping)
    nx.freeze(found)
    return found
