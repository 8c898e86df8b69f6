"""Flows in drawn clusters with tiers: between pods, nodes, addresses at the edges, and DNS names."""

from __future__ import annotations

import json
from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from itertools import product

from all_cells import edges_of
from hypothesis import strategies as st

import netsim
from netsim import Flow, Protocol, Semantics, Snapshot
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.model.cluster import Address, Pod
from netsim.model.flow import Domain, Endpoint
from netsim.testing.clusters import CIDRS, OUTSIDE, PORTS, Manifest
from netsim.testing.tier_policies import DOMAINS, NETWORKS
from netsim.testing.tiered_clusters import RESOLVED

_blocks = (*CIDRS, *(hole for holes in CIDRS.values() for hole in holes), *NETWORKS)
EDGES = edges_of({str(ip_network(block, strict=False)) for block in _blocks})
SOME_PORTS = sorted({port + step for port in PORTS for step in (-1, 0, 1)} | {1, 65535})
Opening = tuple[Protocol, int | None]
USUAL: Opening = (Protocol.TCP, 80)
openings: st.SearchStrategy[Opening] = st.one_of(
    st.tuples(
        st.sampled_from((Protocol.TCP, Protocol.TCP, Protocol.UDP, Protocol.SCTP)),
        st.one_of(st.sampled_from(PORTS), st.sampled_from(SOME_PORTS)),
    ),
    st.just((Protocol.ICMP, None)),
)
_domains = st.builds(
    Domain, st.sampled_from(DOMAINS), st.sampled_from((None, None, *map(ip_address, RESOLVED)))
)


def read(cluster: Iterable[Manifest], options: Semantics | None = None) -> Snapshot:
    text = "\n---\n".join(map(json.dumps, cluster))
    return netsim.loads(text, semantics=options or Semantics())


def tiers_of(snapshot: Snapshot) -> list[TierPolicy]:
    """The policies of the whole cluster, in the order in which they are asked."""
    found = [policy for policy in snapshot.policies if isinstance(policy, TierPolicy)]
    return sorted(found, key=lambda policy: policy.order)


def addresses_near(snapshot: Snapshot) -> list[Address]:
    """Where networks begin and end, ±1, and what nodes have."""
    nodes = (address for node in snapshot.nodes.values() for address in node.addresses)
    return [*dict.fromkeys((*map(ip_address, OUTSIDE), *nodes, *EDGES))]


def endpoints(snapshot: Snapshot) -> list[Endpoint]:
    """Every pod that runs, and every node."""
    return [*(pod for pod in snapshot.pods if not pod.finished), *snapshot.nodes.values()]


@st.composite
def flows(draw: st.DrawFn, snapshot: Snapshot) -> list[Flow]:
    """Flows of some openings between any two, and between each and some that are outside."""
    inside = endpoints(snapshot)
    pods = [each for each in inside if isinstance(each, Pod)]
    outside = draw(st.lists(st.sampled_from(addresses_near(snapshot)), min_size=2, max_size=2))
    names = draw(st.lists(_domains, min_size=2, max_size=2))
    beyond: list[Endpoint] = [*outside, *names]
    ends = [*product(pods, [*inside, *beyond]), *product([*inside, *outside[:1]], pods)]
    opened = [USUAL, draw(openings), draw(openings)]
    if declared := [(port.protocol, port.number) for pod in pods for port in pod.ports]:
        opened.append(draw(st.sampled_from(declared)))
    pairs = dict.fromkeys(ends)
    return [Flow(*each, *opening) for each in pairs for opening in dict.fromkeys(opened)]
