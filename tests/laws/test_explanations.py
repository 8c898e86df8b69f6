"""The engine explains every answer as the reference does: decisions, reasons, what they hang on."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import event, given

import netsim

sys.path.insert(0, str(Path(__file__).parent))

from depth import examples
from question_strategies import Case, cases, outcome

from netsim.engine.explain import explainer


@examples(120)
@given(cases())
def test_verdicts_are_those_of_the_reference(case: Case) -> None:
    by_reference = netsim.Questions(case.snapshot)
    by_engine = netsim.Questions(case.snapshot, answers_in=explainer)
    for question in case.questions:
        expected = outcome(by_reference.can, question)
        event(expected.word if isinstance(expected, netsim.Verdict) else "refused")
        assert outcome(by_engine.can, question) == expected, question
