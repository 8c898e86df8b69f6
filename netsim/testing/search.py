"""The search for edits that break an invariant: simple ones, then several, then drawn ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations, islice
from math import comb
from random import Random
from time import monotonic

from netsim.changes.diff import hold_alike
from netsim.model.snapshot import Snapshot
from netsim.testing.asked import Asked
from netsim.testing.counterexample import Counterexample
from netsim.testing.edit_values import Edit, EditKind
from netsim.testing.invariants import Invariant
from netsim.testing.minimal import minimal
from netsim.testing.nearness import narrowed
from netsim.testing.single_edits import simple_edits
from netsim.testing.trials import Trials
from netsim.testing.version_edits import edits_to

# So many sets of several simple edits are tried one by one; of more some are drawn.
_FEW = 3000
# So many simple edits of each kind are tried before more are made.
_AT_A_TIME = 50
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
    """What came of a search: how many sets of edits were tried, and whether these were all.

    `refused` are those that can't be made, as to take a label away that a workload selects by.
    `again`: whether the edits that were to be tried first break it; None where there were none, or
    nothing can be said of them.
    """

    counterexample: Counterexample | None
    tried: int
    refused: int
    complete: bool
    again: bool | None = None


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

    Raises QueryError if the invariant speaks of nobody as it is. See `Invariant.find`.
    """
    trials = Trials(narrowed(invariant, snapshot), snapshot)
    trials.hold_about_somebody()
    again = trials.breaks(first) if first else None
    if trials.breaks(()):
        return _found(trials, (), again)
    if again:
        return _found(trials, first, again)
    most = invariant.most if most is None else most
    found, complete = _broken(trials, most, seed, monotonic() + seconds)
    if found is not None:
        return _found(trials, found, again)
    return Searched(None, trials.count, trials.refused, complete, again)


def search_between(invariant: Invariant, old: Snapshot, new: Snapshot) -> Searched:
    """Look for the fewest of the edits between two versions that break it.

    All of them are tried together, and if that breaks it, fewer. Raises QueryError if the invariant
    speaks of nobody in one of the versions, or they were read under other options.
    """
    hold_alike(old, new)
    trials = Trials(invariant, old)
    edits = edits_to(old, new)
    broken = trials.breaks(edits)
    if broken is None:  # there is nothing else to try, so the error that says why is the answer
        tuple(invariant.violations(trials.change(edits)))
    if broken:
        return _found(trials, edits, None)
    return Searched(None, trials.count, trials.refused, True)


def _found(trials: Trials, edits: tuple[Edit, ...], again: bool | None) -> Searched:
    change = trials.change(minimal(trials, edits))
    violations = tuple(trials.violations(change))
    found = Counterexample(trials.invariant, change, violations)
    return Searched(found, trials.count, trials.refused, False, again)


def _broken(
    trials: Trials, most: int, seed: int, end: float
) -> tuple[tuple[Edit, ...] | None, bool]:
    """Edits that break it, or None, and then whether there are no others to try."""
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


def _ordered(trials: Trials, seed: int) -> Iterator[Edit]:
    """The simple edits, some of each kind at a time, in an order that hangs on the seed alone.

    They are made as they are needed: a large cluster has more than there is time for.
    """
    random = Random(seed)
    kinds = [
        iter(each)
        for each in simple_edits(trials.snapshot, Asked(trials.snapshot), trials.invariant.scope)
    ]
    while some := [edit for each in kinds for edit in islice(each, _AT_A_TIME)]:
        random.shuffle(some)
        yield from some


def _sets(singles: list[Edit], most: int) -> tuple[bool, Iterator[tuple[Edit, ...]]]:
    """Two and more of the simple edits together while these are few; whether they are all."""
    sizes: list[int] = []
    for size in range(2, min(most, len(singles)) + 1):
        if comb(len(singles), size) > _FEW:
            return False, chain.from_iterable(combinations(singles, size) for size in sizes)
        sizes.append(size)
    return True, chain.from_iterable(combinations(singles, size) for size in sizes)
