"""What far-reaching peers tell apart, held where all peers are taken to reach far."""

from __future__ import annotations

import pytest
from builders import cluster, pod, policy

import netsim
from netsim.compiler import sets


@pytest.fixture(autouse=True)
def nothing_is_near(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sets, "_NEAR_BLOCKS", 0)
    monkeypatch.setattr(sets, "_NEAR_CLASSES", 0)


def test_namespaces_whose_policies_say_the_same_of_their_own_pods() -> None:
    from_own = "{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}"
    snapshot = cluster(
        *(pod(f"{name}/x", ip=f"10.0.{at}.1") for at, name in enumerate("ab")),
        *(pod(f"{name}/z", ip=f"10.0.{at}.2") for at, name in enumerate("ab")),
        *(policy(name, from_own) for name in "ab"),
    )
    program = netsim.compile_snapshot(snapshot)
    assert program.allows("a/x", "a/z", 80)
    assert program.allows("b/x", "b/z", 80)
    assert not program.allows("a/x", "b/z", 80)
    assert not program.allows("b/x", "a/z", 80)


def test_pods_without_address_that_have_their_node_s() -> None:
    snapshot = cluster(
        policy("a", "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}"),
        pod("a/x", ip="10.0.0.9"),
        pod("b/plain"),
        pod("b/host", spec="hostNetwork: true"),
        host_network_pods="as_pods",
        pod_cidrs="10.0.0.0/8",
    )
    program = netsim.compile_snapshot(snapshot)
    assert program.allows("b/plain", "a/x", 80)
    assert not program.allows("b/host", "a/x", 80)
