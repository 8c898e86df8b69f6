"""Pods by label and endpoints by address, as sets of endpoint classes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from netsim.compiler.classes import EndpointClass, Universe
from netsim.compiler.looks import Looks
from netsim.labels.index import LabelIndex
from netsim.labels.labels import NO_LABELS
from netsim.labels.selector import Operator, Selector
from netsim.model.cluster import Address
from netsim.model.rules import AddressSet, Network, PodSet
from netsim.model.semantics import Semantics
from netsim.model.snapshot import Snapshot
from netsim.sets.bitset import members, of
from netsim.sets.blocks import Places, either, places_of

# What lies in more blocks, or is more classes, is far: see `kinds`.
_NEAR_BLOCKS = 4
_NEAR_CLASSES = 256


class PodSets:
    """Pods by label. A selector is evaluated inside the namespaces that it speaks of, and once."""

    def __init__(self, universe: Universe, looks: Looks, snapshot: Snapshot) -> None:
        self._blocks = {name: at for at, name in enumerate(universe.blocks) if name}
        self._named = of(self._blocks.values())
        self._indexes = [
            LabelIndex([item.representative.labels for item in universe.block(at)], looks.keys)
            for at in range(len(universe.blocks))
        ]
        self._having: dict[tuple[str, str], int] = {}
        for at, index in enumerate(self._indexes):
            for pair in index.pairs:
                self._having[pair] = self._having.get(pair, 0) | 1 << at
        spaces = [
            snapshot.namespace(name).labels if name else NO_LABELS for name in universe.blocks
        ]
        self._namespaces = LabelIndex(spaces, frozenset(key for each in spaces for key in each))
        self._known: dict[PodSet, Places] = {}

    def places(self, pods: PodSet) -> Places:
        """The classes of these pods."""
        found = self._known.get(pods)
        if found is None:
            found = self._known[pods] = self._inside(self._blocks_of(pods), pods.pods)
        return found

    def near(self, pods: PodSet) -> Places | None:
        """The same; None if they are too many, or too far apart, to be listed for each rule."""
        blocks = self._blocks_of(pods)
        if len(blocks) > _NEAR_BLOCKS:
            return None
        found = self._known.get(pods)
        if found is None:
            found = self._known[pods] = self._inside(blocks, pods.pods)
        return None if _far(found) else found

    def _inside(self, blocks: Sequence[int], pods: Selector) -> Places:
        found = {}
        for block in blocks:
            bits = self._indexes[block].select(pods)
            if bits:
                found[block] = bits
        return found

    def _blocks_of(self, pods: PodSet) -> Sequence[int]:
        """The blocks of its namespaces, without those where nobody has a label that it asks for."""
        if isinstance(pods.namespaces, str):
            block = self._blocks.get(pods.namespaces)
            return () if block is None else (block,)
        found = self._namespaces.select(pods.namespaces) & self._named
        for requirement in pods.pods.requirements:
            if requirement.operator is Operator.IN:
                having = 0
                for value in requirement.values:
                    having |= self._having.get((requirement.key, value), 0)
                found &= having
        return members(found)


# Whether a block holds an address that nobody knows, but that it is from one of some pools.
Holds = Callable[[AddressSet, Sequence[Network]], bool]


class AddressSets:
    """The classes of one IP version by their address. Of unknown ones `holds` decides."""

    def __init__(
        self, universe: Universe, looks: Looks, snapshot: Snapshot, version: int, holds: Holds
    ) -> None:
        self._version = version
        self._cuts = looks.cuts[version]
        self._semantics = snapshot.semantics
        self._universe = universe
        self._holds = holds
        placed = []
        unplaced: dict[tuple[bool, bool], list[tuple[int, int]]] = {}
        for block, start in enumerate(universe.starts):
            for bit, item in enumerate(universe.block(block)):
                if not item.addresses:
                    key = item.is_node, item.has_own_address
                    unplaced.setdefault(key, []).append((block, bit))
                elif address := first_address(item, version):
                    placed.append((self._cuts.atom(address), start + bit))
        # The classes with an address, by the atom that it is in.
        self._placed = sorted(placed)
        pools = [cidr for cidr in self._semantics.pod_cidrs if cidr.version == version]
        # Those whose address nobody knows: if they are nodes, and the pools that it may be from.
        self._unplaced = [
            (is_node, pools if own else [], places_of(found))
            for (is_node, own), found in unplaced.items()
        ]
        self._known: dict[AddressSet, Places] = {}

    def places(self, block: AddressSet) -> Places:
        """The classes whose address is in a block (NP-36, NP-38)."""
        found = self._known.get(block)
        if found is None:
            found = self._known[block] = self._inside(block)
        return found

    def near(self, block: AddressSet) -> Places | None:
        """The same; None if they are too many, or too far apart, to be listed for each rule."""
        found = self.places(block)
        return None if _far(found) else found

    def _inside(self, block: AddressSet) -> Places:
        if block.cidr.version != self._version:
            return {}
        classes = self._universe.classes
        matched = (
            at
            for at in self._placed_in(block)
            if can_match(block, classes[at].is_node, self._semantics)
        )
        found: Places = places_of(map(self._universe.place, matched))
        for is_node, pools, places in self._unplaced:
            if self._holds(block, pools) and can_match(block, is_node, self._semantics):
                # The very same mapping where there is nobody else.
                found = either(found, places) if found else places
        return found

    def _placed_in(self, block: AddressSet) -> list[int]:
        found = []
        for first, end in self._cuts.atoms(block):
            start, stop = (
                bisect_left(self._placed, (first, -1)),
                bisect_left(self._placed, (end, -1)),
            )
            found += [number for _, number in self._placed[start:stop]]
        return found


def can_match(block: AddressSet, is_node: bool, semantics: Semantics) -> bool:
    """Whether a block may match a node, or a pod, by its address at all."""
    if block.network:
        return True  # ANP-15
    if not is_node:
        return semantics.ipblock_matches_pods  # IMP-1
    matches = semantics.ipblock_matches_nodes  # IMP-15
    return block.cidr.prefixlen > 0 if matches == "except_wildcard" else matches


def first_address(item: EndpointClass, version: int) -> Address | None:
    """The address of a class that the other end sees in one IP version."""
    return next((address for address in item.addresses if address.version == version), None)


def _far(places: Places) -> bool:
    if len(places) > _NEAR_BLOCKS:
        return True
    classes = 0
    for bits in places.values():
        classes += bits.bit_count()
    return classes > _NEAR_CLASSES
