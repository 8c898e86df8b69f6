"""Answers to many questions, one line each, so that they can stream."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from netsim.errors import visible
from netsim.model.verdict import Verdict
from netsim.report.context import Context
from netsim.report.json_text import API_VERSION, json_text
from netsim.report.verdict_json import verdict_value

Keys = Mapping[str, object]
# What a verdict is told with: asked for only where it is told.
ContextOf = Callable[[Verdict], Context]


@dataclass(frozen=True, slots=True)
class RowFormat:
    """What is written for a question that was answered, and for a line that can't be."""

    verdict: Callable[[Verdict, ContextOf, Keys], str]
    error: Callable[[int, Keys, str], str]


def verdict_row(verdict: Verdict, context_of: ContextOf, keys: Keys) -> str:
    """`allow`, `deny` or `mixed`, from, to, port/protocol and the reason, between tabs."""
    return _row(verdict.word, verdict.source, verdict.destination, verdict.port, verdict.reason)


def error_row(number: int, keys: Keys, message: str) -> str:
    """The same for a line that can't be answered; the reason begins with its number."""
    source, destination, port, protocol = (
        "" if (value := keys.get(key)) is None else str(value)
        for key in ("from", "to", "port", "protocol")
    )
    asked = f"{port}/{protocol.lower() or 'tcp'}" if port else protocol.lower()
    return _row("error", source, destination, asked, f"line {number}: {message}")


def _row(*cells: str) -> str:
    return "\t".join(visible(cell) for cell in cells) + "\n"


def verdict_line(verdict: Verdict, context_of: ContextOf, keys: Keys) -> str:
    """The whole verdict as one line of JSON, and the asker's own keys with it."""
    return json_text({**keys, **verdict_value(verdict, context_of(verdict))})


def error_line(number: int, keys: Keys, message: str) -> str:
    """`kind: Error`, for a line that can't be answered, and the asker's own keys with it."""
    fault = {"apiVersion": API_VERSION, "kind": "Error", "verdict": "error"}
    return json_text({**keys, **fault, "line": number, "message": message})


ROWS = {
    "text": RowFormat(verdict_row, error_row),
    "jsonl": RowFormat(verdict_line, error_line),
}
