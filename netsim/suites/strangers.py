"""Pairs for which no classes answer: each is asked about by itself.

A pod on the network of each node is as many endpoints (WL-13), and one that may be on each node
meets its own node there; a pod with several addresses can be asked by one of them; a DNS name is
in no class.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from netsim.analysis.incomplete import QuestionEnd
from netsim.engine.recognisable import recognisable_port
from netsim.engine.roll import Roll
from netsim.model.cluster import Node, Pod, Protocol
from netsim.model.directory import Named
from netsim.model.flow import Domain, Endpoint
from netsim.model.ports import AskedPort, PortNumbers, parse_port
from netsim.sets.traffic import TrafficSet
from netsim.suites.crowd import Crowd
from netsim.suites.wish import Kind, Wish
from netsim.suites.witness import Flow, is_same

if TYPE_CHECKING:
    from netsim.analysis.query import Questions
    from netsim.model.verdict import Group

_ANY_ONE_PORT = AskedPort(Protocol.TCP, PortNumbers(1, 1))


def answered(wish: Wish, roll: Roll) -> list[Wish]:
    """The part of a wish that classes answer for."""
    if not roll.has_floats:
        return [wish]
    (floats, hosts, rest), (theirs, at_hosts, others) = _sorts(wish, roll)
    return _those(
        wish,
        (rest, theirs | at_hosts | others),
        (floats, theirs | others),
        (hosts, at_hosts | others),
    )


def unanswered(wish: Wish, roll: Roll) -> list[Wish]:
    """The part that they don't answer for."""
    ours, theirs = wish.sources, wish.destinations
    found: list[Wish] = []
    if ours.strangers or theirs.strangers:
        one, other = Crowd(strangers=ours.strangers), Crowd(strangers=theirs.strangers)
        # From outside to a DNS name is outside to outside: no pair, as of two addresses.
        names, others = other.where(_is_name), ours - one
        inside = others.where(lambda end: True)
        for node in filter(_is_node, one):
            found += _those(wish, (_alone(node), theirs - _named_as(node, theirs)))
        for node in filter(_is_node, other):
            found += _those(wish, (others - _named_as(node, others), _alone(node)))
        pods, other_pods = _without_nodes(one), _without_nodes(other - names)
        found += _those(wish, (pods, theirs), (others, other_pods), (inside, names))
    if roll.has_floats:
        (floats, hosts, _), (their_floats, their_hosts, _) = _sorts(wish, roll)
        found += _those(wish, (floats, their_hosts), (hosts, their_floats))
    return found


class Strange(NamedTuple):
    """What comes of the pairs of a wish: how many there are, and how many pass its test, at most.

    A pod on the network of each node counts once for each. `flows` pass the test, one of each
    sort.
    """

    wish: Wish
    pairs: int
    hits: int
    flows: tuple[Flow, ...]
    # What could turn it, whether any passes.
    assumptions: tuple[str, ...]


def strange(wish: Wish, questions: Questions) -> Strange:
    """Ask about everybody of a wish."""
    if wish.kind is Kind.NOTHING_PASSES:
        return _one_by_one(wish, questions)
    pairs = sum(group.count for group in _groups(wish, _ANY_ONE_PORT, questions))
    every: list[Group] = []
    found: list[Group] = []
    hits = 0
    for asked in wish.asked:
        groups = _groups(wish, asked, questions)
        passing = [each for each in groups if each.allowed is (wish.kind is Kind.SOME_PASSES)]
        every += groups
        found += passing
        hits = max(hits, sum(group.count for group in passing))
    return Strange(wish, pairs, min(hits, pairs), _flows(found), _turning(found, every))


