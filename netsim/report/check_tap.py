"""What came of suites in the Test Anything Protocol, version 13, with YAML diagnostics."""

from __future__ import annotations

import json
from collections.abc import Iterator

from netsim.errors import visible
from netsim.report.check_told import Standing, Told, standing, summary_line, word_of
from netsim.suites.outcome import Breach, Outcome


def check_tap(told: Told) -> Iterator[str]:
    """A line for each expectation; one that what was left out could change is not ok."""
    total = sum(len(suite.outcomes) for suite in told.suites)
    yield f"TAP version 13\n1..{total}\n"
    number = 0
    for suite in told.suites:
        for outcome in suite.outcomes:
            number += 1
            word = "ok" if standing(outcome) is Standing.OK else "not ok"
            text = _description(f"{suite.suite.name}: {outcome.expectation}")
            yield f"{word} {number} - {text}\n"
            yield from _diagnostics(outcome)
    yield f"# {visible(summary_line(told))}\n"


def _description(text: str) -> str:
    """On one line, and without a `#`, after which a directive would stand."""
    return visible(text).replace("\\", "\\\\").replace("#", "\\#")


def _diagnostics(outcome: Outcome) -> Iterator[str]:
    lines = list(_lines(outcome))
    if lines:
        yield from ("  ---\n", *lines, "  ...\n")


def _lines(outcome: Outcome) -> Iterator[str]:
    found = standing(outcome)
    if found is Standing.OK and not (outcome.reason or outcome.assumptions):
        return
    yield f"  severity: {found.value}\n"
    if outcome.reason:
        yield f"  message: {_quoted(outcome.reason)}\n"
    if outcome.expectation.why:
        yield f"  why: {_quoted(outcome.expectation.why)}\n"
    place = outcome.expectation.location
    yield f"  at:\n    file: {_quoted(place.file)}\n    line: {place.line}\n    column: {place.column}\n"
    if outcome.breaches:
        yield f"  breaking: {outcome.breaking}\n  breaches:\n"
        for breach in outcome.breaches:
            yield from _breach(breach)
    for key, texts in (("assumptions", outcome.assumptions), ("incomplete", outcome.incomplete)):
        if texts:
            yield f"  {key}:\n"
            yield from (f"    - {_quoted(text)}\n" for text in texts)


def _breach(breach: Breach) -> Iterator[str]:
    """One of them. A list of plain texts would not do: some readers take a text with a `:` for more."""
    given = {"from": breach.source, "to": breach.destination, "port": breach.port}
    if breach.allowed is not None:
        given["verdict"] = word_of(breach.allowed)
    if len(breach.path) > 1:
        given["path"] = " -> ".join(breach.path)
    lines = [f"{key}: {_quoted(text)}" for key, text in given.items() if text]
    lines.append(f"reason: {_quoted(breach.reason)}")
    yield f"    - {lines[0]}\n"
    yield from (f"      {line}\n" for line in lines[1:])


def _quoted(text: str) -> str:
    """A double-quoted scalar; JSON's is one where every character prints."""
    return json.dumps(visible(text), ensure_ascii=False)
