"""What would have come out otherwise: the options and assumptions that an answer hangs on."""

from __future__ import annotations

from collections.abc import Callable

from netsim.dialects.sides import Ledger
from netsim.model.flow import Answer

Ask = Callable[[Ledger], Answer]


def turning_options(
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


def turning_assumptions(ask: Ask, answer: Answer, ledger: Ledger) -> tuple[str, ...]:
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
