"""A compiled program answers as `can` does: the same verdicts, the same yes or no, the same errors."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import event, given
from hypothesis import strategies as st

import netsim
from netsim import QueryError, Verdict
from netsim.engine.level import Level
from netsim.engine.parties import Party
from netsim.model.directory import Directory

sys.path.insert(0, str(Path(__file__).parent))

from depth import examples
from question_strategies import SELECTIONS, Case, cases, names_of, outcome

from netsim.testing.clusters import PORTS


@examples(80)
@given(cases(most=10))
def test_allows_is_whether_the_verdict_is_allow(case: Case) -> None:
    program = netsim.compile_snapshot(case.snapshot)
    for question in case.questions:
        expected = outcome(program.verdict, question)
        if isinstance(expected, Verdict):
            event(expected.word)
            expected = expected.allowed
        for _ in ("cold", "warm"):
            assert outcome(program.allows, question) == expected, question


@examples(50)
@given(cases(), st.data())
def test_traffic_by_name_is_what_is_allowed(case: Case, data: st.DataObject) -> None:
    program = netsim.compile_snapshot(case.snapshot)
    reachability = program.reach()
    names = st.sampled_from((*names_of(case.snapshot), *SELECTIONS))
    source, destination = data.draw(names), data.draw(names)
    try:
        traffic = reachability.traffic(source, destination)
    except QueryError:
        event("no pair")
        return
    event(f"all: {traffic.everything}")
    for port in PORTS:
        for protocol in ("tcp", "udp", "sctp"):
            expected = program.allows(source, destination, port, protocol)
            assert ((protocol, port) in traffic) == expected
    assert (("icmp", None) in traffic) == program.allows(source, destination, "icmp")


@examples(50)
@given(cases(), st.sampled_from(Level), st.data())
def test_rows_and_columns_are_of_the_flows(case: Case, level: Level, data: st.DataObject) -> None:
    reachability = netsim.compile_snapshot(case.snapshot).reach()
    text = data.draw(st.sampled_from((*names_of(case.snapshot), *SELECTIONS)))
    every = list(reachability.flows(level))
    try:
        named = set(map(str, Directory(case.snapshot).find(text).members))
        row = reachability.row(text, level)
        column = reachability.column(text, level)
    except QueryError:
        event("refused")
        return
    assert row == tuple(each for each in every if has(each.source, named))
    assert column == tuple(each for each in every if has(each.destination, named))


def has(party: Party, named: set[str]) -> bool:
    return any(str(member) in named for member in party.members)
