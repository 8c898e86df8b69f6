"""How an answer is put together of what was decided for each side, by whatever means.

A decision is a function of a ledger; what it leaned on is found by asking again with another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from netsim.dialects.sides import Ledger
from netsim.model.flow import Answer, Cause, Decision, Direction, Family, Flow
from netsim.model.semantics import Semantics

Ask = Callable[[Ledger], Answer]


def in_full(ask: Ask, semantics: Semantics) -> Answer:
    """What `ask` answers, with the options and assumptions that it hangs on, and the notes.

    Asks once more for each assumption and each other value of an option that was met.
    """
    ledger = Ledger(semantics)
    answer = ask(ledger)
    egress, ingress = _turning_options(ask, answer, ledger)
    return replace(
        answer,
        egress=replace(answer.egress, options=egress),
        ingress=replace(answer.ingress, options=ingress),
        assumptions=_turning_assumptions(ask, answer, ledger),
        notes=(*ledger.notes, *(_denied_over(other) for other in answer.others)),
    )


def of_families(flow: Flow, answers: Sequence[Answer]) -> Answer:
    """The answer to a flow from those in each family that both ends have (NP-41)."""
    # One family is enough; without any there is no way
    if not answers:
        return decided(flow, False, Cause.NO_COMMON_FAMILY)
    best = next((answer for answer in answers if answer.allowed), answers[0])
    others = tuple(answer for answer in answers if answer.allowed != best.allowed)
    if others:
        return replace(best, others=others)
    return Answer(flow, best.egress, best.ingress)


def decided(flow: Flow, allowed: bool, cause: Cause, family: Family | None = None) -> Answer:
    """The answer where one cause decides both sides."""
    egress = Decision(Direction.EGRESS, allowed, cause)
    return Answer(flow, egress, Decision(Direction.INGRESS, allowed, cause), family)


def _denied_over(other: Answer) -> str:
    """A note on the family that denies what the other allows."""
    denying = [side for side in (other.egress, other.ingress) if not side.allowed]
    why = ", ".join(f"{side.direction.value}: {side.cause.value}" for side in denying)
    return f"over {other.family} it is denied ({why})"


def _turning_options(
    ask: Ask, answer: Answer, ledger: Ledger
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The options of which another value turns the egress, and those for the ingress (IMP-22)."""
    egress: dict[str, None] = {}
    ingress: dict[str, None] = {}
    for name in sorted(ledger.options):
        for semantics in ledger.semantics.others(name):
            other = ask(Ledger(semantics))
            if other.egress.allowed != answer.egress.allowed:
                egress[name] = None
            if other.ingress.allowed != answer.ingress.allowed:
                ingress[name] = None
    return tuple(egress), tuple(ingress)


def _turning_assumptions(ask: Ask, answer: Answer, ledger: Ledger) -> tuple[str, ...]:
    """The assumptions whose opposite turns the answer: each alone, else several together.

    Of several, only those are kept without which the others don't turn it (NP-43, WL-7).
    """

    def turns(other: Ledger) -> bool:
        return ask(other).allowed != answer.allowed

    met = tuple(ledger.assumptions)
    while met:
        alone = tuple(text for text in met if turns(Ledger(ledger.semantics, [text])))
        if alone:
            return alone
        together = Ledger(ledger.semantics, met)
        if turns(together):
            return _needed(met, lambda texts: turns(Ledger(ledger.semantics, texts)))
        # With the opposites more policies may apply, and bring assumptions of their own.
        more = tuple(text for text in together.assumptions if text not in met)
        if not more:
            break
        met += more
    return ()


def _needed(texts: tuple[str, ...], turn: Callable[[tuple[str, ...]], bool]) -> tuple[str, ...]:
    for text in texts:
        others = tuple(other for other in texts if other != text)
        if turn(others):
            texts = others
    return texts
