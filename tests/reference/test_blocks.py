"""NP-36..NP-43: ipBlock, families, and addresses that nobody knows."""

from __future__ import annotations

import pytest
from builders import allowed, asked, cluster, node, pod, policy, workload

import netsim
from netsim import Snapshot
from netsim.model.flow import Cause, Family

WEB = pod("a/web", "{app: web}", ip="10.0.1.1 fd00::1")


def blocks(*written: str) -> str:
    items = ", ".join(f"{{ipBlock: {{{block}}}}}" for block in written)
    return f"{{ingress: [{{from: [{items}]}}]}}"


def ruled(*written: str) -> Snapshot:
    return cluster(
        WEB,
        pod("b/cli", ip="10.0.2.1"),
        pod("b/both", ip="10.0.2.2 fd00::2"),
        policy("a", blocks(*written)),
    )


@pytest.mark.parametrize(
    ("rule", "block", "source", "expected"),
    [
        ("NP-36", "cidr: 203.0.113.0/24", "203.0.113.0", True),
        ("NP-36", "cidr: 203.0.113.0/24", "203.0.113.255", True),
        ("NP-36", "cidr: 203.0.113.0/24", "203.0.114.0", False),
        ("NP-36", "cidr: 203.0.113.0/24, except: [203.0.113.5/32]", "203.0.113.5", False),
        ("NP-36", "cidr: 203.0.113.0/24, except: [203.0.113.5/32]", "203.0.113.6", True),
        ("NP-36", "cidr: 203.0.113.7/32", "203.0.113.7", True),
        ("NP-38", "cidr: 0.0.0.0/0", "2001:db8::1", False),
        ("NP-38", "cidr: '::/0'", "203.0.113.7", False),
        ("NP-38", "cidr: '2001:DB8:0:0::/64'", "2001:db8::1", True),
        ("NP-40", "cidr: 10.0.2.0/24", "b/cli", True),
        ("NP-40", "cidr: 10.0.9.0/24", "b/cli", False),
        ("NP-40", "cidr: 0.0.0.0/0", "b/cli", True),
    ],
)
def test_blocks(rule: str, block: str, source: str, expected: bool) -> None:
    assert allowed(ruled(block), source, "a/web") == expected, rule


class TestNP37ExceptIsNoDeny:
    HOLE = "cidr: 203.0.113.0/24, except: [203.0.113.5/32]"

    def test_another_item_may_allow_what_is_excepted(self) -> None:
        assert allowed(ruled(self.HOLE, "cidr: 203.0.113.5/32"), "203.0.113.5", "a/web")

    def test_another_policy_too(self) -> None:
        more = policy("a", blocks("cidr: 203.0.113.5/32"), "more")
        snapshot = cluster(WEB, policy("a", blocks(self.HOLE)), more)
        assert allowed(snapshot, "203.0.113.5", "a/web")


def test_np_39_host_bits_are_masked_in_legacy_mode() -> None:
    snapshot = cluster(WEB, policy("a", blocks("cidr: 203.0.113.77/24")), strict_ip=False)
    assert allowed(snapshot, "203.0.113.1", "a/web")


class TestNP41Families:
    """One family that both ends have and that allows is enough."""

    def test_allowed_over_ipv6_alone(self) -> None:
        verdict = asked(ruled("cidr: 'fd00::/64'"), "b/both", "a/web")
        answer = verdict.groups[0].answer
        assert verdict.allowed
        assert answer.family is Family.IPV6
        assert [other.family for other in answer.others] == [Family.IPV4]
        assert answer.notes == (
            "over IPv4 it is denied (ingress: isolated, and no rule allows it)",
        )

    def test_a_pod_that_lacks_the_family_is_denied(self) -> None:
        assert not allowed(ruled("cidr: 'fd00::/64'"), "b/cli", "a/web")

    def test_where_families_agree_none_is_named(self) -> None:
        answer = asked(ruled("cidr: 203.0.113.0/24"), "b/both", "a/web").groups[0].answer
        assert answer.family is None
        assert answer.others == ()

    def test_no_family_in_common(self) -> None:
        four, six = pod("b/four", ip="10.0.2.1"), pod("b/six", ip="fd00::9")
        verdict = asked(cluster(four, six), "b/six", "b/four")
        assert not verdict.allowed
        assert verdict.ingress.cause is Cause.NO_COMMON_FAMILY

    def test_what_is_outside_is_asked_about_in_its_own(self) -> None:
        verdict = asked(cluster(pod("b/four", ip="10.0.2.1")), "2001:db8::1", "b/four")
        assert verdict.allowed
        assert verdict.groups[0].answer.notes == (
            "`b/four` has no IPv6 address that is known: this is what policies say",
        )


