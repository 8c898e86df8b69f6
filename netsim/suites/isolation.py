"""Expectations about isolation: that some policy selects a pod in a direction (NP-3, NP-6)."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nsmallest

from netsim.errors import query_error, unclear_error
from netsim.model.flow import Direction, Endpoint
from netsim.suites.crowd import Crowd
from netsim.suites.ground import Ground
from netsim.suites.outcome import Breach, Outcome
from netsim.suites.suite import Expectation, Isolated
from netsim.suites.view import View
from netsim.suites.witness import rank

# So many pods that aren't isolated are named.
_MOST_NAMED = 3


def isolation_outcome(expectation: Expectation, claim: Isolated, ground: Ground) -> Outcome:
    """What comes of it. Raises QueryError if it is about nobody, or about addresses too."""
    crowd = ground.crowds.of(claim.pods)
    if crowd.has_addresses:
        help = "name pods: `isolated` is about whom policies select"
        raise unclear_error(f"`{claim.pods}` means addresses, too", help=help)
    if not crowd:
        raise query_error("it is about no pod")
    bare = list(_bare(claim, crowd, ground.view, ground))
    turned = (bool(bare) is not any(_bare(claim, crowd, view, ground)) for view in ground.bounds)
    return Outcome(
        expectation,
        not bare,
        _reason(len(bare), crowd.size) if bare else "",
        pairs=crowd.size,
        breaking=len(bare),
        breaches=tuple(
            Breach(str(pod), missing=tuple(missing))
            for pod, missing in nsmallest(_MOST_NAMED, bare, key=lambda each: rank(each[0]))
        ),
        assumptions=ground.assumptions((), crowd.members) if any(turned) else (),
    )


def _bare(
    claim: Isolated, crowd: Crowd, view: View, ground: Ground
) -> Iterator[tuple[Endpoint, list[Direction]]]:
    """Those that aren't isolated, with the directions in which they aren't."""
    isolated = [(each, view.isolated(each)) for each in claim.directions]
    for number, members in crowd.members.items():
        if missing := [each for each, classes in isolated if not classes >> number & 1]:
            yield from ((member.endpoint, missing) for member in members)
    for endpoint in crowd.strangers:
        known = ground.number(endpoint)
        missing = [each for each, classes in isolated if known is None or not classes >> known & 1]
        if missing:
            yield endpoint, missing


def _reason(bare: int, pods: int) -> str:
    return f"{bare:,} of {pods:,} pod{'s' if pods > 1 else ''} {'are' if bare > 1 else 'is'} not isolated"
