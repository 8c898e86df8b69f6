"""Who may reach whom as a networkx graph, for every question about paths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import networkx as nx

from netsim.engine.parties import Level, Party
from netsim.engine.reach import Flows, OutsideFlows, Reachability
from netsim.errors import Diagnostic, FaultType, LimitError, Severity, query_error
from netsim.labels.labels import UNKNOWN_VALUE
from netsim.model.cluster import Node, Pod, Protocol
from netsim.sets.traffic import TrafficSet

Attributes = dict[str, Any]

EXTERNAL = "external"
# About 100 bytes each, and their ends in two dictionaries: 0.2 GB in all.
MOST_EDGES = 1_000_000
_WORDS = tuple(protocol.value.lower() for protocol in Protocol)


def graph(
    reachability: Reachability, level: str = "workload", *, most_edges: int = MOST_EDGES
) -> nx.DiGraph[str]:
    """The graph of a reachability: an edge where anything may pass.

    `level` is `workload`, `pod` (replicas are one) or `class` (the quotient: the smallest graph
    with all paths). Nodes are called as in `reachability.parties`. They have `kind`, `namespace`,
    `workload`, `labels` (those that all its pods have), `addresses`, and `pods`: how many it
    stands for, with `pods_known` False where that is a lower bound. A node that stands for
    several has an edge to itself if one of them may send to another.

    Edges have `traffic`, a TrafficSet, and `text`, the same in words. Edges with equal traffic
    share one dict: change it for one and it is changed for all; `copy()` gives each its own.

    All that is outside is one node, `external`. Its edges have also `parts`: what passes by
    address, as OutsideFlows. A path through it is one only if somebody outside passes things on.

    Raises LimitError if more than `most_edges` edges lie inside the cluster, before any is made.
    """
    wanted = _level(level)
    _hold_limit(reachability.count(wanted), wanted, most_edges)
    found: nx.DiGraph[str] = nx.DiGraph()
    parties = reachability.parties(wanted)
    for party in parties:
        found.add_node(party.name, **_node(party, wanted))
    _connect(found, reachability.flows(wanted))
    found.add_node(EXTERNAL, **_EXTERNAL)
    for party in parties:
        if sent := reachability.sent_outside(party):
            found.add_edge(party.name, EXTERNAL, **_outside(sent))
        if received := reachability.received_from_outside(party):
            found.add_edge(EXTERNAL, party.name, **_outside(received))
    return found


def _level(text: str) -> Level:
    try:
        return Level(text)
    except ValueError:
        words = ", ".join(level.value for level in Level)
        raise query_error(f"there is no level `{text}`", help=f"one of {words}") from None


def _hold_limit(edges: int, level: Level, most: int) -> None:
    if edges <= most:
        return
    quotient = '; level="class" is the smallest graph with all paths'
    smaller = "" if level is Level.CLASS else quotient
    raise LimitError(
        [
            Diagnostic(
                Severity.ERROR,
                FaultType.QUERY,
                "LIMIT",
                f"the graph has {edges:,} edges; at most {most:,} are made",
                help=f"load fewer namespaces, or read `row` and `flows` instead{smaller}",
            )
        ]
    )


def _connect(found: nx.DiGraph[str], all_flows: Iterable[Flows]) -> None:
    # networkx copies attributes edge by edge wherever it is asked to add one. To share them the
    # two mappings that it keeps edges in are written: 80 bytes an edge instead of 260.
    successors, predecessors = vars(found)["_succ"], vars(found)["_pred"]
    shared: dict[TrafficSet, Attributes] = {}
    for flows in all_flows:
        attributes = shared.get(flows.traffic)
        if attributes is None:
            attributes = shared[flows.traffic] = _edge(flows.traffic)
        source, destination = flows.source.name, flows.destination.name
        successors[source][destination] = attributes
        predecessors[destination][source] = attributes


def _edge(traffic: TrafficSet) -> Attributes:
    return {"traffic": traffic, "text": str(traffic)}


def _outside(parts: Sequence[OutsideFlows]) -> Attributes:
    return {**_edge(_union(part.traffic for part in parts)), "parts": tuple(parts)}


def _union(sets: Iterable[TrafficSet]) -> TrafficSet:
    """What is in any of these."""
    listed = list(sets)
    ports = [
        (protocol, interval)
        for traffic in listed
        for protocol, intervals in traffic.ports
        for interval in intervals
    ]
    portless = [protocol for traffic in listed for protocol in traffic.portless]
    return TrafficSet.of(ports, portless, _WORDS)


def _node(party: Party, level: Level) -> Attributes:
    members = party.members
    return {
        "kind": _kind(members, level),
        "namespace": _only(item.namespace if isinstance(item, Pod) else "" for item in members),
        "workload": _only(_workload(item) for item in members),
        "labels": _labels(members),
        "addresses": tuple(
            dict.fromkeys(str(address) for item in members for address in item.addresses)
        ),
        "pods": sum(_least(item) for item in members),
        "pods_known": party.count is not None,
    }


_EXTERNAL: Attributes = {
    "kind": EXTERNAL,
    "namespace": "",
    "workload": "",
    "labels": {},
    "addresses": (),
    "pods": 0,
    "pods_known": True,
}


def _kind(members: Sequence[Pod | Node], level: Level) -> str:
    if level is Level.CLASS:
        return "class"
    by_workload = level is Level.WORKLOAD
    return _only(
        "node"
        if isinstance(item, Node)
        else (item.workload.kind if item.workload and by_workload else "pod")
        for item in members
    )


def _workload(member: Pod | Node) -> str:
    return str(member.workload) if isinstance(member, Pod) and member.workload else ""


def _least(member: Pod | Node) -> int:
    return (member.replicas or 1) if isinstance(member, Pod) else 1


def _only(texts: Iterable[str]) -> str:
    """The one text that all are, or an empty one."""
    found = set(texts)
    return found.pop() if len(found) == 1 else ""


def _labels(members: Sequence[Pod | Node]) -> dict[str, str]:
    """The labels that all of them have, as far as their values are known (WL-7)."""
    first, *others = (member.labels for member in members)
    return {
        key: value
        for key, value in sorted(first.items())
        if value != UNKNOWN_VALUE and all(labels.get(key) == value for labels in others)
    }
