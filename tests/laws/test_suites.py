"""An expectation holds exactly where the reference says so of every pair that it is about."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import replace
from ipaddress import ip_address
from itertools import product
from pathlib import Path

from hypothesis import assume, event, given
from hypothesis import strategies as st

import netsim
from netsim import Flow, NetsimError, Outcome, Protocol, Semantics, Snapshot, Suite
from netsim.analysis.incomplete import QuestionEnd
from netsim.analysis.query import Questions
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.model.cluster import Node, Pod
from netsim.model.directory import Named
from netsim.model.flow import Cause, Direction, Endpoint
from netsim.model.ports import AskedPort, PortName, PortNumbers, parse_port
from netsim.suites.suite import (
    Allow,
    Claim,
    Deny,
    Ends,
    Expectation,
    Isolated,
    Only,
    Ports,
    ReachAtMost,
)
from netsim.suites.wish import ALL_TRAFFIC
from netsim.suites.witness import is_same

sys.path.insert(0, str(Path(__file__).parent))

from depth import examples
from law_clusters import any_doubtful_clusters
from option_strategies import semantics
from question_strategies import PORT_TEXTS, Case, cases

from netsim.testing.clusters import Manifest

laws = examples(25)
ALL_PODS = Ends(("*",))
NOBODY = (ip_address("203.0.113.99"), ip_address("2001:db8::99"))


def outcomes(snapshot: Snapshot, *claims: Claim, namespace: str = "") -> list[Outcome]:
    expectations = tuple(Expectation(at, claim) for at, claim in enumerate(claims))
    suite = Suite("drawn", expectations, namespace)
    [found] = netsim.check(netsim.compile_snapshot(snapshot), suite)
    return list(found.outcomes)


@laws
@given(cases())
def test_a_pair_of_texts_is_what_can_says(case: Case) -> None:
    for question in case.questions:
        try:
            asked = parse_port(question.port, question.protocol)
            verdict = netsim.can(
                case.snapshot,
                question.source,
                question.destination,
                question.port,
                protocol=question.protocol,
                namespace=question.namespace,
            )
        except NetsimError:
            continue
        if any(is_outside(group.answer.flow) for group in verdict.groups):
            continue  # which no policy sees, and no expectation is about
        ends, ports = (Ends((question.source,)), Ends((question.destination,))), Ports((asked,))
        allow, deny, some, not_all = outcomes(
            case.snapshot,
            Allow(*ends, ports),
            Deny(*ends, ports),
            Allow(*ends, ports, some=True),
            Deny(*ends, ports, some=True),
            namespace=question.namespace,
        )
        event(f"{verdict.word}, {'empty' if allow.empty else 'asked'}")
        if allow.empty:
            assert is_no_pair(
                case.snapshot, question.source, question.destination, question.namespace
            )
            continue
        assert allow.holds == verdict.allowed
        assert deny.holds != verdict.some
        assert some.holds == verdict.some
        assert not_all.holds != verdict.allowed
        for found in (allow, deny, some, not_all):
            assert found.holds or found.breaches
            for breach in found.breaches:
                assert breach.verdict is not None
                wrong = found in (allow, some)
                assert breach.verdict.allowed is not wrong


def is_outside(flow: Flow) -> bool:
    """Whether a flow goes from one address outside to another."""
    return not isinstance(flow.source, Pod | Node) and not isinstance(flow.destination, Pod | Node)


def is_no_pair(snapshot: Snapshot, source: str, destination: str, namespace: str) -> bool:
    """Whether two texts mean one and the same pod or node, or nobody in the cluster."""
    directory = Questions(snapshot).directory
    one, other = directory.find(source, namespace), directory.find(destination, namespace)
    return all(
        is_same(source, destination)
        or (isinstance(source, Node) and str(source) == str(destination))
        for source, destination in product(one.members, other.members)
    )


@st.composite
def crowds(draw: st.DrawFn, snapshot: Snapshot) -> Ends:
    """Ends of a few texts that mean somebody, and such as are excepted."""
    names = [str(pod) for pod in snapshot.pods if not pod.finished]
    texts = st.sampled_from([*names, *(f"{space}/*" for space in snapshot.namespaces), "*"])
    found = draw(st.lists(texts, min_size=1, max_size=2))
    excepts = draw(st.lists(texts, max_size=2))
    directory = Questions(snapshot).directory
    for text in (*found, *excepts):
        try:
            directory.find(text)
        except NetsimError:
            assume(False)
    return Ends(tuple(found), tuple(excepts))


def members(snapshot: Snapshot, ends: Ends) -> dict[object, Pod]:
    """The pods that they mean, one by one."""
    directory = Questions(snapshot).directory

    def pods(text: str) -> dict[object, Pod]:
        found = directory.find(text).members
        return {each.identity: each for each in found if isinstance(each, Pod)}

    taken = {key for text in ends.excepts for key in pods(text)}
    meant = {key: pod for text in ends.texts for key, pod in pods(text).items()}
    return {key: pod for key, pod in meant.items() if key not in taken}


def passing(
    snapshot: Snapshot, source: Endpoint, destination: Endpoint, asked: AskedPort
) -> Counter[bool]:
    """What the reference says of the flows between two endpoints, by how many places they have."""
    one, other = (QuestionEnd(str(each), Named((each,))) for each in (source, destination))
    found = Counter[bool]()
    for group in Questions(snapshot).about(one, other, asked).groups:
        found[group.allowed] += group.count
    return found


@laws
@given(cases(), st.data())
def test_crowds_are_all_their_pairs(case: Case, data: st.DataObject) -> None:
    snapshot = case.snapshot
    sources, destinations = data.draw(crowds(snapshot)), data.draw(crowds(snapshot))
    asked = data.draw(st.sampled_from([parse_port(text) for text in PORT_TEXTS]))
    assume(not isinstance(asked.port, PortName))
    found = [
        passing(snapshot, source, destination, asked)
        for source in members(snapshot, sources).values()
        for destination in members(snapshot, destinations).values()
        if source.identity != destination.identity or is_several(source, snapshot)
    ]
    ports = Ports((asked,))
    allow, deny = outcomes(
        snapshot, Allow(sources, destinations, ports), Deny(sources, destinations, ports)
    )
    assert allow.empty == deny.empty == (not found)
    event("empty" if allow.empty else f"{allow.holds}, {deny.holds}")
    if not allow.empty:
        assert allow.holds is not any(each[False] for each in found)
        assert deny.holds is not any(each[True] for each in found)
        if is_single(asked):
            assert allow.pairs == sum(each.total() for each in found)
            assert allow.breaking == sum(each[False] for each in found)
            assert deny.breaking == sum(each[True] for each in found)


def is_several(pod: Pod, snapshot: Snapshot) -> bool:
    """Whether there are two of it that can talk to each other; WL-13 has one on each node."""
    nodes = Questions(snapshot).directory.nodes
    return pod.replicas != 1 and not (pod.host_network and pod.replicas is None and len(nodes) == 1)


def is_single(asked: AskedPort) -> bool:
    match asked.port:
        case PortNumbers(first, last):
            return first == last
    return asked.port is None


@laws
@given(cases(), st.data())
def test_all_traffic_is_that_of_every_protocol(case: Case, data: st.DataObject) -> None:
    sources, destinations = data.draw(crowds(case.snapshot)), data.draw(crowds(case.snapshot))
    each = [Ports((asked,)) for asked in ALL_TRAFFIC]
    for claim, together in ((Allow, all), (Deny, all)):
        whole, *parts = outcomes(
            case.snapshot,
            claim(sources, destinations, Ports()),
            *(claim(sources, destinations, ports) for ports in each),
        )
        assert whole.empty or whole.holds == together(part.holds for part in parts)


@laws
@given(cases(), st.data())
def test_only_is_allow_for_some_and_deny_for_the_rest(case: Case, data: st.DataObject) -> None:
    sources, destinations = data.draw(crowds(case.snapshot)), data.draw(crowds(case.snapshot))
    ports = data.draw(
        st.sampled_from([Ports(), Ports((parse_port(80),)), Ports((parse_port("any/udp"),))])
    )
    rest = [Ends(("*", "external"), sources.texts)]
    rest += [Ends(sources.excepts)] if sources.excepts else []
    only, allow, *denied = outcomes(
        case.snapshot,
        Only(sources, destinations, ports),
        Allow(sources, destinations, ports),
        *(Deny(each, destinations, ports) for each in rest),
    )
    assume(not (only.empty or allow.empty))
    event(str(only.holds))
    nobody_else = all(deny.holds or deny.empty for deny in denied)
    if ports.asked:
        assert only.holds == (allow.holds and nobody_else)
    elif only.holds:
        assert nobody_else


@laws
@given(cases())
def test_isolated_is_what_the_reference_finds(case: Case) -> None:
    snapshot = case.snapshot
    for pod in snapshot.pods:
        if pod.finished:
            continue
        name = str(pod)
        for direction in Direction:
            [found] = outcomes(snapshot, Isolated(Ends((name,)), (direction,)))
            cause = cause_of(snapshot, pod, direction)
            if not found.empty and cause is not None:
                assert found.holds is (cause in (Cause.RULE, Cause.NO_RULE)), (name, cause)


def cause_of(snapshot: Snapshot, pod: Pod, direction: Direction) -> Cause | None:
    """Why traffic with an address that is nobody's passes or doesn't, on the side of a pod.

    By NetworkPolicies alone: of no other a pod is isolated (NP-3).
    """
    namespaced = tuple(each for each in snapshot.policies if isinstance(each, NetworkPolicy))
    snapshot = replace(snapshot, policies=namespaced)
    flows = (
        Flow(pod, address, Protocol.TCP, 80)
        if direction is Direction.EGRESS
        else Flow(address, pod, Protocol.TCP, 80)
        for address in NOBODY
    )
    for flow in flows:
        answer = netsim.decide_by_reference(snapshot, flow)
        side = answer.egress if direction is Direction.EGRESS else answer.ingress
        if side.cause is not Cause.NO_COMMON_FAMILY:
            return side.cause
    return None


@laws
@given(cases(), st.integers(1, 3), st.data())
def test_hops_are_pairs_with_traffic(case: Case, hops: int, data: st.DataObject) -> None:
    snapshot = case.snapshot
    pods = members(snapshot, ALL_PODS) if any(not pod.finished for pod in snapshot.pods) else {}
    assume(pods)
    sources, within = data.draw(crowds(snapshot)), data.draw(crowds(snapshot))
    start = members(snapshot, sources)
    assume(start)
    text = data.draw(st.sampled_from(["", *PORT_TEXTS]))
    ports = Ports((parse_port(text),)) if text else Ports()
    reached: set[object] = set()
    frontier = set(start)
    for _ in range(hops):
        frontier = {
            key
            for key, pod in pods.items()
            for other in frontier
            if (key != other or is_several(pod, snapshot))
            and talks(snapshot, pods[other], pod, ports)
        }
        reached |= frontier
    strays = reached - start.keys() - members(snapshot, within).keys()
    inside = Ends((*within.texts, "external"), within.excepts)
    [found] = outcomes(snapshot, ReachAtMost(sources, hops, inside, ports))
    if found.empty:
        assert not reached
        assert "no port named" in found.reason
        event("nobody has the port")
        return
    event(str(found.holds))
    assert found.pairs == len(reached - start.keys())
    assert found.breaking == len(strays)
    assert found.holds is (not strays)


def talks(snapshot: Snapshot, source: Endpoint, destination: Endpoint, ports: Ports) -> bool:
    for asked in ports.asked or ALL_TRAFFIC:
        try:
            if passing(snapshot, source, destination, asked)[True]:
                return True
        except NetsimError:  # it has no port of the name
            assert isinstance(asked.port, PortName)
    return False


@laws
@given(any_doubtful_clusters, semantics(), st.data())
def test_an_outcome_hangs_on_what_the_reference_names(
    cluster: list[Manifest], options: Semantics, data: st.DataObject
) -> None:
    """Of one flow: what the answer could be turned by turns the outcome, and nothing else does."""
    snapshot = netsim.loads("\n---\n".join(map(json.dumps, cluster)), semantics=options)
    bounds = netsim.compile_snapshot(snapshot).reach().marks.bounds
    only_addresses = bounds is None or not (bounds.doubts.keys or bounds.doubts.namespaces)
    names = st.sampled_from([str(pod) for pod in snapshot.pods if not pod.finished])
    port = data.draw(st.sampled_from(("80", "53/udp", "icmp")))
    source, destination = data.draw(st.one_of(names, st.just("203.0.113.7"))), data.draw(names)
    try:
        verdict = netsim.can(snapshot, source, destination, port)
    except NetsimError:
        assume(False)
    assume(len(verdict.groups) == 1)
    ends, ports = (Ends((source,)), Ends((destination,))), Ports((parse_port(port),))
    for found in outcomes(snapshot, Allow(*ends, ports), Deny(*ends, ports)):
        if found.empty:
            continue
        event(f"{'hangs' if found.assumptions else 'is sure'}")
        if verdict.assumptions or only_addresses:
            assert bool(found.assumptions) is bool(verdict.assumptions), verdict.assumptions
