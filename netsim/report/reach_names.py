"""What parties, and many of them together, are called in a listing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from netsim.analysis.listing import Listing
from netsim.analysis.sending import Addresses, Grant
from netsim.engine.parties import Party
from netsim.model.ports import PortNumbers
from netsim.sets.traffic import TrafficSet

Source = Party | Addresses


def source_name(source: Source) -> str:
    """The name of a party; `outside` and the CIDRs."""
    return outside(source.cidrs) if isinstance(source, Addresses) else source.name


def outside(cidrs: tuple[str, ...]) -> str:
    """Addresses in words."""
    return f"outside {', '.join(cidrs)}"


def marked(grant: Grant) -> str:
    """Its traffic in words, with a `*` where it hangs on an assumption."""
    text = str(grant.traffic) if grant.traffic else "nothing"
    return f"{text}*" if grant.assumed else text


def footnote(listing: Listing) -> str:
    """What the `*` means; empty where there is none."""
    if not listing.assumptions:
        return ""
    return f"* may be otherwise: {'; '.join(listing.assumptions)}"


def each_pair(listing: Listing) -> Iterator[tuple[str, str, str, str]]:
    """Source, destination and traffic of every pair in words, and whether it hangs on an assumption.

    Outside, a pair for each CIDR and each DNS name.
    """
    for sending in listing.sendings():
        source = sending.source
        sources = source.cidrs if isinstance(source, Addresses) else (source.name,)
        for grant in sending.grants():
            traffic = str(grant.traffic)
            destinations = [listing.parties[at].name for at in grant.places]
            for name in sources:
                for destination in (*destinations, *grant.outside):
                    yield name, destination, traffic, str(grant.assumed).lower()


class Namespaces:
    """Finds whole namespaces among destinations."""

    def __init__(self, listing: Listing) -> None:
        self._parties = listing.parties
        self._members: dict[str, set[int]] = {}
        for at in listing.destinations:
            self._members.setdefault(listing.parties[at].namespace, set()).add(at)

    def gathered(self, source: Source, grant: Grant) -> list[str]:
        """The destinations by name; where a namespace has several and all are there, `shop/*`.

        As an endpoint text that means pairs of different pods: a source that is one pod needn't be
        among them.
        """
        found: list[str] = []
        for namespace, places in groupby(grant.places, self._namespace):
            there = set(places)
            if len(there) > 1 and namespace and self._are_all(namespace, there, source):
                found.append(f"{namespace}/*")
            else:
                found += (self._parties[at].name for at in sorted(there))
        return found

    def _namespace(self, place: int) -> str:
        return self._parties[place].namespace

    def _are_all(self, namespace: str, there: set[int], source: Source) -> bool:
        missing = self._members[namespace] - there
        if isinstance(source, Addresses) or source.several:
            return not missing
        return all(self._parties[at] == source for at in missing)


def port_texts(traffic: TrafficSet) -> list[str]:
    """Traffic as port texts, such as `8080/tcp`, `8000-8999/tcp`, `any/udp`, `icmp`."""
    numbered = [
        f"{PortNumbers(first, last)}/{protocol}"
        for protocol, intervals in traffic.ports
        for first, last in intervals
    ]
    return [*numbered, *traffic.portless]
