"""All pairs as CSV, a line for each; and as a Markdown table, a line for each rule of a source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netsim.analysis.listing import Listing
from netsim.errors import visible
from netsim.report.reach_names import (
    Namespaces,
    each_pair,
    footnote,
    marked,
    outside,
    source_name,
)

_FORMULA = ("=", "+", "-", "@")  # a spreadsheet would calculate these
_MARKUP = re.compile(r"([\\`*_{}\[\]<>|#&~])")


def reach_csv(listing: Listing) -> Iterator[str]:
    """`from,to,traffic,assumed`, then a line for each pair; outside, one for each CIDR."""
    yield "from,to,traffic,assumed\n"
    for pair in each_pair(listing):
        yield ",".join(map(csv_cell, pair)) + "\n"


def reach_markdown(listing: Listing) -> Iterator[str]:
    """A table with a line for each source and traffic. Whole namespaces are written `shop/*`."""
    yield "| from | to | traffic |\n|---|---|---|\n"
    namespaces = Namespaces(listing)
    for sending in listing.sendings():
        source = markdown_cell(source_name(sending.source))
        grants = sending.grants()
        unsure = sending.unsure()
        for grant in (*grants, unsure) if unsure else grants:
            names = namespaces.gathered(sending.source, grant)
            if grant.outside:
                names.append(outside(grant.outside))
            cells = source, markdown_cell(", ".join(names)), markdown_cell(marked(grant))
            yield f"| {' | '.join(cells)} |\n"
        if not (grants or unsure):
            yield f"| {source} | nobody | nothing |\n"
    if note := footnote(listing):
        yield f"\n{markdown_cell(note)}\n"


def csv_cell(text: str) -> str:
    """One cell: no formula to a spreadsheet, one line, quoted where it must be."""
    text = visible(text)
    if text.startswith(_FORMULA):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"' if re.search('[",]', text) else text


def markdown_cell(text: str) -> str:
    """One cell: nothing in it is markup."""
    return _MARKUP.sub(r"\\\1", visible(text))
