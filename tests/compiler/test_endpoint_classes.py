"""What parts pods that rules don't tell apart by their labels."""

from __future__ import annotations

from builders import cluster, node, pod, policy, workload

import netsim
from netsim.engine.level import Level

N1, N2 = node("n1", "192.168.0.1"), node("n2", "192.168.0.2")
SHUT = policy("b", "{podSelector: {}, policyTypes: [Ingress]}")


def host_pod(name: str, where: str, address: str) -> str:
    return pod(name, ip=address, spec=f"nodeName: {where}, hostNetwork: true")


def reached(*pods: str) -> dict[str, str]:
    """What each pod of namespace `a` may send to b/x, which is on n1, with IMP-7 as_pods."""
    target = pod("b/x", ip="10.0.0.9", spec="nodeName: n1")
    snapshot = cluster(N1, N2, SHUT, target, *pods, host_network_pods="as_pods")
    reachability = netsim.compile_snapshot(snapshot).reach()
    numbers = {
        str(member): number
        for number, item in enumerate(reachability.classes)
        for member in item.members
    }
    return {
        name: str(reachability.between(number, numbers["b/x"]))
        for name, number in numbers.items()
        if name.startswith("a/")
    }


def test_who_has_the_address_of_its_node_is_not_who_runs_on_it() -> None:
    """NP-60: what has the node's address may reach every pod on it."""
    found = reached(
        host_pod("a/host", "n1", "192.168.0.1"), pod("a/plain", ip="10.0.0.1", spec="nodeName: n1")
    )
    assert found == {"a/host": "all", "a/plain": "none"}


def test_whose_address_it_has_matters_where_no_policy_is() -> None:
    found = reached(host_pod("a/one", "n1", "192.168.0.1"), host_pod("a/two", "n2", "192.168.0.2"))
    assert found == {"a/one": "all", "a/two": "none"}


def test_a_pod_that_has_the_address_of_a_node_may_reach_the_pods_on_it() -> None:
    """NP-60 speaks of an address, whoever is said to have it besides."""
    assert reached(pod("a/same", ip="192.168.0.1"), pod("a/plain", ip="192.168.0.7")) == {
        "a/same": "all",
        "a/plain": "none",
    }


def test_nodes_are_numbered_by_name() -> None:
    texts = [netsim.compile_snapshot(cluster(*nodes)).reach() for nodes in ((N1, N2), (N2, N1))]
    assert [str(item.representative) for item in texts[0].classes] == ["node/n1", "node/n2"]
    assert texts[0].checksum() == texts[1].checksum()


def test_a_node_of_which_only_its_pods_speak_has_a_class() -> None:
    """NP-60: it may reach the pods on it, whatever policies say, and listings know it."""
    target = pod("b/x", ip="10.0.0.9", spec="nodeName: n1")
    reachability = netsim.compile_snapshot(cluster(SHUT, target)).reach()
    found = [(flows.source.name, str(flows.traffic)) for flows in reachability.flows()]
    assert ("node/n1", "all") in found


def test_where_pods_run_is_known_by_address_alone() -> None:
    """NP-60: status.hostIP counts where no pod says on which node it is, and no node is known."""
    snapshot = cluster(
        SHUT,
        pod("b/x", ip="10.0.0.9", status="phase: Running, hostIP: 192.168.0.1"),
        pod("b/other", ip="10.0.0.8", status="phase: Running, hostIP: 192.168.0.2"),
        pod("a/same", ip="192.168.0.1"),
    )
    flows = netsim.compile_snapshot(snapshot).reach().flows(Level.POD)
    assert {(each.source.name, each.destination.name) for each in flows if each.traffic} >= {
        ("a/same", "b/x"),
        ("b/x", "a/same"),
    }
    assert not netsim.compile_snapshot(snapshot).allows("a/same", "b/other", 80)


def test_of_pods_without_address_those_on_the_host_network_are_in_no_pool() -> None:
    snapshot = cluster(
        policy("a", "{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}"),
        pod("a/x", ip="10.0.0.9"),
        pod("b/plain"),
        pod("b/host", spec="hostNetwork: true"),
        host_network_pods="as_pods",
        pod_cidrs="10.0.0.0/8",
    )
    program = netsim.compile_snapshot(snapshot)
    assert program.allows("a/x", "b/plain", 80)
    assert not program.allows("a/x", "b/host", 80)


def test_two_names_for_one_port_open_it_to_both() -> None:
    """Each at the pods that have it, to the outside, too."""
    snapshot = cluster(
        policy("a", "{podSelector: {}, ingress: [{ports: [{port: web}, {port: api}]}]}"),
        pod("a/x", ip="10.0.0.1", ports="[{name: web, containerPort: 80}]"),
        pod("a/other", ip="10.0.0.2", ports="[{name: api, containerPort: 80}]"),
    )
    reachability = netsim.compile_snapshot(snapshot).reach()
    assert {
        party.name: [str(part.traffic) for part in reachability.received_from_outside(party)]
        for party in reachability.parties()
    } == {"a/x": ["TCP 80"], "a/other": ["TCP 80"]}


def test_pods_on_the_network_of_one_node_by_the_address_that_each_shows() -> None:
    two = "192.168.0.2", "192.168.0.3"
    snapshot = cluster(
        node("n1", *two),
        *(host_pod(f"a/host-{at}", "n1", address) for at, address in enumerate(two)),
        pod("b/x", ip="10.0.0.9"),
        policy("b", "{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 192.168.0.3/32}}]}]}"),
    )
    program = netsim.compile_snapshot(snapshot)
    assert not program.allows("b/x", "a/host-0", 80)
    assert program.allows("b/x", "a/host-1", 80)


def test_pods_on_the_network_of_one_node_by_the_names_of_their_ports() -> None:
    """IMP-5 `match_declared`."""
    ports = "[{name: http, containerPort: 80}]"
    agent = "nodeName: n1, hostNetwork: true"
    snapshot = cluster(
        N1,
        pod("a/serves", ip="192.168.0.1", ports=ports, spec=agent),
        pod("a/agent", ip="192.168.0.1", spec=agent),
        pod("b/x", ip="10.0.0.9"),
        policy("b", "{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: http}]}]}"),
        named_port_nonpod="match_declared",
    )
    program = netsim.compile_snapshot(snapshot)
    assert program.allows("b/x", "a/serves", 80)
    assert not program.allows("b/x", "a/agent", 80)


def test_every_replica_reaches_itself() -> None:
    three = workload("a/web", "{app: web}", spec="replicas: 3")
    for self_traffic in ("allow", "policy"):
        snapshot = cluster(N1, three, pod("a/x"), self_traffic=self_traffic)
        assert netsim.compile_snapshot(snapshot).reach().self_pairs() == 5
