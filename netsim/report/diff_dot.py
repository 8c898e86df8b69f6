"""A difference as a graph of Graphviz. Ids are synthetic: names stand in labels only."""

from __future__ import annotations

from collections.abc import Iterator

from netsim.report.diff_names import traffic_text
from netsim.report.diff_pairs import PairRow, pair_rows_by_range
from netsim.report.diff_summary import summary_line
from netsim.report.diff_told import Told
from netsim.report.reach_graphs import quoted

# Told apart without colours, too.
_OPENED = "color=darkgreen, fontcolor=darkgreen, style=bold"
_CLOSED = "color=red3, fontcolor=red3, style=dashed"


def diff_dot(told: Told) -> Iterator[str]:
    """A digraph: for each pair a bold green edge with what was opened, a dashed red one with what was closed.

    Endpoints that came have a double border, those that went a dashed one.
    """
    ids: dict[str, str] = {}
    yield f"digraph netsim {{\n  label={quoted(summary_line(told))};\n  node [shape=box];\n"
    for row in pair_rows_by_range(told.difference):
        ends = " -> ".join(
            ids.setdefault(name, f"n{len(ids)}") for name in (row.source, row.destination)
        )
        yield from _edges(row, ends)
    came = {coming.name for coming in told.difference.added}
    went = {coming.name for coming in told.difference.removed}
    for name in sorted(came | went):
        ids.setdefault(name, f"n{len(ids)}")
    for name, node in ids.items():
        looks = ", peripheries=2" if name in came else ", style=dashed" if name in went else ""
        looks = ", shape=ellipse" if "/" not in name.partition(" ")[0] else looks
        yield f"  {node} [label={quoted(name)}{looks}];\n"
    yield "}\n"


def _edges(row: PairRow, ends: str) -> Iterator[str]:
    if row.opened:
        yield f"  {ends} [label={quoted(f'+ {traffic_text(row.opened)}')}, {_OPENED}];\n"
    if row.closed:
        yield f"  {ends} [label={quoted(f'- {traffic_text(row.closed)}')}, {_CLOSED}];\n"
