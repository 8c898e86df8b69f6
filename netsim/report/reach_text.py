"""All pairs for people: under each source what it may send, and to whom.

shop/deployment/frontend
  TCP 53, UDP 53  kube-system/deployment/coredns
  TCP 8080        shop/deployment/api
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netsim.analysis.listing import Addresses, Grant, Listing, Sending
from netsim.engine.parties import Party
from netsim.report.escape import visible
from netsim.report.reach_names import Names, source_name
from netsim.report.style import Style, counted, in_full, listed

_NARROW = 24  # traffic of up to so many characters stands in a column


def reach_text(listing: Listing, style: Style) -> Iterator[str]:
    """A paragraph for each source. Whole namespaces are written as `shop/*`, long lists cut."""
    names = Names(listing)
    return _paragraphs(listing, style, lambda source, grant: names.gathered(source, grant))


def reach_wide(listing: Listing, style: Style) -> Iterator[str]:
    """The same with every destination by its name, and how many pods a source stands for."""
    full = in_full(style.palette)
    names = Names(listing)
    for sending in listing.sendings():
        yield ""
