"""With `allow-empty` what means nothing counts as nobody, and the rest is judged."""

from __future__ import annotations

import pytest
from builders import cluster, namespace, pod, policy

import netsim
from netsim import Outcome
from netsim.suites.reading import suites_of

CLUSTER = cluster(
    namespace("a"),
    namespace("b"),
    pod("a/web", "{app: web}"),
    pod("a/debug", "{app: debug}"),
    pod("a/db", "{app: db}", ports="[{name: sql, containerPort: 5432}]"),
    pod("a/twice"),
    pod("b/twice"),
    policy(
        "a",
        "{podSelector: {matchLabels: {app: db}}, ingress: "
        "[{from: [{podSelector: {}}], ports: [{port: 5432}]}]}",
    ),
)


def suite(*items: str) -> netsim.Suite:
    text = "apiVersion: netsim.dev/v1\nkind: Suite\nmetadata: {name: s}\nexpect:\n"
    [found] = suites_of(text + "\n".join(f"- {item}" for item in items))
    return found


def outcome(item: str) -> Outcome:
    [found] = netsim.check(netsim.compile_snapshot(CLUSTER), suite(item))
    [only] = found.outcomes
    return only


@pytest.mark.parametrize(
    "item",
    [
        "deny: {from: [a/web, a/typo], to: a/db, port: 5432, allow-empty: true}",
        "deny: {from: a/web, to: [a/typo, a/db], port: 5432, allow-empty: true}",
        "deny: {from: a/web, except-from: a/typo, to: a/db, port: 5432, allow-empty: true}",
        "deny: {from: a/web, to: a/db, except-to: a/typo, port: 5432, allow-empty: true}",
        "deny: {from: a/web, to: a/db, port: [5432, nosuch], allow-empty: true}",
        "deny: {from: a/web, to: a/db, port: [nosuch, sql], allow-empty: true}",
        "allow: {from: [a/web, a/typo], to: a/db, port: 80, allow-empty: true}",
        "allow: {some: true, from: [a/web, a/typo], to: a/db, port: 80, allow-empty: true}",
        "only: {from: a/typo, to: a/db, port: 5432, allow-empty: true}",
        "only: {from: [a/web, a/typo], to: a/db, port: 5432, allow-empty: true}",
        "isolated: {pods: [a/web, a/typo], allow-empty: true}",
        "isolated: {pods: a/web, except: a/typo, allow-empty: true}",
        "reach-at-most: {from: a/web, hops: 1, within: a/typo, allow-empty: true}",
        "reach-at-most: {from: [a/typo, a/web], hops: 1, within: b/twice, allow-empty: true}",
        "reach-at-most: {from: a/web, hops: 1, within: b/*, port: [nosuch, sql], allow-empty: true}",
    ],
)
def test_the_rest_is_judged(item: str) -> None:
    found = outcome(item)
    assert (found.holds, found.empty) == (False, False)
    assert found.breaches
    without = outcome(item.replace(", allow-empty: true", ""))
    assert (without.holds, without.empty) == (False, True)


@pytest.mark.parametrize(
    "item",
    [
        "deny: {from: [a/typo, a/other], to: a/db, port: 5432, allow-empty: true}",
        "deny: {from: [a/db, a/typo], to: a/db, port: 5432, allow-empty: true}",
        "deny: {from: a/web, to: a/db, port: [nosuch, none], allow-empty: true}",
        "only: {from: a/web, to: a/typo, port: 5432, allow-empty: true}",
        "isolated: {pods: a/typo, allow-empty: true}",
        "reach-at-most: {from: a/typo, hops: 1, within: a/*, allow-empty: true}",
        "reach-at-most: {from: a/web, hops: 1, within: a/db, port: none, allow-empty: true}",
    ],
)
def test_where_nothing_is_left_it_is_about_nothing(item: str) -> None:
    found = outcome(item)
    assert (found.holds, found.empty) == (True, True)
    assert found.reason == outcome(item.replace(", allow-empty: true", "")).reason


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("deny: {from: twice, to: a/db, allow-empty: true}", "names 2 things"),
        ("deny: {from: [a/typo, twice], to: a/db, allow-empty: true}", "names 2 things"),
        ("deny: {from: svc/web, to: a/db, allow-empty: true}", "a Service (`web`)"),
        ("isolated: {pods: [a/typo, external], allow-empty: true}", "means addresses, too"),
        (
            "reach-at-most: {from: external, hops: 1, within: a/*, allow-empty: true}",
            "more than pods in their places",
        ),
    ],
)
def test_what_is_wrong_otherwise_fails(item: str, reason: str) -> None:
    found = outcome(item)
    assert not found.holds
    assert reason in found.reason


def test_the_rest_is_exercised() -> None:
    program = netsim.compile_snapshot(CLUSTER)
    item = "deny: {from: [external, a/typo], to: a/db, port: [5432, nosuch], allow-empty: true}"
    [policy, rule] = netsim.coverage(program, suite(item)).items
    assert (policy.state.value, rule.state.value) == ("exercised", "not exercised")
