"""The words in which it is told what holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import cluster, namespace, node, pod, policy, workload

import netsim
from netsim import QueryError, Snapshot
from netsim.model.ports import parse_port
from netsim.suites.learned import Learned, Section
from netsim.suites.suite import Allow, Deny, Ends, Isolated, Only, Ports, ReachAtMost

NAMED = "[{name: http, containerPort: 80}]"
PODS = (
    namespace("a"),
    namespace("b"),
    workload("a/web", "{app: web}", ports=NAMED),
    workload("a/api", "{app: api}", ports=NAMED),
    pod("b/one", "{app: one}"),
    pod("b/two", "{app: two}"),
)
CLOSED = "{podSelector: {}, policyTypes: [Ingress]}"


def lines(snapshot: Snapshot) -> list[str]:
    """The expectations, without what they stand among."""
    text = netsim.learn(netsim.compile_snapshot(snapshot)).text.split("expect:\n")[1]
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def rule(peers: str, ports: str = "", subject: str = "{matchLabels: {app: api}}") -> str:
    fields = [f"from: [{peers}]"] if peers else []
    fields += [f"ports: [{ports}]"] if ports else []
    return f"{{podSelector: {subject}, ingress: [{{{', '.join(fields)}}}]}}"


def test_what_nobody_may_reach_is_said_of_all_together() -> None:
    snapshot = cluster(*PODS, policy("a", CLOSED))
    assert lines(snapshot) == [
        '- isolated: {pods: "a/*", direction: ingress}',
        '- deny: {from: ["*", external], to: "a/*"}',
    ]


def test_a_port_is_told_by_its_name_and_the_rest_by_number() -> None:
    web = "{podSelector: {matchLabels: {app: web}}}"
    snapshot = cluster(*PODS, policy("a", CLOSED), policy("a", rule(web, "{port: 80}"), "api"))
    assert lines(snapshot) == [
        '- isolated: {pods: "a/*", direction: ingress}',
        "- only: {to: a/api, from: a/web, port: http}",
        '- deny: {from: ["*", external], to: a/api, port: ["1-79", "81-65535", any/udp, any/sctp, icmp]}',
        '- deny: {from: ["*", external], to: a/web}',
    ]


def test_what_is_open_to_everyone_and_what_to_all_but_few() -> None:
    everyone = cluster(*PODS, policy("a", rule("", "{port: 443}"), "api"))
    assert '- allow: {from: ["*", external], to: a/api, port: 443}' in lines(everyone)
    silent = "{podSelector: {matchLabels: {app: two}}, policyTypes: [Egress]}"
    found = lines(cluster(*PODS, policy("a", rule("", "{port: 443}"), "api"), policy("b", silent)))
    assert '- allow: {from: ["*", external], except-from: b/two, to: a/api, port: 443}' in found
    assert "- deny: {from: b/two, to: a/api, port: 443}" in found


def test_of_all_traffic_each_source_may_send_all_and_nobody_else_any() -> None:
    snapshot = cluster(*PODS, policy("a", rule("{namespaceSelector: {}}"), "api"))
    assert lines(snapshot)[1:] == [
        '- allow: {from: "*", to: a/api, port: any}',
        '- only: {to: a/api, from: "*"}',
    ]


GUARD = """
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: guard}
spec:
  tier: Admin
  priority: 5
  subject: {pods: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: a}}, podSelector: {matchLabels: {app: api}}}}
  ingress:
  - {action: Accept, from: [{namespaces: {matchLabels: {kubernetes.io/metadata.name: a}}}], protocols: [{destinationNamedPort: http}]}
  - {action: Deny, from: [{namespaces: {}}]}
"""


def test_whom_cluster_policies_govern_is_told_though_nobody_isolates_it() -> None:
    # What comes from outside no rule of a cluster policy speaks of (ANP-13).
    assert lines(cluster(*PODS, GUARD)) == [
        '- allow: {from: ["*", external], except-from: "b/*", to: a/api, port: http}',
        '- deny: {from: "b/*", to: a/api, port: http}',
        '- only: {to: a/api, from: external, port: ["1-79", "81-65535", any/udp, any/sctp, icmp]}',
    ]


def test_selectors_of_cluster_policies_are_names_for_whom_they_mean() -> None:
    apps = ("one", "two", "three", "four", "five")
    pods = [pod(f"{space}/{app}", "{tier: core}") for app in apps for space in ("a", "b")]
    others = [pod(f"{space}/other", "{tier: edge}") for space in ("a", "b")]
    guard = """
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: guard}
spec:
  tier: Admin
  priority: 5
  subject: {pods: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: c}}, podSelector: {}}}
  ingress:
  - {action: Accept, from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {tier: core}}}}]}
  - {action: Deny, from: [{namespaces: {}}]}
