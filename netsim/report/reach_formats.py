"""The formats of a listing by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from netsim.analysis.listing import Listing
from netsim.report.reach_asked import Asked
from netsim.report.reach_graphs import reach_dot, reach_graphml
from netsim.report.reach_json import reach_json, reach_lines
from netsim.report.reach_tables import reach_csv, reach_markdown
from netsim.report.reach_text import reach_text, reach_wide
from netsim.report.style import Palette, Style

# Each yields the text in pieces, as the listing is made.
REACH: dict[str, Callable[[Listing, Asked, Palette], Iterator[str]]] = {
    "text": lambda listing, asked, palette: reach_text(listing, Style(palette)),
    "wide": lambda listing, asked, palette: reach_wide(listing, palette),
    "json": lambda listing, asked, palette: reach_json(listing, asked),
    "jsonl": lambda listing, asked, palette: reach_lines(listing),
    "csv": lambda listing, asked, palette: reach_csv(listing),
    "markdown": lambda listing, asked, palette: reach_markdown(listing),
    "dot": lambda listing, asked, palette: reach_dot(listing),
    "graphml": lambda listing, asked, palette: reach_graphml(listing),
}
FORMATS = tuple(REACH)
