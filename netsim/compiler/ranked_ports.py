"""The ports of ranked rules, in port atoms of their own: these rules cut far fewer than all do."""

from __future__ import annotations

from collections.abc import Sequence

from netsim.compiler.atoms import PortAtoms
from netsim.compiler.classes import EndpointClass
from netsim.compiler.walk import Spread
from netsim.model.cluster import ContainerPort
from netsim.model.rules import (
    AnyTraffic,
    PortNumbers,
    PortOfAnyProtocol,
    RankedRule,
    RankedTraffic,
)
from netsim.sets.bitset import members

_ALL = -1  # every column


class RankedPorts:
    """What traffic ranked rules are about. `fine` has, for each atom of theirs, those of all rules."""

    def __init__(
        self, rules: Sequence[RankedRule], items: Sequence[EndpointClass], atoms: PortAtoms
    ) -> None:
        self._all = atoms
        traffic = {id(rule.traffic): rule.traffic for rule in rules}.values()
        self._names = frozenset(
            part.name for each in traffic for part in each if isinstance(part, PortOfAnyProtocol)
        )
        numbers = [part for each in traffic for part in each if isinstance(part, PortNumbers)]
        declared = {port for item in items for port in self.declared(item)}
        numbers += [PortNumbers(port.protocol, port.number, port.number) for port in declared]
        self._atoms = PortAtoms.cut(numbers)
        self.fine = [
            atoms.covering(PortNumbers(protocol, first, last))
            for protocol, first, last in self._atoms.intervals(self._atoms.everything)
        ]
        self.fine.append(atoms.icmp)
        self._spreads: dict[int, Spread] = {}
        self._named_columns: dict[
            tuple[frozenset[str], int], tuple[Spread, Sequence[EndpointClass]]
        ] = {}
        self._known: dict[int, tuple[Sequence[RankedTraffic], int, frozenset[str]]] = {}

    @property
    def count(self) -> int:
        """How many atoms there are."""
        return len(self.fine)

    def declared(self, item: EndpointClass) -> tuple[ContainerPort, ...]:
        """What pods declare under names that rules ask for (ANP-19); nodes declare nothing."""
        return (
            () if item.is_node else tuple(port for port in item.ports if port.name in self._names)
        )

    def has_names(self, traffic: Sequence[RankedTraffic]) -> bool:
        """Whether what a rule is about hangs on what its destination declares."""
        return bool(self._parts(traffic)[1])

    def are_all(self, traffic: Sequence[RankedTraffic]) -> bool:
        """Whether a rule is about all traffic, wherever it goes."""
        return self._parts(traffic)[0] == self._atoms.everything

    def at(self, traffic: Sequence[RankedTraffic], item: EndpointClass) -> Spread:
        """What a rule is about where `item` is the destination."""
        numbers, names = self._parts(traffic)
        if names:
            numbers |= self._named(names, item)
        return self._everywhere(numbers)

    def spread(self, traffic: Sequence[RankedTraffic], items: Sequence[EndpointClass]) -> Spread:
        """What a rule is about where the destination is each of `items`, one a column."""
        numbers, names = self._parts(traffic)
        named = self._columns(names, items) if names else ()
        more = tuple([each for each in named if not numbers >> each[0] & 1])
        return self._everywhere(numbers) + more

    def _everywhere(self, numbers: int) -> Spread:
        """Some atoms in every column. Kept: many rules are about the same."""
        found = self._spreads.get(numbers)
        if found is None:
            found = self._spreads[numbers] = tuple([(atom, _ALL) for atom in members(numbers)])
        return found

    def _columns(self, names: frozenset[str], items: Sequence[EndpointClass]) -> Spread:
        """Which of `items` declare what under these names."""
        key = names, id(items)
        known = self._named_columns.get(key)
        if known is None:
            found: dict[int, int] = {}
            for column, item in enumerate(items):
                for atom in members(self._named(names, item)):
                    found[atom] = found.get(atom, 0) | 1 << column
            # What it is of is kept with it, so that its id stays its own.
            known = self._named_columns[key] = tuple(found.items()), items
        return known[0]

    def numbers(self, traffic: Sequence[RankedTraffic]) -> int:
        """The port atoms, of all rules, that a rule is about wherever it goes."""
        found = 0
        for atom in members(self._parts(traffic)[0]):
            found |= self.fine[atom]
        return found

    def _named(self, names: frozenset[str], item: EndpointClass) -> int:
        found = 0
        for port in self.declared(item):
            if port.name in names:
                found |= self._atoms.holding(port.protocol, port.number)
        return found

    def _parts(self, traffic: Sequence[RankedTraffic]) -> tuple[int, frozenset[str]]:
        """The atoms of its numbers, and its names. Kept by id: what is shared is read once."""
        known = self._known.get(id(traffic))
        if known is None:
            numbers = 0
            for part in traffic:
                if isinstance(part, PortNumbers):
                    numbers |= self._atoms.covering(part)
                elif isinstance(part, AnyTraffic):
                    numbers |= self._atoms.everything
            names = frozenset(part.name for part in traffic if isinstance(part, PortOfAnyProtocol))
            known = self._known[id(traffic)] = traffic, numbers, names
        return known[1], known[2]
