"""All pairs as data (docs/json.md): sources as they come, then what several of them have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netsim.analysis.listing import Listing
from netsim.analysis.sending import Addresses, Grant, Sending, Shared
from netsim.engine.parties import Party
from netsim.model.cluster import Node
from netsim.report.json_text import API_VERSION, JSON_END, json_head, json_list, json_text
from netsim.report.reach_asked import Asked
from netsim.report.reach_names import port_texts
from netsim.sets.traffic import TrafficSet


def reach_json(listing: Listing, asked: Asked) -> Iterator[str]:
    """One object, `kind: Reachability`; a line for each endpoint, source and what sources share."""
    head = {"apiVersion": API_VERSION, "kind": "Reachability", "level": listing.level.value}
    yield json_head({**head, **asked.value()})
    yield from json_list("endpoints", map(party_value, listing.spoken_of()))
    values = _Values(listing)
    yield from json_list("sources", map(values.of_sending, listing.sendings()))
    # INVARIANT: after the sources, which make these
    yield from json_list("shared", map(values.of_shared, listing.shared))
    yield from json_list("assumptions", listing.assumptions)
    yield JSON_END


def reach_lines(listing: Listing) -> Iterator[str]:
    """A line for each source, `kind: Sending`, with every destination by its name."""
    head = {"apiVersion": API_VERSION, "kind": "Sending"}
    values = _Values(listing)
    for sending in listing.sendings():
        yield json_text({**head, **values.of_whole(sending)})


def party_value(party: Party) -> dict[str, object]:
    """Who is behind a name."""
    return {
        "name": party.name,
        "namespace": party.namespace or None,
        "kind": "node" if isinstance(party.members[0], Node) else "pod",
        "count": party.count,
    }


class _Values:
    """Sendings and what they share as JSON values. Much of their traffic is the same."""

    def __init__(self, listing: Listing) -> None:
        self._names = [party.name for party in listing.parties]
        self._known: dict[TrafficSet, dict[str, object]] = {}

    def of_sending(self, sending: Sending) -> dict[str, object]:
        """A sending without what it shares."""
        return {
            **_source(sending),
            "to": self._grants(sending.own),
            "shared": sending.shared.number if sending.shared else None,
            "except": self._named(sending.excepted),
            **self._unsure(sending.own),
        }

    def of_whole(self, sending: Sending) -> dict[str, object]:
        """A sending with what it shares."""
        unsure = sending.unsure()
        return {
            **_source(sending),
            "to": self._grants(sending.grants()),
            **self._unsure([unsure] if unsure else []),
        }

    def of_shared(self, shared: Shared) -> dict[str, object]:
        """What sources share."""
        passing = [grant for grant in shared.grants if grant.traffic]
        return {
            "to": [self._grant(grant) for grant in passing],
            "unsure": self._unsure(shared.grants)["unsure"],
        }

    def _grants(self, grants: Sequence[Grant]) -> list[dict[str, object]]:
        return [
            {**self._grant(grant), "addresses": list(grant.cidrs), "names": list(grant.names)}
            for grant in grants
            if grant.traffic
        ]

    def _unsure(self, grants: Sequence[Grant]) -> dict[str, object]:
        """Where nothing may be sent, and something may if an assumption is wrong."""
        found = [grant for grant in grants if not grant.traffic]
        return {
            "unsure": [name for grant in found for name in self._named(grant.places)],
            "unsureAddresses": [end for grant in found for end in grant.outside],
        }

    def _grant(self, grant: Grant) -> dict[str, object]:
        return {
            **self._traffic(grant.traffic),
            "assumed": grant.assumed,
            "destinations": self._named(grant.places),
        }

    def _traffic(self, traffic: TrafficSet) -> dict[str, object]:
        found = self._known.get(traffic)
        if found is None:
            found = {"traffic": str(traffic), "ports": port_texts(traffic)}
            self._known[traffic] = found
        return found

    def _named(self, places: Sequence[int]) -> list[str]:
        return [self._names[at] for at in places]


def _source(sending: Sending) -> dict[str, object]:
    source = sending.source
    if isinstance(source, Addresses):
        return {"from": None, "fromAddresses": list(source.cidrs)}
    return {"from": source.name, "fromAddresses": []}
