"""What `netsim validate --semantic` finds, held against the reference."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from hypothesis import event, given
from hypothesis import strategies as st

import netsim
from netsim import Cause, Flow, Semantics, Snapshot
from netsim.analysis.finding import Finding, FindingKind
from netsim.analysis.semantic import findings, grids_of
from netsim.analysis.survey import Survey
from netsim.analysis.tier_grid import Grid, Group
from netsim.analysis.tier_shadows import turns
from netsim.analysis.tier_witness import Witnesses, decided_by
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.model.flow import Answer, Decision, Direction
from netsim.model.tiers import Tier

sys.path.insert(0, str(Path(__file__).parent))

from depth import examples
from option_strategies import semantics
from tier_flows import flows, read

from netsim.testing.clusters import Manifest
from netsim.testing.tier_policies import SEVERAL
from netsim.testing.tiered_clusters import tiered_clusters

laws = examples(15)
NEVER = (FindingKind.SHADOWED, FindingKind.HIDDEN, FindingKind.NOBODY)


def decisions(answer: Answer) -> Iterator[Decision]:
    for each in (answer, *answer.others):
        yield from (each.egress, each.ingress)


def prefixes(found: tuple[Finding, ...]) -> dict[tuple[str, str], list[tuple[str | int, ...]]]:
    """Of each policy the rules, or all of a direction, that are said never to decide."""
    never: dict[tuple[str, str], list[tuple[str | int, ...]]] = {}
    for finding in found:
        if finding.kind in NEVER:
            place = finding.places[0]
            path = place.path[1:3]
            whole = path[0] == "subject"
            key = place.policy.kind, place.policy.name
            never.setdefault(key, []).append(() if whole else path)
    return never


@laws
@given(tiered_clusters(SEVERAL), semantics(), st.data())
def test_what_is_said_never_to_decide_never_does(
    cluster: list[Manifest], options: Semantics, data: st.DataObject
) -> None:
    snapshot = read(cluster, options)
    never = prefixes(findings(snapshot))
    for flow in data.draw(flows(snapshot)):
        for decision in decisions(netsim.decide_by_reference(snapshot, flow)):
            for step in decision.steps:
                for reason in step.reasons[:1]:
                    path = (reason.direction.value, reason.rule)
                    said = never.get((step.kind, step.policy), [])
                    event("said to" if said else "of another")
                    assert not any(path[: len(each)] == each for each in said), (flow, path)


def of_tier_alone(snapshot: Snapshot, tier: Tier) -> Snapshot:
    policies = [
        each for each in snapshot.policies if isinstance(each, TierPolicy) and each.tier is tier
    ]
    return replace(snapshot, policies=tuple(policies))


@laws
@given(tiered_clusters(SEVERAL), semantics())
def test_what_may_decide_does_for_some_flow(cluster: list[Manifest], options: Semantics) -> None:
    """Of each rule that surely decides something in its tier the reference has a flow."""
    # A flow to its own node is let through before any policy is asked.
    whole = read(
        cluster, replace(options, egress_to_own_node="policy", host_network_pods="as_node")
    )
    for tier in (Tier.ADMIN, Tier.BASELINE):
        snapshot = of_tier_alone(whole, tier)
        never = prefixes(findings(snapshot))
        survey = Survey(snapshot)
        for direction in Direction:
            for at, rule in enumerate(survey.rules[direction]):
                path = direction.value, rule.ref.rule
                said = never.get((rule.ref.kind, rule.ref.policy), [])
                if any(path[: len(each)] == each for each in said):
                    event("never")
                elif any(_sure(survey, direction, at)):
                    event("sometimes")
                    assert _decides(survey, direction, at), rule


def _sure(survey: Survey, direction: Direction, at: int) -> Iterator[tuple[Grid, Group, int]]:
    """The cells that a rule decides whatever is true of what nobody knows."""
    for grid in grids_of(survey):
        for group in grid.groups if grid.direction is direction else ():
            # Where both IP versions come out alike, an answer tells the walk of the first alone;
            # a stratum whose addresses nobody knows may have both.
            if grid.version == 6 and survey.versions(group.strata[0]) != {6}:
                continue
            before = 0  # what rules that are asked earlier may decide
            for turn in turns(grid, group, survey.rules[direction][at].tier):
                if turn.asked.at == at and (cells := turn.settled & ~before):
                    yield grid, group, cells
                before |= turn.decides


def _decides(survey: Survey, direction: Direction, at: int) -> bool:
    holds = decided_by(survey.rules[direction][at])
    witnesses = Witnesses(survey)
    return any(
        witnesses.of(grid, group, cells, holds)
        for grid, group, cells in _sure(survey, direction, at)
    )


def reaches(
    snapshot: Snapshot, flow: Flow
) -> Iterator[tuple[Decision, frozenset[tuple[str, str]]]]:
    for decision in decisions(netsim.decide_by_reference(snapshot, flow)):
        if decision.ambiguous:
            first = {(step.kind, step.policy) for step in decision.steps if step.reasons}
            rivals = {(each.kind, each.policy) for each in decision.ambiguous}
            yield decision, frozenset(first | rivals)


@laws
@given(tiered_clusters(SEVERAL), semantics(), st.data())
def test_every_disagreement_is_found(
    cluster: list[Manifest], options: Semantics, data: st.DataObject
) -> None:
    """ANP-24: of what is drawn, and what is found is one."""
    snapshot = read([{**each, **_tied(each)} for each in cluster], options)
    pairs: dict[tuple[str | int, frozenset[tuple[str, str]]], Finding] = {}
    for finding in findings(snapshot):
        if finding.kind is FindingKind.AMBIGUOUS:
            one, other = finding.places
            key = frozenset((each.policy.kind, each.policy.name) for each in (one, other))
            pairs.setdefault((one.path[1], key), finding)
            event("found")
            assert finding.witness
            assert list(reaches(snapshot, finding.witness))
            rules = {(each.policy.kind, each.policy.name, each.path) for each in (one, other)}
            assert len(rules) == 2
    for flow in data.draw(flows(snapshot)):
        for decision, names in reaches(snapshot, flow):
            event("drawn")
            found = {key for direction, key in pairs if direction == decision.direction.value}
            assert any(key <= names for key in found), (flow, decision)


def _tied(manifest: Manifest) -> Manifest:
    if manifest["kind"] != "ClusterNetworkPolicy":
        return {}
    return {"spec": {**manifest["spec"], "priority": 1000}}


@laws
@given(tiered_clusters(SEVERAL), semantics())
def test_pods_are_denied_where_it_is_said(cluster: list[Manifest], options: Semantics) -> None:
    """ANP-15"""
    snapshot = read(cluster, options)
    for finding in findings(snapshot):
        if finding.kind is FindingKind.DENIES_PODS:
            event("found")
            assert finding.witness
            found = decisions(netsim.decide_by_reference(snapshot, finding.witness))
            causes = [each.cause for each in found if each.direction is Direction.EGRESS]
            assert Cause.TIER_DENY in causes
            assert isinstance(finding.witness.destination, netsim.model.cluster.Pod)
