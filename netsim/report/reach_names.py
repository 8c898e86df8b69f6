"""What parties, and many of them together, are called in a listing."""

from __future__ import annotations

from collections.abc import Iterator

from netsim.analysis.listing import Addresses, Grant, Listing
from netsim.engine.parties import Party

Source = Party | Addresses


def source_name(source: Source) -> str:
    """The name of a party, or the CIDRs."""
    return ", ".join(source.cidrs) if isinstance(source, Addresses) else source.name


def each_pair(listing: Listing) -> Iterator[tuple[str, str, str]]:
    """Source, destination and traffic of every pair in words; outside, a pair for each CIDR."""
    for sending in listing.sendings():
        source = sending.source
        sources = source.cidrs if isinstance(source, Addresses) else (source.name,)
        for grant in sending.grants:
            traffic = str(grant.traffic)
            destinations = [listing.parties[at].name for at in grant.places()]
            for name in sources:
                for destination in (*destinations, *grant.cidrs):
                    yield name, destination, traffic


class Namespaces:
    """Finds the whole namespaces among destinations."""

    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self._members: dict[str, set[int]] = {}
        for at in listing.destinations:
            party = listing.parties[at]
            if party.namespace:
                self._members.setdefault(party.namespace, set()).add(at)

    def gathered(self, source: Source, grant: Grant) -> list[str]:
        """The destinations by name, those of a namespace that are all there as `shop/*`.

        All there are those that the listing is about, but for the source itself: as the endpoint
        text `shop/*` means the pairs of different pods.
        """
        names: dict[str, None] = {}
        there = grant.places()
        among = set(there)
        for at in there:
            party = self._listing.parties[at]
            whole = self._whole(party.namespace, source, among)
            names[f"{party.namespace}/*" if whole else party.name] = None
        return [*names, *grant.cidrs]

    def _whole(self, namespace: str, source: Source, among: set[int]) -> bool:
        members = self._members.get(namespace, set())
        if len(members) < 2:
            return False
        missing = members - among
        return not missing or (
            len(missing) == 1 and self._listing.parties[next(iter(missing))] == source
        )
