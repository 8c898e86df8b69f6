"""Expectations about pairs: allow, deny, only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, assert_never

from netsim.compiler.atoms import PortAtoms
from netsim.errors import query_error
from netsim.suites.counting import Tally, count_asked
from netsim.suites.crowd import EVERYONE, Crowd
from netsim.suites.ground import Ground
from netsim.suites.outcome import Outcome
from netsim.suites.strangers import Strange, answered, strange, unanswered
from netsim.suites.suite import Allow, Deny, Expectation, Only, Ports
from netsim.suites.view import Hit, View
from netsim.suites.wish import Kind, Wish, one_for_each_pair, wishes
from netsim.suites.witness import flows_of

# So many pairs that break an expectation are named.
_MOST_NAMED = 3
_SAID = {
    Kind.SOME_PASSES: "allowed",
    Kind.SOME_LACKS: "denied",
    Kind.NOTHING_PASSES: "denied everything",
}


class Asked(NamedTuple):
    """What is asked for an expectation. It fails if any pair is hit; with `some` if none is."""

    wishes: list[Wish]
    some: bool = False


def pairs_outcome(expectation: Expectation, claim: Allow | Deny | Only, ground: Ground) -> Outcome:
    """What comes of it. Raises QueryError if it is about no pair at all."""
    asked = asked_of(claim, ground)
    strange = _strange(asked.wishes, ground)
    pairs = sum([_size(wish, ground) for wish in asked.wishes])
    pairs += sum([each.pairs for each in strange])
    if not pairs:
        raise query_error("it is about no pair of different endpoints")
    looks = [_Look(wish, ground) for wish in asked.wishes]
    hit = [look for look in looks if look.hits]
    by_strangers = any(each.flows for each in strange)
    assumptions = _turning(_assumptions(looks, ground), bool(hit), strange)
    if bool(hit or by_strangers) is asked.some:
        return Outcome(expectation, True, pairs=pairs, assumptions=assumptions)
    shown, hits = asked.wishes, [each for look in hit for each in look.hits.all]
    if asked.some:  # none is hit: what all of them are instead tells more
        shown = [_otherwise(wish) for wish in asked.wishes]
        strange = _strange(shown, ground)
        hits = [each for wish in shown for each in hits_of(wish, ground.view, ground)]
    counted = {wish.kind: [0, 0] for wish in shown}
    for wish in shown:
        counted[wish.kind][1] += _size(wish, ground)
    tallies: dict[int, Tally] = {}
    for found in hits:
        wish = found.wish
        if id(wish) not in tallies:
            tallies[id(wish)] = Tally(wish, ground.view.tables.universe)
        counted[wish.kind][0] += tallies[id(wish)].pairs(found)
    for each in strange:
        counted[each.wish.kind][0] += each.hits
        counted[each.wish.kind][1] += each.pairs
    flows = flows_of(hits, ground.view, _MOST_NAMED)
    flows += [flow for each in strange for flow in each.flows]
    return Outcome(
        expectation,
        False,
        "; ".join(_reason(kind, *numbers) for kind, numbers in counted.items() if numbers[0]),
        pairs=pairs,
        breaking=sum(breaking for breaking, _ in counted.values()),
        breaches=tuple(map(ground.breach, flows[:_MOST_NAMED])),
        assumptions=assumptions,
    )


def _turning(among_classes: tuple[str, ...], hit: bool, strange: list[Strange]) -> tuple[str, ...]:
    """What could turn it, whether any pair is hit: all that are have to turn, or one that isn't."""
    if not strange:
        return among_classes
    hitting = [each.assumptions for each in strange if each.flows]
    if hit:
        hitting.append(among_classes)
    others = [among_classes, *(each.assumptions for each in strange)]
    found = others if not hitting else hitting if all(hitting) else []
    return tuple(sorted({text for texts in found for text in texts}))


