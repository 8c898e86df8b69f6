"""Laws of tiers: what must hold of the walk over them, whoever else is right about one flow."""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import assume, event, given
from hypothesis import strategies as st

import netsim
from netsim import Answer, Cause, Flow, Semantics, Snapshot
from netsim.dialects.sides import Ledger
from netsim.dialects.tiers.syntax import Rule, TierPolicy
from netsim.model.flow import Decision, Direction
from netsim.model.snapshot import Policy
from netsim.model.tiers import Tier
from netsim.reference.ends import ends

sys.path.insert(0, str(Path(__file__).parent))

from depth import examples
from option_strategies import semantics
from tier_flows import flows, read, tiers_of

from netsim.testing.clusters import NAME_LABEL, Manifest
from netsim.testing.edit_values import WHOLE_CLUSTER, EditKind, Scope
from netsim.testing.single_edits import single_edits
from netsim.testing.tier_policies import (
    SEVERAL,
    TIER_KINDS,
    admin_network_policies,
    baseline_admin_network_policies,
    cluster_network_policies,
)
from netsim.testing.tiered_clusters import tiered_clusters

laws = examples(40)
FIELDS = {Direction.INGRESS: "ingress", Direction.EGRESS: "egress"}

with_pass = st.one_of(cluster_network_policies(9), admin_network_policies(9))
one_more = st.one_of(with_pass, baseline_admin_network_policies())


def answer(snapshot: Snapshot, flow: Flow) -> Answer:
    return netsim.decide_by_reference(snapshot, flow)


def allowed(snapshot: Snapshot, flow: Flow) -> bool:
    return answer(snapshot, flow).allowed


def with_policies(snapshot: Snapshot, policies: Iterable[Policy]) -> Snapshot:
    return replace(snapshot, policies=tuple(policies))


def instead(snapshot: Snapshot, policy: TierPolicy, *others: TierPolicy) -> Snapshot:
    """The snapshot with others in the place of one policy."""
    kept = [each for each in snapshot.policies if each is not policy]
    return with_policies(snapshot, [*kept, *others])


def decisions(found: Answer) -> list[Decision]:
    return [each for one in (found, *found.others) for each in (one.egress, one.ingress)]


def flows_of(snapshot: Snapshot, data: st.DataObject) -> list[Flow]:
    """Drawn flows in which one IP family is asked: of two that agree an answer shows the first."""
    ledger = Ledger(snapshot.semantics)
    drawn: list[Flow] = data.draw(flows(snapshot))
    return [flow for flow in drawn if len(ends(snapshot, flow, ledger)) == 1]


def said(decision: Decision) -> object:
    """All of it but the options on which it hangs."""
    return replace(decision, options=())


@laws
@given(tiered_clusters(SEVERAL), semantics(), st.data())
def test_what_the_admin_tier_says_stands_whatever_is_below(
    cluster: list[Manifest], options: Semantics, data: st.DataObject
) -> None:
    """ANP-6, ANP-7: neither NetworkPolicies nor the Baseline tier are asked."""
    snapshot = read(cluster, options)
    alone = with_policies(
        snapshot, (each for each in tiers_of(snapshot) if each.tier is Tier.ADMIN)
    )
    for flow in flows_of(snapshot, data):
        pairs = zip(decisions(answer(snapshot, flow)), decisions(answer(alone, flow)), strict=True)
        for decision, expected in pairs:
            final = decision.cause in (Cause.TIER_ALLOW, Cause.TIER_DENY)
            if final and decision.steps[-1].tier is Tier.ADMIN:
                event(decision.cause.name)
                assert said(decision) == said(expected)


@laws
@given(tiered_clusters(SEVERAL), semantics(), st.data())
def test_a_network_policy_that_isolates_is_never_overruled_by_the_baseline(
    cluster: list[Manifest], options: Semantics, data: st.DataObject
) -> None:
    """ANP-9"""
    snapshot = read(cluster, options)
    without = with_policies(
        snapshot,
        (
            each
            for each in snapshot.policies
            if not isinstance(each, TierPolicy) or each.tier is Tier.ADMIN
        ),
    )
    for flow in flows_of(snapshot, data):
        pairs = zip(
            decisions(answer(snapshot, flow)), decisions(answer(without, flow)), strict=True
        )
        for decision, expected in pairs:
            if expected.cause in (Cause.RULE, Cause.NO_RULE):
                event("isolated")
                assert said(decision) == said(expected)


