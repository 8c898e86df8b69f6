"""Each ready-made invariant finds what breaks it, and nothing where nothing does."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import yaml
from builders import cluster, pod
from invariant_files import FILES, FOLDER, InvariantFile, breaks, droppable

import netsim
from netsim import testing
from netsim.testing.documents import applied_text
from netsim.testing.naming import READY
from netsim.testing.single_edits import single_edits


def test_each_ready_made_invariant_has_its_clusters() -> None:
    assert {file.name for file in FILES} == {*READY}
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} == {*READY}


@pytest.mark.parametrize("file", FILES, ids=str)
def test_what_breaks_it_is_found_and_no_edit_can_be_left_out(file: InvariantFile) -> None:
    found = file.invariant.find(netsim.load(file.violated), seed=1)
    assert found is not None
    assert breaks(found, found.edits)
    assert droppable(found) == []
    assert len(found.edits) == file.least
    assert found.violations
    with pytest.raises(AssertionError, match="not so: "):
        found.invariant.hold(netsim.load(file.violated), *found.edits)


@pytest.mark.parametrize("file", FILES, ids=str)
def test_nothing_is_found_where_it_holds(file: InvariantFile) -> None:
    assert file.invariant.find(netsim.load(file.holds), edits=file.tried, seconds=0.4) is None


BY_A_CLUSTER_POLICY = FOLDER / "new-namespace-cannot-reach" / "violated-by-cluster-policy.yaml"


def test_a_policy_of_the_whole_cluster_may_be_to_blame() -> None:
    snapshot = netsim.load(BY_A_CLUSTER_POLICY)
    invariant = testing.new_namespace_cannot_reach("prod")
    found = invariant.find(snapshot, seed=1)
    assert found is not None
    assert len(found.edits) == 1
    assert droppable(found) == []
    assert "new-pod -> prod/deployment/api TCP 8080" in str(found)
    without = [each for each in snapshot.policies if each.kind == "NetworkPolicy"]
    alone = replace(snapshot, policies=tuple(without))
    assert invariant.find(alone, edits=1, seconds=0.4) is None


def test_a_removed_policy_of_the_whole_cluster_is_told_as_kubectl_takes_it() -> None:
    guard = """
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: guard}
spec:
  tier: Admin
  priority: 1
  subject: {namespaces: {}}
  ingress: [{action: Deny, from: [{namespaces: {}}]}]
"""
    snapshot = cluster(pod("prod/p"), pod("shop/q"), guard)
    found = testing.nothing_opens().over("policy-removed").find(snapshot)
    assert found is not None
    assert found.edits == (testing.Delete("clusternetworkpolicy/guard"),)
    told = str(found)
    assert "# kubectl delete --dry-run=server clusternetworkpolicy guard\n" in told
    assert "--delete clusternetworkpolicy/guard" in told


def test_edited_policies_of_the_whole_cluster_are_whole_objects_of_no_namespace() -> None:
    snapshot = netsim.load(BY_A_CLUSTER_POLICY)
    texts = [applied_text(each, snapshot) for each in single_edits(snapshot)]
    objects = [yaml.safe_load(each) for each in texts if "kind: ClusterNetworkPolicy" in each]
    assert len({json.dumps(each) for each in objects}) > 5
    for each in objects:
        assert each["apiVersion"] == "policy.networking.k8s.io/v1alpha2"
        assert each["metadata"].keys() == {"name"}
        assert {"tier", "priority", "subject"} <= each["spec"].keys()


SHOP = "fixtures/clusters/shop"


def test_the_search_is_the_same_for_the_same_seed() -> None:
    snapshot = netsim.load(FILES[-2].violated)
    one, other = (FILES[-2].invariant.find(snapshot, seed=5) for _ in range(2))
    assert one
    assert other
    assert str(one) == str(other)


def test_an_invariant_that_does_not_hold_as_it_is_takes_no_edit() -> None:
    snapshot = cluster(pod("prod/p"))
    found = testing.no_external_to("prod").find(snapshot)
    assert found
    assert found.edits == ()
    assert "as it is, without any edit" in str(found)
    assert found.violations == ("may as it is: 0.0.0.0/0 -> prod/p all",)


def test_who_is_already_open_is_not_opened() -> None:
    snapshot = cluster(pod("prod/p"))
    testing.defence_in_depth("prod").check(snapshot, seconds=1)


@pytest.mark.parametrize(
    ("invariant", "error"),
    [
        (testing.no_external_to("prot"), "there is no"),
        (testing.isolated_tenant("shop", "monitorin"), "there is no"),
        (testing.isolated_tenant("shopp", "monitoring"), "there is no namespace `shopp`"),
        (testing.nothing_opens(("shop/frontend", "shop/nobody")), "there is no"),
        (testing.nothing_opens(("shop/frontend", "shop/api", "http")), "is a port name"),
    ],
    ids=["end", "tenant", "scope", "list", "port"],
)
def test_who_is_unknown_is_refused(invariant: testing.Invariant, error: str) -> None:
    with pytest.raises(netsim.QueryError, match=error):
        invariant.find(netsim.load(SHOP), seconds=1)


def test_what_a_list_excuses_may_open_and_close() -> None:
    violated = netsim.load(FOLDER / "nothing-opens" / "violated.yaml")
    drop = testing.Delete("shop/networkpolicy/api")
    with pytest.raises(AssertionError):
        testing.nothing_opens().hold(violated, drop)
    with pytest.raises(AssertionError, match="api SCTP, TCP 1-8079,8081-65535, UDP"):
        testing.nothing_opens(("*", "shop/api", "8080"), ("external", "shop/api")).hold(
            violated, drop
        )
    testing.nothing_opens(("*", "shop/api"), ("external", "shop/api")).hold(violated, drop)


def test_a_namespace_may_be_excused_by_its_label() -> None:
    violated = netsim.load(FOLDER / "new-namespace-cannot-reach" / "violated.yaml")
    testing.new_namespace_cannot_reach("prod", "team=ops").check(violated, seconds=0.5)
    with pytest.raises(AssertionError):
        testing.new_namespace_cannot_reach("prod", "team=dev").check(violated)


def test_of_the_edits_between_two_versions_the_fewest_are_told() -> None:
    old = netsim.load(FOLDER / "no-external-to" / "violated.yaml")
    text = (FOLDER / "no-external-to" / "violated.yaml").read_text(encoding="utf-8")
    both_gone = [each for each in text.split("---\n") if "name: back" not in each]
    new = netsim.loads(
        "---\n".join(
            each for each in both_gone if "name: api, namespace: prod}\nspec:\n  podSel" not in each
        )
    )
    testing.nothing_closes().check_between(old, new)
    found = testing.no_external_to("prod").find_between(old, new)
    assert found
    assert [*map(str, found.edits)] == [
        "delete prod/networkpolicy/api",
        "delete prod/networkpolicy/back",
    ]
    with pytest.raises(AssertionError, match="not so: nothing opens"):
        testing.nothing_opens().check_between(old, new)
