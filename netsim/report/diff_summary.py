"""How much is other, in one line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netsim.changes.difference import Difference
from netsim.changes.edits import Edit, PolicyEdit, TierEdit
from netsim.report.diff_told import Told
from netsim.report.style import counted

# Not the same as "no change": policies may differ, and nobody is there to be let through or not.
NO_PODS = "nothing to compare: neither version has pods"


@dataclass(frozen=True, slots=True)
class Counts:
    """Pairs by whether nothing passed before, nothing passes now, or something else than before."""

    opened: int = 0
    closed: int = 0
    changed: int = 0


def counts_of(difference: Difference) -> Counts:
    """The counts. Addresses outside that are treated alike are one end of a pair."""
    opened = closed = changed = 0
    for change in difference.changes:
        if change.before and change.after:
            changed += change.pairs
        elif change.after:
            opened += change.pairs
        else:
            closed += change.pairs
    return Counts(opened, closed, changed)


def summary_line(told: Told) -> str:
    """`opened 12 pairs, closed 3, changed 2; 1 endpoint added; 4 edits, 2 of no effect`."""
    return "; ".join((_pairs(told.difference), *comings_words(told.difference), *_edits(told)))


def _pairs(difference: Difference) -> str:
    if not difference.pairing.has_pods:
        return NO_PODS
    if not difference.boxes:
        comings = difference.added or difference.removed
        return f"no change in reachability{' of what both versions have' if comings else ''}"
    counts = counts_of(difference)
    found = (("opened", counts.opened), ("closed", counts.closed), ("changed", counts.changed))
    (word, first), *others = [(word, number) for word, number in found if number]
    rest = "".join(f", {word} {number:,}" for word, number in others)
    return f"{word} {counted(first, 'pair')}{rest}"


def comings_words(difference: Difference) -> Iterator[str]:
    """How many endpoints came, and how many went, as far as any did."""
    for word, comings in (("added", difference.added), ("removed", difference.removed)):
        if comings:
            yield f"{counted(len(comings), 'endpoint')} {word}"


def _edits(told: Told) -> Iterator[str]:
    difference = told.difference
    edits = difference.edits
    if not difference:
        yield _cosmetic(edits)
    elif edits and told.blame and (idle := len(difference.idle)):
        yield f"{counted(len(edits), 'edit')}, {idle} of no effect"
    elif edits:
        yield counted(len(edits), "edit")


def _cosmetic(edits: tuple[Edit, ...]) -> str:
    """What is other though nobody's traffic is."""
    policies = sum(isinstance(edit, PolicyEdit | TierEdit) for edit in edits)
    others = len(edits) - policies
    found = []
    if policies:
        found.append("1 policy differs" if policies == 1 else f"{policies} policies differ")
        found[0] += " in text"
    if others:
        found.append(f"{counted(others, 'other edit' if policies else 'edit')} of no effect")
    return "; ".join(found) or "nothing that decides about traffic differs"
