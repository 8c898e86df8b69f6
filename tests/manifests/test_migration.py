"""v1alpha1 to v1alpha2: every part of a policy, and what there is less room for."""

from __future__ import annotations

from typing import Any

import pytest
from builders import cluster, namespace, pod
from tier_builders import EVERYBODY, anp, banp, cnp, passes

import netsim
from netsim import InputError, Snapshot
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.manifests.migration import OLD_KINDS, Migrated, is_same_walk, migrated, with_migrated
from netsim.testing.documents import manifest_of
from netsim.testing.yaml_text import yaml_text

PODS = (
    namespace("a", "{team: a}"),
    pod("a/web", "{app: web}", ip="10.0.1.1"),
    pod("a/api", "{app: api}", ip="10.0.1.2"),
)
FROM_ALL = f"from: [{EVERYBODY}]"


def migrate(*manifests: str, **options: object) -> tuple[Snapshot, Snapshot, Migrated]:
    """The cluster before, after, and what was made of its old policies."""
    before = cluster(*PODS, *manifests, **options)
    policies = [each for each in before.policies if isinstance(each, TierPolicy)]
    old = [each for each in policies if each.kind in OLD_KINDS]
    others = [each for each in policies if each.kind not in OLD_KINDS]
    found = migrated([(each, manifest(each)) for each in old], others)
    keys = [(each.kind, "", each.name) for each in old]
    text = "---\n".join(map(yaml_text, found.manifests))
    return before, with_migrated(before, keys, text, "<migrated>"), found


def manifest(policy: TierPolicy) -> dict[str, Any]:
    found = manifest_of(policy.origin)
    assert found
    return found


def spec(*manifests: str) -> dict[str, Any]:
    """That of the only policy."""
    (only,) = migrate(*manifests)[2].manifests
    found: dict[str, Any] = only["spec"]
    return found


def said(found: Migrated) -> list[tuple[str, str]]:
    return [(note.path, note.message) for note in found.notes]


def test_words() -> None:
    rules = (
        f"{{name: r, action: Allow, {FROM_ALL}}}, {{action: Deny, {FROM_ALL}}}, "
        f"{{action: Pass, {FROM_ALL}}}"
    )
    found = spec(anp("x", priority=7, ingress=rules))
    assert (found["tier"], found["priority"]) == ("Admin", 7)
    assert [each["action"] for each in found["ingress"]] == ["Accept", "Deny", "Pass"]
    assert found["ingress"][0]["name"] == "r"
    assert "protocols" not in found["ingress"][0]
    assert "egress" not in found


@pytest.mark.parametrize(
    ("port", "protocol"),
    [
        ("{portNumber: {port: 80}}", {"tcp": {"destinationPort": {"number": 80}}}),
        ("{portNumber: {protocol: UDP, port: 53}}", {"udp": {"destinationPort": {"number": 53}}}),
        (
            "{portRange: {protocol: SCTP, start: 5, end: 9}}",
            {"sctp": {"destinationPort": {"range": {"start": 5, "end": 9}}}},
        ),
        ("{portRange: {start: 5, end: 5}}", {"tcp": {"destinationPort": {"number": 5}}}),
        ("{namedPort: http}", {"destinationNamedPort": "http"}),
    ],
)
def test_ports(port: str, protocol: object) -> None:
    found = spec(anp(ingress=f"{{action: Deny, {FROM_ALL}, ports: [{port}]}}"))
    assert found["ingress"][0]["protocols"] == [protocol]


def test_a_reversed_range_is_dropped_and_its_rule_with_the_last() -> None:
    reversed_ = "{portRange: {start: 9, end: 5}}"
    some = f"{{action: Deny, {FROM_ALL}, ports: [{reversed_}, {{portNumber: {{port: 80}}}}]}}"
    none = f"{{action: Deny, {FROM_ALL}, ports: [{reversed_}]}}"
    before, after, found = migrate(anp(ingress=f"{some}, {none}"))
    assert [len(each["protocols"]) for each in found.manifests[0]["spec"]["ingress"]] == [1]
    assert [path for path, _ in said(found)] == [
        "spec.ingress[0].ports[0]",
        "spec.ingress[1].ports[0]",
        "spec.ingress[1]",
    ]
    assert is_same_walk(before, after)


