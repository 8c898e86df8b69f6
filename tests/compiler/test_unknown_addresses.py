"""Which blocks hold an address that nobody knows (NP-43)."""

from __future__ import annotations

from typing import Any

import pytest
from builders import cluster, pod, policy

import netsim
from netsim.analysis.listing import Listing
from netsim.analysis.scope import scope_of
from netsim.engine.level import Level
from netsim.engine.reach import Reachability

BLOCK = policy("b", "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}")


def reach(options: dict[str, Any], spec: str = "") -> tuple[Reachability, int, int]:
    """With the numbers of a/x, whose address nobody knows, and of b/web, which lets the block in."""
    x = pod("a/x", spec=spec) if spec else pod("a/x")
    snapshot = cluster(BLOCK, x, pod("b/web", ip="10.0.0.9"), **options)
    reachability = netsim.compile_snapshot(snapshot).reach()
    number = {str(item.representative): at for at, item in enumerate(reachability.classes)}
    return reachability, number["a/x"], number["b/web"]


@pytest.mark.parametrize(
    ("pools", "traffic", "hangs"),
    [
        ((), "none", True),
        (("10.1.0.0/16",), "all", False),
        (("172.16.0.0/16",), "none", False),
        (("10.1.0.0/16", "172.16.0.0/16"), "none", True),
    ],
)
def test_a_pod_has_its_address_from_the_pools(
    pools: tuple[str, ...], traffic: str, hangs: bool
) -> None:
    reachability, x, y = reach({"pod_cidrs": pools})
    assert (str(reachability.between(x, y)), reachability.hangs(x, y)) == (traffic, hangs)
    assert not reachability.hangs(y, x)


def test_a_pod_with_the_address_of_its_node_has_it_from_elsewhere() -> None:
    """NP-63, IMP-7: no pool of pods says anything about it."""
    options: dict[str, Any] = {"pod_cidrs": ("10.1.0.0/16",), "host_network_pods": "as_pods"}
    reachability, x, y = reach(options, spec="hostNetwork: true")
    assert (str(reachability.between(x, y)), reachability.hangs(x, y)) == ("none", True)


def test_a_port_by_name_hangs_on_the_block_as_one_by_number_does() -> None:
    """Outside the cluster the name opens nothing: that is no reason to say nothing of the block."""
    named = "{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: http}]}"
    out = policy("a", f"{{podSelector: {{}}, policyTypes: [Egress], egress: [{named}]}}")
    snapshot = cluster(
        out, pod("a/x", ip="10.0.0.1"), pod("a/web", ports="[{name: http, containerPort: 8080}]")
    )
    reachability = netsim.compile_snapshot(snapshot).reach()
    listing = Listing(reachability, scope_of(snapshot), Level.POD, unsure=True)
    assert any(sending.unsure() for sending in listing.sendings())
    assert [text for text in listing.assumptions if "10.0.0.0/8" in text]
    assert set(listing.assumptions) <= set(reachability.assumptions)
