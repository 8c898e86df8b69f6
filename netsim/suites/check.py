"""Suites held against a compiled snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netsim.analysis.program import Program
from netsim.errors import hold_type
from netsim.source.collector import collector_off
from netsim.suites.ground import Ground, ground_of
from netsim.suites.judging import outcome
from netsim.suites.outcome import Outcome, SuiteOutcome
from netsim.suites.suite import Expectation, Suite, texts_of


def check(program: Program, *suites: Suite) -> tuple[SuiteOutcome, ...]:
    """What comes of each expectation of each suite, in their order.

    Costs a look at whom each is about, not at each of their pairs. Raises LimitError where an
    expectation asks about more single flows than can be answered.
    """
    hold_type(program, Program, "netsim.compile_snapshot(…)")
    with collector_off():
        grounds = grounds_of(program, suites)
        return tuple(
            SuiteOutcome(suite, tuple(_outcomes(suite.expectations, grounds[suite.namespace])))
            for suite in suites
        )


def _outcomes(expectations: Iterable[Expectation], ground: Ground) -> Iterator[Outcome]:
    return (outcome(expectation, ground) for expectation in expectations)


def grounds_of(program: Program, suites: Iterable[Suite]) -> dict[str, Ground]:
    """A ground for each namespace that names without one are of."""
    texts: dict[str, list[str]] = {}
    for suite in suites:
        found = texts.setdefault(suite.namespace, [])
        found += [text for each in suite.expectations for text in texts_of(each.claim)]
    return {namespace: ground_of(program, found, namespace) for namespace, found in texts.items()}
