"""How many pairs break an expectation."""

from __future__ import annotations

import pytest
from builders import cluster, namespace, node, pod, policy

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


NODES = cluster(
    namespace("a"),
    node("n1", "192.168.0.1"),
    node("n2", "192.168.0.2", "fd00::2"),
    pod("a/web", "{app: web}"),
    pod("a/agent", spec="hostNetwork: true, nodeName: n1"),
)


@pytest.mark.parametrize(
    ("source", "destination"),
    [
        ("node/n1", "node/n1"),
        ("node/n2", "node/n2"),
        ("192.168.0.2", "node/n2"),
        ("node/n2", "fd00::2"),
        ("192.168.0.2", "fd00::2"),
    ],
)
def test_a_node_is_no_pair_with_itself(source: str, destination: str) -> None:
    found = outcome(NODES, f'deny: {{from: "{source}", to: "{destination}"}}')
    assert (found.holds, found.empty) == (False, True)
    assert found.reason == "it is about no pair of different endpoints"
    assert netsim.can(NODES, "node/n1", "node/n1", 80).allowed


@pytest.mark.parametrize(
    ("source", "destination", "breaches"),
    [
        ("[node/n1, a/web]", "node/n1", ["a/web -> node/n1"]),
        ("[node/n1, node/n2]", "node/n1", ["node/n2 -> node/n1"]),
        ("[192.168.0.2, a/web]", "node/n2", ["a/web -> node/n2"]),
        ("a/web", "[192.168.0.2, node/n1]", ["a/web -> 192.168.0.2", "a/web -> node/n1"]),
        (
            "[192.168.0.1, 192.168.0.2]",
            "[node/n1, node/n2]",
            ["192.168.0.2 -> node/n1", "node/n1 -> node/n2"],
        ),
    ],
)
def test_a_node_among_others_is_none_either(
    source: str, destination: str, breaches: list[str]
) -> None:
    found = outcome(NODES, f"deny: {{from: {source}, to: {destination}, port: 80}}")
    assert sorted(f"{each.source} -> {each.destination}" for each in found.breaches) == breaches
    assert found.breaking == found.pairs == len(breaches)


def test_a_block_of_a_node_is_no_pair_with_it() -> None:
    block = "[192.168.0.1, 192.168.0.64/26]"
    web = policy("a", "{podSelector: {}, policyTypes: [Ingress]}")
    snapshot = cluster(namespace("a"), node("n1", "192.168.0.1"), pod("a/web"), web)
    assert outcome(snapshot, f"deny: {{from: {block}, to: [a/web, node/n1]}}").breaking == 1


HTTP = "[{name: http, containerPort: 8080}, {name: metrics, containerPort: 9090}]"
SERVED = cluster(
    namespace("a"),
    pod("a/cli"),
    pod("a/web", "{app: web}", ports=HTTP),
    pod("a/api", "{app: api}", ports="[{name: http, containerPort: 80}]"),
    pod("a/db", "{app: db}"),
    policy("a", "{podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress]}"),
    policy("a", "{podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: 53}]}]}", "p2"),
)


@pytest.mark.parametrize(
    ("item", "breaking", "pairs"),
    [
        ("deny: {from: a/cli, to: a/web, port: [http, 8080]}", 1, 1),
        ("deny: {from: a/cli, to: a/web, port: [8080, http, metrics]}", 1, 1),
        ("deny: {from: a/cli, to: a/web, port: [http, metrics, http]}", 1, 1),
        ("allow: {from: a/cli, to: [a/web, a/api], port: [http, metrics]}", 1, 2),
        ("allow: {from: a/cli, to: [a/web, a/api, a/db], port: [http, 9090]}", 2, 3),
        ("allow: {from: a/cli, to: [a/api, a/db], port: [80, 53, http]}", 2, 2),
        ("allow: {some: true, from: a/cli, to: [a/api, a/db], port: [http, 9090]}", 2, 2),
        ("deny: {from: a/cli, to: [a/web, external], port: [http, 9090]}", 2, 2),
        ("only: {from: a/cli, to: a/db, port: [53, 54]}", 4, 4),
        ("only: {from: a/cli, to: [a/api, a/db], port: [http, 54]}", 2, 8),
    ],
)
def test_a_pair_with_ports_by_name_and_by_number_is_one(
    item: str, breaking: int, pairs: int
) -> None:
    found = outcome(SERVED, item)
    assert (found.holds, found.breaking, found.pairs) == (False, breaking, pairs)
