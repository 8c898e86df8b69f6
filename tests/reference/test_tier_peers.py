"""ANP-13..ANP-17, ANP-26, ANP-33: whom the rules of cluster policies are about."""

from __future__ import annotations

import pytest
from builders import cluster, namespace, node, pod, policy, workload
from tier_builders import answered, cnp, passes, places

from netsim import QueryError, Snapshot
from netsim.model.flow import Cause

N1 = node("n1", "192.168.0.1", "198.51.100.1").replace(
    "{name: n1}", "{name: n1, labels: {role: edge}}"
)
N2 = node("n2", "192.168.0.2").replace("{name: n2}", "{name: n2, labels: {role: core}}")
PODS = (
    namespace("a", "{team: a}"),
    namespace("b", "{team: b}"),
    pod("a/web", "{app: web}", ip="10.0.1.1"),
    pod("a/cli", "{app: cli}", ip="10.0.1.2"),
    pod("b/cli", "{app: cli}", ip="10.0.2.1"),
    pod("b/db", "{app: db}", ip="10.0.2.2"),
    pod("b/agent", "{app: agent}", ip="192.168.0.2", spec="hostNetwork: true, nodeName: n2"),
    N1,
    N2,
)  # fmt: skip
ENDS = ("a/cli", "b/cli", "b/db", "b/agent", "node/n1", "198.51.100.1", "203.0.113.7")
SUBJECT = "{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}}"
EVERY_POD = {"a/cli", "b/cli", "b/db"}
IN_B = "{namespaces: {matchLabels: {team: b}}}"
PODS_CLI = "{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: cli}}}}"
CLI_OF_B = (
    "{pods: {namespaceSelector: {matchLabels: {team: b}}, podSelector: {matchLabels: {app: cli}}}}"
)
UNUSABLE = "{namespaces: {matchExpressions: [{key: team, operator: Near, values: [b]}]}}"


def denied_out(*peers: str, **options: object) -> set[str]:
    """The destinations that a Deny of these egress peers stops."""
    snapshot = denying_out(*peers, **options)
    return {end for end in ENDS if not passes(snapshot, "a/web", end)}


def denying_out(*peers: str, **options: object) -> Snapshot:
    deny = f"{{action: Deny, to: [{', '.join(peers)}]}}"
    return cluster(*PODS, cnp(subject=SUBJECT, egress=deny), **options)


def denied_in(*peers: str, **options: object) -> set[str]:
    """The sources that a Deny of these ingress peers stops."""
    deny = f"{{action: Deny, from: [{', '.join(peers)}]}}"
    snapshot = cluster(*PODS, cnp(subject=SUBJECT, ingress=deny), **options)
    return {end for end in ENDS if not passes(snapshot, end, "a/web")}


@pytest.mark.parametrize(
    ("peers", "expected"),
    [
        (["{namespaces: {}}"], EVERY_POD),
        ([IN_B], {"b/cli", "b/db"}),
        ([PODS_CLI], {"a/cli", "b/cli"}),
        ([CLI_OF_B], {"b/cli"}),
        ([CLI_OF_B, "{namespaces: {matchLabels: {team: a}}}"], {"b/cli", "a/cli"}),
        (["{pods: {namespaceSelector: {}, podSelector: {}}}"], EVERY_POD),
    ],
)
class TestANP13PodsAlone:
    """ANP-4, ANP-13, ANP-14: peers by label are pods of the pod network, in both directions."""

    def test_ingress(self, peers: list[str], expected: set[str]) -> None:
        assert denied_in(*peers) == expected

    def test_egress(self, peers: list[str], expected: set[str]) -> None:
        assert denied_out(*peers) == expected


class TestANP14HostNetwork:
    """hostNetwork pods are governed by nobody, and are no pod to a peer."""

    def test_they_are_no_subject(self) -> None:
        deny = "{action: Deny, to: [{networks: [0.0.0.0/0]}]}"
        answer = answered(cluster(*PODS, cnp(egress=deny)), "b/agent", "203.0.113.7")
        assert answer.egress.cause is Cause.NOT_A_SUBJECT

    def test_under_as_pods_they_are_both(self) -> None:
        assert denied_in("{namespaces: {}}", host_network_pods="as_pods") == EVERY_POD | {"b/agent"}


