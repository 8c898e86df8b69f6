"""Expectations about how far one gets, where ports have names and the start is no pod."""

from __future__ import annotations

from builders import cluster, namespace, node, pod, policy

import netsim
from netsim import Outcome, Snapshot
from netsim.model.ports import parse_port
from netsim.suites.suite import Allow, Claim, Ends, Expectation, Ports, ReachAtMost, Suite

HTTP = Ports((parse_port("http"),))


def outcome(snapshot: Snapshot, claim: Claim) -> Outcome:
    suite = Suite("s", (Expectation(0, claim),))
    [found] = netsim.check(netsim.compile_snapshot(snapshot), suite)
    [only] = found.outcomes
    return only


def test_a_port_name_leads_only_to_those_who_have_it() -> None:
    """No policy tells the two apart, and only one can be met at `http`."""
    snapshot = cluster(
        namespace("a"),
        pod("a/web"),
        pod("a/one", ports="[{name: http, containerPort: 80}]"),
        pod("a/two", ports="[{name: other, containerPort: 80}]"),
        policy("a", "{podSelector: {}, ingress: [{}]}"),
    )
    found = outcome(snapshot, ReachAtMost(Ends(("a/web",)), 1, Ends(("external",)), HTTP))
    assert (found.holds, found.breaking) == (False, 1)
    assert [breach.destination for breach in found.breaches] == ["a/one"]


def test_a_port_name_leads_nowhere_outside() -> None:
    snapshot = cluster(
        namespace("a"),
        pod("a/web"),
        pod("a/one", ports="[{name: http, containerPort: 80}]"),
    )
    assert outcome(snapshot, ReachAtMost(Ends(("a/web",)), 1, Ends(("a/one",)), HTTP)).holds


def test_one_can_start_from_a_node() -> None:
    snapshot = cluster(node("n1", "192.168.0.1"), namespace("a"), pod("a/web"))
    start = Ends(("node/n1",))
    found = outcome(snapshot, ReachAtMost(start, 1, Ends(("external",)), Ports()))
    assert [breach.source for breach in found.breaches] == ["node/n1"]
    assert outcome(snapshot, ReachAtMost(start, 2, Ends(("external", "a/*")), Ports())).holds


def test_addresses_have_no_port_names() -> None:
    snapshot = cluster(namespace("a"), pod("a/web"))
    found = outcome(snapshot, Allow(Ends(("a/web",)), Ends(("external",)), HTTP))
    assert found.empty
    assert "no pod is asked about" in found.reason


def test_the_way_ends_where_nobody_new_is_reached() -> None:
    snapshot = cluster(namespace("a"), pod("a/web"), pod("a/db"))
    far = ReachAtMost(Ends(("a/web",)), 2**31 - 1, Ends(("a/*", "external")), Ports())
    assert outcome(snapshot, far).holds
