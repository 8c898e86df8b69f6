"""What came of suites as a JUnit report: a test suite for each, a test case an expectation.

As the XML Schema wants that Jenkins reads reports by. A case has no attribute for its line there:
the text of a failure has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from netsim.errors import visible
from netsim.report.check_text import outcome_lines
from netsim.report.check_told import Standing, Told, remarks, standing
from netsim.report.files import in_workspace
from netsim.report.style import PLAIN, in_full
from netsim.suites.outcome import Outcome, SuiteOutcome

_STYLE = in_full(PLAIN)


def check_junit(told: Told) -> Iterator[str]:
    """A failure for each expectation that fails; an error where what was left out may matter."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield _tag("testsuites", [("name", "netsim check"), *_counts(told.outcomes)])
    for suite in told.suites:
        yield from _suite(suite, told)
    yield "</testsuites>\n"


def _suite(suite: SuiteOutcome, told: Told) -> Iterator[str]:
    name = suite.suite.name
    file = in_workspace(suite.suite.origin.locate().file)
    yield "  " + _tag("testsuite", [("name", name), *_counts(suite.outcomes), ("file", file)])
    for outcome in suite.outcomes:
        yield "    " + _tag("testcase", [("classname", name), ("name", str(outcome.expectation))])
        yield from _said(outcome, told)
        yield "    </testcase>\n"
    yield "  </testsuite>\n"


def _said(outcome: Outcome, told: Told) -> Iterator[str]:
    found = standing(outcome)
    if found is Standing.OK:
        if lines := [outcome.reason, *remarks(outcome)] if outcome.empty else [*remarks(outcome)]:
            yield f"      <system-out>{_text(lines)}</system-out>\n"
        return
    element = "failure" if found is Standing.FAIL else "error"
    message = outcome.reason or outcome.incomplete[0]
    kind = outcome.expectation.word
    lines = [str(outcome.expectation.location), *outcome_lines(outcome, told, _STYLE)]
    opening = _tag(element, [("message", message), ("type", kind)]).rstrip("\n")
    yield f"      {opening}{_text(lines)}</{element}>\n"


def _counts(outcomes: Iterable[Outcome]) -> list[tuple[str, str]]:
    found = [standing(outcome) for outcome in outcomes]
    failures, errors = found.count(Standing.FAIL), found.count(Standing.INCOMPLETE)
    counts = (("tests", len(found)), ("failures", failures), ("errors", errors))
    return [(name, str(number)) for name, number in counts]


def _tag(element: str, attributes: Iterable[tuple[str, str]]) -> str:
    listed = "".join(f' {name}="{escape(visible(value))}"' for name, value in attributes)
    return f"<{element}{listed}>\n"


def _text(lines: Iterable[str]) -> str:
    """Lines as text; what is not printable, and so might be no XML, is written as an escape."""
    return "\n".join(escape(visible(line), quote=False) for line in lines)