class TestANP15Networks:
    """Whoever has the address, whatever is said about ipBlock."""

    @pytest.mark.parametrize(
        ("networks", "expected"),
        [
            ("[0.0.0.0/0]", set(ENDS)),
            ("['::/0']", set()),
            ("[10.0.2.0/24]", {"b/cli", "b/db"}),
            ("[10.0.2.2/32, 203.0.113.0/24]", {"b/db", "203.0.113.7"}),
            ("[192.168.0.0/30]", {"b/agent", "node/n1"}),
        ],
    )
    @pytest.mark.parametrize("matches", [True, False])
    def test_who_is_in_them(self, networks: str, expected: set[str], matches: bool) -> None:
        options = {"ipblock_matches_pods": matches, "ipblock_matches_nodes": matches}
        assert denied_out(f"{{networks: {networks}}}", **options) == expected

    def test_no_option_about_ipblock_is_named(self) -> None:
        answer = answered(denying_out("{networks: [10.0.2.0/24]}"), "a/web", "b/db")
        assert answer.egress.options == ()

    def test_one_peer_of_several_networks_is_one_reason(self) -> None:
        answer = answered(denying_out("{networks: [10.0.0.0/8, 10.0.2.0/24]}"), "a/web", "b/db")
        assert places(answer.egress.reasons) == [("p", 0, 0, None)]

    def test_of_two_families_one_open_is_enough(self) -> None:
        web = pod("a/web", "{app: web}", ip="10.0.1.1 fd00::1")
        db = pod("b/db", ip="10.0.2.2 fd00::2")
        four, both = "[0.0.0.0/0]", "[0.0.0.0/0, '::/0']"
        for networks, allowed in ((four, True), (both, False)):
            deny = f"{{action: Deny, to: [{{networks: {networks}}}]}}"
            assert passes(cluster(web, db, cnp(egress=deny)), "a/web", "b/db") == allowed

    def test_an_unknown_address_is_assumed_outside_of_each(self) -> None:
        new = pod("b/new", status="phase: Pending")
        deny = "{action: Deny, to: [{networks: [10.8.0.0/16, 10.9.0.0/16]}]}"
        snapshot = cluster(*PODS, new, cnp(subject=SUBJECT, egress=deny))
        answer = answered(snapshot, "a/web", "b/new")
        assert answer.allowed
        assert answer.assumptions == tuple(
            f"assuming that no pod has an address in {block}; set pod_cidrs to say otherwise"
            for block in ("10.8.0.0/16", "10.9.0.0/16")
        )

    def test_it_has_the_family_of_the_other_end(self) -> None:
        new = pod("b/new", status="phase: Pending")
        deny = "{action: Deny, to: [{networks: ['::/0']}]}"
        answer = answered(cluster(*PODS, new, cnp(subject=SUBJECT, egress=deny)), "a/web", "b/new")
        assert (answer.allowed, answer.assumptions) == (True, ())

    def test_unless_pod_cidrs_say_where(self) -> None:
        new = pod("b/new", status="phase: Pending")
        deny = "{action: Deny, to: [{networks: [10.8.0.0/16]}]}"
        snapshot = cluster(*PODS, new, cnp(subject=SUBJECT, egress=deny), pod_cidrs="10.8.1.0/24")
        answer = answered(snapshot, "a/web", "b/new")
        assert (answer.allowed, answer.assumptions) == (False, ())


