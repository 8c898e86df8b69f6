"""What came of the expectations of a suite."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netsim.model.verdict import Verdict
from netsim.suites.suite import Expectation, Suite


@dataclass(frozen=True, slots=True)
class Breach:
    """One flow that shows why an expectation fails; or one pod, then there is but a `source`.

    `reason` says in a line why it is as it is, `verdict` in full where it is a flow. `path` are
    the pods, from the first on, by whom the source of the flow was reached.
    """

    source: str
    reason: str
    destination: str = ""
    port: str = ""
    verdict: Verdict | None = None
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether an expectation holds.

    `breaking` of the `pairs` that it is about break it: pairs of endpoints, or of an endpoint and
    the outside; pods, for `isolated` and `reach-at-most`. `breaches` are a few of them, by name.
    `reason` says why it fails, in a line; also where it is about nothing, which `empty` tells.
    `assumptions` are truths that nobody knows offline and that could turn it (NP-43, WL-7, NP-35),
    `incomplete` what `keep_going` left out and could.
    """

    expectation: Expectation
    holds: bool
    reason: str = ""
    empty: bool = False
    pairs: int = 0
    breaking: int = 0
    breaches: tuple[Breach, ...] = ()
    assumptions: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SuiteOutcome:
    """The outcomes of one suite, in its order."""

    suite: Suite
    outcomes: tuple[Outcome, ...]

    @property
    def holds(self) -> bool:
        """Whether all of them hold."""
        return all(outcome.holds for outcome in self.outcomes)

    @property
    def failures(self) -> Iterator[Outcome]:
        """Those that fail."""
        return (outcome for outcome in self.outcomes if not outcome.holds)