class TestNP42AddressesOfPods:
    SPEC = "{ingress: [{from: [{namespaceSelector: {}}], ports: [{port: http}]}]}"

    def snapshot(self, *more: str) -> Snapshot:
        web = pod("a/web", ip="10.0.1.1", ports="[{name: http, containerPort: 8080}]")
        return cluster(web, pod("b/cli", ip="10.0.2.1"), policy("a", self.SPEC), *more)

    def test_they_are_those_pods(self) -> None:
        snapshot = self.snapshot()
        assert allowed(snapshot, "10.0.2.1", "10.0.1.1", 8080)
        assert not allowed(snapshot, "10.0.2.99", "10.0.1.1", 8080)
        assert allowed(snapshot, "10.0.2.1", "10.0.1.1", "http")

    def test_the_address_settles_the_family(self) -> None:
        snapshot = ruled("cidr: 'fd00::/64'")
        assert allowed(snapshot, "fd00::2", "a/web")
        assert not allowed(snapshot, "10.0.2.2", "a/web")

    def test_a_finished_pod_has_none(self) -> None:
        done = pod("b/job", ip="10.0.2.50", status="phase: Succeeded")
        assert not allowed(self.snapshot(done), "10.0.2.50", "a/web", 8080)

    def test_the_reference_resolves_them_itself(self) -> None:
        from ipaddress import ip_address

        flow = netsim.Flow(ip_address("10.0.2.1"), ip_address("10.0.1.1"), port=8080)
        assert netsim.decide_by_reference(self.snapshot(), flow).allowed


class TestNP43UnknownAddresses:
    """A block matches only where it holds every address that the pod may get."""

    def verdict(self, block: str, **options: object) -> netsim.Verdict:
        snapshot = cluster(WEB, workload("b/api"), policy("a", blocks(block)), **options)
        return asked(snapshot, "b/api", "a/web")

    @pytest.mark.parametrize(
        ("block", "pod_cidrs", "expected", "assumed"),
        [
            ("cidr: 0.0.0.0/0", "", True, ""),
            ("cidr: '::/0'", "", True, ""),
            ("cidr: 0.0.0.0/0, except: [10.9.0.0/16]", "", False, "0.0.0.0/0 except 10.9.0.0/16"),
            ("cidr: 10.0.0.0/8", "", False, "10.0.0.0/8"),
            ("cidr: 10.0.0.0/8", "10.244.0.0/16", True, ""),
            ("cidr: 10.0.0.0/8, except: [10.9.0.0/16]", "10.244.0.0/16", True, ""),
            ("cidr: 10.0.0.0/8, except: [10.244.9.0/24]", "10.244.0.0/16", False, "10.0.0.0/8 except 10.244.9.0/24"),
            ("cidr: 10.0.0.0/8, except: [10.244.0.0/15]", "10.244.0.0/16", False, ""),
            ("cidr: 10.244.9.0/24", "10.244.0.0/16", False, "10.244.9.0/24"),
            ("cidr: 192.168.0.0/16", "10.244.0.0/16", False, ""),
            ("cidr: 10.0.0.0/8", "10.244.0.0/16,172.16.0.0/16", False, "10.0.0.0/8"),
            ("cidr: 'fd00::/8'", "fd00:1::/64", True, ""),
        ],
    )  # fmt: skip
    def test_blocks(self, block: str, pod_cidrs: str, expected: bool, assumed: str) -> None:
        verdict = self.verdict(block, pod_cidrs=tuple(filter(None, pod_cidrs.split(","))))
        text = f"assuming that no pod has an address in {assumed}; set pod_cidrs to say otherwise"
        assert verdict.allowed == expected
        assert verdict.assumptions == ((text,) if assumed else ())

    def test_no_assumption_where_the_other_answer_changes_nothing(self) -> None:
        open_anyway = policy("a", "{ingress: [{}]}", "open")
        snapshot = cluster(
            WEB, workload("b/api"), policy("a", blocks("cidr: 10.0.0.0/8")), open_anyway
        )
        assert asked(snapshot, "b/api", "a/web").assumptions == ()

    def test_two_that_only_together_change_it(self) -> None:
        out = "{policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.1.0.0/16}}]}]}"
        snapshot = cluster(
            workload("a/api"), workload("b/api"),
            policy("a", blocks("cidr: 10.2.0.0/16")), policy("b", out),
        )  # fmt: skip
        assert len(asked(snapshot, "b/api", "a/api").assumptions) == 2

    def test_pods_of_unknown_family_are_taken_for_ipv4(self) -> None:
        spec = blocks("cidr: '::/0'")
        verdict = asked(
            cluster(workload("a/web"), workload("b/api"), policy("a", spec)), "b/api", "a/web"
        )
        assert not verdict.allowed
        assert verdict.assumptions == (
            "assuming that no pod has an IPv6 address; set pod_cidrs to say otherwise",
        )

    def test_a_node_whose_address_is_not_known(self) -> None:
        agent = pod("b/agent", spec="hostNetwork: true")
        snapshot = cluster(WEB, agent, policy("a", blocks("cidr: 192.168.0.0/16")))
        assert asked(snapshot, "b/agent", "a/web").assumptions == (
            "assuming that the node of `b/agent` has no address in 192.168.0.0/16",
        )
        named = cluster(WEB, node("n1"), policy("a", blocks("cidr: 192.168.0.0/16")))
        assert asked(named, "node/n1", "a/web").assumptions == (
            "assuming that `node/n1` has no address in 192.168.0.0/16",
        )
