"""How many pairs break an expectation."""

from __future__ import annotations

import pytest
from builders import cluster, namespace, pod, policy

import netsim
from netsim import Outcome, Snapshot
from netsim.suites.reading import suites_of


def outcome(snapshot: Snapshot, item: str) -> Outcome:
    head = "apiVersion: netsim.dev/v1\nkind: Suite\nmetadata: {name: s}\nexpect:\n"
    [found] = netsim.check(netsim.compile_snapshot(snapshot), *suites_of(f"{head}- {item}\n"))
    [only] = found.outcomes
    return only


@pytest.mark.parametrize(
    ("direction", "item", "pairs"),
    [
        ("ingress", "deny: {from: external, to: a/web}", 1),
        ("egress", "deny: {from: a/web, to: external}", 1),
        ("ingress", "deny: {from: [external, 10.0.1.0/24], to: 'a/*'}", 2),
    ],
)
def test_all_that_is_outside_is_one_endpoint(direction: str, item: str, pairs: int) -> None:
    """Some of it may send all traffic, and some no more than TCP."""
    peers = "from" if direction == "ingress" else "to"
    rules = (
        f"{direction}: [{{{peers}: [{{ipBlock: {{cidr: 10.0.1.0/24, except: [10.0.1.1/32]}}}}]}}, "
        f"{{{peers}: [{{ipBlock: {{cidr: 10.0.1.0/24}}}}], ports: [{{}}]}}]"
    )
    snapshot = cluster(
        namespace("a"),
        pod("a/web", ip="10.0.2.3"),
        pod("a/api", ip="10.0.2.4"),
        policy("a", f"{{podSelector: {{}}, policyTypes: [{direction.title()}], {rules}}}"),
    )
    found = outcome(snapshot, item)
    assert (found.breaking, found.pairs) == (pairs, pairs)
    assert found.reason == f"{pairs} of {pairs} pair{'s are' if pairs > 1 else ' is'} allowed"
