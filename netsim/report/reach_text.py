"""All pairs for people: under each source what it may send, and to whom.

shop/deployment/frontend
  TCP 53, UDP 53  kube-system/deployment/coredns
  TCP 8080        shop/deployment/api
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netsim.analysis.listing import Listing
from netsim.analysis.sending import Addresses, Grant, Sending
from netsim.errors import visible
from netsim.model.cluster import Node
from netsim.report.reach_names import Namespaces, Source, marked, source_name
from netsim.report.style import Palette, Style, counted, in_full, listed

_WIDEST = 24  # longer traffic stands out of its column


def reach_text(listing: Listing, style: Style) -> Iterator[str]:
    """A paragraph for each source. Whole namespaces are written `shop/*`, and long lists are cut."""
    namespaces = Namespaces(listing)
    between = ""
    for sending in listing.sendings():
        grants = _grants(sending)
        names = [namespaces.gathered(sending.source, grant) for grant in grants]
        yield between + _paragraph(source_name(sending.source), grants, names, style)
        between = "\n"
    yield from _footnote(listing, style)
    if not between:
        yield _nothing(listing)


def reach_wide(listing: Listing, palette: Palette) -> Iterator[str]:
    """The same with every destination by its name, and how many pods the source stands for."""
    style, between = in_full(palette), ""
    for sending in listing.sendings():
        grants = _grants(sending)
        names = [[listing.parties[at].name for at in grant.places] for grant in grants]
        yield between + _paragraph(_counted(sending.source), grants, names, style)
        between = "\n"
    yield from _footnote(listing, style)
    if not between:
        yield _nothing(listing)


def _grants(sending: Sending) -> tuple[Grant, ...]:
    """What may be sent; then, where anything may be that isn't, nothing."""
    unsure = sending.unsure()
    return (*sending.grants(), unsure) if unsure else sending.grants()


def _footnote(listing: Listing, style: Style) -> Iterator[str]:
    assumptions = listing.assumptions
    if assumptions:
        lines = [visible(text) for text in assumptions[: style.items]]
        others = len(assumptions) - len(lines)
        lines += [f"and {others} more (-o wide has all)"] if others else []
        yield "\n* may be otherwise:\n" + "".join(f"  {line}\n" for line in lines)


def _nothing(listing: Listing) -> str:
    return "nothing may pass\n" if listing.parties else "nothing: there are no pods\n"


def _counted(source: Source) -> str:
    if isinstance(source, Addresses) or isinstance(source.members[0], Node):
        return source_name(source)
    pods = "pods, nobody knows how many" if source.count is None else counted(source.count, "pod")
    return f"{source.name} ({pods})"


def _paragraph(
    head: str, grants: Sequence[Grant], names: Sequence[Sequence[str]], style: Style
) -> str:
    lines = [style.palette.paint(style.palette.strong, visible(head))]
    words = [marked(grant) for grant in grants]
    width = max((len(word) for word in words if len(word) <= _WIDEST), default=0)
    for grant, word, own in zip(grants, words, names, strict=True):
        lines.append(f"  {word:{width}}  {_destinations(grant, own, style)}")
    if not grants:
        lines.append("  nothing")
    return "\n".join(lines) + "\n"


def _destinations(grant: Grant, names: Sequence[str], style: Style) -> str:
    parts = [listed(names, style)] if names else []
    if grant.outside:
        parts.append("outside " + listed(grant.outside, style))
    return "; ".join(parts)
