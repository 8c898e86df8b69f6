"""What an answer takes as given, because nobody knows it offline (NP-35, NP-43, WL-7), in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from netsim.compiler.classes import EndpointClass
from netsim.compiler.doubts import Bounds, Doubts
from netsim.compiler.tables import Border, Tables
from netsim.model.cluster import Pod
from netsim.model.remarks import (
    NO_IPV6,
    block_text,
    domain_not_in,
    namespace_not_declared,
    no_node_in,
    no_node_like,
    no_pod_in,
    no_selector_has,
)
from netsim.model.rules import AddressSet


class Assumed:
    """Gathers what pairs that hang on some assumption may hang on, as they come.

    A pair hangs on no other, but need not hang on each: the question about it says on which.
    """

    def __init__(self, tables: Tables, bounds: Bounds | None) -> None:
        self._tables = tables
        self._classes = tables.universe.classes
        self._versions = tables.versions
        self._bounds = bounds
        self._touched: set[int] = set()
        self._to_nowhere: dict[bool, set[int]] = {True: set(), False: set()}
        self._from_nowhere: dict[bool, set[int]] = {True: set(), False: set()}
        self._names: dict[str, set[int]] = {}
        self._families = False
        self._sorts: dict[tuple[frozenset[int], bool | None], frozenset[tuple[bool, bool]]] = {}

    def add(self, source: int, destinations: frozenset[int]) -> None:
        """Take in pairs of classes, by number."""
        self._touched.add(source)
        lacking = self._lacks_address(source)
        key = destinations, lacking
        sorts = self._sorts.get(key)
        if sorts is None:
            self._touched |= destinations
            if lacking is not None:
                self._from_nowhere[lacking] |= destinations
            sorts = self._sorts[key] = frozenset(
                (own, bool(self._versions[number]))
                for number in destinations
                if (own := self._lacks_address(number)) is not None
            )
        for own, known in sorts:
            self._to_nowhere[own].add(source)
            self._families |= not (known or self._versions[source])

    def add_outside(self, number: int) -> None:
        """Take in a pair of a class and an address outside."""
        self._touched.add(number)

    def add_name(self, source: int, name: str) -> None:
        """Take in a pair of a class and what is reached under a DNS name (ANP-17)."""
        self._touched.add(source)
        self._names.setdefault(name, set()).add(source)
        self._families |= not self._versions[source]

    def _lacks_address(self, number: int) -> bool | None:
        """Of a class of unknown address whether it would be its own; None where it is known."""
        item = self._classes[number]
        return None if item.addresses else item.has_own_address

    def texts(self) -> tuple[str, ...]:
        """Each assumption once, in a stable order."""
        found = set(self._about_names())
        if self._bounds is None:
            return tuple(sorted(found))
        doubts = self._bounds.doubts
        items = [self._classes[number] for number in self._touched]
        if doubts.keys:
            found.update(_about_labels(doubts, items))
        if doubts.namespaces:
            found.update(map(namespace_not_declared, _namespaces(items) & doubts.namespaces))
        most = self._bounds.most
        for own in (True, False):
            asked = {
                *_blocks(most.egress, self._to_nowhere[own]),
                *_blocks(most.ingress, self._from_nowhere[own]),
                *_networks(most, self._to_nowhere[own]),
            }
            found.update(_nobody_in(block, own) for block in asked & doubts.blocks.keys())
        if doubts.families and self._families:
            found.add(NO_IPV6)
        if doubts.nodes and any(item.is_node for item in items):
            found.update(map(no_node_like, doubts.nodes))
        return tuple(sorted(found))

    def _about_names(self) -> Iterator[str]:
        """Where an address might be that is behind a name: in blocks that rules speak of."""
        for name, sources in self._names.items():
            blocks = _blocks(self._tables.egress, sources) | _networks(self._tables, sources)
            for block in blocks:
                if block.cidr.prefixlen or block.excepts:
                    yield domain_not_in(name, block_text(block.cidr, block.excepts))


def assumptions_of(tables: Tables, bounds: Bounds | None) -> tuple[str, ...]:
    """Each assumption that some pair of endpoints may hang on, once, in a stable order.

    Any of them may be without effect.
    """
    assumed, everyone = Assumed(tables, bounds), frozenset(range(len(tables.universe)))
    lacking: dict[tuple[bool, bool, bool], int] = {}
    for number, item in enumerate(tables.universe.classes):
        sort = bool(item.addresses), item.has_own_address, bool(tables.versions[number])
        lacking.setdefault(sort, number)
    some = frozenset(lacking.values())
    for number in everyone:
        assumed.add(number, some)
    for number in some:
        assumed.add(number, everyone)
    for name in tables.looks.domains:
        for number in everyone:
            assumed.add_name(number, name)
    return assumed.texts()


@lru_cache(maxsize=10_000)
def _nobody_in(block: AddressSet, own: bool) -> str:
    """The assumption about a block: of pods with an address of their own, or of others."""
    text = block_text(block.cidr, block.excepts)
    return no_pod_in(text) if own else no_node_in(text)


def _about_labels(doubts: Doubts, items: Iterable[EndpointClass]) -> Iterator[str]:
    pods = (item.representative for item in items)
    unknown = {key for pod in pods if isinstance(pod, Pod) for key in pod.labels.unknown}
    return map(no_selector_has, unknown & doubts.keys)


def _namespaces(items: Iterable[EndpointClass]) -> set[str]:
    return {item.namespace for item in items}


def _blocks(border: Border, subjects: Iterable[int]) -> set[AddressSet]:
    """The blocks that rules about these subjects speak of."""
    gates = {gate for number in subjects for gate in border.gates_of[number]}
    rules = (rule for gate in gates for rule in border.gates[gate].rules)
    return {peers for peers, _, _ in rules if isinstance(peers, AddressSet)}


def _networks(tables: Tables, sources: Iterable[int]) -> set[AddressSet]:
    """The networks that rules of the tiers around NetworkPolicy speak of, in egress of these sources."""
    overlays = (relation.outward for relation in tables.relations.values() if relation.outward)
    return {
        peers
        for overlay in overlays
        for group in {overlay.group_of[number] for number in sources}
        for rule in (() if group is None else overlay.beyond[group])
        for peers in rule.peers
        if isinstance(peers, AddressSet)
    }