"""
    found = lines(cluster(pod("c/db"), *pods, *others, guard))
    assert '- only: {to: "c/*", from: ["*/{tier=core}", external]}' in found


def test_addresses_are_told_in_the_fewest_words() -> None:
    few = cluster(*PODS, policy("a", rule("{ipBlock: {cidr: 203.0.113.0/24}}"), "api"))
    assert '- allow: {from: "203.0.113.0/24", to: a/api, port: any}' in lines(few)
    assert '- deny: {from: external, except-from: "203.0.113.0/24", to: a/api}' in lines(few)
    block = "{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}"
    most = cluster(*PODS, policy("a", rule(block), "api"))
    assert '- allow: {from: external, except-from: "10.0.0.0/8", to: a/api, port: any}' in lines(
        most
    )
    assert '- deny: {from: "10.0.0.0/8", to: a/api}' in lines(most)


def test_a_block_that_some_pod_is_in_is_told_without_it() -> None:
    """As an end of an expectation `203.0.113.0/24` would be that pod, too."""
    inside = pod("b/in", ip="203.0.113.9")
    snapshot = cluster(*PODS, inside, policy("a", rule("{ipBlock: {cidr: 203.0.113.0/24}}"), "api"))
    found = lines(snapshot)
    assert '- deny: {from: external, except-from: "203.0.113.0/24", to: a/api}' in found
    assert not any(line.startswith('- allow: {from: "203') for line in found)
    assert "- allow: {from: b/in, to: a/api, port: any}" in found
    assert '- deny: {from: "*", except-from: b/in, to: a/api}' in found


def test_many_are_called_as_policies_call_them() -> None:
    crew = [pod(f"b/p{number}", "{crew: x}") for number in range(5)]
    peer = "{namespaceSelector: {}, podSelector: {matchLabels: {crew: x}}}"
    snapshot = cluster(*PODS, *crew, policy("a", rule(peer), "api"))
    assert '- only: {to: a/api, from: "*/{crew=x}"}' in lines(snapshot)


def test_who_is_left_out_is_neither_among_those_who_may_nor_among_the_others() -> None:
    """Of a pod that stands on the network of each node nothing is learned."""
    nodes = node("n1", "192.168.0.1"), node("n2", "192.168.0.2")
    agent = workload("b/agent", "{app: g}", kind="DaemonSet", pod_spec="hostNetwork: true")
    web = "{podSelector: {matchLabels: {app: web}}}"
    found = lines(cluster(*nodes, agent, *PODS, policy("a", rule(web, "{port: 443}"), "api")))
    assert found[1:3] == [
        "- allow: {from: a/web, except-from: b/agent, to: a/api, port: 443}",
        '- deny: {from: ["*", external], except-from: [a/web, b/agent], to: a/api, port: 443}',
    ]


def test_egress_is_told_of_those_whom_nobody_protects_and_of_the_outside() -> None:
    snapshot = cluster(
        *PODS,
        policy("a", CLOSED),
        policy("a", "{podSelector: {}, policyTypes: [Egress]}", "out"),
        policy(
            "a",
            "{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress],"
            " egress: [{to: [{namespaceSelector: {}}], ports: [{port: 53, protocol: UDP}]}]}",
            "dns",
        ),
    )
    assert lines(snapshot) == [
        '- isolated: {pods: "a/*"}',
        '- deny: {from: ["*", external], to: "a/*"}',
        '- deny: {from: a/api, to: ["*", external]}',
        '- allow: {from: a/web, to: "b/*", port: "53/udp"}',
        '- deny: {from: a/web, to: external, port: "53/udp"}',
        '- deny: {from: a/web, to: ["*", external],',
        '    port: [any/tcp, "1-52/udp", "54-65535/udp", any/sctp, icmp]}',
    ]


def test_what_nobody_restricts_is_a_remark() -> None:
    found = netsim.learn(netsim.compile_snapshot(cluster(*PODS, policy("a", CLOSED)))).text
    assert "# Namespace b\n# not isolated: anyone may reach b/*" in found


def test_where_nothing_is_isolated_there_is_nothing_to_learn() -> None:
    with pytest.raises(QueryError, match="there is nothing to expect"):
        netsim.learn(netsim.compile_snapshot(cluster(*PODS)))


def test_every_claim_is_read_as_it_was_written(tmp_path: Path) -> None:
    many = Ends(tuple(f"namespace-{number}/workload-{number}" for number in range(30)), ("a/b",))
    ports = Ports(tuple(map(parse_port, ("any/tcp", "80", "53/udp", "http", "1-9/sctp", "icmp"))))
    outside = Ends(("external", "10.0.0.0/8", "fd00::/8", "ns{a=b,c in (d,e)}/{!f}"))
    claims = (
        Allow(many, outside, ports, some=True),
        Allow(Ends(("true/null",)), Ends(("*",)), Ports()),
        Deny(outside, many, Ports(), some=True),
        Only(outside, Ends(("a/*",)), ports),
        Isolated(many, (netsim.Direction.EGRESS, netsim.Direction.INGRESS)),
        Isolated(Ends(("a/*",)), (netsim.Direction.INGRESS,)),
        ReachAtMost(Ends(("a/b",)), 3, Ends(("a/*", "external")), ports),
    )
    learned = Learned("a: b", (Section(("One", "two"), claims[:3]), Section((), claims[3:])))
    (tmp_path / "s.yaml").write_text(learned.text)
    assert netsim.load_suites(tmp_path / "s.yaml") == (learned.suite,)
    assert max(map(len, learned.text.splitlines())) <= 100
