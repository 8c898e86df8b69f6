"""Whom of some plain pods the peers of a rule name."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from netsim.changes.owning import named
from netsim.changes.sides import Side
from netsim.changes.space import Space
from netsim.compiler.pools import surely_holds
from netsim.labels.selector import Selector
from netsim.model.rules import AddressSet, Peers, PodSet
from netsim.model.semantics import Semantics

# Of more pods whom a rule names is looked up in all namespaces, once for whoever asks again.
FEW = 64


class Whom:
    """Whom of some plain units peers name."""

    def __init__(self, side: Side, units: int) -> None:
        self._side, self._units = side, units
        self._few = units.bit_count() <= FEW
        self._known: dict[Peers, int] = {}

    @cached_property
    def places(self) -> list[tuple[Space, int]]:
        """Where they are."""
        return list(self._side.places(self._units))

    def of(self, peers: Peers) -> int:
        """Those that they name for sure (NP-43, WL-7)."""
        found = self._known.get(peers)
        if found is None:
            found = self._known[peers] = self._named(peers)
        return found

    def _named(self, peers: Peers) -> int:
        match peers:
            case PodSet():
                if self._few:
                    return self._in_places(peers, self.places)
                return named(self._side, peers) & self._units
            case AddressSet():
                return self._units if self._are_in(peers) else 0
        return self._units

    def _in_places(self, peers: PodSet, each: Iterable[tuple[Space, int]]) -> int:
        found = 0
        for space, places in each:
            if _holds(peers.namespaces, space) and (there := places & space.places(peers.pods)):
                found |= self._side.at(space, there)
        return found

    def _are_in(self, block: AddressSet) -> bool:
        """Whether their address is in a block, wherever it is (NP-36, NP-43, IMP-1)."""
        semantics = self._side.version.semantics
        return (
            semantics.ipblock_matches_pods
            and block.cidr.version == ip_version(semantics)
            and surely_holds(block, semantics.pod_cidrs)
        )


def ip_version(semantics: Semantics) -> int:
    """The IP version of plain pods, where they have one alone."""
    return semantics.pod_cidrs[0].version if semantics.pod_cidrs else 4


def _holds(namespaces: str | Selector, space: Space) -> bool:
    if isinstance(namespaces, str):
        return namespaces == space.namespace.name
    return namespaces.matches(space.namespace.labels)
