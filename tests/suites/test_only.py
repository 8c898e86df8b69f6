"""Who the others are that `only` is about."""

from __future__ import annotations

import pytest
from builders import cluster, namespace, node, pod, policy

import netsim
from netsim import Outcome
from netsim.suites.reading import suites_of

CLUSTER = cluster(
    namespace("a"),
    node("n1", "192.168.0.1"),
    pod("a/web", "{app: web}"),
    pod("a/debug", "{app: debug}"),
    pod("a/db", "{app: db}", ip="10.0.0.3"),
    policy(
        "a",
        "{podSelector: {matchLabels: {app: db}}, ingress: "
        "[{from: [{podSelector: {}}, {ipBlock: {cidr: 192.168.0.0/24}}], ports: [{port: 5432}]}]}",
    ),
)


def outcome(fields: str) -> Outcome:
    head = "apiVersion: netsim.dev/v1\nkind: Suite\nmetadata: {name: s}\nexpect:\n"
    suites = suites_of(f"{head}- only: {{{fields}, to: a/db, port: 5432}}\n")
    [found] = netsim.check(netsim.compile_snapshot(CLUSTER), *suites)
    [only] = found.outcomes
    return only


@pytest.mark.parametrize(
    ("fields", "others"),
    [
        ("from: ['a/*', 192.168.0.0/24]", []),
        ("from: ['a/*', 192.168.0.0/24], except-from: a/debug", ["a/debug"]),
        ("from: ['a/*', 192.168.0.0/24], except-from: [a/debug, a/web]", ["a/debug", "a/web"]),
        # Of which `*` and `external` don't mean any.
        ("from: ['a/*', 192.168.0.0/24], except-from: node/n1", ["node/n1"]),
        ("from: ['a/*', 192.168.0.0/24], except-from: 192.168.0.128/25", ["192.168.0.128"]),
        ("from: ['a/*', 192.168.0.0/24], except-from: a/db", []),
    ],
)
def test_who_is_excepted_is_one_of_them(fields: str, others: list[str]) -> None:
    found = outcome(fields)
    assert found.holds is (not others)
    assert [breach.source for breach in found.breaches] == others