@laws
@given(tiered_clusters(SEVERAL), with_pass, semantics(), st.data())
def test_a_policy_that_says_pass_and_is_last_might_as_well_not_be_there(
    cluster: list[Manifest], policy: Manifest, options: Semantics, data: st.DataObject
) -> None:
    """ANP-8, ANP-21"""
    last = all_pass(policy)
    plain = read(cluster, options)
    snapshot = read([*cluster, last], options)
    for flow in flows_of(snapshot, data):
        found = answer(snapshot, flow)
        steps = [step for each in decisions(found) for step in each.steps]
        event(f"passed {any(step.policy == last['metadata']['name'] for step in steps)}")
        assert found.allowed == allowed(plain, flow), flow


def all_pass(policy: Manifest) -> Manifest:
    """The last of its tier, and every rule a Pass: without names (ANP-17), and without what can't
    be understood, which would deny (ANP-26)."""
    found = copy.deepcopy(policy)
    found["metadata"]["name"] = "zz-last"
    found["spec"]["priority"] = 1000
    for direction, field in (("ingress", "from"), ("egress", "to")):
        for rule in found["spec"].get(direction, ()):
            rule["action"] = "Pass"
            known = [
                peer
                for peer in rule[field]
                if "domainNames" not in peer and "Equals" not in str(peer)
            ]
            rule[field] = known or [{"namespaces": {}}]
    return found


@laws
@given(tiered_clusters(SEVERAL), one_more, semantics(), st.data())
def test_a_policy_without_a_subject_changes_nothing(
    cluster: list[Manifest], policy: Manifest, options: Semantics, data: st.DataObject
) -> None:
    nowhere = {"namespaces": {"matchLabels": {NAME_LABEL: "nowhere"}}}
    changed = copy.deepcopy(policy)
    changed["spec"]["subject"] = nowhere
    kept = [each for each in cluster if key_of(each) != key_of(changed)]
    plain, snapshot = read(kept, options), read([*kept, changed], options)
    for flow in flows_of(snapshot, data):
        assert answer(snapshot, flow) == answer(plain, flow), flow


def key_of(manifest: Manifest) -> tuple[str, str]:
    return manifest["kind"], manifest["metadata"]["name"]


def with_rules(policy: TierPolicy, direction: Direction, rules: Iterable[Rule]) -> TierPolicy:
    changes: dict[str, Any] = {FIELDS[direction]: tuple(rules)}
    return replace(policy, **changes)


@st.composite
def places(draw: st.DrawFn, snapshot: Snapshot) -> tuple[TierPolicy, Direction, int]:
    """A rule that has another one before it."""
    found = [
        (policy, direction, at)
        for policy in tiers_of(snapshot)
        for direction in Direction
        for at in range(1, len(policy.rules(direction)))
    ]
    assume(found)
    return draw(st.sampled_from(found))


def says_anything(snapshot: Snapshot, policy: TierPolicy, flow: Flow) -> bool:
    """Whether a policy that is alone matches a flow."""
    found = decisions(answer(with_policies(snapshot, [policy]), flow))
    return any(step.action for each in found for step in each.steps)


@laws
@given(tiered_clusters(SEVERAL), semantics(), st.data())
def test_rules_that_do_not_both_match_may_change_places(
    cluster: list[Manifest], options: Semantics, data: st.DataObject
) -> None:
    """ANP-5"""
    snapshot = read(cluster, options)
    policy, direction, at = data.draw(places(snapshot))
    rules = policy.rules(direction)
    one, other = rules[at - 1], rules[at]
    swapped = with_rules(policy, direction, (*rules[: at - 1], other, one, *rules[at + 1 :]))
    turned = instead(snapshot, policy, swapped)
    alone = [with_rules(without_rules(policy), direction, [rule]) for rule in (one, other)]
    for flow in flows_of(snapshot, data):
        matching = [says_anything(snapshot, rule, flow) for rule in alone]
        event(f"{sum(matching)} match")
        if not all(matching):
            assert walked(answer(turned, flow)) == walked(answer(snapshot, flow)), flow


