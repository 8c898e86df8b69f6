"""What came of suites as data (docs/json.md): a line for each suite."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from netsim.report.check_told import Standing, Told, standing
from netsim.report.json_text import API_VERSION, JSON_END, json_head, json_list, place
from netsim.report.verdict_json import answer_value, profile_value
from netsim.suites.outcome import Breach, Outcome, SuiteOutcome

if TYPE_CHECKING:
    from netsim.suites.coverage import Coverage


def check_json(told: Told, covered: Coverage | None = None) -> Iterator[str]:
    """One object, `kind: Check`; with coverage if that was asked for."""
    coverage = {"coverage": _coverage(covered)}
    yield json_head({"apiVersion": API_VERSION, "kind": "Check", **_summary(told), **coverage})
    yield from json_list("suites", (_suite(suite, told) for suite in told.suites))
    yield JSON_END


def _coverage(covered: Coverage | None) -> dict[str, object] | None:
    if covered is None:
        return None
    from netsim.report.coverage_told import coverage_value  # compares versions

    return coverage_value(covered)


def _summary(told: Told) -> dict[str, object]:
    profile = told.context.profile
    found = [standing(outcome) for outcome in told.outcomes]
    return {
        "holds": all(each is Standing.OK for each in found),
        "expectations": len(found),
        "failed": found.count(Standing.FAIL),
        "notes": list(told.notes),
        "assumptions": list(told.assumptions),
        "incomplete": list(told.incomplete),
        "profile": None if profile is None else profile_value(profile),
        "semantics": told.context.semantics.changed(),
    }


def _suite(suite: SuiteOutcome, told: Told) -> dict[str, object]:
    return {
        "name": suite.suite.name,
        "namespace": suite.suite.namespace or None,
        **place(suite.suite.origin.locate()),
        "holds": suite.holds,
        "outcomes": [_outcome(outcome, told) for outcome in suite.outcomes],
    }


def _outcome(outcome: Outcome, told: Told) -> dict[str, object]:
    expectation = outcome.expectation
    return {
        "expectation": str(expectation),
        "claim": expectation.word,
        "why": expectation.why,
        "allowEmpty": expectation.allow_empty,
        **place(expectation.location),
        "holds": outcome.holds,
        "empty": outcome.empty,
        "reason": outcome.reason,
        "pairs": outcome.pairs,
        "breaking": outcome.breaking,
        "breaches": [_breach(breach, told) for breach in outcome.breaches],
        "assumptions": list(outcome.assumptions),
        "incomplete": list(outcome.incomplete),
    }


def _breach(breach: Breach, told: Told) -> dict[str, object]:
    verdict = breach.verdict
    return {
        "from": breach.source,
        "to": breach.destination or None,
        "port": breach.port or None,
        "path": list(breach.path),
        "missing": [direction.value for direction in breach.missing],
        "reason": breach.reason,
        "command": told.question(breach) or None,
        "verdict": None if verdict is None else answer_value(verdict),
    }
