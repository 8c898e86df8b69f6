"""Edits, flows and endpoints drawn for a given cluster: realistic, narrowed, and at the edges."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from random import Random

import pytest
from builders import cluster, cluster_policy, pod, workload
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import netsim
from netsim import NetsimError, Program, Snapshot, testing
from netsim.changes.boxes import without_all
from netsim.testing.asked import Asked
from netsim.testing.change import change_of
from netsim.testing.domain_names import edge_names
from netsim.testing.edge_addresses import edge_addresses
from netsim.testing.edit_values import WHOLE_CLUSTER, Scope
from netsim.testing.nearness import narrowed
from netsim.testing.pod_edits import targets
from netsim.testing.single_edits import single_edits

SHOP = Path(__file__).parents[2] / "fixtures" / "clusters" / "shop"
SAMPLE = settings(
    max_examples=60,
    database=None,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@cache
def shop() -> Snapshot:
    return netsim.load(SHOP)


@cache
def program() -> Program:
    return netsim.compile_snapshot(shop())


@cache
def governed() -> Snapshot:
    """Two pods, and a policy of the whole cluster of each API for what they may send."""
    nobody = (
        "egress: [{action: Deny, to: [{networks: [10.0.0.0/8]}, {nodes: {matchLabels: {a: b}}}]}]"
    )
    names = "{action: Allow, to: [{domainNames: ['*.example.com', example.org]}]}"
    web = "{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}"
    return cluster(
        pod("a/web", "{app: web}"),
        pod("b/db", "{app: db}"),
        "apiVersion: v1\nkind: Node\nmetadata: {name: n1, labels: {a: b}}\n"
        "status: {addresses: [{type: InternalIP, address: 192.0.2.9}]}",
        cluster_policy(nobody, "nobody", priority=20),
        "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\n"
        "metadata: {name: names}\n"
        f"spec: {{priority: 10, subject: {{pods: {web}}}, egress: [{names}]}}",
        "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: BaselineAdminNetworkPolicy\n"
        "metadata: {name: default}\n"
        "spec:\n  subject: {namespaces: {}}\n"
        "  ingress: [{action: Deny, from: [{namespaces: {matchLabels: {team: x}}}]}]",
    )


def test_most_edits_can_be_made_and_many_change_something() -> None:
    outcomes: Counter[str] = Counter()

    @SAMPLE
    @given(testing.edits(shop()))
    def sample(edit: testing.Edit) -> None:
        try:
            _, difference = program().update(edit.made(netsim.edit(shop())))
        except NetsimError:
            outcomes["refused"] += 1
        else:
            outcomes["other" if difference else "same"] += 1

    sample()
    total = outcomes.total()
    assert outcomes["refused"] < 0.3 * total, outcomes
    assert outcomes["other"] > 0.3 * total, outcomes


@pytest.mark.parametrize("kind", list(testing.EditKind))
def test_each_kind_of_edit_is_there_and_can_be_drawn_alone(kind: testing.EditKind) -> None:
    snapshot = governed() if kind is testing.EditKind.POLICY_MOVED else shop()
    simple = [*single_edits(snapshot, Scope(frozenset({kind})))]
    assert simple

    @SAMPLE
    @given(testing.edits(snapshot, kinds=[kind.value]))
    def sample(edit: testing.Edit) -> None:
        match kind:
            case testing.EditKind.POLICY_REMOVED:
                assert isinstance(edit, testing.Delete)
            case testing.EditKind.SCALED:
                assert isinstance(edit, testing.Scale)
            case testing.EditKind.RELABELLED | testing.EditKind.NAMESPACE_RELABELLED:
                assert isinstance(edit, testing.Label)
                spaces = kind is testing.EditKind.NAMESPACE_RELABELLED
                assert edit.object.startswith("namespace/") is spaces
            case _:
                assert isinstance(edit, testing.Apply)

    sample()


def test_a_kind_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="policy-dropped"):
        testing.edits(shop(), kinds=["policy-dropped"])


def test_no_edit_to_draw_is_said_at_once() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        testing.edits(cluster(pod("a/web")), kinds=["policy-removed"])


def test_edits_in_a_namespace_change_nothing_written_in_another() -> None:
    before = {each: each for each in shop().policies if each.namespace != "shop"}
    for edit in single_edits(shop(), Scope().within(["shop"]).of(set(testing.EditKind))):
        try:
            after = edit.made(netsim.edit(shop())).done()
        except NetsimError:
            continue
        assert {each: each for each in after.policies if each.namespace != "shop"} == before
        others = [each for each in shop().pods if each.namespace != "shop"]
        assert [each for each in after.pods if each.namespace != "shop"] == others


def test_loosened_only_opens_and_tightened_only_closes() -> None:
    relations = {
        testing.EditKind.POLICY_LOOSENED: {"equal", "contains"},
        testing.EditKind.POLICY_TIGHTENED: {"equal", "contained"},
    }
    for kind, allowed in relations.items():
        found: Counter[str] = Counter()
        for edit in single_edits(shop(), Scope(frozenset({kind}))):
            _, difference = program().update(edit.made(netsim.edit(shop())))
            found[difference.relation.value] += 1
        assert found.keys() <= allowed, (kind, found)
        assert found.total() > found["equal"], (kind, found)


def test_a_name_that_policies_wait_for_is_taken_by_a_new_namespace() -> None:
    name = "kubernetes.io/metadata.name"
    waiting = f"{{namespaceSelector: {{matchLabels: {{{name}: staging}}}}}}"
    snapshot = cluster(
        pod("prod/api", "{app: api}"),
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        "metadata: {name: p, namespace: prod}\n"
        f"spec: {{podSelector: {{}}, ingress: [{{from: [{waiting}]}}]}}",
    )
    found = testing.new_namespace_cannot_reach("prod").find(snapshot)
    assert found
    assert [*map(str, found.edits)] == [
        "add namespace staging (no labels) with pod staging/new-pod (no labels)"
    ]


@SAMPLE
@given(st.data())
def test_flows_are_answered_as_by_the_reference(data: st.DataObject) -> None:
    source, destination, port, protocol = data.draw(testing.flows(program()))
    verdict = netsim.can(shop(), source, destination, port, protocol=protocol)
    assert program().allows(source, destination, port, protocol) == verdict.allowed


def test_flows_come_at_the_edges_of_ports_and_blocks_and_both_ways() -> None:
    snapshot = cluster(
        pod("a/web", "{app: web}"),
        pod("a/db", "{app: db}"),
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        "metadata: {name: p, namespace: a}\n"
        "spec:\n  podSelector: {}\n  ingress:\n"
        "  - {from: [{ipBlock: {cidr: 192.0.2.0/28}}], ports: [{port: 8000, endPort: 8010}]}",
    )
    seen: Counter[object] = Counter()
    compiled = netsim.compile_snapshot(snapshot)

    @settings(SAMPLE, max_examples=250)
    @given(testing.flows(compiled))
    def sample(flow: tuple[str, str, int | None, str]) -> None:
        seen.update(flow)
        seen[compiled.allows(*flow)] += 1

    sample()
    ports = {7999, 8000, 8001, 8009, 8010, 8011, 1, 65535, None}
    ends = {"a/web", "a/db", "192.0.2.0", "192.0.2.15", "192.0.2.16", "192.0.1.255"}
    assert ports | ends | {"TCP", "UDP", "SCTP", "ICMP", True, False} <= seen.keys()


def test_an_end_that_is_given_is_kept() -> None:
    @SAMPLE
    @given(testing.flows(program(), "shop/frontend"), testing.flows(program(), "", "shop/api"))
    def sample(one: tuple[str, ...], other: tuple[str, ...]) -> None:
        assert (one[0], other[1]) == ("shop/frontend", "shop/api")

    sample()


def test_pods_alike_are_drawn_as_one() -> None:
    replicas = [pod(f"a/web-{number}", "{app: web}") for number in range(200)]
    snapshot = cluster(
        *replicas,
        pod("a/db", "{app: db}"),
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        "metadata: {name: p, namespace: a}\n"
        "spec: {podSelector: {matchLabels: {app: db}}}",
    )
    seen: Counter[str] = Counter()

    @SAMPLE
    @given(testing.flows(netsim.compile_snapshot(snapshot)))
    def sample(flow: tuple[str, str, int | None, str]) -> None:
        seen[flow[1]] += 1

    sample()
    assert seen["a/db"] > 0.1 * seen.total(), seen


def test_nobody_to_draw() -> None:
    snapshot = cluster("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}")
    with pytest.raises(ValueError, match="nobody to draw"):
        testing.endpoints(snapshot)


def test_workloads_without_asked_labels_are_left_alone() -> None:
    edits = [*single_edits(cluster(workload("a/web")))]
    assert not [each for each in edits if isinstance(each, testing.Label)]
    assert [each for each in edits if isinstance(each, testing.Scale)]


@settings(SAMPLE, max_examples=15)
@given(testing.snapshots(), st.randoms(use_true_random=False))
def test_labels_that_nothing_asks_for_in_a_namespace_decide_nothing_there(
    snapshot: Snapshot, random: Random
) -> None:
    asked, before = Asked(snapshot), Program(snapshot)
    for target in targets(snapshot, asked, Scope()):
        others = asked.pods.keys - asked.seen_in(target.pod.namespace).keys
        labels = {key: random.choice(asked.pods.labels[key]) for key in others}
        try:
            _, difference = before.update(netsim.edit(snapshot).label(target.object, labels))
        except NetsimError:
            continue
        assert not difference


@pytest.mark.parametrize(
    ("end", "namespaces"),
    [
        ("shop", {"shop"}),
        ("shop/frontend", {"shop"}),
        ("frontend", {"shop"}),
        ("shop/{app=web}", {"shop"}),
        ("{app=web}", None),
        ("ns{}/*", None),
    ],
)
def test_edits_elsewhere_are_left_out_where_they_decide_nothing(
    end: str, namespaces: set[str] | None
) -> None:
    found = narrowed(testing.no_external_to(end), shop()).scope.namespaces
    assert found == namespaces
    assert narrowed(testing.nothing_opens(), shop()).scope.namespaces is None


CHANGING = ("policy-added", "policy-removed", "policy-loosened", "policy-tightened", "relabelled")


def test_what_is_compared_for_some_receivers_is_what_is_other_for_them() -> None:
    opened = closed = 0
    for edit in [*single_edits(shop(), Scope().of(map(testing.EditKind, CHANGING)))][::4]:
        try:
            one, other = change_of(program(), (edit,)), change_of(program(), (edit,))
        except NetsimError:
            continue
        assert one.difference.boxes is not None  # so all of it is compared here
        for to in ("shop", "monitoring", "shop/{app=api}"):
            for whole, some in ((one.opened, other.opened), (one.closed, other.closed)):
                assert not without_all(whole(to), some(to))
                assert not without_all(some(to), whole(to))
            opened += any(one.opened(to))
            closed += any(one.closed(to))
        assert "boxes" not in other.difference.__dict__
    assert opened > 5
    assert closed > 5


def edits_of_tiers(kind: testing.EditKind) -> list[str]:
    scope = Scope(frozenset({kind})).within([WHOLE_CLUSTER])
    return [*map(str, single_edits(governed(), scope))]


def test_policies_of_the_whole_cluster_are_edited_in_the_words_of_their_api() -> None:
    loosened = edits_of_tiers(testing.EditKind.POLICY_LOOSENED)
    assert "loosen clusternetworkpolicy nobody: egress[0] says Pass" in loosened
    assert "loosen clusternetworkpolicy nobody: egress[0] without to[1]" in loosened
    assert "loosen baselineadminnetworkpolicy default: ingress[0] says Allow" in loosened
    assert not [each for each in loosened if "default: ingress[0] says Pass" in each]
    # ANP-17: names can't be denied
    tightened = edits_of_tiers(testing.EditKind.POLICY_TIGHTENED)
    assert tightened == ["tighten adminnetworkpolicy names: without egress[0]"]
    moved = edits_of_tiers(testing.EditKind.POLICY_MOVED)
    assert "move clusternetworkpolicy nobody: tier Baseline" in moved
    assert "move clusternetworkpolicy nobody: priority 9" in moved  # before the other
    assert "move adminnetworkpolicy names: priority 21" in moved  # behind the other
    assert not [each for each in moved if "baseline" in each]
    assert "delete baselineadminnetworkpolicy/default" in edits_of_tiers(
        testing.EditKind.POLICY_REMOVED
    )
    added = edits_of_tiers(testing.EditKind.POLICY_ADDED)
    assert "add adminnetworkpolicy new-ingress-deny" in added
    assert "add clusternetworkpolicy new-baseline-egress-accept" in added


@pytest.mark.parametrize("kind", [kind for kind in testing.EditKind if "policy" in kind.value])
def test_every_edit_of_a_policy_of_the_whole_cluster_can_be_made(kind: testing.EditKind) -> None:
    scope = Scope(frozenset({kind})).within([WHOLE_CLUSTER])
    for edit in single_edits(governed(), scope):
        after = edit.made(netsim.edit(governed())).done()
        assert after.policies != governed().policies, edit


def test_policies_of_the_whole_cluster_are_left_alone_by_edits_in_a_namespace() -> None:
    inside = Scope().within(["a"])
    edits = [*map(str, single_edits(governed(), inside))]
    kinds = ("clusternetworkpolicy", "adminnetworkpolicy")  # and with it the baseline's
    assert edits
    assert not [each for each in edits if any(kind in each for kind in kinds)]


def test_where_there_are_none_no_policy_of_the_whole_cluster_is_thought_of() -> None:
    assert not [*single_edits(shop(), Scope().within([WHOLE_CLUSTER]))]


def test_labels_that_policies_of_the_whole_cluster_ask_for_are_given() -> None:
    edits = [*map(str, single_edits(governed(), Scope(frozenset({testing.EditKind.RELABELLED}))))]
    assert "label b/pod/db app=web" in edits
    names = [each for each in single_edits(governed()) if "add namespace" in str(each)]
    assert [each for each in names if "team=x" in str(each)]


def test_policies_of_the_whole_cluster_decide_what_is_near() -> None:
    scope = narrowed(testing.no_external_to("a"), governed()).scope
    assert scope.namespaces == frozenset({"a", WHOLE_CLUSTER})


def test_names_and_addresses_at_the_edges_of_tiers_are_asked_about() -> None:
    assert {"example.com", "netsim.example.com", "netsim.netsim.example.com"} <= {
        *edge_names(governed())
    }
    assert "netsimexample.com" in edge_names(governed())  # the same end, and no label before it
    addresses = edge_addresses(governed())
    assert {"10.0.0.0", "9.255.255.255", "10.255.255.255", "11.0.0.0"} <= {*addresses}
    assert {"192.0.2.8", "192.0.2.9", "192.0.2.10"} <= {*addresses}
