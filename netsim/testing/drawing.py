"""Edits drawn by Hypothesis, in batches, until the time is over."""

from __future__ import annotations

from contextlib import suppress
from time import monotonic

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from netsim.testing.edit_strategies import edits_in
from netsim.testing.edit_values import Edit
from netsim.testing.trials import Trials

_BATCH = 200
_IDLE = 5
_SETTINGS = settings(
    max_examples=_BATCH,
    database=None,
    deadline=None,
    phases=[Phase.generate],  # `minimal` makes what is found smaller, and says when it is
    suppress_health_check=list(HealthCheck),
    verbosity=Verbosity.quiet,
)


class _EndError(Exception):
    """The search is over: something was found, or the time is up."""


def drawn(trials: Trials, most: int, seed: int, end: float) -> tuple[Edit, ...] | None:
    """Edits that break the invariant, at most so many at once; None if none did in time.

    It ends earlier where some batches in a row brought nothing that wasn't tried.
    """
    sets = st.lists(edits_in(trials.snapshot, trials.invariant.scope), min_size=1, max_size=most)
    batch = idle = 0
    while idle < _IDLE and monotonic() < end:
        before = trials.count
        found = _in_one(sets, trials, seed + (batch << 32), end)
        if found is not None:
            return found
        batch += 1
        idle = 0 if trials.count > before else idle + 1
    return None


def _in_one(
    sets: st.SearchStrategy[list[Edit]], trials: Trials, seed: int, end: float
) -> tuple[Edit, ...] | None:
    found: list[tuple[Edit, ...]] = []
    over = False

    @seeded(seed)
    @_SETTINGS
    @given(sets)
    def batch(edits: list[Edit]) -> None:
        nonlocal over
        if trials.breaks(tuple(edits)):
            found.append(tuple(edits))
        over = over or monotonic() > end
        if over or found:
            raise _EndError

    with suppress(_EndError):
        batch()
    return found[0] if found else None