def _one_by_one(wish: Wish, questions: Questions) -> Strange:
    pairs = 0
    every: list[Group] = []
    found: list[Group] = []
    for one in wish.sources.each():
        for other in wish.destinations.each():
            pair = wish.between(one, other)
            groups = [each for asked in wish.asked for each in _groups(pair, asked, questions)]
            pairs += bool(groups)
            every += groups
            if groups and not any(group.allowed for group in groups):
                found.append(groups[0])
    return Strange(wish, pairs, len(found), _flows(found), _turning(found, every))


def _flows(groups: Iterable[Group]) -> tuple[Flow, ...]:
    """One flow of each pair of ends."""
    found = {(flow.source, flow.destination): flow for flow in map(_flow, groups)}
    return tuple(found.values())


def _turning(found: Sequence[Group], every: Iterable[Group]) -> tuple[str, ...]:
    """What could make some of them pass where none does, or none where these do."""
    if found and not all(group.answer.assumptions for group in found):
        return ()
    texts = (text for group in found or every for text in group.answer.assumptions)
    return tuple(sorted(set(texts)))


def _groups(wish: Wish, asked: AskedPort, questions: Questions) -> tuple[Group, ...]:
    one, other = wish.sources.named, wish.destinations.named
    if _is_one(one, other, len(questions.directory.nodes)):
        return ()
    ends = QuestionEnd("*", one), QuestionEnd("*", other)
    return questions.about(*ends, asked).groups


def _is_one(one: Named, other: Named, nodes: int) -> bool:
    """Whether both are one and the same pod, which is no pair with itself.

    Of a pod on the network of each node there is but one where there is one node.
    """
    if one.ranges or other.ranges or not len(one.members) == 1 == len(other.members):
        return False
    ours, theirs = one.members[0], other.members[0]
    return is_same(ours, theirs) or (ours is theirs and is_on_host(ours) and nodes == 1)


def _flow(group: Group) -> Flow:
    """A flow of a group, over a port that people recognise."""
    flow = group.answer.flow
    ports = [(flow.protocol.value.lower(), each) for each in _intervals(group)]
    portless = [] if ports else [flow.protocol.value.lower()]
    protocol, port = recognisable_port(TrafficSet.of(ports, portless, ()), flow.destination)
    numbers = None if port is None else PortNumbers(port, port)
    asked = AskedPort(protocol, numbers)
    return Flow(flow.source, flow.destination, asked, group.allowed)


def _intervals(group: Group) -> Iterator[tuple[int, int]]:
    for text in group.ports:
        match parse_port(text).port:
            case PortNumbers(first, last):
                yield first, last


def _is_name(end: Endpoint) -> bool:
    return isinstance(end, Domain)


def _is_node(end: Endpoint) -> bool:
    return isinstance(end, Node)


def _alone(end: Endpoint) -> Crowd:
    return Crowd(strangers=(end,))


def _named_as(node: Endpoint, crowd: Crowd) -> Crowd:
    """The same node in a crowd, though perhaps by other addresses: it is no pair with itself."""
    return crowd.where(lambda end: isinstance(end, Node) and str(end) == str(node))


def _without_nodes(crowd: Crowd) -> Crowd:
    return crowd.where(lambda end: not isinstance(end, Node))


def _sorts(wish: Wish, roll: Roll) -> list[tuple[Crowd, Crowd, Crowd]]:
    """Of both ends those that may be on each node, those that are on hosts, and the rest."""
    found = []
    for crowd in (wish.sources, wish.destinations):
        known = crowd - Crowd(strangers=crowd.strangers)
        floats = known.where(lambda end: isinstance(end, Pod) and roll.floats(end))
        hosts = known.where(lambda end: isinstance(end, Node) or is_on_host(end))
        found.append((floats, hosts, known - floats - hosts))
    return found


def is_on_host(end: Endpoint) -> bool:
    """Whether an endpoint is a pod with the address of its node (NP-60)."""
    return isinstance(end, Pod) and end.host_network


def _those(wish: Wish, *parts: tuple[Crowd, Crowd]) -> list[Wish]:
    return [wish.between(one, other) for one, other in parts if one and other]
