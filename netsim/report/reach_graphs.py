"""All pairs as a graph, in DOT and in GraphML. Ids are synthetic: names stand in labels only."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from netsim.analysis.listing import Listing
from netsim.analysis.sending import Addresses
from netsim.engine.parties import Party
from netsim.errors import visible
from netsim.model.cluster import Node
from netsim.report.reach_names import outside

# Ids of source and destination, the traffic, and whether it hangs on an assumption.
Edge = tuple[str, str, str, bool]


class _Ids:
    """The nodes of the graph: `n0`, `n1` … for parties, `x0` … for addresses as they turn up."""

    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self._parties = {party: f"n{at}" for at, party in enumerate(listing.parties)}
        self.outside: dict[tuple[str, ...], str] = {}

    def of(self, party: Party) -> str:
        return self._parties[party]

    def of_addresses(self, cidrs: tuple[str, ...]) -> str:
        return self.outside.setdefault(cidrs, f"x{len(self.outside)}")

    def edges(self) -> Iterator[Edge]:
        for sending in self._listing.sendings():
            source = sending.source
            one = (
                self.of_addresses(source.cidrs)
                if isinstance(source, Addresses)
                else self.of(source)
            )
            for grant in sending.grants():
                traffic = str(grant.traffic)
                for at in grant.places:
                    yield one, f"n{at}", traffic, grant.assumed
                for ends in (grant.cidrs, *((name,) for name in grant.names)):
                    if ends:
                        yield one, self.of_addresses(ends), traffic, grant.assumed


def reach_dot(listing: Listing) -> Iterator[str]:
    """A digraph of Graphviz; a cluster for each namespace, an edge for each pair.

    Edges that hang on an assumption are dashed.
    """
    ids = _Ids(listing)
    yield "digraph netsim {\n  node [shape=box];\n"
    spaces = groupby(listing.spoken_of(), lambda party: party.namespace)
    for number, (namespace, parties) in enumerate(spaces):
        nodes = [f"{ids.of(party)} [label={quoted(party.name)}];" for party in parties]
        if namespace:
            yield f"  subgraph cluster_{number} {{\n    label={quoted(namespace)};\n"
            yield "".join(f"    {node}\n" for node in nodes) + "  }\n"
        else:
            yield "".join(f"  {node}\n" for node in nodes)
    for source, destination, traffic, assumed in ids.edges():
        style = ", style=dashed" if assumed else ""
        yield f"  {source} -> {destination} [label={quoted(traffic)}{style}];\n"
    for cidrs, name in ids.outside.items():
        yield f"  {name} [label={quoted(outside(cidrs))}, shape=ellipse];\n"
    yield "}\n"


def reach_graphml(listing: Listing) -> Iterator[str]:
    """A directed graph of GraphML: nodes with label, kind, namespace and count; edges with traffic and assumed."""
    ids = _Ids(listing)
    yield _HEAD
    for party in listing.spoken_of():
        kind = "node" if isinstance(party.members[0], Node) else "pod"
        values = {"label": party.name, "kind": kind, "namespace": party.namespace}
        if party.count is not None:
            values["count"] = str(party.count)
        yield _element("node", f'id="{ids.of(party)}"', values)
    for source, destination, traffic, assumed in ids.edges():
        ends = f'source="{source}" target="{destination}"'
        yield _element("edge", ends, {"traffic": traffic, "assumed": str(assumed).lower()})
    for cidrs, name in ids.outside.items():
        values = {"label": outside(cidrs), "kind": "outside", "cidrs": " ".join(cidrs)}
        yield _element("node", f'id="{name}"', values)
    yield "  </graph>\n</graphml>\n"


_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="label" for="node" attr.name="label" attr.type="string"/>
  <key id="kind" for="node" attr.name="kind" attr.type="string"/>
  <key id="namespace" for="node" attr.name="namespace" attr.type="string"/>
  <key id="count" for="node" attr.name="count" attr.type="int"/>
  <key id="cidrs" for="node" attr.name="cidrs" attr.type="string"/>
  <key id="traffic" for="edge" attr.name="traffic" attr.type="string"/>
  <key id="assumed" for="edge" attr.name="assumed" attr.type="boolean"/>
  <graph edgedefault="directed">
"""


def _element(name: str, attributes: str, values: dict[str, str]) -> str:
    inside = "".join(f'<data key="{key}">{xml_text(value)}</data>' for key, value in values.items())
    return f"    <{name} {attributes}>{inside}</{name}>\n"


def quoted(text: str) -> str:
    """A string of DOT, which knows `\\"` and, in a label, escapes such as `\\n`."""
    return '"' + visible(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def xml_text(text: str) -> str:
    """The content of an element: without markup, and without what XML can't hold."""
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