def test_what_denies_everything_does_so_still() -> None:
    """ANP-26: a peer that can't be understood, in a rule whose ports are none."""
    odd = "{namespaces: {matchExpressions: [{key: a, operator: Equals}]}}"
    ports = "ports: [{portRange: {start: 9, end: 5}}]"
    before, after, _ = migrate(anp(ingress=f"{{action: Pass, from: [{odd}], {ports}}}"))
    assert not passes(before, "a/web", "a/api")
    assert not passes(after, "a/web", "a/api")
    assert is_same_walk(before, after)


def test_metadata_is_kept_but_for_what_is_of_one_object() -> None:
    metadata = "{name: x, uid: u, labels: {a: b}, annotations: {c: 'true'}}"
    text = anp("x").replace("{name: x}", metadata)
    (found,) = migrate(text)[2].manifests
    assert found["metadata"] == {"name": "x", "labels": {"a": "b"}, "annotations": {"c": "true"}}


def test_the_baseline_is_last_and_says_why() -> None:
    _, after, found = migrate(banp(ingress=f"{{action: Deny, {FROM_ALL}}}"))
    (policy,) = after.policies
    assert isinstance(policy, TierPolicy)
    assert (policy.kind, str(policy.tier), policy.priority) == (
        "ClusterNetworkPolicy",
        "Baseline",
        1000,
    )
    assert [path for path, _ in said(found)] == ["spec"]


@pytest.mark.parametrize(
    ("others", "names"),
    [
        ((anp("default", priority=1),), ["default", "default-baseline"]),
        ((cnp("default", priority=1),), ["default-baseline"]),
        ((cnp("default", priority=1), cnp("default-baseline", priority=2)), ["default-baseline-2"]),
    ],
)
def test_names_that_are_taken(others: tuple[str, ...], names: list[str]) -> None:
    _, after, found = migrate(banp(ingress=f"{{action: Deny, {FROM_ALL}}}"), *others)
    assert [each["metadata"]["name"] for each in found.manifests] == names
    assert len(after.policies) == len(others) + 1


def rules_of(count: int) -> str:
    return ", ".join(
        f"{{action: {'Deny' if at % 2 else 'Allow'}, {FROM_ALL}, "
        f"ports: [{{portNumber: {{port: {at + 1}}}}}]}}"
        for at in range(count)
    )


def test_too_many_rules_become_several_policies() -> None:
    egress = "{action: Deny, to: [{networks: [0.0.0.0/0]}]}"
    before, after, found = migrate(anp("x", priority=7, ingress=rules_of(60), egress=egress))
    parts = [
        (each["metadata"]["name"], each["spec"]["priority"], len(each["spec"]["ingress"]))
        for each in found.manifests
    ]
    assert parts == [("x", 7, 25), ("x-2", 8, 25), ("x-3", 9, 10)]
    assert ["egress" in each["spec"] for each in found.manifests] == [True, False, False]
    assert is_same_walk(before, after)


def test_a_baseline_of_several_ends_with_the_last_priority() -> None:
    before, after, found = migrate(banp(ingress=rules_of(26)))
    assert [each["spec"]["priority"] for each in found.manifests] == [999, 1000]
    assert any("gets priorities 999 to 1000 of tier Baseline" in text for _, text in said(found))
    assert is_same_walk(before, after)