class TestANP16Nodes:
    """By label, and at every address of theirs."""

    @pytest.mark.parametrize(
        ("selector", "expected"),
        [
            ("{}", {"node/n1", "198.51.100.1", "b/agent"}),
            ("{matchLabels: {role: edge}}", {"node/n1", "198.51.100.1"}),
            ("{matchExpressions: [{key: role, operator: NotIn, values: [edge]}]}", {"b/agent"}),
            ("{matchLabels: {role: none}}", set()),
        ],
    )
    def test_who_they_are(self, selector: str, expected: set[str]) -> None:
        assert denied_out(f"{{nodes: {selector}}}") == expected

    def test_one_without_known_address_is_known_by_name(self) -> None:
        bare = node("n3").replace("{name: n3}", "{name: n3, labels: {role: edge}}")
        deny = "{action: Deny, to: [{nodes: {matchLabels: {role: edge}}}]}"
        assert not passes(cluster(*PODS, bare, cnp(egress=deny)), "a/web", "node/n3")

    NAMELESS = pod("b/ghost", ip="192.168.0.9", spec="hostNetwork: true, nodeName: n9")

    def test_one_without_manifest_is_one_of_all(self) -> None:
        snapshot = cluster(*PODS, self.NAMELESS, cnp(egress="{action: Deny, to: [{nodes: {}}]}"))
        answer = answered(snapshot, "a/web", "b/ghost")
        assert (answer.allowed, answer.assumptions) == (False, ())

    @pytest.mark.parametrize(
        ("end", "whose"), [("b/ghost", "the node of `b/ghost`"), ("192.168.0.9", "`node/n9`")]
    )
    def test_its_labels_are_assumed(self, end: str, whose: str) -> None:
        deny = "{action: Deny, to: [{nodes: {matchLabels: {role: edge}}}]}"
        answer = answered(cluster(*PODS, self.NAMELESS, cnp(egress=deny)), "a/web", end)
        assert answer.allowed
        assert answer.assumptions == (
            f"assuming that {whose} does not match `role=edge`: its labels are not known",
        )

    def test_a_pod_whose_node_is_not_named_tells_it_by_address(self) -> None:
        ghost = pod("b/ghost", ip="192.168.0.1", spec="hostNetwork: true")
        deny = "{action: Deny, to: [{nodes: {matchLabels: {role: edge}}}]}"
        answer = answered(cluster(*PODS, ghost, cnp(egress=deny)), "a/web", "b/ghost")
        assert (answer.allowed, answer.assumptions) == (False, ())

    def test_a_node_that_has_neither_name_nor_manifest(self) -> None:
        web = pod("a/web", ip="10.0.1.1", status="phase: Running, hostIP: 192.168.0.7")
        deny = "{action: Deny, to: [{nodes: {matchLabels: {role: edge}}}]}"
        answer = answered(cluster(*PODS[:2], web, cnp(egress=deny)), "a/web", "192.168.0.7")
        assert answer.assumptions == (
            "assuming that the node at `192.168.0.7` does not match `role=edge`: its labels are not known",
        )


class TestANP17Domains:
    """What is reached under a name; a question that names none is about no name."""

    @pytest.mark.parametrize(
        ("written", "asked", "expected"),
        [
            ("api.example.com", "api.example.com", True),
            ("api.example.com", "x.api.example.com", False),
            ("api.example.com", "example.com", False),
            ("API.Example.com.", "api.example.com", True),
            ("'*.example.com'", "api.example.com", True),
            ("'*.example.com'", "a.b.example.com", True),
            ("'*.example.com'", "example.com", False),
            ("'*.example.com'", "anexample.com", False),
            ("'*.example.com'", "203.0.113.7", False),
            ("api.example.com", "api.example.com@203.0.113.7", True),
            ("www.example.com, api.example.com", "api.example.com", True),
        ],
    )
    def test_names(self, written: str, asked: str, expected: bool) -> None:
        accept = f"{{action: Accept, to: [{{domainNames: [{written}]}}]}}"
        rest = "{action: Deny, to: [{networks: [0.0.0.0/0]}]}"
        snapshot = cluster(*PODS, cnp(subject=SUBJECT, egress=f"{accept}, {rest}"))
        assert passes(snapshot, "a/web", asked) == expected

    def test_the_address_behind_it_is_outside_of_what_is_not_everything(self) -> None:
        answer = answered(denying_out("{networks: [203.0.113.0/24]}"), "a/web", "api.example.com")
        assert answer.allowed
        assert answer.assumptions == (
            "assuming that `api.example.com` has no address in 203.0.113.0/24",
        )

    def test_the_same_for_ipblock(self) -> None:
        spec = "{policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]}"
        snapshot = cluster(*PODS, policy("a", spec))
        answer = answered(snapshot, "a/web", "api.example.com")
        assert not answer.allowed
        assert len(answer.assumptions) == 1
        assert passes(snapshot, "a/web", "api.example.com@203.0.113.7")

    def test_a_name_of_a_pod_is_that_pod(self) -> None:
        deny = f"{{action: Deny, to: [{IN_B}]}}"
        accept = "{action: Accept, to: [{domainNames: [db.example.com]}]}"
        snapshot = cluster(*PODS, cnp(subject=SUBJECT, egress=f"{accept}, {deny}"))
        assert passes(snapshot, "a/web", "db.example.com@10.0.2.2")
        assert not passes(snapshot, "a/web", "www.example.com@10.0.2.2")

    def test_it_is_governed_for_ingress(self) -> None:
        snapshot = cluster(*PODS, cnp(ingress="{action: Deny, from: [{namespaces: {}}]}"))
        answer = answered(snapshot, "a/web", "db.example.com@10.0.2.2")
        assert answer.ingress.cause is Cause.TIER_DENY

    def test_a_name_sends_nothing(self) -> None:
        with pytest.raises(QueryError, match="where traffic goes to, not where it comes from"):
            answered(cluster(*PODS), "api.example.com", "a/web")

    @pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
    def test_nor_is_loopback_behind_one(self, address: str) -> None:
        with pytest.raises(QueryError, match="never leaves its pod"):
            answered(cluster(*PODS), "a/web", f"localhost.example@{address}")


