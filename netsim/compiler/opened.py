"""What the ports of a rule open, and to which destinations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from netsim.compiler.atoms import PortAtoms
from netsim.compiler.classes import EndpointClass, Universe
from netsim.compiler.kinds import Kinds
from netsim.model.cluster import ContainerPort, Protocol
from netsim.model.rules import AnyTraffic, PortNumbers, PortOfName, RankedRule, Rule, Traffic
from netsim.model.semantics import Semantics
from netsim.sets.bitset import Cells, restricted, union, united

_Name = tuple[Protocol, str]


class Opened(NamedTuple):
    """A list of ports: the port atoms of its numbers, and its names."""

    numbers: int
    names: tuple[_Name, ...]


class Ports:
    """The ports of rules as atoms: numbers everywhere, names where they are declared (NP-50)."""

    def __init__(
        self, atoms: PortAtoms, universe: Universe, kinds: Kinds, semantics: Semantics
    ) -> None:
        self.atoms = atoms
        self._universe, self._kinds, self._semantics = universe, kinds, semantics
        # By block what a name means to its classes, where any was asked for.
        self._meant_at: list[dict[_Name, Cells] | None] = [None for _ in universe.blocks]
        # By its id, as rules share it; kept with what it opens, so that its id stays its own.
        self._known: dict[int, tuple[tuple[Traffic, ...], Opened]] = {}
        self._known_to: dict[Opened, Cells] = {}
        # By the id of what classes declare: many share it, and the universe keeps it.
        self._known_named: dict[int, dict[_Name, int]] = {}

    def opened(self, traffic: tuple[Traffic, ...]) -> Opened:
        """What a list of ports opens."""
        known = self._known.get(id(traffic))
        if known is None:
            parts = (part for part in traffic if isinstance(part, PortOfName))
            names = tuple(dict.fromkeys((part.protocol, part.name) for part in parts))
            known = self._known[id(traffic)] = traffic, Opened(self._by_number(traffic), names)
        return known[1]

    def added(self, cells: Cells, opened: Opened, block: int, places: int) -> Cells:
        """`cells` of a block with what is open to some of its classes."""
        cells = united(cells, places, opened.numbers)
        for name in opened.names:
            cells = union(cells, self._meaning(name, block, places))
        return cells

    def by_name(self, opened: Opened, block: int, places: int) -> list[Cells]:
        """What each name opens to some classes of a block."""
        return [self._meaning(name, block, places) for name in opened.names]

    def to_kinds(self, opened: Opened) -> Cells:
        """The port atoms that are open to each kind. Right for names that egress asks for."""
        found = self._known_to.get(opened)
        if found is None:
            found = united({}, self._kinds.everything, opened.numbers)
            for name in opened.names:
                found = union(found, self._to.get(name, _NOTHING))
            self._known_to[opened] = found
        return found

    def _meaning(self, name: _Name, block: int, places: int) -> Cells:
        found = self._meant_at[block]
        if found is None:
            found = self._meant_at[block] = self._meant(self._universe.block(block))
        return restricted(found[name], places) if name in found else _NOTHING

    def _by_number(self, traffic: Sequence[Traffic]) -> int:
        found = 0
        for part in traffic:
            if isinstance(part, PortNumbers):
                found |= self.atoms.covering(part)
            elif isinstance(part, AnyTraffic):
                denied = self._semantics.icmp == "deny"  # IMP-3
                found |= self.atoms.everything & ~(self.atoms.icmp if denied else 0)
        return found

    @cached_property
    def _to(self) -> dict[_Name, Cells]:
        """What a name means to each kind."""
        classes = self._universe.classes
        return self._meant(classes[number] for number in self._kinds.representatives)

    def _meant(self, items: Iterable[EndpointClass]) -> dict[_Name, Cells]:
        """The port atoms that each of these means by a name (NP-51..53)."""
        found: dict[_Name, Cells] = {}
        for place, item in enumerate(items):
            for name, atoms in self._named(item.ports).items():
                cells = found.setdefault(name, {})
                cells[atoms] = cells.get(atoms, 0) | 1 << place
        return found

    def _named(self, ports: tuple[ContainerPort, ...]) -> dict[_Name, int]:
        """The port atoms under each name that one class declares."""
        found = self._known_named.get(id(ports))
        if found is None:
            found = self._known_named[id(ports)] = {}
            for port in ports:
                name = port.protocol, port.name
                found[name] = found.get(name, 0) | self.atoms.holding(port.protocol, port.number)
        return found


_NOTHING: Cells = {}


def atoms_of(rules: Iterable[Rule | RankedRule], universe: Universe) -> PortAtoms:
    """The port atoms that these rules and the ports of these classes leave."""
    return PortAtoms.cut([*_numbers(rules), *_declared(universe.classes)])


def _numbers(rules: Iterable[Rule | RankedRule]) -> Iterator[PortNumbers]:
    shared = {id(rule.traffic): rule.traffic for rule in rules}.values()
    return (part for traffic in shared for part in traffic if isinstance(part, PortNumbers))


def _declared(classes: Sequence[EndpointClass]) -> Iterator[PortNumbers]:
    found = {(port.protocol, port.number) for item in classes for port in item.ports}
    return (PortNumbers(protocol, number, number) for protocol, number in found)
