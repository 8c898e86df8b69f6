"""Many questions at once come out as they do one by one, by name and by number."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from hypothesis import assume, event, given
from hypothesis import strategies as st

import netsim
from netsim import NetsimError, Program
from netsim.engine.bulk import Bulk
from netsim.engine.rows import Rows
from netsim.model.ports import parse_port

sys.path.insert(0, str(Path(__file__).parent))

from depth import examples
from law_clusters import any_clusters
from option_strategies import semantics
from question_strategies import Case, Question, cases, outcome, snapshot_of


def tuples(questions: list[Question]) -> list[tuple[str, str, str | int | None, str | None]]:
    return [(each.source, each.destination, each.port, each.protocol) for each in questions]


def made(program: Program) -> Program:
    """The program, ready for vectors, which few questions don't use otherwise."""
    program.ids([])
    return program


def caught(ask: Callable[[], object]) -> object:
    try:
        return ask()
    except NetsimError as error:
        return type(error), error.diagnostics


def ask_each(program: Program, case: Case, namespace: str) -> object:
    flows = tuples(case.questions)
    return caught(lambda: [program.allows(*flow, namespace) for flow in flows])


@examples(60)
@given(cases(most=40), st.sampled_from(("", "a")))
def test_by_name(case: Case, namespace: str) -> None:
    program = netsim.compile_snapshot(case.snapshot)
    flows = tuples(case.questions)
    expected = ask_each(program, case, namespace)
    event("refused" if isinstance(expected, tuple) else "answered")
    assert caught(lambda: program.allows_many(flows, namespace)) == expected
    assert caught(lambda: made(program).allows_many(flows, namespace)) == expected


@examples(60)
@given(cases(most=40))
def test_those_that_can_be_answered(case: Case) -> None:
    """Most lists have a broken question in them: without those, vectors decide."""
    program = made(netsim.compile_snapshot(case.snapshot))
    flows = [
        flow
        for flow in tuples(case.questions)
        if isinstance(caught(partial(program.allows, *flow)), bool)
    ]
    expected = [program.allows(*flow) for flow in flows]
    event(f"{len(flows)} answered")
    assert program.allows_many(flows) == expected
    assert program.allows_many(iter(flows)) == expected


@examples(60)
@given(cases(most=40))
def test_by_number(case: Case) -> None:
    program = netsim.compile_snapshot(case.snapshot)
    for question in case.questions:
        assert outcome(partial(by_text_port, program), question) == outcome(
            program.allows, question
        )
        if isinstance(question.port, int) and question.port is not True:
            assert outcome(partial(by_columns, program), question) == outcome(
                program.allows, question
            )


def by_text_port(
    program: Program,
    source: str,
    destination: str,
    port: str | int | None,
    protocol: str | None,
    namespace: str,
) -> bool:
    parse_port(port, protocol)  # a port that is none is complained of before a name
    one, other = program.ids([source, destination], namespace)
    asked = port if port is None or isinstance(port, str) else repr(port)
    return bool(program.allows_ids(one, other, asked, protocol))


def by_columns(
    program: Program, source: str, destination: str, port: int, protocol: str, namespace: str
) -> bool:
    parse_port(port, protocol)
    one, other = program.ids([source, destination], namespace)
    found = program.allows_ids([[one], [one]], [other], [port], protocol)
    assert found.shape == (2, 1)
    assert found[0] == found[1]
    return bool(found[0, 0])


@examples(60)
@given(cluster=any_clusters, options=semantics())
def test_vectors_are_the_cells(cluster: list[dict[str, object]], options: netsim.Semantics) -> None:
    program = netsim.compile_snapshot(snapshot_of(cluster, options))
    tables = program.tables
    classes = len(tables.universe)
    assume(classes)
    atoms = tables.atoms.everything.bit_length()
    grid = np.indices((classes, classes, atoms)).reshape(3, -1)
    found = Bulk(tables).allowed(*grid).reshape(classes, classes, atoms)
    rows = Rows(tables)
    for source in range(classes):
        for destination in range(classes):
            bits = rows.cell(source, destination)
            expected = [bool(bits >> atom & 1) for atom in range(atoms)]
            assert found[source, destination].tolist() == expected, (source, destination)
