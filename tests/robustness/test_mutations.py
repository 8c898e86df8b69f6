"""Damaged input gives a verdict or a diagnostic; `mutations.py` runs as many as one likes."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import mutations


def test_five_hundred_mutations_give_a_verdict_or_a_diagnostic() -> None:
    outcomes = list(mutations.run(range(500)))
    assert len(outcomes) == 500
    assert [outcome for outcome in outcomes if outcome.fault] == []
    assert {outcome.status for outcome in outcomes} >= {2, 3}  # neither is all there is