def without_rules(policy: TierPolicy) -> TierPolicy:
    return replace(policy, ingress=(), egress=())


def walked(found: Answer) -> list[object]:
    """What was decided and by whom, without the places of rules."""
    return [
        (
            each.allowed,
            each.cause,
            [(step.policy, step.action) for step in each.steps],
            {reason.policy for reason in each.ambiguous},
        )
        for each in decisions(found)
    ]


@laws
@given(tiered_clusters(SEVERAL), semantics(), st.data())
def test_a_policy_may_be_cut_in_two(
    cluster: list[Manifest], options: Semantics, data: st.DataObject
) -> None:
    """ANP-3, ANP-5: rules of one policy are asked as those of one policy after the other."""
    snapshot = numbered(read(cluster, options))
    policy, direction, at = data.draw(places(snapshot))
    rules = policy.rules(direction)
    first = with_rules(policy, direction, rules[:at])
    second = with_rules(without_rules(policy), direction, rules[at:])
    cut = instead(snapshot, policy, first, replace(second, name=f"{policy.name}-"))
    for flow in flows_of(snapshot, data):
        assert allowed(cut, flow) == allowed(snapshot, flow), flow


def numbered(snapshot: Snapshot) -> Snapshot:
    """With names in the order in which policies are asked, so that no other is beside one."""
    names = {id(each): f"{at}-{each.name}" for at, each in enumerate(tiers_of(snapshot))}
    return with_policies(
        snapshot,
        (
            replace(each, name=names[id(each)]) if isinstance(each, TierPolicy) else each
            for each in snapshot.policies
        ),
    )


@laws
@given(tiered_clusters(SEVERAL), semantics(), st.data())
def test_policies_of_one_rank_may_be_asked_in_any_order_where_they_agree(
    cluster: list[Manifest], options: Semantics, data: st.DataObject
) -> None:
    """ANP-24: and where they don't, that is said, whichever is asked first."""
    snapshot = read(map(of_one_priority, cluster), options)
    ranks = [policy.rank for policy in tiers_of(snapshot)]
    tied = sorted({rank for rank in ranks if ranks.count(rank) > 1})
    assume(tied)
    rank = data.draw(st.sampled_from(tied))
    group = [policy for policy in tiers_of(snapshot) if policy.rank == rank]
    names = data.draw(st.permutations(range(len(group))))
    renamed = {
        id(policy): replace(policy, name=f"{number}-{policy.name}")
        for policy, number in zip(group, names, strict=True)
    }
    turned = with_policies(snapshot, (renamed.get(id(each), each) for each in snapshot.policies))
    for flow in flows_of(snapshot, data):
        found, other = answer(snapshot, flow), answer(turned, flow)
        for decision, again in zip(decisions(found), decisions(other), strict=True):
            assert bool(decision.ambiguous) == bool(again.ambiguous), flow
            event("ambiguous" if decision.ambiguous else "of one mind")
            if not decision.ambiguous:
                assert decision.allowed == again.allowed, flow


def of_one_priority(manifest: Manifest) -> Manifest:
    """A policy that has a priority, with that of all others."""
    if manifest["kind"] not in TIER_KINDS or "priority" not in manifest["spec"]:
        return manifest
    return {**manifest, "spec": {**manifest["spec"], "priority": 7}}


@laws
@given(tiered_clusters(SEVERAL), semantics(), st.booleans(), st.data())
def test_loosened_only_opens_and_tightened_only_closes(
    cluster: list[Manifest], options: Semantics, loosen: bool, data: st.DataObject
) -> None:
    """ANP-5..8, ANP-26: what an edit of the policies of tiers says of itself."""
    snapshot = read(cluster, options)
    kind = EditKind.POLICY_LOOSENED if loosen else EditKind.POLICY_TIGHTENED
    edits = [*single_edits(snapshot, Scope(frozenset({kind})).within([WHOLE_CLUSTER]))]
    assume(edits)
    edit = data.draw(st.sampled_from(edits))
    after = edit.made(netsim.edit(snapshot)).done()
    for flow in flows_of(snapshot, data):
        before, now = allowed(snapshot, flow), allowed(after, flow)
        if before != now:
            event(f"opened {now}")
            assert now == loosen, (flow, str(edit))
