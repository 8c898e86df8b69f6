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


def reach_json(listing: Listing, asked: Asked) -> Iterator[str]:
    """One object, `kind: Reachability`; a line for each endpoint, source and what sources share."""
    head = {"apiVersion": API_VERSION, "kind": "Reachability", "level": listing.level.value}
    yield json_head({**head, **asked.value()})
    yield from json_list("endpoints", map(party_value, listing.spoken_of()))
    yield from json_list("sources", (_sending(item, listing) for item in listing.sendings()))
    # INVARIANT: after the sources, which make these
    yield from json_list("shared", (_shared(item, listing) for item in listing.shared))
    yield from json_list("assumptions", listing.assumptions)
    yield JSON_END


def reach_lines(listing: Listing) -> Iterator[str]:
    """A line for each source, `kind: Sending`, with every destination by its name."""
    head = {"apiVersion": API_VERSION, "kind": "Sending"}
    for sending in listing.sendings():
        unsure = sending.unsure()
        yield json_text(
            {
                **head,
                **_source(sending),
                "to": _grants(sending.grants(), listing),
                **_unsure([unsure] if unsure else [], listing),
            }
        )


def party_value(party: Party) -> dict[str, object]:
    """Who is behind a name."""
    return {
        "name": party.name,
        "namespace": party.namespace or None,
        "kind": "node" if isinstance(party.members[0], Node) else "pod",
        "count": party.count,
    }


def _sending(sending: Sending, listing: Listing) -> dict[str, object]:
    return {
        **_source(sending),
        "to": _grants(sending.own, listing),
        "shared": sending.shared.number if sending.shared else None,
        "except": _names(sending.excepted, listing),
        **_unsure(sending.own, listing),
    }


def _source(sending: Sending) -> dict[str, object]:
    source = sending.source
    if isinstance(source, Addresses):
        return {"from": None, "fromAddresses": list(source.cidrs)}
    return {"from": source.name, "fromAddresses": []}


def _grants(grants: Sequence[Grant], listing: Listing) -> list[dict[str, object]]:
    return [
        {**_grant(grant, listing), "addresses": list(grant.cidrs), "names": list(grant.names)}
        for grant in grants
        if grant.traffic
    ]


def _unsure(grants: Sequence[Grant], listing: Listing) -> dict[str, object]:
    """Where nothing may be sent, and something may if an assumption is wrong."""
    found = [grant for grant in grants if not grant.traffic]
    return {
        "unsure": [name for grant in found for name in _names(grant.places, listing)],
        "unsureAddresses": [end for grant in found for end in grant.outside],
    }


def _grant(grant: Grant, listing: Listing) -> dict[str, object]:
    return {
        "traffic": str(grant.traffic),
        "ports": port_texts(grant.traffic),
        "assumed": grant.assumed,
        "destinations": _names(grant.places, listing),
    }


def _shared(shared: Shared, listing: Listing) -> dict[str, object]:
    passing = [grant for grant in shared.grants if grant.traffic]
    return {
        "to": [_grant(grant, listing) for grant in passing],
        "unsure": _unsure(shared.grants, listing)["unsure"],
    }


def _names(places: Sequence[int], listing: Listing) -> list[str]:
    return [listing.parties[at].name for at in places]
