"""Verdicts that something left out, or not modelled, could change (DESIGN 4, DEC-3)."""

from __future__ import annotations

import pytest
from builders import asked, namespace, node, pod, policy, workload

import netsim
from netsim import Snapshot

GOOD = (
    namespace("a", "{team: a}"),
    namespace("b", "{team: b}"),
    node("n1", "192.168.0.1"),
    pod("a/web", "{app: web}", ip="10.0.1.1"),
    pod("b/cli", "{app: cli}", ip="10.0.2.1"),
    pod("b/agent", spec="hostNetwork: true, nodeName: n1"),
    workload("b/api", "{app: api}"),
)
BY_NAMESPACE = policy("a", "{ingress: [{from: [{namespaceSelector: {}}]}]}")
BAD_SPEC = "{spec: 1, "


def with_fault(*faulty: str) -> Snapshot:
    text = "\n---\n".join([*GOOD, *faulty])
    return netsim.loads(text, keep_going=True)


def bad(manifest: str) -> str:
    """The same object with a field that doesn't exist."""
    return manifest.rstrip() + "\nunknownField: 1\n"


@pytest.mark.parametrize(
    ("faulty", "source", "expected"),
    [
        (bad(policy("a", "{}")), "b/cli", "NetworkPolicy `a/p`"),
        (bad(policy("b", "{}")), "b/cli", "NetworkPolicy `b/p`"),
        (bad(policy("c", "{}")), "b/cli", ""),
        ("kind: [", "b/cli", "a document that can't be read"),
        ("apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: x}", "b/cli", "CiliumNetworkPolicy `x`"),
        ("kind: NetworkPolicy", "b/cli", "a NetworkPolicy without a name"),
        (bad(pod("b/cli2")), "b/cli", ""),
        (bad(pod("b/cli2")), "b/*", "Pod `b/cli2`"),
        (bad(pod("c/cli2")), "b/*", ""),
        (bad(pod("c/cli2")), "{app=cli}", "Pod `c/cli2`"),
        (bad(pod("b/api-1")), "b/api", "Pod `b/api-1`"),
        (bad(workload("b/api2")), "b/api", ""),
        (bad(workload("b/api", kind="StatefulSet")), "b/api", "StatefulSet `b/api`"),
        (bad(pod("c/cli")), "cli", "Pod `c/cli`"),
        (bad(pod("c/cli")), "pod/cli", "Pod `c/cli`"),
        (bad(pod("c/cli")), "b/cli", ""),
        (bad(pod("node/n1")), "node/n1", ""),
        (bad(pod("c/x")), "10.0.3.9", "Pod `c/x`"),
        (bad(pod("c/x")), "external", ""),
        (bad(node("n2")), "b/cli", ""),
        (bad(node("n2")), "b/agent", "Node `n2`"),
        (bad(node("n2")), "192.168.0.9", "Node `n2`"),
        ("apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: a}\nx: 1", "b/cli", ""),
    ],
)  # fmt: skip
def test_what_could_change_the_verdict(faulty: str, source: str, expected: str) -> None:
    incomplete = asked(with_fault(faulty), source, "a/web").incomplete
    assert len(incomplete) == bool(expected)
    if expected:
        assert incomplete[0].startswith(f"{expected} was left out (<text>:")


def test_a_name_without_a_namespace_is_of_one_that_is_given() -> None:
    snapshot = with_fault(bad(pod("c/cli")))
    assert asked(snapshot, "cli", "a/web", namespace="b").incomplete == ()


class TestNamespaces:
    """A Namespace matters where a namespaceSelector reads it."""

    FAULTY = bad(namespace("late"))

    def test_without_a_namespace_selector_it_does_not(self) -> None:
        snapshot = with_fault(self.FAULTY, pod("late/x"), policy("a", "{}"))
        assert asked(snapshot, "late/x", "a/web").incomplete == ()

    def test_with_one_it_does(self) -> None:
        snapshot = with_fault(self.FAULTY, pod("late/x"), BY_NAMESPACE)
        assert len(asked(snapshot, "late/x", "a/web").incomplete) == 1
        assert asked(snapshot, "b/cli", "a/web").incomplete == ()

    def test_in_a_question_that_chooses_by_namespace_it_does(self) -> None:
        snapshot = with_fault(self.FAULTY)
        assert len(asked(snapshot, "ns{team=b}/*", "a/web").incomplete) == 1


def test_dec_3_kinds_that_may_run_pods_are_noted() -> None:
    rollout = """
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: r, namespace: b}
spec: {template: {spec: {containers: [{name: c}]}}}
"""
    snapshot = with_fault(rollout)
    note = "Rollout `b/r` may run pods that netsim does not model"
    assert asked(snapshot, "b/cli", "a/web").notes == (note,)
    assert asked(snapshot, "a/web", "203.0.113.7").notes == ()
