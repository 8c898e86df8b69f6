"""Laws of the compiled engine: what must hold of it whatever the cluster, whoever else is right."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import netsim
from netsim import Flow, Protocol, Reachability, Semantics, Snapshot
from netsim.engine.flows import OutsideFlows
from netsim.engine.level import Level
from netsim.model.cluster import Address, Node, Pod
from netsim.model.flow import Endpoint

sys.path.insert(0, str(Path(__file__).parent))

from depth import examples
from law_clusters import small_clusters
from option_strategies import semantics
from tier_flows import EDGES

from netsim.testing.clusters import (
    PORTS,
    Manifest,
    network_policies,
    rules,
)

Ends = list[tuple[Pod | Node, int]]

laws = examples(60)
SOME_PORTS = sorted({port + step for port in PORTS for step in (-1, 0, 1)} | {1, 65535})
QUESTIONS: list[tuple[Protocol, int | None]] = [
    *((protocol, port) for protocol in (Protocol.TCP, Protocol.UDP) for port in SOME_PORTS),
    (Protocol.SCTP, 80),
    (Protocol.ICMP, None),
]


def snapshot_of(cluster: Iterable[Manifest], options: Semantics | None = None) -> Snapshot:
    text = "\n---\n".join(json.dumps(manifest) for manifest in cluster)
    return netsim.loads(text, semantics=options or Semantics())


def reach_of(snapshot: Snapshot) -> Reachability:
    return netsim.compile_snapshot(snapshot).reach()


def checksum(cluster: Iterable[Manifest]) -> str:
    return reach_of(snapshot_of(cluster)).checksum()


def allowed(
    snapshot: Snapshot,
    source: Endpoint,
    destination: Endpoint,
    protocol: Protocol,
    port: int | None,
) -> bool:
    return netsim.decide_by_reference(snapshot, Flow(source, destination, protocol, port)).allowed


def ends_of(reachability: Reachability) -> Ends:
    """Every pod and node with the number of its class."""
    classes = enumerate(reachability.classes)
    return [(member, number) for number, item in classes for member in item.members]


def one_by_one(ends: Ends) -> Ends:
    """The same with each replica as a pod of its own."""
    return [
        (replace(end, replica=turn) if isinstance(end, Pod) else end, number)
        for end, number in ends
        for turn in range((end.replicas or 1) if isinstance(end, Pod) else 1)
    ]


@st.composite
def with_replicas(draw: st.DrawFn) -> list[Manifest]:
    """A cluster in which some pods are replicas of a Deployment."""
    return [
        _deployment(item, draw(st.integers(1, 3)))
        if item["kind"] == "Pod" and draw(st.booleans())
        else item
        for item in draw(small_clusters)
    ]


def _deployment(pod: Manifest, replicas: int) -> Manifest:
    labels = {"deployment": pod["metadata"]["name"], **pod["metadata"]["labels"]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {key: pod["metadata"][key] for key in ("name", "namespace")},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod["spec"]},
        },
    }


@laws
@given(with_replicas())
def test_pairs_are_those_of_a_list(cluster: list[Manifest]) -> None:
    reachability = reach_of(snapshot_of(cluster))
    every = one_by_one(ends_of(reachability))
    listed = sum(
        bool(reachability.between(i, j))
        for at, (_, i) in enumerate(every)
        for other, (_, j) in enumerate(every)
        if at != other
    )
    event(f"{'some' if listed else 'no'} pairs")
    assert reachability.pairs() == listed


@laws
@given(small_clusters, semantics())
def test_ports_and_self_pairs_are_those_of_a_list(
    cluster: list[Manifest], options: Semantics
) -> None:
    snapshot = snapshot_of(cluster, options)
    reachability = reach_of(snapshot)
    every = ends_of(reachability)
    assert reachability.port_pairs() == sum(
        sum(last - first + 1 for _, intervals in traffic.ports for first, last in intervals)
        + len(traffic.portless)
        for at, (_, i) in enumerate(every)
        for other, (_, j) in enumerate(every)
        if at != other
        for traffic in [reachability.between(i, j)]
    )
    ports = [
        (protocol, port)
        for protocol in (Protocol.TCP, Protocol.UDP, Protocol.SCTP)
        for port in SOME_PORTS
    ]
    assert reachability.self_pairs() == sum(
        any(allowed(snapshot, end, end, *flow) for flow in [*ports, (Protocol.ICMP, None)])
        for end, _ in every
    )


@laws
@given(with_replicas(), st.sampled_from(Level))
def test_flows_are_counted_as_they_are_listed(cluster: list[Manifest], level: Level) -> None:
    reachability = reach_of(snapshot_of(cluster))
    flows = list(reachability.flows(level))
    assert reachability.count(level) == len(flows)
    for each in flows:
        cell = reachability.between(each.source.number, each.destination.number)
        assert each.traffic == cell
        assert cell


@laws
@given(small_clusters, semantics())
def test_classes_part_the_pods_and_nodes(cluster: list[Manifest], options: Semantics) -> None:
    snapshot = snapshot_of(cluster, options)
    found = sorted(str(end) for end, _ in ends_of(reach_of(snapshot)))
    running = [str(pod) for pod in snapshot.pods if not pod.finished]
    assert found == sorted([*running, *map(str, snapshot.nodes.values())])


@examples(60)
@given(small_clusters, semantics(), st.data())
def test_members_of_a_class_agree(
    cluster: list[Manifest], options: Semantics, data: st.DataObject
) -> None:
    """The reference can't tell two of them apart, from whichever other end it is asked."""
    snapshot = snapshot_of(cluster, options)
    reachability = reach_of(snapshot)
    classes = [item.members for item in reachability.classes if len(item.members) > 1]
    assume(classes)
    one, two = data.draw(st.permutations(data.draw(st.sampled_from(classes))))[:2]
    others = [end for end, _ in ends_of(reachability) if end not in (one, two)]
    other = data.draw(st.sampled_from([*others, ip_address("203.0.113.7")]))
    for protocol, port in QUESTIONS:
        assert allowed(snapshot, one, other, protocol, port) == allowed(
            snapshot, two, other, protocol, port
        )
        assert allowed(snapshot, other, one, protocol, port) == allowed(
            snapshot, other, two, protocol, port
        )


