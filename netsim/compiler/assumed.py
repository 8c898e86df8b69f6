"""What an answer takes as given, because nobody knows it offline (NP-35, NP-43, WL-7), in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

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
    none_outside_is,
)
from netsim.model.rules import AddressSet, DomainSet
from netsim.sets.bitset import members, of

if TYPE_CHECKING:
    from netsim.compiler.overlay import Overlay  # few clusters have any


class Lacking(NamedTuple):
    """The classes whose address nobody knows, as sets: of pods whose own it would be, and others.

    Those of `anywhere` have no IP version either that anything says.
    """

    own: int
    of_host: int
    anywhere: int

    @staticmethod
    def of(tables: Tables) -> Lacking:
        """Those of some tables."""
        classes = list(enumerate(tables.universe.classes))
        return Lacking(
            of(at for at, item in classes if not item.addresses and item.has_own_address),
            of(at for at, item in classes if not (item.addresses or item.has_own_address)),
            of(at for at, versions in enumerate(tables.versions) if not versions),
        )


class Assumed:
    """Gathers what pairs that hang on some assumption may hang on, as they come.

    A pair hangs on no other, but need not hang on each: the question about it says on which.
    """

    def __init__(self, tables: Tables, bounds: Bounds | None, lacking: Lacking) -> None:
        self._tables = tables
        self._bounds = bounds
        self._lacking = lacking
        # Sets of classes: all that were spoken of, and the other ends of such whose own address,
        # or that of their host, isn't known.
        self._touched = 0
        self._to_nowhere = {True: 0, False: 0}
        self._from_nowhere = {True: 0, False: 0}
        self._names: dict[str, int] = {}
        self._passed_over: set[str] = set()
        self._families = False

    def add(self, sources: int, destinations: int) -> None:
        """Take in the pairs of two sets of classes, each with each."""
        self._touched |= sources | destinations
        for own, lacking in ((True, self._lacking.own), (False, self._lacking.of_host)):
            if sources & lacking:
                self._from_nowhere[own] |= destinations
            if destinations & lacking:
                self._to_nowhere[own] |= sources
        anywhere = self._lacking.anywhere
        addressless = self._lacking.own | self._lacking.of_host
        self._families |= bool(sources & anywhere and destinations & anywhere & addressless)

    def add_outside(self, classes: int) -> None:
        """Take in the pairs of some classes and an address outside."""
        self._touched |= classes

    def add_name(self, sources: int, name: str) -> None:
        """Take in the pairs of some classes and what is reached under a DNS name (ANP-17)."""
        self._touched |= sources
        self._names[name] = self._names.get(name, 0) | sources
        self._families |= bool(sources & self._lacking.anywhere)

    def add_passed_over(self, sources: int, atoms: int) -> None:
        """Take in what some classes send to addresses outside, to which rules about names may apply.

        For these ports, a set of port atoms; an address may be that of any name (ANP-17).
        """
        tables = self._tables if self._bounds is None else self._bounds.most
        for overlay, groups in _outward(tables, sources):
            rules = (rule for group in groups for rule in overlay.beyond[group])
            self._passed_over.update(
                each.name
                for rule in rules
                if rule.atoms & atoms
                for each in rule.peers
                if isinstance(each, DomainSet)
            )

    def texts(self) -> tuple[str, ...]:
        """Each assumption once, in a stable order."""
        found = {*self._about_names(), *map(none_outside_is, self._passed_over)}
        if self._bounds is None:
            return tuple(sorted(found))
        doubts = self._bounds.doubts
        if doubts.keys:
            found.update(_about_labels(doubts, self._items()))
        if doubts.namespaces:
            found.update(
                map(namespace_not_declared, _namespaces(self._items()) & doubts.namespaces)
            )
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
        if doubts.nodes and any(item.is_node for item in self._items()):
            found.update(map(no_node_like, doubts.nodes))
        return tuple(sorted(found))

    def _items(self) -> Iterator[EndpointClass]:
        classes = self._tables.universe.classes
        return (classes[number] for number in members(self._touched))

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
    assumed, everyone = Assumed(tables, bounds, Lacking.of(tables)), (1 << len(tables.universe)) - 1
    assumed.add(everyone, everyone)
    for name in tables.looks.domains:
        assumed.add_name(everyone, name)
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


def _blocks(border: Border, subjects: int) -> set[AddressSet]:
    """The blocks that rules about these subjects speak of."""
    gates = {gate for number in members(subjects) for gate in border.gates_of[number]}
    rules = (rule for gate in gates for rule in border.gates[gate].rules)
    return {peers for peers, _, _ in rules if isinstance(peers, AddressSet)}


def _networks(tables: Tables, sources: int) -> set[AddressSet]:
    """The networks that rules of the tiers around NetworkPolicy speak of, in egress of these sources."""
    return {
        peers
        for overlay, groups in _outward(tables, sources)
        for group in groups
        for rule in overlay.beyond[group]
        for peers in rule.peers
        if isinstance(peers, AddressSet)
    }


def _outward(tables: Tables, sources: int) -> Iterator[tuple[Overlay, set[int]]]:
    """The overlays of egress, with the groups of these sources as subjects."""
    for relation in tables.relations.values():
        if overlay := relation.outward:
            groups = {overlay.group_of[number] for number in members(sources)}
            yield overlay, {group for group in groups if group is not None}
