"""Expectations about what `keep_going` left out."""

from __future__ import annotations

import pytest
from builders import namespace, node, pod, workload

import netsim
from netsim.suites.reading import suites_of

GOOD = (namespace("b"), namespace("c"), pod("b/x"), node("n1", "192.168.0.1"))
WRONG = "{app: 1}"


def incomplete(faulty: str, item: str, own: str = "") -> tuple[str, ...]:
    snapshot = netsim.loads("\n---\n".join([*GOOD, faulty]), keep_going=True)
    head = "apiVersion: netsim.dev/v1\nkind: Suite\n"
    text = f"{head}metadata: {{name: s, namespace: '{own}'}}\nexpect:\n- {item}\n"
    [found] = netsim.check(netsim.compile_snapshot(snapshot), *suites_of(text))
    [outcome] = found.outcomes
    return outcome.incomplete


@pytest.mark.parametrize("faulty", [pod("c/web", WRONG), workload("c/web", WRONG)])
@pytest.mark.parametrize(
    "item",
    [
        "deny: {from: c/web, to: b/x, port: 80, allow-empty: true}",
        "deny: {from: web, to: b/x, port: 80, allow-empty: true}",
        "deny: {from: [b/x, c/web], to: b/x, port: 80, allow-empty: true}",
        "allow: {from: c/web, to: b/x, port: 80}",
        "isolated: {pods: c/web, allow-empty: true}",
    ],
)
def test_by_name(faulty: str, item: str) -> None:
    assert len(incomplete(faulty, item)) == 1
    assert not incomplete(faulty, item.replace("web", "web-not"))


@pytest.mark.parametrize(
    ("text", "own", "told"),
    [
        ("c/deploy/web", "", 1),
        ("b/deploy/web", "", 0),
        ("deployments/web", "", 1),
        ("deploy/web", "c", 1),
        ("deploy/web", "b", 0),
        ("web", "b", 0),
        ("b/web", "c", 0),
        ("node/web", "c", 0),
    ],
)
def test_in_the_namespace_that_is_named(text: str, own: str, told: int) -> None:
    item = f"allow: {{from: {text}, to: b/x, port: 80}}"
    assert len(incomplete(workload("c/web", WRONG), item, own)) == told


def test_a_pod_that_a_workload_made() -> None:
    assert incomplete(pod("c/web-5d4f-x", WRONG), "isolated: {pods: c/web}")


def test_a_node() -> None:
    faulty = "apiVersion: v1\nkind: Node\nmetadata: {name: n2, labels: {a: 1}}"
    assert incomplete(faulty, "allow: {from: node/n2, to: b/x, port: 80}")
    assert not incomplete(faulty, "allow: {from: c/n2, to: b/x, port: 80}")
