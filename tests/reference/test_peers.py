"""NP-25..NP-35: peers that are pods and namespaces."""

from __future__ import annotations

import pytest
from builders import allowed, asked, cluster, namespace, node, pod, policy

from netsim import InputError, Snapshot

PODS = (
    namespace("a", "{team: a}"),
    namespace("b", "{team: b}"),
    pod("a/web", "{app: web}", ip="10.0.1.1"),
    pod("a/cli", "{app: cli}", ip="10.0.1.2"),
    pod("b/cli", "{app: cli}", ip="10.0.2.1"),
    pod("b/db", "{app: db}", ip="10.0.2.2"),
    pod("c/cli", "{app: cli}", ip="10.0.3.1"),
)
SOURCES = ("a/cli", "b/cli", "b/db", "c/cli", "203.0.113.7")


def matching(*peers: str) -> set[str]:
    """The sources that these ingress peers of a policy in `a` let in."""
    spec = (
        f"{{podSelector: {{matchLabels: {{app: web}}}}, ingress: [{{from: [{', '.join(peers)}]}}]}}"
    )
    snapshot = cluster(*PODS, policy("a", spec))
    return {source for source in SOURCES if allowed(snapshot, source, "a/web")}


POD_CLI = "{podSelector: {matchLabels: {app: cli}}}"
IN_B = "{namespaceSelector: {matchLabels: {team: b}}}"


@pytest.mark.parametrize(
    ("rule", "peers", "expected"),
    [
        ("NP-25", [POD_CLI], {"a/cli"}),
        ("NP-26", ["{podSelector: {}}"], {"a/cli"}),
        ("NP-27", [IN_B], {"b/cli", "b/db"}),
        ("NP-27", ["{namespaceSelector: {matchLabels: {team: a}}}"], {"a/cli"}),
        ("NP-28", ["{namespaceSelector: {}}"], {"a/cli", "b/cli", "b/db", "c/cli"}),
        ("NP-29", [f"{{{IN_B[1:-1]}, {POD_CLI[1:-1]}}}"], {"b/cli"}),
        ("NP-29", ["{namespaceSelector: {}, podSelector: {}}"], {"a/cli", "b/cli", "b/db", "c/cli"}),
        ("NP-30", [IN_B, POD_CLI], {"b/cli", "b/db", "a/cli"}),
        ("NP-31", [f"{{{POD_CLI[1:-1]}, namespaceSelector: null}}"], {"a/cli"}),
        ("NP-31", [f"{{{POD_CLI[1:-1]}, namespaceSelector: {{}}}}"], {"a/cli", "b/cli", "c/cli"}),
        ("NP-31", [f"{{{IN_B[1:-1]}, podSelector: null}}"], {"b/cli", "b/db"}),
        ("NP-34", ["{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: b}}}"], {"b/cli", "b/db"}),
        ("NP-35", ["{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: c}}}"], {"c/cli"}),
        ("NP-35", ["{namespaceSelector: {matchExpressions: [{key: team, operator: DoesNotExist}]}}"], {"c/cli"}),
        ("NP-35", ["{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [b]}]}}"], {"a/cli", "c/cli"}),
    ],
)  # fmt: skip
def test_peers(rule: str, peers: list[str], expected: set[str]) -> None:
    assert matching(*peers) == expected, rule


class TestNP25EgressToo:
    def test_the_policy_s_namespace_is_meant(self) -> None:
        spec = f"{{policyTypes: [Egress], egress: [{{to: [{POD_CLI}]}}]}}"
        snapshot = cluster(*PODS, policy("a", spec))
        assert allowed(snapshot, "a/web", "a/cli")
        assert not allowed(snapshot, "a/web", "b/cli")


class TestNP33OnlyPods:
    """Unknown addresses, nodes and hostNetwork pods match no pod or namespace peer."""

    EVERY_POD = policy("a", "{ingress: [{from: [{namespaceSelector: {}}, {podSelector: {}}]}]}")

    @pytest.mark.parametrize("source", ["203.0.113.7", "node/n1", "a/agent", "192.168.0.1"])
    def test_they_stay_outside(self, source: str) -> None:
        agent = pod("a/agent", "{app: cli}", spec="hostNetwork: true, nodeName: n1")
        snapshot = cluster(*PODS, agent, node("n1", "192.168.0.1"), self.EVERY_POD)
        assert not allowed(snapshot, source, "a/web")
        assert allowed(snapshot, "a/cli", "a/web")


class TestNP34NameLabel:
    def test_a_manifest_cannot_take_another_s_name(self) -> None:
        liar = namespace("b", "{kubernetes.io/metadata.name: a}")
        spec = "{ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: a}}}]}]}"
        snapshot = cluster(liar, *PODS[2:], policy("a", spec))
        assert not allowed(snapshot, "b/cli", "a/web")
        assert allowed(snapshot, "a/cli", "a/web")


class TestNP35UndeclaredNamespaces:
    NOTE = "namespace `c` is not in the input: only its name label is known"

    def said(self, selector: str, source: str) -> tuple[str, ...]:
        spec = f"{{ingress: [{{from: [{{namespaceSelector: {selector}}}]}}]}}"
        return asked(_snapshot(spec), source, "a/web").groups[0].answer.notes

    def test_a_verdict_that_read_their_labels_says_so(self) -> None:
        assert self.said("{matchLabels: {team: b}}", "c/cli") == (self.NOTE,)

    def test_a_declared_one_needs_no_note(self) -> None:
        assert self.said("{matchLabels: {team: b}}", "b/cli") == ()

    @pytest.mark.parametrize("selector", ["{}", "{matchLabels: {kubernetes.io/metadata.name: c}}"])
    def test_nor_a_selector_that_asks_for_nothing_unknown(self, selector: str) -> None:
        assert self.said(selector, "c/cli") == ()


def _snapshot(spec: str) -> Snapshot:
    return cluster(*PODS, policy("a", spec))


def test_np_32_a_peer_of_nothing_never_reaches_an_answer() -> None:
    with pytest.raises(InputError, match="must specify a peer"):
        _snapshot("{ingress: [{from: [{}]}]}")
