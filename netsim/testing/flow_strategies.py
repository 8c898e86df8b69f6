"""Hypothesis strategies for flows in a given cluster: at the edges of what its policies say."""

from __future__ import annotations

from hypothesis import strategies as st

from netsim.analysis.program import Program
from netsim.compiler.tables import Tables
from netsim.errors import hold_type
from netsim.model.cluster import Protocol
from netsim.model.snapshot import Snapshot
from netsim.testing.asked import Asked
from netsim.testing.domain_names import edge_names
from netsim.testing.edge_addresses import edge_addresses
from netsim.testing.pod_edits import look_of, look_of_node

# Source, destination, port (None for ICMP) and protocol, as `Program.allows` takes them.
FlowText = tuple[str, str, int | None, str]

_WITH_PORTS = (Protocol.TCP, Protocol.UDP, Protocol.SCTP)


def endpoints(snapshot: Snapshot, *, outside: bool = True) -> st.SearchStrategy[str]:
    """Endpoint texts: pods and nodes, and addresses where the blocks of policies begin and end, ±1.

    Pods that no policy tells apart by labels are drawn as one is, and so are nodes: there may be
    thousands of them. Without `outside` it is pods and nodes that exist alone. Raises ValueError
    if there are none.
    """
    hold_type(snapshot, Snapshot, "netsim.load(…)")
    asked = Asked(snapshot)
    alike: dict[object, list[str]] = {}
    for pod in snapshot.pods:
        if not pod.finished:
            alike.setdefault(look_of(pod, asked), []).append(str(pod))
    for node in snapshot.nodes.values():
        alike.setdefault(look_of_node(node, asked), []).append(str(node))
    if not alike:
        raise ValueError("the snapshot has no pods and no nodes: there is nobody to draw")
    inside = st.sampled_from(list(alike.values())).flatmap(st.sampled_from)
    if not outside:
        return inside
    return st.one_of(inside, inside, st.sampled_from(edge_addresses(snapshot)))


def flows(program: Program, source: str = "", destination: str = "") -> st.SearchStrategy[FlowText]:
    """Flows as `Program.allows` takes them: (source, destination, port, protocol).

        @given(testing.flows(program, destination="shop/db"))
        def test_database(flow):
            assume(flow[0] != "shop/api")
            assert not program.allows(*flow)

    Ends are drawn as by `endpoints`, at most one outside; where policies have domainNames, DNS
    names are destinations too. Ports are where the policies' begin and end, ±1, in every protocol.
    `source` and `destination` are endpoint texts that are kept.
    """
    hold_type(program, Program, "netsim.compile_snapshot(…)")
    inside = endpoints(program.snapshot, outside=False)
    anyone = endpoints(program.snapshot)
    anywhere = _destinations(program.snapshot, anyone)
    one, other = st.just(source), st.just(destination)
    if source and destination:
        ends = st.tuples(one, other)
    elif source:
        ends = st.tuples(one, anywhere)
    elif destination:
        ends = st.tuples(anyone, other)
    else:
        ends = st.one_of(st.tuples(inside, anywhere), st.tuples(anyone, inside))
    openings = st.sampled_from(_openings(program.tables))
    return st.tuples(ends, openings).map(lambda drawn: (*drawn[0], *drawn[1]))


def _destinations(snapshot: Snapshot, anyone: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Anyone, and now and then a DNS name that policies tell from others, resolved or not."""
    names = edge_names(snapshot)
    if not names:
        return anyone
    name, address = st.sampled_from(names), st.sampled_from(edge_addresses(snapshot))
    resolved = st.tuples(name, address).map("@".join)
    return st.one_of(anyone, anyone, anyone, anyone, name, resolved)


def _openings(tables: Tables) -> list[tuple[int | None, str]]:
    """Each port at which an atom begins or ends, and those beside it; and ICMP."""
    found: list[tuple[int | None, str]] = []
    for protocol in _WITH_PORTS:
        starts = tables.atoms.starts[protocol]
        ports = {start + beside for start in starts for beside in (-2, -1, 0, 1)} | {65535}
        inside = sorted(port for port in ports if 1 <= port <= 65535)
        found += ((port, protocol.value) for port in inside)
    return [*found, (None, Protocol.ICMP.value)]
