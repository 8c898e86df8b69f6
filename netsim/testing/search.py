"""The search for edits that break an invariant: simple ones, then several, then drawn ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from math import comb
from random import Random
from time import monotonic

from netsim.model.snapshot import Snapshot
from netsim.testing.counterexample import Counterexample
from netsim.testing.edit_values import Edit, EditKind
from netsim.testing.invariants import Invariant
from netsim.testing.minimal import minimal
from netsim.testing.single_edits import single_edits
from netsim.testing.trials import Trials

# So many sets of several simple edits are tried one by one; of more some are drawn.
_FEW = 3000
# All that there is to draw of the other kinds are simple edits.
_MANIFOLD = frozenset(
    {
        EditKind.WORKLOAD_ADDED,
        EditKind.SCALED,
        EditKind.RELABELLED,
        EditKind.NAMESPACE_ADDED,
        EditKind.NAMESPACE_RELABELLED,
    }
)


@dataclass(frozen=True, slots=True)
class Searched:
    """What came of a search: how many sets of edits were tried, and whether these were all."""

    counterexample: Counterexample | None
    tried: int
    complete: bool


def search(
    invariant: Invariant,
    snapshot: Snapshot,
    *,
    most: int | None = None,
    seed: int = 0,
    seconds: float,
    first: tuple[Edit, ...] = (),
) -> Searched:
    """Look for edits that break it, for so many seconds; `first` are tried before all others.

    Raises QueryError if the invariant speaks of nobody. See `Invariant.find`.
    """
    trials = Trials(invariant, snapshot)
    trials.hold_about_somebody()
    most = invariant.most if most is None else most
    end = monotonic() + seconds
    found, complete = _broken(trials, most, seed, end, first)
    if found is None:
        return Searched(None, trials.count, complete)
    edits = minimal(trials, found)
    change = trials.change(edits)
    violations = tuple(invariant.violations(change))
    return Searched(Counterexample(invariant, change, violations), trials.count, False)


def _broken(
    trials: Trials, most: int, seed: int, end: float, first: tuple[Edit, ...]
) -> tuple[tuple[Edit, ...] | None, bool]:
    """Edits that break it, or None, and then whether there are no others to try."""
    if trials.breaks(()):
        return (), False
    if first and trials.breaks(first):
        return first, False
    singles: list[Edit] = []
    for edit in _ordered(trials, seed):
        answer = trials.breaks((edit,)) if most else None
        if answer:
            return (edit,), False
        if answer is not None:
            singles.append(edit)
        if monotonic() > end:
            return None, False
    all_of_them, sets = _sets(singles, most)
    for edits in sets:
        if trials.breaks(edits):
            return edits, False
        if monotonic() > end:
            return None, False
    if not singles or (all_of_them and not trials.invariant.scope.kinds & _MANIFOLD):
        return None, True
    from netsim.testing.drawing import drawn

    return drawn(trials, most, seed, end), False


def _ordered(trials: Trials, seed: int) -> list[Edit]:
    """The simple edits by kind, those of a kind in an order that hangs on the seed."""
    found = list(single_edits(trials.snapshot, trials.invariant.scope))
    Random(seed).shuffle(found)
    return found


def _sets(singles: list[Edit], most: int) -> tuple[bool, Iterator[tuple[Edit, ...]]]:
    """Two and more of the simple edits together while these are few; whether they are all."""
    sizes: list[int] = []
    for size in range(2, min(most, len(singles)) + 1):
        if comb(len(singles), size) > _FEW:
            return False, chain.from_iterable(combinations(singles, size) for size in sizes)
        sizes.append(size)
    return True, chain.from_iterable(combinations(singles, size) for size in sizes)
