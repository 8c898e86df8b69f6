"""Which policies and rules an expectation would miss."""

from __future__ import annotations

from pathlib import Path

from builders import cluster, namespace, pod, policy

import netsim
from netsim import Snapshot
from netsim.suites.coverage import Coverage, Exercise

PODS = (
    namespace("a"),
    namespace("b"),
    pod("a/web", "{app: web}", ip="10.0.0.1"),
    pod("a/api", "{app: api}", ip="10.0.0.2"),
    pod("b/job", "{app: job}", ip="10.0.0.3"),
)
API = """
  podSelector: {matchLabels: {app: api}}
  ingress:
  - from: [{podSelector: {matchLabels: {app: web}}}]
    ports: [{port: 80}]
  - from: [{podSelector: {matchLabels: {app: web}}}]
    ports: [{port: 443}]
  egress:
  - {}
  policyTypes: [Ingress]
"""


def covered(snapshot: Snapshot, tmp_path: Path, *expectations: str) -> Coverage:
    listed = "\n".join(f"- {each}" for each in expectations)
    text = f"apiVersion: netsim.dev/v1\nkind: Suite\nmetadata: {{name: s}}\nexpect:\n{listed}\n"
    (tmp_path / "suite.yaml").write_text(text)
    suites = netsim.load_suites(tmp_path / "suite.yaml")
    return netsim.coverage(netsim.compile_snapshot(snapshot), *suites)


def states(found: Coverage) -> dict[str, str]:
    return {str(item): item.state.value for item in found.items}


def test_a_rule_is_exercised_by_whoever_would_miss_it(tmp_path: Path) -> None:
    snapshot = cluster(*PODS, policy("a", API, "api"))
    found = covered(snapshot, tmp_path, "allow: {from: a/web, to: a/api, port: 80}")
    assert states(found) == {
        "a/api": "not exercised",
        "a/api ingress[0]": "exercised",
        "a/api ingress[1]": "not exercised",
        "a/api egress[0]": "dead",
    }
    assert found.ratio == 1 / 3
    [item] = found.of(Exercise.EXERCISED)
    assert item.by is not None
    assert str(item.by[1]) == "allow a/web -> a/api 80/tcp"
    assert str(item.location) == "<text>:40:5"


def test_a_policy_goes_with_what_it_isolates(tmp_path: Path) -> None:
    snapshot = cluster(*PODS, policy("a", API, "api"))
    for expectation in (
        "deny: {from: b/job, to: a/api}",
        "isolated: {pods: a/api, direction: ingress}",
        "only: {from: a/web, to: a/api}",
    ):
        found = covered(snapshot, tmp_path, expectation)
        assert states(found)["a/api"] == "exercised", expectation


def test_what_another_isolates_as_well_is_of_no_effect(tmp_path: Path) -> None:
    closed = "{podSelector: {}, policyTypes: [Ingress]}"
    snapshot = cluster(*PODS, policy("a", closed, "one"), policy("a", closed, "two"))
    found = covered(snapshot, tmp_path, "isolated: {pods: a/*, direction: ingress}")
    assert states(found) == {"a/one": "of no effect", "a/two": "of no effect"}
    assert found.ratio == 1


def test_isolation_counts_where_nothing_else_is_other(tmp_path: Path) -> None:
    """All may come in with the policy and without it."""
    snapshot = cluster(*PODS, policy("a", "{podSelector: {}, ingress: [{}]}", "open"))
    exercised = covered(snapshot, tmp_path, "isolated: {pods: a/*, direction: ingress}")
    assert states(exercised) == {"a/open": "exercised", "a/open ingress[0]": "not exercised"}
    passed_over = covered(snapshot, tmp_path, "allow: {from: '*', to: a/api, port: 80}")
    assert states(passed_over)["a/open"] == "of no effect"


def test_a_failing_expectation_that_would_hold_exercises(tmp_path: Path) -> None:
    snapshot = cluster(*PODS, policy("a", API, "api"))
    found = covered(snapshot, tmp_path, "deny: {from: a/web, to: a/api, port: 443}")
    assert states(found)["a/api ingress[1]"] == "exercised"
    # Without the first rule the second still lets it pass.
    found = covered(snapshot, tmp_path, "deny: {from: a/web, to: a/api}")
    assert states(found)["a/api ingress[0]"] == "not exercised"


