"""`netsim can --flows`: many questions, answered in order as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from netsim.cli.asking import Asker
from netsim.cli.output import answer
from netsim.errors import NetsimError
from netsim.model.verdict import Verdict
from netsim.report.rows import RowFormat
from netsim.source.flows import FlowLine


@dataclass(slots=True)
class Tally:
    """How many questions there were, and how many of them came out in a way that matters."""

    asked: int = 0
    faulty: int = 0
    not_allowed: int = 0
    doubtful: int = 0


def answer_flows(
    flows: Iterable[FlowLine], asker: Asker, rows: RowFormat, doubts: Callable[[Verdict], bool]
) -> Tally:
    """Write a row for each question, before the next is read."""
    tally = Tally()
    for flow in flows:
        tally.asked += 1
        verdict = _ask(flow, asker)
        if isinstance(verdict, Verdict):
            tally.not_allowed += not verdict.allowed
            tally.doubtful += doubts(verdict)
            answer(rows.verdict(verdict, asker.context, flow.keys))
        else:
            tally.faulty += 1
            answer(rows.error(flow.number, flow.keys, verdict))
    return tally


def _ask(flow: FlowLine, asker: Asker) -> Verdict | str:
    """The verdict, or what is wrong with the question."""
    if flow.fault:
        return flow.fault
    try:
        return asker.ask(flow.source, flow.destination, flow.port, flow.protocol)
    except NetsimError as error:
        first = error.diagnostics[0]
        return f"{first.message}; {first.help}" if first.help else first.message
