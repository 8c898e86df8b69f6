"""Whether expectations hold, from the rows of a compiled snapshot; no pair is listed for it."""

from __future__ import annotations

from typing import assert_never

from netsim.analysis.incomplete import QuestionEnd, lacking
from netsim.errors import QueryError, UnclearError
from netsim.suites.crowd import ALL_PODS
from netsim.suites.ground import Ground
from netsim.suites.isolation import isolation_outcome
from netsim.suites.meant import meant
from netsim.suites.outcome import Outcome
from netsim.suites.pairs import pairs_outcome
from netsim.suites.suite import (
    Allow,
    Claim,
    Deny,
    Expectation,
    Isolated,
    Only,
    ReachAtMost,
    texts_of,
)


def outcome(expectation: Expectation, ground: Ground) -> Outcome:
    """What comes of an expectation.

    Raises LimitError where it asks about more than can be answered.
    """
    try:
        found = _outcome(expectation, expectation.claim, ground)
    except QueryError as error:
        found = _without_nothing(expectation, error, ground)
    incomplete = _lacking(expectation.claim, ground)
    return found._replace(incomplete=incomplete) if incomplete else found


def _without_nothing(expectation: Expectation, error: QueryError, ground: Ground) -> Outcome:
    """What comes of one where something means nothing, or can't be asked about: as `error` says."""
    allowed = expectation.allow_empty
    if allowed:
        try:
            return _outcome(expectation, meant(expectation.claim, ground), ground)
        except UnclearError as unclear:
            error, allowed = unclear, False
        except QueryError:
            pass  # nothing is left to judge
    [said] = error.diagnostics
    reason = f"{said.message}: {said.help}" if said.help else said.message
    return Outcome(expectation, allowed, reason, empty=True)


def _outcome(expectation: Expectation, claim: Claim, ground: Ground) -> Outcome:
    match claim:
        case Allow() | Deny() | Only():
            return pairs_outcome(expectation, claim, ground)
        case Isolated():
            return isolation_outcome(expectation, claim, ground)
        case ReachAtMost():
            from netsim.suites.hops import hops_outcome  # few suites have one

            return hops_outcome(expectation, claim, ground)
    assert_never(claim)


def _lacking(claim: Claim, ground: Ground) -> tuple[str, ...]:
    """A line for each object left out that could change the outcome."""
    snapshot = ground.snapshot
    if not snapshot.left_out:
        return ()
    ends = [
        QuestionEnd(text, ground.named(text), ground.namespace)
        for text in dict.fromkeys(texts_of(claim))
    ]
    if isinstance(claim, Only | ReachAtMost):
        ends.append(QuestionEnd("*", ground.named(ALL_PODS)))
    spaces = set().union(*(end.namespaces() for end in ends))
    policies = [each for each in snapshot.policies if each.namespace in {"", *spaces}]
    return lacking(snapshot, ends, policies)
