"""What came of suites as SARIF 2.1.0: a result for each expectation that fails, on its line."""

from __future__ import annotations

from collections.abc import Iterator

from netsim.model.flow import Reason
from netsim.model.verdict import deciding
from netsim.report.check_told import Standing, Told, breach_line, others, remarks, standing
from netsim.report.files import file_uri
from netsim.report.sarif import sarif_location, sarif_log, sarif_marks
from netsim.suites.outcome import Outcome
from netsim.suites.suite import WORDS

# So many places of rules are named with a result.
_MOST_RELATED = 20
_RULES = {f"expect/{name}": f"an expectation `{name}` of a suite" for name in WORDS.values()}


def check_sarif(told: Told) -> Iterator[str]:
    """A log of one run. Where what was left out may matter, a result is `open`."""
    found = [(suite.suite.name, outcome) for suite in told.suites for outcome in suite.outcomes]
    found = [(name, outcome) for name, outcome in found if standing(outcome) is not Standing.OK]
    marks = sarif_marks(_identity(name, outcome) for name, outcome in found)
    yield sarif_log(
        _RULES, [_result(outcome, mark) for (_, outcome), mark in zip(found, marks, strict=True)]
    )


def _result(outcome: Outcome, mark: str) -> dict[str, object]:
    rule = f"expect/{outcome.expectation.word}"
    fails = standing(outcome) is Standing.FAIL
    return {
        "ruleId": rule,
        "ruleIndex": list(_RULES).index(rule),
        "kind": "fail" if fails else "open",
        "level": "error" if fails else "none",
        "message": {"text": "\n".join(_lines(outcome))},
        "locations": [sarif_location(outcome.expectation.location)],
        "relatedLocations": [
            {"id": number, **sarif_location(reason.location), "message": {"text": reason.full_name}}
            for number, reason in enumerate(_decisive(outcome), 1)
        ],
        "partialFingerprints": {"netsim/v1": mark},
    }


def _lines(outcome: Outcome) -> Iterator[str]:
    expectation = outcome.expectation
    yield f"{expectation}: {outcome.reason}" if outcome.reason else str(expectation)
    if expectation.why:
        yield f"why: {expectation.why}"
    yield from map(breach_line, outcome.breaches)
    if beyond := others(outcome):
        yield f"… and {beyond} more"
    yield from remarks(outcome)


def _decisive(outcome: Outcome) -> list[Reason]:
    """What decided the flows that are named, a place once."""
    verdicts = (breach.verdict for breach in outcome.breaches)
    groups = (group for verdict in verdicts if verdict is not None for group in verdict.groups)
    sides = (
        side for group in groups for side in deciding(group.answer.egress, group.answer.ingress)
    )
    reasons = {reason.location: reason for side in sides for reason in side.reasons}
    return list(reasons.values())[:_MOST_RELATED]


def _identity(suite: str, outcome: Outcome) -> str:
    file = file_uri(outcome.expectation.location.file)
    return "\0".join((file, suite, str(outcome.expectation)))
