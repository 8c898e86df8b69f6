"""Strata: endpoint classes that no rule of the tiers around NetworkPolicy tells apart.

These rules are about the whole cluster and ask for little of it, so strata are few. Whom a rule
is about is a set of them, as a bit set: those that it surely means, and those that it may mean,
whatever is true of what nobody knows offline (NP-35, NP-43, WL-7).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple, assert_never

from netsim.compiler.atoms import AddressCuts
from netsim.compiler.classes import EndpointClass, Universe
from netsim.compiler.pools import may_hold, surely_holds
from netsim.compiler.sets import first_address
from netsim.labels.index import LabelIndex
from netsim.labels.labels import NO_LABELS, UNKNOWN_VALUE, Labels
from netsim.labels.selector import Operator, Selector
from netsim.model.cluster import NAME_LABEL, Address
from netsim.model.rules import (
    AddressSet,
    Anyone,
    DomainSet,
    NodeSet,
    PodSet,
    PortOfAnyProtocol,
    RankedPeers,
    RankedRule,
)
from netsim.model.snapshot import Snapshot
from netsim.sets.bitset import of


class Meant(NamedTuple):
    """Whom peers or a subject mean: as netsim takes it, for sure, and perhaps."""

    given: int
    surely: int
    maybe: int


_NOBODY = Meant(0, 0, 0)


class Strata:
    """The strata of a universe under some ranked rules: `of_class` has that of each class."""

    def __init__(self, universe: Universe, snapshot: Snapshot, rules: Sequence[RankedRule]) -> None:
        self._snapshot = snapshot
        peers = dict.fromkeys(each for rule in rules for each in (rule.subject, *rule.peers))
        sight = _Sight(snapshot, peers, _port_names(rules))
        numbers: dict[Hashable, int] = {}
        self.items: list[EndpointClass] = []
        found: list[int] = []
        for item in universe.classes:
            number = numbers.setdefault(sight.of(item), len(numbers))
            if number == len(self.items):
                self.items.append(item)
            found.append(number)
        self.of_class = tuple(found)
        self.everything = (1 << len(self.items)) - 1
        self._pods = of(at for at, item in enumerate(self.items) if not item.is_node)
        self._labels = LabelIndex(
            [item.representative.labels for item in self.items], sight.pod_keys
        )
        self._spaces = LabelIndex(list(map(self._space, self.items)), sight.namespace_keys)
        self._undeclared = of(at for at in range(len(self.items)) if not self._is_declared(at))
        self._placed = {
            version: _Placed(self.items, sight.cuts[version], version) for version in (4, 6)
        }
        self._known: dict[tuple[RankedPeers, int], Meant] = {}

    def _space(self, item: EndpointClass) -> Labels:
        return NO_LABELS if item.is_node else self._snapshot.namespace(item.namespace).labels

    def _is_declared(self, at: int) -> bool:
        item = self.items[at]
        return item.is_node or self._snapshot.namespace(item.namespace).declared

    def meant(self, peers: RankedPeers, version: int) -> Meant:
        """Whom peers mean in one IP version."""
        found = self._known.get((peers, version))
        if found is None:
            found = self._known[peers, version] = self._meant(peers, version)
        return found

    def _meant(self, peers: RankedPeers, version: int) -> Meant:
        match peers:
            case PodSet():
                return self._of_pods(peers)
            case NodeSet():
                return self._of_nodes(peers, version)
            case AddressSet():
                return self._in_block(peers, version)
            case DomainSet():
                return _NOBODY  # what is inside is asked by who it is
            case Anyone():
                return Meant(self.everything, self.everything, self.everything)
            case _:
                assert_never(peers)

    def _of_pods(self, pods: PodSet) -> Meant:
        assert isinstance(pods.namespaces, Selector)  # INVARIANT: of rules of the whole cluster
        spaces = self._spaces.select(pods.namespaces) & self._pods
        named = [item for item in pods.namespaces.requirements if item.key == NAME_LABEL]
        sure = maybe = spaces
        if len(named) < len(pods.namespaces.requirements):  # NP-35
            sure &= ~self._undeclared
            maybe |= self._undeclared & self._spaces.select(Selector.of(*named)) & self._pods
        labels = self._labels
        return Meant(
            spaces & labels.select(pods.pods),
            sure & labels.select(_with_unknown(pods.pods, Operator.NOT_IN)),
            maybe & labels.select(_with_unknown(pods.pods, Operator.IN)),
        )

    def _of_nodes(self, nodes: NodeSet, version: int) -> Meant:
        """ANP-16; a node that has no manifest has labels that nobody knows."""
        matched = {
            name: node
            for name, node in self._snapshot.nodes.items()
            if nodes.nodes.matches(node.labels)
        }
        addresses = {address for node in matched.values() for address in node.addresses}
        anyone = not nodes.nodes.requirements
        known = {address for node in self._snapshot.nodes.values() for address in node.addresses}
        given = maybe = 0
        for at, item in enumerate(self.items):
            name, address = item.host[0], first_address(item, version)
            unlabelled = item.is_node and name not in self._snapshot.nodes
            if address in addresses or (item.is_node and name in matched):
                given |= 1 << at
            elif unlabelled and address not in known:
                given |= anyone << at
                maybe |= 1 << at
        return Meant(given, given, given | maybe)

    def _in_block(self, block: AddressSet, version: int) -> Meant:
        if block.cidr.version != version:
            return _NOBODY
        placed = self._placed[version]
        inside = placed.inside(block)
        pools = [cidr for cidr in self._snapshot.semantics.pod_cidrs if cidr.version == version]
        sure = maybe = inside
        for bits, known in ((placed.own, pools), (placed.hosts, ())):
            sure |= bits if surely_holds(block, known) else 0
            maybe |= bits if may_hold(block, known) else 0
        return Meant(sure, sure, maybe)


class _Placed:
    """Strata by the address of one IP version; `own` and `hosts` are those whose address isn't known."""

    def __init__(self, items: Sequence[EndpointClass], cuts: AddressCuts, version: int) -> None:
        self._cuts = cuts
        self.own = of(
            at for at, item in enumerate(items) if not item.addresses and item.has_own_address
        )
        self.hosts = of(
            at for at, item in enumerate(items) if not item.addresses and not item.has_own_address
        )
        seen = [(first_address(item, version), at) for at, item in enumerate(items)]
        self._placed = sorted((cuts.atom(address), at) for address, at in seen if address)

    def inside(self, block: AddressSet) -> int:
        """The strata whose address is in a block."""
        found = 0
        for first, end in self._cuts.atoms(block):
            start = bisect_left(self._placed, (first, -1))
            for atom, at in self._placed[start:]:
                if atom >= end:
                    break
                found |= 1 << at
        return found


