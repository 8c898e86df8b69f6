"""A compiled program answers as `can` does: the same verdicts, the same yes or no, the same errors."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import event, given

import netsim
from netsim import Verdict

sys.path.insert(0, str(Path(__file__).parent))

from depth import examples
from question_strategies import Case, cases, outcome


@examples(200)
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
