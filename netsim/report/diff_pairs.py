"""A difference pair by pair: as CSV, as JSON lines, and for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from netsim.changes.boxes import Box, Part
from netsim.changes.comings import Coming
from netsim.changes.difference import Difference, PairChange
from netsim.changes.ends import Ends
from netsim.errors import visible
from netsim.report.diff_names import outside_text, traffic_text
from netsim.report.diff_summary import summary_line
from netsim.report.diff_told import Told
from netsim.report.json_text import API_VERSION, json_text
from netsim.report.reach_names import port_texts
from netsim.report.reach_tables import csv_cell
from netsim.report.style import Palette
from netsim.sets.traffic import NOTHING


@dataclass(frozen=True, slots=True)
class PairRow(PairChange):
    """A pair with what came of it.

    `change` is `opened` if nothing might pass, `closed` if nothing may, `changed` if something
    does in both versions; `added` or `removed` if one of the two is in one version alone.
    """

    change: str


_Pairs = Callable[[Box | Part], Iterable[tuple[str, str]]]


def pair_rows(difference: Difference, pairs_in: _Pairs | None = None) -> Iterator[PairRow]:
    """Every pair with other traffic; then those of endpoints that came or went.

    Outside a row for each CIDR, unless `pairs_in` takes them together.
    """
    pairs_in = pairs_in or difference.pairs_in
    for box in (change.box for change in difference.changes):
        change = "changed" if box.before and box.after else "opened" if box.after else "closed"
        for source, destination in pairs_in(box):
            yield PairRow(source, destination, box.before, box.after, change)
    for part in _coming_parts(difference.added, difference.pairing.only_new):
        for source, destination in pairs_in(part):
            yield PairRow(source, destination, NOTHING, part.traffic, "added")
    for part in _coming_parts(difference.removed, difference.pairing.only_old):
        for source, destination in pairs_in(part):
            yield PairRow(source, destination, part.traffic, NOTHING, "removed")


def pair_rows_by_range(difference: Difference) -> Iterator[PairRow]:
    """The same with all addresses of an end in one row."""
    return pair_rows(difference, lambda flat: _taking_outside_together(difference, flat))


def _coming_parts(comings: Iterable[Coming], units: int) -> Iterator[Part]:
    """What endpoints send that came or went, which `units` are, and what they get from others."""
    alone = Ends(units)
    for coming in comings:
        yield from (rectangle.part for rectangle in coming.sends)
        for part in (rectangle.part for rectangle in coming.gets):
            yield replace(part, sources=part.sources - alone)


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
    difference, between = told.difference, ""
    for row in pair_rows_by_range(difference):
        ends = f"{visible(row.source)} -> {visible(row.destination)}"
        yield f"{ends}  {'  '.join(_traffic(row, palette))}\n"
        between = "\n"
    yield f"{between}{summary_line(told)}\n"


def _traffic(row: PairRow, palette: Palette) -> Iterator[str]:
    if row.opened:
        yield palette.decision(True, f"+ {traffic_text(row.opened)}")
    if row.closed:
        yield palette.decision(False, f"- {traffic_text(row.closed)}")
    if row.change == "changed":
        yield f"(was {traffic_text(row.before)}, is {traffic_text(row.after)})"
    elif row.change in ("added", "removed"):
        yield f"(endpoint {row.change})"


def _taking_outside_together(difference: Difference, flat: Box | Part) -> Iterable[tuple[str, str]]:
    if flat.sources.addresses:
        source = outside_text(flat.sources)
        return ((source, name) for name in difference.names(flat.destinations))
    if flat.destinations.addresses:
        destination = outside_text(flat.destinations)
        return ((name, destination) for name in difference.names(flat.sources))
    return difference.pairs_in(flat)