def test_pods_that_do_not_exist_are_judged_with_the_others(tmp_path: Path) -> None:
    snapshot = cluster(*PODS, policy("a", API, "api"))
    expectation = "deny: {from: 'new:b/{app=x}', to: a/api}"
    assert states(covered(snapshot, tmp_path, expectation))["a/api"] == "exercised"


def test_hops_through_a_rule_exercise_it(tmp_path: Path) -> None:
    closed = "{podSelector: {}, policyTypes: [Ingress]}"
    snapshot = cluster(
        *PODS,
        policy("a", closed, "none"),
        policy("b", closed, "none"),
        policy("a", API, "api"),
    )
    found = covered(snapshot, tmp_path, "reach-at-most: {from: b/job, hops: 1, within: external}")
    # The policy of `b` keeps others from its job, which is where the hops start.
    assert states(found)["a/none"] == "exercised"
    assert states(found)["b/none"] == "not exercised"
    failing = covered(snapshot, tmp_path, "reach-at-most: {from: a/web, hops: 1, within: external}")
    assert states(failing)["a/api ingress[0]"] == "not exercised"
    snapshot = cluster(*PODS, policy("a", closed, "none"), policy("b", closed, "none"))
    assert states(covered(snapshot, tmp_path, "deny: {from: '*', to: '*'}"))["b/none"] == (
        "exercised"
    )


GUARD = """
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: guard}
spec:
  tier: Admin
  priority: 5
  subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: a}}}
  ingress:
  - {action: Pass, from: [{namespaces: {matchLabels: {kubernetes.io/metadata.name: a}}}]}
  - {action: Deny, from: [{namespaces: {}}]}
  egress:
  - {action: Accept, to: [{domainNames: [api.example.com]}]}
  - {action: Accept, to: [{networks: [192.0.2.0/24]}], protocols: [{tcp: {destinationPort: {number: 443}}}]}
"""


def test_rules_of_cluster_policies_are_taken_away_one_by_one(tmp_path: Path) -> None:
    snapshot = cluster(*PODS, GUARD)
    found = covered(snapshot, tmp_path, "deny: {from: b/job, to: a/api}")
    name = "clusternetworkpolicy/guard"
    assert states(found) == {
        name: "exercised",
        # Without it what comes from the own namespace is denied by the next.
        f"{name} ingress[0]": "not exercised",
        f"{name} ingress[1]": "exercised",
        # What no policy decides passes.
        f"{name} egress[0]": "of no effect",
        f"{name} egress[1]": "of no effect",
    }
    assert [str(item.location) for item in found.items[:3]] == [
        "<text>:34:1",
        "<text>:42:5",
        "<text>:43:5",
    ]
    inside = covered(snapshot, tmp_path, "allow: {from: a/web, to: a/api, port: 80}")
    assert states(inside)[f"{name} ingress[0]"] == "exercised"


def test_a_rule_about_names_is_missed_by_who_asks_for_them(tmp_path: Path) -> None:
    closed = GUARD.replace("[192.0.2.0/24]}], ", "[0.0.0.0/0]}], ").replace(
        "- {action: Accept, to: [{networks", "- {action: Deny, to: [{networks"
    )
    snapshot = cluster(*PODS, closed)
    rule = "clusternetworkpolicy/guard egress[0]"
    found = covered(snapshot, tmp_path, "allow: {from: a/web, to: api.example.com, port: 443}")
    assert states(found)[rule] == "exercised"
    # No address gets anything else without it, and yet the name does.
    found = covered(snapshot, tmp_path, "deny: {from: a/web, to: example.org, port: 443}")
    assert states(found)[rule] == "not exercised"


def test_what_a_network_policy_keeps_from_baseline_it_exercises_there(tmp_path: Path) -> None:
    baseline = GUARD.replace("tier: Admin", "tier: Baseline")
    silent = "{podSelector: {}, policyTypes: [Egress]}"
    expectation = "allow: {from: b/job, to: a/api, port: 80}"
    found = {}
    for scope in ("direction", "pod"):
        snapshot = cluster(*PODS, policy("a", silent, "out"), baseline, baseline_scope=scope)
        found[scope] = states(covered(snapshot, tmp_path, expectation))["a/out"]
    assert found == {"direction": "not exercised", "pod": "exercised"}
