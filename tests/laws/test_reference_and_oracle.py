"""The reference agrees with an oracle that was written apart from it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from hypothesis import assume, event, given
from hypothesis import strategies as st

import netsim

sys.path.insert(0, str(Path(__file__).parent))

import plain_oracle
from depth import examples

from netsim.testing.clusters import PORTS, PROTOCOLS, clusters, questions
from netsim.testing.tiered_clusters import domain_texts, tiered_clusters
from netsim.testing.wide_clusters import ends_of, options, wide_clusters, wide_questions

laws = examples(200)
QUESTIONS_OF_EACH = 5


@laws
@given(data=st.data())
def test_reference_agrees_with_the_oracle(data: st.DataObject) -> None:
    cluster = data.draw(clusters())
    source, destination, protocol, port = data.draw(questions(cluster))
    text = "\n---\n".join(json.dumps(manifest) for manifest in cluster)
    snapshot = netsim.loads(text)
    expected = plain_oracle.allowed(cluster, source, destination, protocol, port)
    verdict = netsim.can(snapshot, source, destination, port, protocol=protocol)
    event(verdict.word)
    assert verdict.allowed == expected, str(verdict)


@laws
@given(wide_clusters(), options, st.data())
def test_and_under_all_options_about_workloads_and_unknown_addresses(
    cluster: list[dict[str, object]], chosen: dict[str, object], data: st.DataObject
) -> None:
    """IMP-1..19, NP-41..43, NP-60..66, WL-3..7, WL-11..13"""
    ends = ends_of(cluster)
    assume(ends)
    nodes = [str(item["metadata"]["name"]) for item in cluster if item["kind"] == "Node"]  # type: ignore[index]
    source, destination = data.draw(wide_questions(ends, nodes))
    protocol, port = (
        data.draw(st.sampled_from((*PROTOCOLS, "ICMP"))),
        data.draw(st.sampled_from(PORTS)),
    )
    text = "\n---\n".join(json.dumps(manifest) for manifest in cluster)
    snapshot = netsim.loads(text, semantics=netsim.Semantics(**chosen))  # type: ignore[arg-type]
    expected = plain_oracle.allowed(cluster, source, destination, protocol, port, chosen)
    verdict = netsim.can(snapshot, source, destination, port, protocol=protocol)
    event(verdict.word)
    assert verdict.allowed == expected, (chosen, str(verdict))


@laws
@given(tiered_clusters(), options, st.data())
def test_and_with_tiers(
    cluster: list[dict[str, object]], chosen: dict[str, object], data: st.DataObject
) -> None:
    """ANP-1..27, ANP-33, IMP-11, IMP-14, several questions of each cluster"""
    ends = ends_of(cluster)
    assume(ends)
    nodes = [str(item["metadata"]["name"]) for item in cluster if item["kind"] == "Node"]  # type: ignore[index]
    text = "\n---\n".join(json.dumps(manifest) for manifest in cluster)
    snapshot = netsim.loads(text, semantics=netsim.Semantics(**chosen))  # type: ignore[arg-type]
    for _ in range(QUESTIONS_OF_EACH):
        source, destination = data.draw(wide_questions(ends, nodes))
        if data.draw(st.integers(0, 4)) == 4:
            source, destination = data.draw(st.sampled_from(ends)), data.draw(domain_texts)
        protocol = data.draw(st.sampled_from(("TCP", *PROTOCOLS, "ICMP")))
        port = data.draw(st.sampled_from(PORTS))
        expected = plain_oracle.allowed(cluster, source, destination, protocol, port, chosen)
        verdict = netsim.can(snapshot, source, destination, port, protocol=protocol)
        event(verdict.word)
        assert verdict.allowed == expected, (chosen, str(verdict))