@pytest.mark.parametrize(
    "others",
    [
        (anp("z", priority=8),),
        (cnp("z", priority=8),),
        (anp("z", priority=7),),
    ],
    ids=["one of these", "one of the new API", "one beside it"],
)
def test_there_must_be_room_for_several(others: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as caught:
        migrate(anp("x", priority=7, ingress=rules_of(26)), *others)
    (error,) = caught.value.diagnostics
    assert (error.code, error.path) == ("ANP-30", "spec.ingress")
    assert "the priorities 7 to 8, and " in error.message
    assert "`z` (<text>:" in error.message
    assert error.help
    assert error.location
    assert error.location.line


def test_two_that_grow_may_not_meet() -> None:
    with pytest.raises(InputError, match="`z`"):
        migrate(
            anp("x", priority=7, ingress=rules_of(51)),
            anp("z", priority=9, ingress=rules_of(26)),
        )


def test_there_is_no_priority_after_the_last() -> None:
    with pytest.raises(InputError, match="the largest is 1000"):
        migrate(anp("x", priority=1000, ingress=rules_of(26)))


def test_the_same_priority_in_the_other_tier_is_no_matter() -> None:
    before, after, _ = migrate(
        anp("x", priority=7, ingress=rules_of(26)), cnp("z", tier="Baseline", priority=8)
    )
    assert is_same_walk(before, after)


def test_too_many_peers_and_ports_become_several_rules() -> None:
    peers = ", ".join(f"{{namespaces: {{matchLabels: {{team: t{at}}}}}}}" for at in range(60))
    ports = ", ".join(f"{{portNumber: {{port: {at + 1}}}}}" for at in range(30))
    rule = f"{{action: Deny, from: [{peers}], ports: [{ports}]}}"
    before, after, found = migrate(anp(ingress=rule))
    sizes = [
        (len(each["from"]), len(each["protocols"]))
        for each in found.manifests[0]["spec"]["ingress"]
    ]
    assert sizes == [(25, 25), (25, 5), (25, 25), (25, 5), (10, 25), (10, 5)]
    assert is_same_walk(before, after)


def test_a_rule_that_denies_everything_is_not_cut() -> None:
    odd = "{namespaces: {matchExpressions: [{key: a, operator: Equals}]}}"
    peers = ", ".join([EVERYBODY] * 25 + [odd])
    with pytest.raises(InputError, match="can't be understood"):
        migrate(anp(ingress=f"{{action: Pass, from: [{peers}]}}"))


DENY, ACCEPT = (f"{{action: {action}, {FROM_ALL}}}" for action in ("Deny", "Accept"))


@pytest.mark.parametrize(
    ("old", "others", "name"),
    [
        (anp("p", ingress=DENY), (cnp("p", ingress=ACCEPT),), "admin-p"),
        (anp("a", ingress=DENY), (cnp("a", ingress=ACCEPT),), "0-a"),
        (
            anp("p", ingress=DENY),
            (cnp("p", ingress=ACCEPT), cnp("admin-p", priority=1)),
            "admin-p-2",
        ),
        (anp("p", ingress=DENY), (cnp("p", priority=1), cnp("o", ingress=ACCEPT)), "p-admin"),
        (anp("p", ingress=DENY), (cnp("p", priority=1), cnp("p-a", ingress=ACCEPT)), "admin-p"),
        (anp("p", ingress=DENY), (cnp("p", ingress=ACCEPT), anp("q", ingress=DENY)), "admin-p"),
        (
            banp(ingress=DENY),
            (cnp("default", tier="Baseline", priority=1000, ingress=ACCEPT),),
            "baseline-default",
        ),
    ],
)
def test_a_new_name_leaves_the_order_of_equal_priorities(
    old: str, others: tuple[str, ...], name: str
) -> None:
    before, after, found = migrate(old, *others)
    assert found.manifests[0]["metadata"]["name"] == name
    assert not any("asked" in text for path, text in said(found) if path == "metadata.name")
    assert is_same_walk(before, after)


def test_where_no_name_leaves_the_order_that_is_said() -> None:
    """Of one priority the name decides: a policy that is called otherwise is asked at another time."""
    between = cnp("o", ingress=ACCEPT, subject="{namespaces: {matchLabels: {team: b}}}")
    before, after, found = migrate(anp("p", ingress=DENY), cnp("p", ingress=ACCEPT), between)
    told = (
        "becomes `p-admin`: another one is called `p`; of one priority the name decides, "
        "so that it is asked after ClusterNetworkPolicy `p` now"
    )
    assert said(found) == [("metadata.name", told)]
    assert not passes(before, "a/web", "a/api")
    assert passes(after, "a/web", "a/api")
    assert not is_same_walk(before, after)
    assert netsim.diff(before, after)
