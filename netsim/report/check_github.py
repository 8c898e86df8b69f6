"""What came of suites as annotations of GitHub Actions, on the lines of the suites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netsim.report.check_told import Standing, Told, breach_line, others, remarks, standing
from netsim.report.files import in_workspace
from netsim.report.github import annotation
from netsim.suites.outcome import Outcome

# What is said of an expectation: the command, and its title.
_SAID = {
    Standing.FAIL: ("error", "an expectation fails"),
    Standing.INCOMPLETE: ("warning", "something was left out that may matter"),
    Standing.OK: ("notice", "an expectation holds, and may not"),
}


def check_github(told: Told) -> Iterator[str]:
    """An error for each expectation that fails; and a remark on those that something could turn."""
    for outcome in told.outcomes:
        found = standing(outcome)
        if found is Standing.OK and not outcome.assumptions:
            continue
        command, title = _SAID[found]
        place = outcome.expectation.location
        place = replace(place, file=in_workspace(place.file))
        yield annotation(command, place, f"netsim: {title}", "\n".join(_lines(outcome))) + "\n"


def _lines(outcome: Outcome) -> Iterator[str]:
    yield str(outcome.expectation)
    if outcome.expectation.why:
        yield f"why: {outcome.expectation.why}"
    if outcome.reason:
        yield outcome.reason
    yield from map(breach_line, outcome.breaches)
    if beyond := others(outcome):
        yield f"… and {beyond} more"
    yield from remarks(outcome)
