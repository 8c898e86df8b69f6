"""What is wrong with policies that no schema can see: found by evaluating them over a snapshot."""

from __future__ import annotations

from collections.abc import Iterator

from netsim.analysis.finding import Finding, FindingKind
from netsim.analysis.survey import Survey
from netsim.analysis.tier_grid import Grid
from netsim.analysis.tier_remarks import (
    denies_pods,
    hidden,
    out_of_range,
    without_flows,
    without_subject,
)
from netsim.analysis.tier_shadows import Tally, shadowed
from netsim.analysis.tier_ties import ambiguous
from netsim.analysis.tier_witness import Witnesses
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.errors import Location
from netsim.model.flow import Direction
from netsim.model.profiles import Profile
from netsim.model.rules import AddressSet, Anyone
from netsim.model.snapshot import Snapshot
from netsim.source.collector import collector_off


def findings(snapshot: Snapshot, profile: Profile | None = None) -> tuple[Finding, ...]:
    """All that is found of the policies of the whole cluster, by place.

    Exact for the pods and nodes of the snapshot, every address outside and every DNS name that a
    rule mentions. Costs a walk over the rules for each kind of subject that they tell apart.
    """
    policies = [policy for policy in snapshot.policies if isinstance(policy, TierPolicy)]
    if not policies:
        return ()
    with collector_off():
        found = list(out_of_range(policies, profile)) if profile else []
        if any(not pod.finished for pod in snapshot.pods):
            found += _evaluated(Survey(snapshot))
        else:
            found.append(_NOTHING)
        return tuple(sorted(found, key=_order))


_NOTHING = Finding(
    FindingKind.NOT_EVALUATED,
    "ANP-4",
    "there is no pod in the input: no rule of a cluster policy was evaluated",
    help="give workloads too, or what `kubectl get ns,nodes,pods -A -o json` prints",
)


def _order(finding: Finding) -> tuple[Location, str]:
    place = finding.places[0].location if finding.places else Location("")
    return place, finding.kind.value


def _evaluated(survey: Survey) -> Iterator[Finding]:
    grids, witnesses = list(grids_of(survey)), Witnesses(survey)
    tally = Tally.of(grids)
    yield from without_subject(survey)
    yield from without_flows(survey, grids, tally)
    yield from shadowed(survey, grids, tally, witnesses)
    yield from denies_pods(survey, grids, witnesses)
    yield from hidden(survey)
    yield from ambiguous(survey, grids, witnesses)


def grids_of(survey: Survey) -> Iterator[Grid]:
    """Both directions in each IP version in which rules can be about anything of their own."""
    has_ipv6 = any(6 in survey.versions(at) for at in range(len(survey.strata.items)))
    for direction in Direction:
        peers = {each for rule in survey.rules[direction] for each in rule.peers}
        # What is outside is asked in its own IP version, whatever a subject has.
        in_ipv6 = has_ipv6 or any(
            each.cidr.version == 6 if isinstance(each, AddressSet) else isinstance(each, Anyone)
            for each in peers
        )
        for version in (4, 6) if in_ipv6 else (4,):
            if survey.rules[direction]:
                yield Grid(survey, direction, version)
