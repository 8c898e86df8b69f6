"""Expectations about what is reached under a DNS name (ANP-17): no class answers for it."""

from __future__ import annotations

import pytest
from builders import cluster, pod, policy
from tier_builders import cnp

import netsim
from netsim import Outcome
from netsim.suites.reading import suites_of

TO_A_BLOCK = """
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Egress]
  egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]
"""
PROGRAM = netsim.compile_snapshot(
    cluster(
        pod("shop/web", "{app: web}", ip="10.0.0.1"),
        pod("shop/db", "{app: db}", ip="10.0.0.2"),
        policy("shop", TO_A_BLOCK),
    )
)
UNKNOWN = "assuming that `api.example.com` has no address in 203.0.113.0/24"


PODS = pod("a/x", "{app: x}", ip="10.0.0.1"), pod("a/z", ip="10.0.0.2")
OPEN = '{action: Accept, to: [{domainNames: ["*.evil.com"]}], protocols: [{tcp: {destinationPort: {number: 443}}}]}'
SHUT = "{action: Deny, to: [{networks: [0.0.0.0/0]}]}"
OF_X = "{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: x}}}}"
BELONGS = ("assuming that no address outside belongs to `*.evil.com`",)


def outcome(expectation: str, program: netsim.Program = PROGRAM) -> Outcome:
    text = (
        f"apiVersion: netsim.dev/v1\nkind: Suite\nmetadata: {{name: s}}\nexpect:\n- {expectation}\n"
    )
    [found] = netsim.check(program, *suites_of(text))
    [only] = found.outcomes
    return only


@pytest.mark.parametrize(
    ("expectation", "holds", "assumptions"),
    [
        ("deny: {from: shop/web, to: api.example.com}", True, (UNKNOWN,)),
        ("allow: {from: shop/web, to: api.example.com, port: 443}", False, (UNKNOWN,)),
        ("allow: {from: shop/web, to: api.example.com@203.0.113.7, port: 443}", True, ()),
        ("deny: {from: shop/web, to: api.example.com@198.51.100.7}", True, ()),
        ("only: {from: shop/db, to: api.example.com@198.51.100.7}", True, ()),
        ("only: {from: shop/db, to: api.example.com@203.0.113.7}", False, ()),
        # Its address is that of `web`
        ("allow: {from: shop/db, to: web.example.com@10.0.0.1, port: 80}", True, ()),
    ],
)
def test_it_is_met_from_inside(expectation: str, holds: bool, assumptions: tuple[str, ...]) -> None:
    found = outcome(expectation)
    assert (found.holds, found.empty, found.assumptions) == (holds, False, assumptions)


@pytest.mark.parametrize(
    ("expectation", "reason"),
    [
        ("deny: {from: external, to: api.example.com}", "it is about no pair of different endpoints"),
        ("deny: {from: api.example.com, to: shop/web}",
         "`api.example.com`: a name is where traffic goes to, not where it comes from"),
    ],
)  # fmt: skip
def test_it_is_no_source_and_not_met_from_outside(expectation: str, reason: str) -> None:
    found = outcome(expectation)
    assert (found.holds, found.empty) == (False, True)
    assert found.reason.startswith(reason)


def test_a_breach_can_be_asked_about() -> None:
    found = outcome("deny: {from: '*', to: [shop/web, api.example.com@203.0.113.7]}")
    breaches = {(breach.source, breach.destination) for breach in found.breaches}
    assert ("shop/web", "api.example.com@203.0.113.7") in breaches
    assert found.pairs == 3


@pytest.mark.parametrize(
    ("expectation", "holds", "assumptions"),
    [
        ("deny: {from: '*', to: external}", True, BELONGS),
        ("deny: {from: '*', to: external, port: 443}", True, BELONGS),
        ("deny: {from: '*', to: external, port: 80}", True, ()),
        ("deny: {from: a/z, to: external}", True, ()),
        ("deny: {from: a/x, to: 198.51.100.7}", True, BELONGS),
        ("only: {from: a/z, to: 198.51.100.0/24, port: 53}", False, ()),
        ("allow: {from: a/x, to: 198.51.100.7, port: 443}", False, BELONGS),
        ("allow: {from: a/x, to: 198.51.100.7, port: any}", False, ()),
        ("deny: {from: a/x, to: a/z}", True, ()),
        ("deny: {from: external, to: a/x}", False, ()),
        ("reach-at-most: {from: a/x, hops: 1, within: a/z}", True, BELONGS),
        ("reach-at-most: {from: a/x, hops: 1, port: 80, within: a/z}", True, ()),
        ("reach-at-most: {from: a/z, hops: 1, within: a/x}", True, ()),
        ("reach-at-most: {from: a/x, hops: 1, within: external}", True, ()),
    ],
)
def test_an_address_outside_may_belong_to_a_name(
    expectation: str, holds: bool, assumptions: tuple[str, ...]
) -> None:
    found = outcome(expectation, closed_but_for_a_name())
    assert (found.holds, found.assumptions) == (holds, assumptions)


@pytest.mark.parametrize(
    ("egress", "assumptions"),
    [
        (f"{OPEN}, {SHUT}", BELONGS),
        # What is denied before isn't opened; and what every address gets needs no name.
        (f"{SHUT}, {OPEN}", ()),
        (f"{{action: Accept, to: [{{networks: [0.0.0.0/0]}}]}}, {OPEN}, {SHUT}", ()),
    ],
)
def test_only_a_rule_that_could_turn_it_is_told(egress: str, assumptions: tuple[str, ...]) -> None:
    program = netsim.compile_snapshot(cluster(*PODS, cnp(egress=egress)))
    assert outcome("deny: {from: a/x, to: external}", program).assumptions == assumptions


def test_a_name_may_begin_with_a_low_line() -> None:
    named = OPEN.replace("*.evil.com", "_x.evil.com")
    program = netsim.compile_snapshot(cluster(*PODS, cnp(egress=f"{named}, {SHUT}")))
    assert outcome("allow: {from: a/x, to: _x.evil.com, port: 443}", program).holds


def closed_but_for_a_name() -> netsim.Program:
    return netsim.compile_snapshot(
        cluster(
            *PODS,
            cnp("a", egress=OPEN, subject=OF_X, priority=1),
            cnp("b", egress=SHUT, priority=2),
        )
    )


def test_networks_of_one_peer_hold_the_address_of_a_name_together() -> None:
    halves = SHUT.replace("0.0.0.0/0", "0.0.0.0/1, 128.0.0.0/1")
    program = netsim.compile_snapshot(cluster(*PODS, cnp(egress=halves)))
    found = outcome("deny: {from: a/x, to: api.example.com}", program)
    assert (found.holds, found.assumptions) == (True, ())
    assert program.reach().outside.sent_to("api.example.com", 0) == (0, 0, 0)
    half = netsim.compile_snapshot(cluster(*PODS, cnp(egress=SHUT.replace("/0]", "/1]"))))
    assert outcome("allow: {from: a/x, to: api.example.com, port: 80}", half).assumptions