@laws
@given(small_clusters, st.data())
def test_order_and_repetition_do_not_matter(cluster: list[Manifest], data: st.DataObject) -> None:
    expected = checksum(cluster)
    again = [
        {**item, "metadata": {**item["metadata"], "name": f"again-{item['metadata']['name']}"}}
        for item in cluster
        if item["kind"] == "NetworkPolicy"
    ]
    shuffled = data.draw(st.permutations([*cluster, *again]))
    assert checksum(map(_rules_twice, shuffled)) == expected


def _rules_twice(item: Manifest) -> Manifest:
    """The policy with each of its rules once more, in reverse."""
    spec = item.get("spec")
    if item["kind"] != "NetworkPolicy" or not spec:
        return item
    listed = {key: spec[key] for key in ("ingress", "egress") if spec.get(key)}
    return {**item, "spec": {**spec, **{key: [*v, *v[::-1]] for key, v in listed.items()}}}


@laws
@given(small_clusters, network_policies(9), st.data())
def test_another_rule_only_opens(
    cluster: list[Manifest], policy: Manifest, data: st.DataObject
) -> None:
    direction, peers = data.draw(st.sampled_from((("ingress", "from"), ("egress", "to"))))
    more = data.draw(rules(peers).filter(bool)) or []
    # Both types from the start, so that the rule isolates nobody anew.
    spec = {**(policy["spec"] or {}), "policyTypes": ["Ingress", "Egress"]}
    opened = {**spec, direction: [*(spec.get(direction) or []), *more]}
    before = cells([*cluster, {**policy, "spec": spec}])
    after = cells([*cluster, {**policy, "spec": opened}])
    event("opened" if before != after else "as before")
    for pair, flows in before.items():
        assert flows <= after[pair], pair


Cell = frozenset[tuple[Protocol, int | None]]


def cells(cluster: Iterable[Manifest]) -> dict[tuple[str, str], Cell]:
    """What each endpoint may send to each other, of QUESTIONS."""
    reachability = reach_of(snapshot_of(cluster))
    ends = ends_of(reachability)
    return {
        (str(source), str(destination)): frozenset(
            (protocol, port)
            for protocol, port in QUESTIONS
            if (protocol.value.lower(), port) in reachability.between(i, j)
        )
        for source, i in ends
        for destination, j in ends
    }


@laws
@given(small_clusters, network_policies(9))
def test_a_policy_that_selects_nothing_changes_nothing(
    cluster: list[Manifest], policy: Manifest
) -> None:
    nobody = {**(policy["spec"] or {}), "podSelector": {"matchLabels": {"app": "nobody"}}}
    assert cells([*cluster, {**policy, "spec": nobody}]) == cells(cluster)


PRINTED = """
import sys, netsim
reachability = netsim.compile_snapshot(netsim.loads(sys.stdin.read())).reach()
print(reachability.checksum())
for each in reachability.flows():
    print(each.source.name, each.destination.name, each.traffic)
for party in reachability.parties():
    for part in (*reachability.sent_outside(party), *reachability.received_from_outside(party)):
        print(party.name, part.cidrs, part.traffic)
"""


@settings(laws, max_examples=3)
@given(small_clusters)
def test_every_process_answers_in_the_same_bytes(cluster: list[Manifest]) -> None:
    text = "\n---\n".join(json.dumps(manifest) for manifest in cluster)
    assert len({_in_a_process(text, seed) for seed in ("0", "1", "4242")}) == 1


def _in_a_process(text: str, seed: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", PRINTED],
        input=text,
        env={**os.environ, "PYTHONHASHSEED": seed},
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout


@laws
@given(small_clusters, semantics(), st.booleans(), st.data())
def test_the_outside_is_cut_where_the_reference_cuts_it(
    cluster: list[Manifest], options: Semantics, inward: bool, data: st.DataObject
) -> None:
    snapshot = snapshot_of(cluster, options)
    reachability = reach_of(snapshot)
    party = data.draw(st.sampled_from(reachability.parties(Level.POD)))
    parts = (reachability.received_from_outside if inward else reachability.sent_outside)(party)
    owned = {address for end, _ in ends_of(reachability) for address in end.addresses}
    for address in EDGES:
        if address in owned or address.is_loopback:
            continue
        traffic = _passing(parts, address)
        own = party.members[0]
        source, destination = (address, own) if inward else (own, address)
        for protocol, port in QUESTIONS:
            expected = allowed(snapshot, source, destination, protocol, port)
            found = (protocol.value.lower(), port) in traffic
            assert found == expected, (
                f"{source} {destination} {protocol} {port}: {sorted(map(str, parts))}"
            )


def _passing(parts: Iterable[OutsideFlows], address: Address) -> set[Any]:
    """What passes at an address; the parts don't overlap."""
    holding = [part for part in parts for cidr in part.cidrs if address in ip_network(cidr)]
    assert len(holding) <= 1
    return {
        (protocol.value.lower(), port)
        for protocol, port in QUESTIONS
        for part in holding
        if (protocol.value.lower(), port) in part.traffic
    }
