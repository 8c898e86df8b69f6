"""The compiled engine agrees with the reference: in every cell, at every port boundary."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from itertools import product
from pathlib import Path

from hypothesis import assume, given
from hypothesis import strategies as st

import netsim
from netsim.analysis.program import compile_snapshot
from netsim.engine.reach import Reachability
from netsim.model.cluster import Node, Pod, Protocol
from netsim.model.flow import Flow
from netsim.model.semantics import Semantics
from netsim.reference.decide import decide

sys.path.insert(0, str(Path(__file__).parent))

from depth import examples
from law_clusters import any_clusters
from option_strategies import semantics

from netsim.testing.clusters import PORTS, Manifest

BOUNDARIES = sorted({port + step for port in PORTS for step in (-1, 0, 1)} | {1, 65535})
QUESTIONS = [
    *product((Protocol.TCP, Protocol.UDP, Protocol.SCTP), BOUNDARIES),
    (Protocol.ICMP, None),
]


def class_numbers(reachability: Reachability) -> list[tuple[Pod | Node, int]]:
    return [
        (member, number)
        for number, item in enumerate(reachability.classes)
        for member in item.members
    ]


def another(endpoint: Pod | Node) -> Pod | Node:
    """Another endpoint of the same class, where the class has one of its own only."""
    return replace(endpoint, replica=1) if isinstance(endpoint, Pod) else endpoint


@examples(120)
@given(cluster=any_clusters, options=semantics(), data=st.data())
def test_every_cell_is_what_the_reference_says(
    cluster: list[Manifest], options: Semantics, data: st.DataObject
) -> None:
    text = "\n---\n".join(json.dumps(manifest) for manifest in cluster)
    snapshot = netsim.loads(text, semantics=options)
    reachability = compile_snapshot(snapshot).reach()
    ends = class_numbers(reachability)
    assume(ends)  # all may have finished
    (source, i), (destination, j) = data.draw(
        st.tuples(st.sampled_from(ends), st.sampled_from(ends))
    )
    if source == destination:
        destination = another(destination)
    traffic = reachability.between(i, j)
    for protocol, port in QUESTIONS:
        expected = decide(snapshot, Flow(source, destination, protocol, port)).allowed
        found = (protocol.value.lower(), port) in traffic
        assert found == expected, f"{source} -> {destination} {protocol} {port}: {traffic}"
