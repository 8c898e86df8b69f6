"""Pods and nodes of two addresses, of which an expectation names one (NP-41, NP-42)."""

from __future__ import annotations

import pytest
from builders import cluster, namespace, node, pod, policy

import netsim
from netsim.suites.reading import suites_of

CLUSTER = cluster(
    namespace("a"),
    node("n1", "192.168.0.1", "fd00:1::1"),
    pod("a/v6", ip="fd00::2"),
    pod("a/dual", ip="10.0.0.3 fd00::3"),
    policy("a", "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 'fd00::/16'}}]}]}"),
)


@pytest.mark.parametrize(
    ("source", "destination"),
    [
        ("a/v6", "10.0.0.3"),
        ("10.0.0.3", "a/v6"),
        ("192.168.0.1", "a/v6"),
        ("203.0.113.7", "a/dual"),
        ("a/dual", "fd00::2"),
    ],
)
def test_a_breach_names_what_can_be_asked_for(source: str, destination: str) -> None:
    head = "apiVersion: netsim.dev/v1\nkind: Suite\nmetadata: {name: s}\nexpect:\n"
    word = "allow" if source != "a/dual" else "deny"
    item = f'{word}: {{from: "{source}", to: "{destination}", port: 80}}'
    program = netsim.compile_snapshot(CLUSTER)
    [found] = netsim.check(program, *suites_of(f"{head}- {item}\n"))
    [outcome] = found.outcomes
    [breach] = outcome.breaches
    named = destination if destination == "10.0.0.3" else destination.replace("fd00::2", "a/v6")
    assert (breach.source, breach.destination) == (source, named)
    assert breach.verdict is not None
    verdict = netsim.can(CLUSTER, breach.source, breach.destination, breach.port)
    assert verdict.word == breach.verdict.word == ("deny" if word == "allow" else "allow")
