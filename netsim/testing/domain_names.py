"""DNS names at the edges of the patterns that policies name, as destinations to ask about."""

from __future__ import annotations

from collections.abc import Iterator

from netsim.dialects.tiers.syntax import DomainsPeer
from netsim.model.snapshot import Snapshot
from netsim.testing.asked import tier_peers, tier_policies_of

_WILDCARD = "*."
_LABEL = "netsim"


def edge_names(snapshot: Snapshot) -> list[str]:
    """Names that the patterns hold, and those just outside (ANP-17); none where nothing names any."""
    peers = tier_peers(tier_policies_of(snapshot))
    patterns = [name for each in peers if isinstance(each, DomainsPeer) for name in each.names]
    return [*dict.fromkeys(name for pattern in patterns for name in _beside(pattern))]


def _beside(pattern: str) -> Iterator[str]:
    """With no label before it, one, and two."""
    name = pattern.removeprefix(_WILDCARD)
    yield name
    yield f"{_LABEL}.{name}"
    yield f"{_LABEL}.{_LABEL}.{name}"
    if pattern.startswith(_WILDCARD):
        yield f"{_LABEL}{name}"  # the same end, and no label of its own
