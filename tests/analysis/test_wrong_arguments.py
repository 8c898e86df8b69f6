"""What is no snapshot, endpoint, protocol or flow is refused, with a word of what is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from builders import cluster, pod

import netsim
from netsim import Protocol, QueryError

SNAPSHOT: Any = cluster(pod("a/one", ip="10.0.0.1"), pod("a/two", ip="10.0.0.2"))
PROGRAM: Any = netsim.compile_snapshot(SNAPSHOT)


@pytest.mark.parametrize("wrong", [SNAPSHOT, PROGRAM, None])
def test_a_graph_is_of_a_reachability(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"a Reachability is needed, as from `netsim\.compile"):
        netsim.graph(wrong)


@pytest.mark.parametrize(
    "ask",
    [netsim.compile_snapshot, netsim.Questions, lambda wrong: netsim.can(wrong, "one", "two", 80)],
)
def test_questions_are_put_to_a_snapshot(ask: Callable[[Any], object]) -> None:
    for wrong in (PROGRAM, "manifests/"):
        with pytest.raises(TypeError, match=r"a Snapshot is needed, as from `netsim\.load"):
            ask(wrong)


@pytest.mark.parametrize("wrong", [None, 5, SNAPSHOT.pods[0]])
def test_an_endpoint_is_a_text(wrong: Any) -> None:
    for ask in (
        lambda: netsim.can(SNAPSHOT, wrong, "two", 80),
        lambda: PROGRAM.verdict("one", wrong, 80),
        lambda: PROGRAM.allows(wrong, "two", 80),
        lambda: PROGRAM.ids([wrong]),
        lambda: PROGRAM.reach().row(wrong),
    ):
        with pytest.raises(QueryError, match="an endpoint is given by its text, not as a "):
            ask()


def test_a_protocol_may_be_given_as_what_it_is() -> None:
    assert netsim.can(SNAPSHOT, "one", "two", 80, protocol=Protocol.UDP).port == "80/udp"
    assert PROGRAM.verdict("one", "two", 80, Protocol.UDP).port == "80/udp"
    assert PROGRAM.allows("one", "two", 80, Protocol.UDP)
    one, other = PROGRAM.ids(["one", "two"])
    assert PROGRAM.allows_ids(one, other, [80], Protocol.ICMP).tolist() == [True]
    assert PROGRAM.allows_many([("one", "two", 80, Protocol.SCTP)]) == [True]
    with pytest.raises(QueryError, match="there is no protocol `6`"):
        PROGRAM.allows("one", "two", 80, 6)


@pytest.mark.parametrize(
    "wrong", [("one", "two"), ("one", "two", 80, "tcp", "a"), "x", {"source": "one"}]
)
@pytest.mark.parametrize("ready", [False, True])
def test_a_flow_has_three_parts_or_four(wrong: Any, ready: bool) -> None:
    program: Any = netsim.compile_snapshot(SNAPSHOT)
    if ready:
        program.ids([])  # for vectors
    with pytest.raises(TypeError, match="a flow is"):
        program.allows_many([("one", "two", 80), wrong])
