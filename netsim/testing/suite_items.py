"""Suites as pytest has them: a file of tests, one for each expectation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from _pytest._code.code import TerminalRepr

from netsim.errors import NetsimError
from netsim.report.check_text import outcome_lines
from netsim.report.check_told import Told
from netsim.report.style import PLAIN, Style
from netsim.suites.check import grounds_of
from netsim.suites.ground import Ground
from netsim.suites.judging import outcome
from netsim.suites.outcome import Outcome
from netsim.suites.reading import load_suites
from netsim.suites.suite import Expectation, Suite
from netsim.testing.clusters_under_test import clusters_of, shown


class SuiteFile(pytest.File):
    """The suites of one file, held against the manifests of the ini file."""

    def collect(self) -> Iterator[ExpectationItem]:
        """A test for each expectation, named as it reads; of equal ones the second is `… #2`."""
        seen: Counter[str] = Counter()
        for suite in self.suites:
            prefix = f"{suite.name}: " if len(self.suites) > 1 else ""
            for expectation in suite.expectations:
                plain = f"{prefix}{expectation}"
                seen[plain] += 1
                number = f" #{seen[plain]}" if seen[plain] > 1 else ""
                yield self._item(_selectable(prefix, f"{expectation}{number}"), suite, expectation)

    def _item(self, name: str, suite: Suite, expectation: Expectation) -> ExpectationItem:
        # pytest reads its ids from --lf as those of parameters where they have brackets; an id
        # that it makes of the name is none of these, and would not be found again.
        given = {"nodeid": f"{self.nodeid}::{name}"} if "[" in name else {}
        found: ExpectationItem = ExpectationItem.from_parent(
            self, name=name, suite=suite, expectation=expectation, **given
        )
        return found

    @cached_property
    def suites(self) -> tuple[Suite, ...]:
        """What the file holds."""
        return load_suites(shown(self.path, self.config))

    @cached_property
    def grounds(self) -> dict[str, Ground]:
        """What they are judged on, by the namespace of names without one."""
        return grounds_of(clusters_of(self.config).program(), self.suites)

    def repr_failure(  # type: ignore[override]
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> str | TerminalRepr:
        """What is wrong with the suite, as on the command line."""
        if isinstance(excinfo.value, NetsimError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)


class ExpectationItem(pytest.Item):
    """One expectation."""

    def __init__(self, *, suite: Suite, expectation: Expectation, **given: Any) -> None:
        super().__init__(**given)
        self._suite, self._expectation = suite, expectation

    def runtest(self) -> None:
        """Raises BrokenExpectationError if it doesn't hold."""
        assert isinstance(self.parent, SuiteFile)
        found = outcome(self._expectation, self.parent.grounds[self._suite.namespace])
        for assumption in found.assumptions:
            self.add_report_section("call", "netsim", f"warning: {assumption}")
        if not found.holds:
            raise BrokenExpectationError(found)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str | TerminalRepr:  # type: ignore[override]
        """Why it doesn't hold, as on the command line."""
        error = excinfo.value
        if isinstance(error, BrokenExpectationError):
            return _told(error.outcome, clusters_of(self.config).paths())
        if isinstance(error, NetsimError | pytest.UsageError):
            return str(error)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands; lines count from 0 here."""
        return self.path, self._expectation.location.line - 1, self.name


class BrokenExpectationError(AssertionError):
    """An expectation doesn't hold."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(f"{outcome.expectation}: {outcome.reason}")
        self.outcome = outcome


def _selectable(prefix: str, text: str) -> str:
    """The name of a test by which pytest finds it: what has `::` stands in brackets.

    pytest takes `::` for the border between names, but not behind a `[`.
    """
    name = f"{prefix}{text}"
    if "::" not in name.partition("[")[0]:
        return name
    if "::" in prefix:
        return f"[{name}]"
    word, _, rest = text.partition(" ")
    return f"{prefix}{word} [{rest}]"


def _told(found: Outcome, manifests: tuple[str, ...]) -> str:
    words = ("netsim", "can", *(word for path in manifests for word in ("-f", path)))
    lines = outcome_lines(found, Told((), words), Style(PLAIN))
    return "\n".join((f"{found.expectation}  ({found.expectation.location})", *lines))