def asked_of(claim: Allow | Deny | Only, ground: Ground) -> Asked:
    """What is asked for a claim. Raises QueryError if a text of it means nothing."""
    crowds, atoms = ground.crowds, ground.atoms
    sources, destinations = crowds.of(claim.sources), crowds.of(claim.destinations)
    match claim:
        case Allow(some=some):
            kind = Kind.SOME_PASSES if some else Kind.SOME_LACKS
            return Asked(_wishes(sources, destinations, claim.ports, kind, atoms), some)
        case Deny(some=some):
            kind = Kind.SOME_LACKS if some else Kind.SOME_PASSES
            return Asked(_wishes(sources, destinations, claim.ports, kind, atoms), some)
        case Only():
            kind = Kind.SOME_LACKS if claim.ports.asked else Kind.NOTHING_PASSES
            others = crowds.of_all((*EVERYONE, *claim.sources.excepts)) - sources
            mine = _wishes(sources, destinations, claim.ports, kind, atoms)
            theirs = _wishes(others, destinations, claim.ports, Kind.SOME_PASSES, atoms)
            return Asked(mine + theirs)
    assert_never(claim)


def _wishes(
    sources: Crowd, destinations: Crowd, ports: Ports, kind: Kind, atoms: PortAtoms
) -> list[Wish]:
    found = wishes(sources, destinations, ports, kind, atoms)
    return one_for_each_pair(found) if len(ports.asked) > 1 else found


def _size(wish: Wish, ground: Ground) -> int:
    """How many pairs it is about, of those that classes answer for."""
    parts = answered(wish, ground.roll)
    return sum([count_asked(part.sources, part.destinations) for part in parts])


def _otherwise(wish: Wish) -> Wish:
    """The test that a pair passes where it doesn't pass all of this one."""
    passes = wish.kind is Kind.SOME_PASSES
    return wish.otherwise(Kind.SOME_LACKS if passes else Kind.SOME_PASSES)


def hits_of(wish: Wish, view: View, ground: Ground) -> Iterator[Hit]:
    """The pairs that pass a test, of those that classes answer for."""
    return (hit for part in answered(wish, ground.roll) for hit in view.hits(part))


def _strange(wishes: Iterable[Wish], ground: Ground) -> list[Strange]:
    parts = (part for wish in wishes for part in unanswered(wish, ground.roll))
    return [strange(part, ground.questions) for part in parts]


class _Hits:
    """The pairs that pass a test in a view: found as far as they are asked for, and each once."""

    def __init__(self, wish: Wish, view: View, ground: Ground) -> None:
        self._left = hits_of(wish, view, ground)
        self._found = list(islice(self._left, 1))

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def all(self) -> Sequence[Hit]:
        """All of them."""
        self._found += self._left
        return self._found


class _Look:
    """The pairs that pass a test as it is taken to be, and where the most do."""

    def __init__(self, wish: Wish, ground: Ground) -> None:
        self.wish = wish
        self._fewest, most = _bounds(wish.kind, ground)
        self.maybe = _Hits(wish, most, ground)
        self.hits = self.maybe
        # INVARIANT: what passes nowhere where the most do doesn't pass as it is taken to be.
        if self.maybe and most is not ground.view:
            self.hits = _Hits(wish, ground.view, ground)

    def is_surely_hit(self, ground: Ground) -> bool:
        """Whether any pair passes where the fewest do; some do as it is taken to be."""
        return self._fewest is ground.view or bool(_Hits(self.wish, self._fewest, ground))


def _assumptions(looks: list[_Look], ground: Ground) -> tuple[str, ...]:
    """What it may hang on, where another truth could turn it, whether any of `looks` is hit."""
    if not ground.bounds:
        return ()
    hit = [look for look in looks if look.hits]
    if any(look.is_surely_hit(ground) for look in hit):
        return ()
    found = [each for look in hit for each in look.hits.all]
    found = found or [each for look in looks for each in look.maybe.all]
    return ground.assumptions(found) if found else ()


def _bounds(kind: Kind, ground: Ground) -> tuple[View, View]:
    """Where the fewest pairs pass a test, and where the most do."""
    few, many = ground.least, ground.most
    return (few, many) if kind is Kind.SOME_PASSES else (many, few)


def _reason(kind: Kind, breaking: int, pairs: int) -> str:
    """How many pairs are otherwise, of how many."""
    of_all = f"{breaking:,} of {pairs:,} pair{'s' if pairs > 1 else ''}"
    return f"{of_all} {'are' if breaking > 1 else 'is'} {_SAID[kind]}"
