"""A program that remembers what it was asked last, to explain a test that fails by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from netsim.analysis.program import Program
from netsim.model.ports import ProtocolText
from netsim.model.verdict import Verdict
from netsim.report.context import Context
from netsim.report.style import PLAIN, Style
from netsim.report.text import verdict_text


@dataclass(frozen=True, repr=False)
class AnsweringProgram(Program):
    """As its parent. A condition is decided by the question that was asked last."""

    def allows(
        self,
        source: str,
        destination: str,
        port: int | str | None = None,
        protocol: ProtocolText = None,
        namespace: str = "",
    ) -> bool:
        """As of any program."""
        self.forget()
        found = super().allows(source, destination, port, protocol, namespace)
        self.__dict__["asked"] = source, destination, port, protocol, namespace
        return found

    def verdict(
        self,
        source: str,
        destination: str,
        port: int | str | None = None,
        protocol: ProtocolText = None,
        namespace: str = "",
    ) -> Verdict:
        """As of any program."""
        self.forget()
        found = super().verdict(source, destination, port, protocol, namespace)
        self.__dict__["asked"] = source, destination, port, protocol, namespace
        return found

    def last_verdict(self) -> Verdict | None:
        """The verdict on the question that was asked last, if any was and it has one."""
        asked = self.__dict__.get("asked")
        return None if asked is None else Program.verdict(self, *asked)

    def forget(self) -> None:
        """Begin anew."""
        self.__dict__.pop("asked", None)


def add_last_answer(item: pytest.Item, report: pytest.TestReport) -> None:
    """Add to the report of a failing test the answer that it fails by."""
    arguments: dict[str, Any] = getattr(item, "funcargs", {})
    program = arguments.get("netsim_program")
    if not isinstance(program, AnsweringProgram):
        return
    if report.when == "setup":
        program.forget()
    elif report.when == "call" and report.failed:
        verdict = program.last_verdict()
        if verdict is not None:
            text = verdict_text(verdict, Context(), Style(PLAIN))
            report.sections.append(("the last answer of netsim", text))
