"""What of the policies a suite would miss, for people and as data."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor

from netsim.errors import visible
from netsim.report.json_text import place
from netsim.report.style import Palette, Style, in_full, more
from netsim.suites.coverage import Coverage, CoverageItem, Exercise

# In the order in which they are told; those that are exercised only in full.
_TOLD = (Exercise.NOT_EXERCISED, Exercise.NO_EFFECT, Exercise.DEAD)


def coverage_text(coverage: Coverage, palette: Palette, verbose: bool) -> Iterator[str]:
    """The number in a line, and a line for each that isn't exercised; in full for each."""
    few = in_full(palette).items if verbose else Style(palette).items
    yield f"\n{coverage_line(coverage)}\n"
    for state in (*_TOLD, Exercise.EXERCISED) if verbose else _TOLD:
        found = coverage.of(state)
        shown = found if state is Exercise.NOT_EXERCISED else found[:few]
        yield from (f"  {_line(item, palette)}\n" for item in shown)
        yield from (f"{line}\n" for line in more(len(found) - len(shown), "  "))


def coverage_line(coverage: Coverage) -> str:
    """`12 of 14 policies and rules are exercised (85 %)`, and how many could not be."""
    exercised, left = (
        len(coverage.of(state)) for state in (Exercise.EXERCISED, Exercise.NOT_EXERCISED)
    )
    asked = exercised + left
    # Never 100 where any is left.
    percent = floor(100 * coverage.ratio)
    text = f"{exercised:,} of {asked:,} policies and rules are exercised ({percent} %)"
    for state in (Exercise.NO_EFFECT, Exercise.DEAD):
        if number := len(coverage.of(state)):
            text += f"; {number:,} {'is' if number == 1 else 'are'} {state.value}"
    return text


def _line(item: CoverageItem, palette: Palette) -> str:
    by = f", by {visible(str(item.by[1]))}" if item.by else ""
    where = palette.paint(palette.faint, f"({visible(str(item.location))})")
    return f"{item.state.value}  {visible(str(item))}{by}  {where}"


def coverage_value(coverage: Coverage) -> dict[str, object]:
    """It as data (docs/json.md)."""
    return {
        "ratio": coverage.ratio,
        "exercised": len(coverage.of(Exercise.EXERCISED)),
        "notExercised": len(coverage.of(Exercise.NOT_EXERCISED)),
        "items": [_item(item) for item in coverage.items],
    }


def _item(item: CoverageItem) -> dict[str, object]:
    by = item.by and {
        "suite": item.by[0].name,
        "expectation": str(item.by[1]),
        **place(item.by[1].location),
    }
    return {
        "kind": item.policy.kind,
        "namespace": item.policy.namespace,
        "policy": item.policy.name,
        "rule": None if item.rule is None else f"{item.rule[0].value}[{item.rule[1]}]",
        "state": item.state.value,
        **place(item.location),
        "by": by,
    }
