"""What came of the expectations of a suite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from netsim.model.flow import Direction
from netsim.suites.suite import Expectation, Suite

if TYPE_CHECKING:
    from netsim.model.verdict import Verdict


@dataclass(frozen=True)
class Breach:
    """One flow that shows why an expectation fails; or one pod, then there is but a `source`.

    `path` are the pods, from the first on, by whom the source of a flow was reached. `allowed`
    says what is so of a flow, `missing` of a pod in which directions no policy selects it.
    """

    source: str
    destination: str = ""
    port: str = ""
    path: tuple[str, ...] = ()
    missing: tuple[Direction, ...] = ()
    allowed: bool | None = None
    _ask: Callable[[], Verdict] | None = field(default=None, compare=False, repr=False)

    @cached_property
    def verdict(self) -> Verdict | None:
        """The verdict on the flow, with all its reasons. Costs a question when first asked for."""
        return self._ask() if self._ask else None

    @property
    def reason(self) -> str:
        """Why it is as it is, in a line."""
        if self.verdict is not None:
            return self.verdict.reason
        directions = " and ".join(direction.value for direction in self.missing)
        return f"no policy selects it for {directions}"


class Outcome(NamedTuple):
    """Whether an expectation holds.

    `breaking` of the `pairs` that it is about break it: pairs of endpoints, or of an endpoint and
    the outside; pods, for `isolated` and `reach-at-most`. `breaches` are a few of them, by name.
    `reason` says why it fails, in a line; also where it is about nothing, which `empty` tells.
    `assumptions` are truths that nobody knows offline and that could turn it (NP-43, WL-7, NP-35,
    ANP-17), `incomplete` what `keep_going` left out and could.
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


class SuiteOutcome(NamedTuple):
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
