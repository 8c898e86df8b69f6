"""Expectations about how far one gets, where ports have names and the start is no pod."""

from __future__ import annotations

from builders import cluster, namespace, node, pod, policy, workload

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


AGENT = workload("a/agent", "{app: agent}", kind="DaemonSet")
HOST_AGENT = workload("a/agent", "{app: agent}", kind="DaemonSet", pod_spec="hostNetwork: true")
NODES = (node("n1", "192.168.0.1"), node("n2", "192.168.0.2"))


def reached(snapshot: Snapshot, source: str, hops: int = 1) -> tuple[int, set[str]]:
    """How many pods are reached from one, and the first of them by name; whatever is outside."""
    claim = ReachAtMost(Ends((source,)), hops, Ends(("external",)), Ports())
    found = outcome(snapshot, claim)
    assert found.pairs == found.breaking
    return found.breaking, {breach.destination for breach in found.breaches}


def test_a_node_leads_to_the_pod_of_a_daemonset_on_it() -> None:
    """Whatever policies say (NP-60); not to others of which nobody says where they are (WL-13)."""
    host = pod("a/host", spec="hostNetwork: true, nodeName: n1")
    snapshot = cluster(*NODES, AGENT, host, pod("a/web"), policy("a", "{podSelector: {}}"))
    assert reached(snapshot, "a/host") == (1, {"a/agent on n1"})
    assert reached(snapshot, "node/n2") == (2, {"a/host", "a/agent on n2"})
    closed = cluster(
        *NODES, AGENT, host, policy("a", "{podSelector: {}}"), node_local_ingress="policy"
    )
    assert reached(closed, "a/host") == (0, set())


def test_a_pod_on_each_node_leads_to_the_pods_there() -> None:
    """It counts once, however many nodes there are."""
    snapshot = cluster(
        *NODES,
        HOST_AGENT,
        pod("a/web", spec="nodeName: n2"),
        pod("a/db"),
        policy("a", "{podSelector: {}}"),
    )
    assert reached(snapshot, "a/db")[0] == 1
    assert reached(snapshot, "a/db", hops=2)[0] == 2
    assert reached(snapshot, "a/daemonset/agent") == (1, {"a/web"})


def test_a_pod_on_each_node_is_named_on_the_way_where_it_is() -> None:
    """Of those on each node the one that gets there."""
    web = pod("a/web", spec="nodeName: n2")
    snapshot = cluster(*NODES, HOST_AGENT, web, pod("a/db"), policy("a", "{podSelector: {}}"))
    within = Ends(("a/daemonset/agent", "external"))
    [breach] = outcome(snapshot, ReachAtMost(Ends(("a/db",)), 2, within, Ports())).breaches
    assert breach.path == ("a/db", "a/agent on n2")
    assert breach.destination == "a/web"


def test_who_has_no_port_of_a_name_is_told_without_the_places() -> None:
    snapshot = cluster(*NODES, AGENT, pod("a/web"))
    found = outcome(snapshot, ReachAtMost(Ends(("a/web",)), 1, Ends(("external",)), HTTP))
    assert found.empty
    assert "`a/daemonset/agent` and 1 more have no port named `http`" in found.reason
