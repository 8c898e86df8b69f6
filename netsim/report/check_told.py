"""What came of suites, with what a reader must know besides, for whoever tells it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from netsim.errors import visible
from netsim.model.cluster import Pod
from netsim.model.flow import Endpoint
from netsim.report.context import Context
from netsim.report.style import counted
from netsim.suites.outcome import Breach, Outcome, SuiteOutcome


class Standing(Enum):
    """What is said of an expectation: one that holds may not, with what was left out."""

    OK = "ok"
    FAIL = "fail"
    INCOMPLETE = "incomplete"


class Told(NamedTuple):
    """The outcomes of some suites, and under which options.

    `again` are the words that begin a question about the same manifests. `verbose`: nothing is
    left out, those that hold neither.
    """

    suites: tuple[SuiteOutcome, ...]
    again: tuple[str, ...] = ("netsim", "can")
    context: Context = Context()
    notes: tuple[str, ...] = ()
    verbose: bool = False

    @property
    def outcomes(self) -> Iterator[Outcome]:
        """Those of all suites."""
        return (outcome for suite in self.suites for outcome in suite.outcomes)

    @property
    def incomplete(self) -> tuple[str, ...]:
        """What was left out and could change any of them, each once."""
        found = (line for outcome in self.outcomes for line in outcome.incomplete)
        return tuple(dict.fromkeys(found))

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What could turn any of them, each once."""
        found = (line for outcome in self.outcomes for line in outcome.assumptions)
        return tuple(dict.fromkeys(found))

    def question(self, breach: Breach) -> str:
        """The command that asks about its flow; empty where it is about one pod."""
        if breach.verdict is None:
            return ""
        from shlex import quote

        flow = breach.verdict.groups[0].answer.flow
        ends = _askable(breach.source, flow.source), _askable(breach.destination, flow.destination)
        words = (*self.again, *ends, breach.port.removesuffix("/tcp"))
        return " ".join(quote(visible(word)) for word in words)


def _askable(text: str, endpoint: Endpoint) -> str:
    """A text that means one end of a flow.

    One pod of a DaemonSet, on one node (WL-13), has no name: its node answers for it where it is
    on that's network (NP-60), else all of them do.
    """
    if not isinstance(endpoint, Pod) or " " not in endpoint.name:
        return text
    return f"node/{endpoint.node}" if endpoint.host_network else str(endpoint.workload)


def standing(outcome: Outcome) -> Standing:
    """Whether it holds, fails, or can't be told."""
    if not outcome.holds:
        return Standing.FAIL
    return Standing.INCOMPLETE if outcome.incomplete else Standing.OK


def breach_line(breach: Breach) -> str:
    """One flow that breaks an expectation, with what is so and how it was come to."""
    if breach.allowed is None:
        return f"{breach.source}: {breach.reason}"
    over = f", reached by {' -> '.join(breach.path)}" if len(breach.path) > 1 else ""
    flow = f"{breach.source} -> {breach.destination} {breach.port}"
    return f"{word_of(breach.allowed)} {flow}{over}"


def word_of(allowed: bool) -> str:
    """What a line about a flow begins with."""
    return "allow" if allowed else "deny"


def others(outcome: Outcome) -> int:
    """How many break it that aren't named."""
    return max(outcome.breaking - len(outcome.breaches), 0)


def remarks(outcome: Outcome) -> Iterator[str]:
    """What could turn it."""
    yield from (f"may be otherwise: {text}" for text in outcome.assumptions)
    yield from left_out(outcome)


def left_out(outcome: Outcome) -> Iterator[str]:
    """What was left out and could turn it."""
    yield from (f"incomplete: {text}" for text in outcome.incomplete)


def summary_line(told: Told) -> str:
    """`12 of 14 expectations hold`, and what that hides."""
    found = list(told.outcomes)
    standings = list(map(standing, found))
    held = standings.count(Standing.OK)
    verb = "holds" if len(found) == 1 else "hold"
    text = f"{held} of {counted(len(found), 'expectation')} {verb}"
    if vacuous := sum(outcome.holds and outcome.empty for outcome in found):
        text += f", {vacuous} of them about nothing"
    if unsure := standings.count(Standing.INCOMPLETE):
        text += f"; of {unsure} it can't be told, for what was left out"
    return text
