"""Expectations about pairs: allow, deny, only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from netsim.errors import query_error
from netsim.suites.crowd import EVERYONE
from netsim.suites.ground import Ground
from netsim.suites.outcome import Outcome
from netsim.suites.strangers import Strange, answered, strange_flows, unanswered
from netsim.suites.suite import Allow, Deny, Ends, Expectation, Only
from netsim.suites.view import Hit, View
from netsim.suites.wish import Kind, Wish, wishes
from netsim.suites.witness import count, count_asked, flows_of

# So many pairs that break an expectation are named.
_MOST_NAMED = 3
_SAID = {
    Kind.SOME_PASSES: "allowed",
    Kind.SOME_LACKS: "denied",
    Kind.NOTHING_PASSES: "denied everything",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for an expectation. It fails if any pair is hit; with `some` if none is."""

    wishes: list[Wish]
    some: bool = False


def pairs_outcome(expectation: Expectation, claim: Allow | Deny | Only, ground: Ground) -> Outcome:
    """What comes of it. Raises QueryError if it is about no pair at all."""
    asked = asked_of(claim, ground)
    pairs = sum(_size(wish) for wish in asked.wishes)
    if not pairs:
        raise query_error("it is about no pair of different endpoints")
    # The flows in question: of all that were hit, or would have to be.
    shown = [_otherwise(wish) for wish in asked.wishes] if asked.some else asked.wishes
    hit = [wish for wish in asked.wishes if _is_hit(wish, ground.view, ground)]
    strangers = any(True for wish in asked.wishes for _ in _strange(wish, ground))
    assumptions = () if strangers else _assumptions(asked.wishes, hit, ground)
    if bool(hit or strangers) is asked.some:
        return Outcome(expectation, True, pairs=pairs, assumptions=assumptions)
    hits = [each for wish in shown for each in hits_of(wish, ground.view, ground)]
    strange = [each for wish in shown for each in _strange(wish, ground)]
    counted = Counter({wish.kind: 0 for wish in shown})
    for found in hits:
        counted[found.wish.kind] += count(found, ground.view)
    for each in strange:
        counted[each.kind] += each.pairs
    flows = [*flows_of(hits, ground.view, _MOST_NAMED), *(each.flow for each in strange)]
    return Outcome(
        expectation,
        False,
        _reason(counted, shown),
        pairs=pairs,
        breaking=counted.total(),
        breaches=tuple(map(ground.breach, flows[:_MOST_NAMED])),
        assumptions=assumptions,
    )


def asked_of(claim: Allow | Deny | Only, ground: Ground) -> Asked:
    """What is asked for a claim. Raises QueryError if a text of it means nothing."""
    crowds, atoms = ground.crowds, ground.atoms
    sources, destinations = crowds.of(claim.sources), crowds.of(claim.destinations)
    match claim:
        case Allow(some=some):
            kind = Kind.SOME_PASSES if some else Kind.SOME_LACKS
            return Asked(wishes(sources, destinations, claim.ports, kind, atoms), some)
        case Deny(some=some):
            kind = Kind.SOME_LACKS if some else Kind.SOME_PASSES
            return Asked(wishes(sources, destinations, claim.ports, kind, atoms), some)
        case Only():
            kind = Kind.SOME_LACKS if claim.ports.asked else Kind.NOTHING_PASSES
            others = crowds.of(Ends(EVERYONE, (*claim.sources.texts, *claim.sources.excepts)))
            mine = wishes(sources, destinations, claim.ports, kind, atoms)
            theirs = wishes(others, destinations, claim.ports, Kind.SOME_PASSES, atoms)
            return Asked(mine + theirs)
    assert_never(claim)


def _size(wish: Wish) -> int:
    return count_asked(wish.sources, wish.destinations)


def _otherwise(wish: Wish) -> Wish:
    """The test that a pair passes where it doesn't pass all of this one."""
    passes = wish.kind is Kind.SOME_PASSES
    return wish.otherwise(Kind.SOME_LACKS if passes else Kind.SOME_PASSES)


def hits_of(wish: Wish, view: View, ground: Ground) -> Iterator[Hit]:
    """The pairs that pass a test, of those that classes answer for."""
    return (hit for part in answered(wish, ground.roll) for hit in view.hits(part))


def _strange(wish: Wish, ground: Ground) -> Iterator[Strange]:
    parts = unanswered(wish, ground.roll)
    return (found for part in parts for found in strange_flows(part, ground.questions))


def _is_hit(wish: Wish, view: View, ground: Ground) -> bool:
    """Whether any pair passes the test."""
    return next(hits_of(wish, view, ground), None) is not None


def _assumptions(wishes: list[Wish], hit: list[Wish], ground: Ground) -> tuple[str, ...]:
    """What it may hang on, where another truth could turn it, whether any of `wishes` is hit.

    `hit` are those that are, as it is taken to be.
    """
    if not ground.bounds:
        return ()
    views = {wish.kind: _bounds(wish.kind, ground) for wish in wishes}
    if hit:
        if any(_is_hit(wish, views[wish.kind][0], ground) for wish in wishes):
            return ()
        return ground.assumptions(
            each for wish in hit for each in hits_of(wish, ground.view, ground)
        )
    return ground.assumptions(
        each for wish in wishes for each in hits_of(wish, views[wish.kind][1], ground)
    )


def _bounds(kind: Kind, ground: Ground) -> tuple[View, View]:
    """Where the fewest pairs pass a test, and where the most do."""
    few, many = ground.least, ground.most
    return (few, many) if kind is Kind.SOME_PASSES else (many, few)


def _reason(counted: Mapping[Kind, int], wishes: Iterable[Wish]) -> str:
    """How many pairs are otherwise, of how many."""
    parts = []
    for kind, breaking in counted.items():
        if breaking:
            asked = sum(_size(wish) for wish in wishes if wish.kind is kind)
            pairs = f"{asked:,} pair{'s' if asked > 1 else ''}"
            parts.append(f"{breaking:,} of {pairs} {'are' if breaking > 1 else 'is'} {_SAID[kind]}")
    return "; ".join(parts)
