"""What parts pods that rules don't tell apart by their labels."""

from __future__ import annotations

from builders import cluster, node, pod, policy

import netsim

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
