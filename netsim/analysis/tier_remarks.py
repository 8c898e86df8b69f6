"""What is to be said of single policies of the tiers: they match nobody, pods too, or aren't asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netsim.analysis.finding import Finding, FindingKind, Place
from netsim.analysis.survey import Survey
from netsim.analysis.tier_columns import denies_everything
from netsim.analysis.tier_grid import Grid
from netsim.analysis.tier_shadows import Tally, turns
from netsim.analysis.tier_witness import Witness, Witnesses, denied_by
from netsim.dialects.tiers.lower import subject_of
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.model.flow import Direction
from netsim.model.profiles import Profile
from netsim.model.rules import RankedRule
from netsim.model.tiers import Tier
from netsim.sets.bitset import members

_WITHOUT_PASS = "BaselineAdminNetworkPolicy"
_PEERS = {Direction.INGRESS: "from", Direction.EGRESS: "to"}


def out_of_range(policies: Iterable[TierPolicy], profile: Profile) -> Iterator[Finding]:
    """Policies whose priority the product doesn't have (IMP-21)."""
    for policy in policies:
        most = profile.highest_priority.get(policy.kind)
        if most is not None and policy.priority > most:
            message = (
                f"{profile.name} doesn't apply a policy of priority {policy.priority}: "
                f"it has 0 to {most} ({profile.describes})"
            )
            place = Place.of(policy, "spec", "priority")
            help = f"give it a priority up to {most}"
            yield Finding(FindingKind.PRIORITY, "IMP-21", message, (place,), help=help)


def without_subject(survey: Survey) -> Iterator[Finding]:
    """Policies that govern no pod of the snapshot."""
    for policy in survey.policies.values():
        if subject_of(policy) is not None and not _governed(survey, policy):
            message = f"no pod is its subject ({policy.subject}): it says nothing here"
            place = Place.of(policy, "spec", "subject")
            yield Finding(FindingKind.NOBODY, "ANP-4", message, (place,))


def _governed(survey: Survey, policy: TierPolicy) -> list[int]:
    """The strata that a policy may govern."""
    subject = subject_of(policy)
    return members(survey.strata.meant(subject, 4).maybe) if subject else []


def without_flows(survey: Survey, grids: Iterable[Grid], tally: Tally) -> Iterator[Finding]:
    """Rules of policies with a subject that nothing matches: no peer is there, or no such port."""
    for direction in Direction:
        reached = {
            at
            for grid in grids
            if grid.direction is direction
            for at, meant in enumerate(grid.peers)
            if meant.maybe
        }
        for at, rule in enumerate(survey.rules[direction]):
            place = survey.place(rule)
            if at not in tally.matching[direction] and _governed(survey, place.policy):
                yield _without_flows(place, rule, at in reached)


def _without_flows(place: Place, rule: RankedRule, has_peers: bool) -> Finding:
    if not has_peers:
        field = _PEERS[rule.direction]
        message = "none of its peers is there: it matches nothing here"
        return Finding(FindingKind.NOBODY, "ANP-4", message, (place.inside(field),))
    written = place.policy.rules(rule.direction)[rule.ref.rule]
    message = "no destination has any of its ports: it matches nothing here"
    if not isinstance(written.ports, tuple):
        message = "no subject has anybody else among its peers: it matches nothing here"
        return Finding(FindingKind.NOBODY, "ANP-5", message, (place,))
    return Finding(FindingKind.NOBODY, "ANP-19", message, (place.inside(written.ports_field),))


def denies_pods(survey: Survey, grids: Iterable[Grid], witnesses: Witnesses) -> Iterator[Finding]:
    """Rules that deny every address, and so pods that they don't name (ANP-15)."""
    found: dict[int, Witness] = {}
    for grid in grids:
        wide = {at for at, rule in enumerate(grid.rules) if denies_everything(rule)} - found.keys()
        for group in grid.groups if wide else ():
            for tier in (Tier.ADMIN, Tier.BASELINE):
                for turn in turns(grid, group, tier):
                    at = turn.asked.at
                    pods = grid.of_pods & ~grid.named[at] if at in wide - found.keys() else 0
                    if cells := turn.decides & grid.at_columns(pods):
                        classes = survey.asking(group.strata, tier, grid.direction)
                        holds = denied_by(grid.rules[at])
                        if witness := witnesses.of(grid, group, cells, holds, classes):
                            found[at] = witness
    for at, witness in sorted(found.items()):
        yield _denies_pods(survey.place(survey.rules[Direction.EGRESS][at]), witness)


def _denies_pods(place: Place, witness: Witness) -> Finding:
    word = "Allow" if place.policy.kind == _WITHOUT_PASS else "Pass"
    return Finding(
        FindingKind.DENIES_PODS,
        "ANP-15",
        "denies pods too: their addresses are among all, and no rule before it decides about each of them",
        (place,),
        witness.flow,
        witness.allowed,
        f"to mean what is outside put a rule before it with action {word} and the peer "
        "`namespaces: {}`; to mean pods too add that peer to this one",
    )


def hidden(survey: Survey) -> Iterator[Finding]:
    """Baseline policies whose every subject NetworkPolicies isolate (ANP-9, IMP-11)."""
    for policy in survey.policies.values():
        strata = _governed(survey, policy) if policy.tier is Tier.BASELINE else []
        for direction in Direction if strata else ():
            if policy.rules(direction) and not survey.asking(strata, Tier.BASELINE, direction):
                code, why = "ANP-9", f"for {direction.value}, and have the last word"
                if not survey.isolates_all(strata, direction):
                    isolating = " or ".join(each.value for each in survey.isolating(strata))
                    code, why = "IMP-11", f"for {isolating}: with baseline_scope=pod that is enough"
                message = f"never asked: NetworkPolicies isolate each of its subjects {why}"
                place = Place.of(policy, "spec", direction.value)
                yield Finding(FindingKind.HIDDEN, code, message, (place,))
