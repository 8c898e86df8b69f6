"""A difference pair by pair: as CSV, as JSON lines, and for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netsim.changes.comings import Coming
from netsim.changes.difference import Difference
from netsim.errors import visible
from netsim.report.diff_summary import summary_line
from netsim.report.diff_told import Told
from netsim.report.json_text import API_VERSION, json_text
from netsim.report.reach_names import port_texts
from netsim.report.reach_tables import csv_cell
from netsim.report.style import Palette
from netsim.sets.traffic import NOTHING, TrafficSet


@dataclass(frozen=True, slots=True)
class PairRow:
    """One source and one destination with all that might and may pass, and what came of it.

    `change` is `opened` if nothing might pass, `closed` if nothing may, `changed` if something
    does in both versions; `added` or `removed` if one of the two is in one version alone.
    """

    change: str
    source: str
    destination: str
    before: TrafficSet
    after: TrafficSet

    @property
    def opened(self) -> TrafficSet:
        """What may pass and might not before."""
        return self.after - self.before

    @property
    def closed(self) -> TrafficSet:
        """What may not pass and might before."""
        return self.before - self.after


def pair_rows(difference: Difference) -> Iterator[PairRow]:
    """Every pair with other traffic; then those of endpoints that came or went. CIDRs one by one."""
    for pair in difference.pairs():
        change = "changed" if pair.before and pair.after else "opened" if pair.after else "closed"
        yield PairRow(change, pair.source, pair.destination, pair.before, pair.after)
    for source, destination, traffic in _coming_pairs(difference, difference.added):
        yield PairRow("added", source, destination, NOTHING, traffic)
    for source, destination, traffic in _coming_pairs(difference, difference.removed):
        yield PairRow("removed", source, destination, traffic, NOTHING)


def _coming_pairs(
    difference: Difference, comings: Sequence[Coming]
) -> Iterator[tuple[str, str, TrafficSet]]:
    """The pairs of endpoints that came or went, each once: between two of them as what one sends."""
    names = {coming.name for coming in comings}
    for coming in comings:
        for rectangle in coming.sends:
            for source, destination in difference.pairs_in(rectangle):
                yield source, destination, rectangle.traffic
        for rectangle in coming.gets:
            for source, destination in difference.pairs_in(rectangle):
                if source not in names:
                    yield source, destination, rectangle.traffic


def pair_value(row: PairRow) -> dict[str, object]:
    """A pair as data."""
    return {
        "change": row.change,
        "from": row.source,
        "to": row.destination,
        "before": str(row.before),
        "after": str(row.after),
        "opened": port_texts(row.opened),
        "closed": port_texts(row.closed),
    }


def diff_csv(told: Told) -> Iterator[str]:
    """`change,from,to,before,after,opened,closed`, then a line for each pair."""
    yield "change,from,to,before,after,opened,closed\n"
    for row in pair_rows(told.difference):
        traffic = (str(each) for each in (row.before, row.after, row.opened, row.closed))
        cells = (row.change, row.source, row.destination, *traffic)
        yield ",".join(map(csv_cell, cells)) + "\n"


def diff_lines(told: Told) -> Iterator[str]:
    """A line for each pair, `kind: PairChange`."""
    head = {"apiVersion": API_VERSION, "kind": "PairChange"}
    for row in pair_rows(told.difference):
        yield json_text({**head, **pair_value(row)})


def pairs_text(told: Told, palette: Palette) -> Iterator[str]:
    """A line for each pair, with `+` what was opened and with `-` what was closed; the summary."""
    between = ""
    for row in pair_rows(told.difference):
        parts = []
        for sign, traffic in (("+", row.opened), ("-", row.closed)):
            if traffic:
                parts.append(palette.decision(sign == "+", f"{sign} {traffic}"))
        word = "" if row.change in ("opened", "closed", "changed") else f"  (endpoint {row.change})"
        kept = f"  (was {row.before}, is {row.after})" if row.change == "changed" else word
        yield f"{visible(row.source)} -> {visible(row.destination)}  {'  '.join(parts)}{kept}\n"
        between = "\n"
    yield f"{between}{summary_line(told)}\n"
