"""What is left of a claim where some of its texts may mean nothing (`allow-empty`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netsim.errors import QueryError, UnclearError, query_error
from netsim.suites.crowd import ALL_PODS, Crowd
from netsim.suites.ground import Ground
from netsim.suites.suite import Claim, Ends, Isolated, Ports, ReachAtMost
from netsim.suites.wish import served


def meant(claim: Claim, ground: Ground) -> Claim:
    """The same without the texts and port names that mean nothing.

    Raises QueryError if no port is left; UnclearError if a text means what can't be asked about.
    """
    if isinstance(claim, Isolated):
        return claim._replace(pods=_ends(claim.pods, ground))
    sources = _ends(claim.sources, ground)
    if isinstance(claim, ReachAtMost):
        claim = claim._replace(sources=sources, within=_ends(claim.within, ground))
        return claim._replace(ports=_ports(claim.ports, ground.crowds.of_all([ALL_PODS]), ground))
    destinations = _ends(claim.destinations, ground)
    ports = _ports(claim.ports, ground.crowds.of(destinations), ground)
    return claim._replace(sources=sources, destinations=destinations, ports=ports)


def _ends(ends: Ends, ground: Ground) -> Ends:
    return Ends(*(tuple(_meaning(texts, ground)) for texts in ends))


def _meaning(texts: Iterable[str], ground: Ground) -> Iterator[str]:
    """Those of some texts that mean anything."""
    for text in texts:
        try:
            ground.crowds.of_all([text])
        except UnclearError:
            raise
        except QueryError:
            continue
        yield text


def _ports(ports: Ports, destinations: Crowd, ground: Ground) -> Ports:
    if not ports.asked:
        return ports
    asked = served(destinations, ports, ground.atoms)
    if not asked:  # which would be all traffic
        raise query_error("it is about no port")
    return Ports(asked)
