"""Pairs for which no classes answer: each is asked about by itself.

A pod on the network of each node is as many endpoints (WL-13), and one that may be on each node
meets its own node there; a pod with several addresses can be asked by one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from netsim.analysis.incomplete import QuestionEnd
from netsim.analysis.query import Questions
from netsim.engine.roll import Roll
from netsim.model.cluster import Node, Pod
from netsim.model.flow import Endpoint
from netsim.model.ports import AskedPort, PortNumbers
from netsim.model.verdict import Group
from netsim.suites.crowd import Crowd
from netsim.suites.wish import Kind, Wish
from netsim.suites.witness import Flow


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
        found += _those(wish, (one, theirs), (ours - one, other))
    if roll.has_floats:
        (floats, hosts, _), (their_floats, their_hosts, _) = _sorts(wish, roll)
        found += _those(wish, (floats, their_hosts), (hosts, their_floats))
    return found


class Strange(NamedTuple):
    """A flow that passes a test, with how many pairs are like it."""

    flow: Flow
    pairs: int
    kind: Kind


def strange_flows(wish: Wish, questions: Questions) -> Iterator[Strange]:
    """The flows of a wish that pass its test, one for all that are alike."""
    wanted = wish.kind is Kind.SOME_PASSES
    if wish.kind is not Kind.NOTHING_PASSES:
        for asked in wish.asked:
            for group in _groups(wish, asked, questions):
                if group.allowed is wanted:
                    yield Strange(_flow(group), group.count, wish.kind)
        return
    for one in wish.sources.each():
        for other in wish.destinations.each():
            pair = wish.between(one, other)
            groups = [each for asked in wish.asked for each in _groups(pair, asked, questions)]
            if groups and not any(group.allowed for group in groups):
                yield Strange(_flow(groups[0]), 1, wish.kind)


def _groups(wish: Wish, asked: AskedPort, questions: Questions) -> tuple[Group, ...]:
    one, other = wish.sources.named, wish.destinations.named
    if one.members == other.members and len(one.members) == 1:
        return ()  # the same one endpoint is no pair
    ends = QuestionEnd("*", one), QuestionEnd("*", other)
    return questions.about(*ends, asked).groups


def _flow(group: Group) -> Flow:
    flow = group.answer.flow
    numbers = None if flow.port is None else PortNumbers(flow.port, flow.port)
    return Flow(flow.source, flow.destination, AskedPort(flow.protocol, numbers))


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