class _Sight:
    """A class as ranked rules see it."""

    def __init__(
        self, snapshot: Snapshot, peers: Iterable[RankedPeers], port_names: frozenset[str]
    ) -> None:
        pods = [each for each in peers if isinstance(each, PodSet)]
        spaces = [each.namespaces for each in pods if isinstance(each.namespaces, Selector)]
        self.pod_keys, self._pairs = _asked(each.pods for each in pods)
        self.namespace_keys, self._space_pairs = _asked(spaces)
        self._port_names = port_names
        self._by_node = any(isinstance(each, NodeSet) for each in peers)
        blocks = [each for each in peers if isinstance(each, AddressSet)]
        self.cuts = {version: AddressCuts.of(blocks, version) for version in (4, 6)}
        self._snapshot = snapshot
        self._spaces: dict[str, Hashable] = {}

    def of(self, item: EndpointClass) -> Hashable:
        """Equal for classes that no rule tells apart."""
        if item.is_node:
            return self._address(item), item.host[0] if self._by_node else ""
        ports = tuple(port for port in item.ports if port.name in self._port_names)
        labels = _seen(item.representative.labels, self.pod_keys, self._pairs)
        return self._space(item.namespace), labels, ports, self._address(item)

    def _space(self, name: str) -> Hashable:
        found = self._spaces.get(name)
        if found is None:
            space = self._snapshot.namespace(name)
            seen = _seen(space.labels, self.namespace_keys, self._space_pairs)
            found = self._spaces[name] = seen, space.declared
        return found

    def _address(self, item: EndpointClass) -> Hashable:
        """Where it can matter: as the address itself where nodes are asked for by theirs."""
        if not item.addresses:
            return item.has_own_address
        by_itself = self._by_node and not item.has_own_address
        return tuple((one.version, self._spot(one, by_itself)) for one in item.addresses)

    def _spot(self, address: Address, by_itself: bool) -> int:
        return int(address) if by_itself else self.cuts[address.version].atom(address)


def _asked(selectors: Iterable[Selector]) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """The keys, and the (key, value) pairs, that selectors ask for."""
    items = [item for selector in dict.fromkeys(selectors) for item in selector.requirements]
    pairs = ((item.key, value) for item in items for value in (*item.values, UNKNOWN_VALUE))
    return frozenset(item.key for item in items), frozenset(pairs)


def _seen(
    labels: Labels, keys: frozenset[str], pairs: frozenset[tuple[str, str]]
) -> frozenset[tuple[str, str | None]]:
    return frozenset(
        (key, value if (key, value) in pairs else None)
        for key, value in labels.items()
        if key in keys
    )


def _port_names(rules: Iterable[RankedRule]) -> frozenset[str]:
    return frozenset(
        part.name for rule in rules for part in rule.traffic if isinstance(part, PortOfAnyProtocol)
    )


def _with_unknown(selector: Selector, operator: Operator) -> Selector:
    """The value that nobody knows is one of those that requirements of this operator list (WL-7)."""
    if not any(item.operator is operator for item in selector.requirements):
        return selector
    return Selector.of(
        *(
            replace(item, values=tuple(sorted((*item.values, UNKNOWN_VALUE))))
            if item.operator is operator
            else item
            for item in selector.requirements
        )
    )
