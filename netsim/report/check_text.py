"""What came of suites, for people: those that fail in full, those that hold as a number.

shop  (suites/shop.yaml)

fail  deny * except shop/* -> payments/* any  (suites/shop.yaml:7:3)
  why: card data stays with the shop
  6 of 40 pairs are allowed
  allow monitoring/prometheus-0 -> payments/deployment/api 9090/tcp
    egress   allowed: no policy selects monitoring/prometheus-0 for egress
    ...
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from netsim.errors import visible
from netsim.report.check_told import (
    Standing,
    Told,
    breach_line,
    left_out,
    others,
    remarks,
    standing,
    summary_line,
    word_of,
)
from netsim.report.style import Palette, Style, in_full
from netsim.suites.outcome import Breach, Outcome, SuiteOutcome


def check_text(told: Told, palette: Palette) -> Iterator[str]:
    """A paragraph for each expectation that there is something to say of; the summary."""
    style = in_full(palette) if told.verbose else Style(palette)
    numbered = _Numbered()
    for suite in told.suites:
        shown = [each for each in suite.outcomes if told.verbose or not _goes_without_saying(each)]
        if shown:
            yield f"{_heading(suite, style)}\n\n"
        for short, alike in groupby(shown, _goes_without_saying):
            for outcome in alike:
                account = _account(outcome, told, style)
                warnings = _warnings(numbered.remarks(outcome), style)
                lines = (_headline(outcome, style), *account, *warnings)
                yield "\n".join(lines) + ("\n" if short else "\n\n")
            yield "\n" if short else ""
    yield f"{_summary(told, palette)}\n"


def outcome_lines(outcome: Outcome, told: Told, style: Style) -> Iterator[str]:
    """What is said below the expectation itself, where nothing is said above it."""
    yield from _account(outcome, told, style)
    yield from _warnings(remarks(outcome), style)


class _Numbered:
    """Assumptions by number: each is said in full once, and many outcomes hang on the same few."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def remarks(self, outcome: Outcome) -> Iterator[str]:
        """What could turn it, in as few words as what was said above allows."""
        above = [self._numbers[each] for each in outcome.assumptions if each in self._numbers]
        for text in outcome.assumptions:
            if text not in self._numbers:
                number = self._numbers[text] = len(self._numbers) + 1
                yield f"may be otherwise [{number}]: {text}"
        if above:
            yield f"may be otherwise {' '.join([f'[{each}]' for each in sorted(above)])}, as above"
        yield from left_out(outcome)


def _warnings(remarks: Iterable[str], style: Style) -> Iterator[str]:
    for remark in remarks:
        yield f"  {style.palette.paint(style.palette.warning, visible(remark))}"


def _account(outcome: Outcome, told: Told, style: Style) -> Iterator[str]:
    """Why it is as it is, and what shows it."""
    if outcome.expectation.why and not _goes_without_saying(outcome):
        yield f"  why: {visible(outcome.expectation.why)}"
    if outcome.reason:
        vacuous = "about nothing: " if outcome.holds else ""
        yield f"  {vacuous}{visible(outcome.reason)}"
    yield from breach_lines(outcome, told, style)


def breach_lines(outcome: Outcome, told: Told, style: Style) -> Iterator[str]:
    """The flows that are named: the first with all that decides it."""
    for at, breach in enumerate(outcome.breaches):
        if at == 0 or told.verbose:
            yield from _explained(breach, told, style)
        else:
            yield f"  {_coloured(breach, style)}"
    if beyond := others(outcome):
        yield f"  … and {beyond:,} more"


def _goes_without_saying(outcome: Outcome) -> bool:
    """Whether it holds, whatever is true."""
    return outcome.holds and not (outcome.assumptions or outcome.incomplete)


def _heading(suite: SuiteOutcome, style: Style) -> str:
    name = style.palette.paint(style.palette.strong, visible(suite.suite.name))
    file = visible(suite.suite.origin.locate().file)
    return f"{name}  {style.palette.paint(style.palette.faint, f'({file})')}"


def _headline(outcome: Outcome, style: Style) -> str:
    found, palette = standing(outcome), style.palette
    word = f"{found.value:4}"
    colour = palette.warning if found is Standing.INCOMPLETE else None
    painted = palette.paint(colour, word) if colour else palette.decision(outcome.holds, word)
    text = visible(str(outcome.expectation))
    place = visible(str(outcome.expectation.location))
    return f"{painted}  {text}  {palette.paint(palette.faint, f'({place})')}"


def _coloured(breach: Breach, style: Style) -> str:
    """The line of a flow, its first word in the colour of what it says."""
    line = visible(breach_line(breach))
    if breach.allowed is None:
        return line
    word = word_of(breach.allowed)
    return style.palette.decision(breach.allowed, word) + line.removeprefix(word)


def _explained(breach: Breach, told: Told, style: Style) -> Iterator[str]:
    yield f"  {_coloured(breach, style)}"
    if breach.verdict is None:
        return
    from netsim.report.text import explanation  # most suites hold

    _, *lines = explanation(breach.verdict, style)
    yield from (f"  {line}" for line in lines if line)
    yield f"    {style.palette.paint(style.palette.faint, told.question(breach))}"


def _summary(told: Told, palette: Palette) -> str:
    text = summary_line(told)
    found = list(map(standing, told.outcomes))
    if Standing.FAIL not in found and Standing.INCOMPLETE in found:
        return palette.paint(palette.warning, text)
    return palette.decision(Standing.FAIL not in found, text)