class TestANP26Unusable:
    """ANP-26, ANP-33: a peer that can't be understood opens nothing and closes everything."""

    def test_an_accept_has_its_other_peers(self) -> None:
        accept = f"{{action: Accept, from: [{UNUSABLE}, {CLI_OF_B}]}}"
        closed = policy("a", "{podSelector: {}}")
        snapshot = cluster(*PODS, cnp(subject=SUBJECT, ingress=accept), closed)
        assert {end for end in ENDS if passes(snapshot, end, "a/web")} == {"b/cli"}

    @pytest.mark.parametrize("action", ["Deny", "Pass"])
    def test_anything_else_denies_every_pod(self, action: str) -> None:
        rule = f"{{action: {action}, from: [{UNUSABLE}], protocols: [{{destinationNamedPort: x}}]}}"
        snapshot = cluster(*PODS, cnp(subject=SUBJECT, ingress=rule))
        assert {end for end in ENDS if not passes(snapshot, end, "a/web")} == EVERY_POD
        assert not passes(snapshot, "b/cli", "a/web", "icmp")

    @pytest.mark.parametrize("action", ["Deny", "Pass"])
    def test_and_egress_to_everybody(self, action: str) -> None:
        rule = f"{{action: {action}, to: [{IN_B}, {UNUSABLE}]}}"
        snapshot = cluster(*PODS, cnp(subject=SUBJECT, egress=rule))
        assert {end for end in ENDS if not passes(snapshot, "a/web", end)} == set(ENDS)
        answer = answered(snapshot, "a/web", "api.example.com")
        assert answer.egress.cause is Cause.TIER_DENY
        assert places(answer.egress.reasons) == [("p", 0, 0, None), ("p", 0, 1, None)]

    def test_a_rule_before_it_is_asked_before_it(self) -> None:
        rules = f"{{action: Accept, from: [{IN_B}]}}, {{action: Deny, from: [{UNUSABLE}]}}"
        snapshot = cluster(*PODS, cnp(subject=SUBJECT, ingress=rules))
        assert passes(snapshot, "b/cli", "a/web")
        assert not passes(snapshot, "a/cli", "a/web")

    def test_an_unusable_subject_is_nobody(self) -> None:
        deny = "{action: Deny, from: [{namespaces: {}}]}"
        answer = answered(cluster(*PODS, cnp(subject=UNUSABLE, ingress=deny)), "b/cli", "a/web")
        assert (answer.ingress.cause, answer.ingress.steps) == (Cause.NOT_ISOLATED, ())


class TestUnknownLabels:
    """WL-7, NP-35: labels that only the live cluster has, of subjects and of peers."""

    HASH = "{pods: {namespaceSelector: {}, podSelector: {matchLabels: {pod-template-hash: abc}}}}"
    DENY = "{action: Deny, from: [{namespaces: {}}]}"

    def test_whether_a_policy_governs(self) -> None:
        snapshot = cluster(
            *PODS, workload("a/api", "{app: api}"), cnp(subject=self.HASH, ingress=self.DENY)
        )
        answer = answered(snapshot, "b/cli", "a/deployment/api")
        assert answer.allowed
        assert len(answer.assumptions) == 1

    def test_whether_a_rule_matches(self) -> None:
        deny = f"{{action: Deny, from: [{self.HASH}]}}"
        snapshot = cluster(*PODS, workload("a/api", "{app: api}"), cnp(ingress=deny))
        answer = answered(snapshot, "a/deployment/api", "a/web")
        assert answer.allowed
        assert len(answer.assumptions) == 1

    def test_a_namespace_without_manifest_is_noted(self) -> None:
        subject = "{namespaces: {matchLabels: {team: c}}}"
        snapshot = cluster(
            *PODS, pod("c/new", ip="10.0.3.1"), cnp(subject=subject, ingress=self.DENY)
        )
        answer = answered(snapshot, "b/cli", "c/new")
        assert answer.notes == (
            "namespace `c` is not in the input: only its name label is known",
        )  # fmt: skip
