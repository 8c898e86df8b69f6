"""What the ports of a rule open, and to which destinations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from netsim.compiler.atoms import PortAtoms
from netsim.compiler.classes import EndpointClass, Universe
from netsim.compiler.kinds import Kinds
from netsim.model.cluster import Protocol
from netsim.model.rules import AnyTraffic, PortNumbers, PortOfName, Rule, Traffic
from netsim.model.semantics import Semantics
from netsim.sets.blocks import Places, places_of


class Where(NamedTuple):
    """Destinations that declare a port: the classes, and their kinds if rules ask by kind."""

    places: Places
    kinds: int


# What a list of ports opens: sets of port atoms, each with the destinations at which it is open;
# None is every one.
Opened = tuple[tuple[int, Where | None], ...]


class Ports:
    """The ports of rules as atoms: numbers everywhere, names where they are declared (NP-50)."""

    def __init__(
        self, rules: Iterable[Rule], universe: Universe, kinds: Kinds, semantics: Semantics
    ) -> None:
        self.atoms = PortAtoms.cut([*_numbers(rules), *_declared(universe.classes)])
        self._semantics = semantics
        self._meanings = self._resolved(universe, kinds)
        self._known: dict[tuple[Traffic, ...], Opened] = {}

    def opened(self, traffic: tuple[Traffic, ...]) -> Opened:
        """What a list of ports opens."""
        found = self._known.get(traffic)
        if found is None:
            found = self._known[traffic] = self._evaluated(traffic)
        return found

    def _evaluated(self, traffic: Sequence[Traffic]) -> Opened:
        numbers = self._by_number(traffic)
        found: list[tuple[int, Where | None]] = [(numbers, None)] if numbers else []
        for part in dict.fromkeys(traffic):
            if isinstance(part, PortOfName):
                found += self._meanings.get((part.protocol, part.name), ())
        return tuple(found)

    def _by_number(self, traffic: Sequence[Traffic]) -> int:
        found = 0
        for part in traffic:
            if isinstance(part, PortNumbers):
                found |= self.atoms.covering(part)
            elif isinstance(part, AnyTraffic):
                denied = self._semantics.icmp == "deny"  # IMP-3
                found |= self.atoms.everything & ~(self.atoms.icmp if denied else 0)
        return found

    def _resolved(self, universe: Universe, kinds: Kinds) -> dict[tuple[Protocol, str], Opened]:
        """For each port name what it means, and to which classes (NP-50..53)."""
        numbers: dict[tuple[Protocol, str], dict[int, list[int]]] = {}
        for number, item in enumerate(universe.classes):
            own: dict[tuple[Protocol, str], int] = {}
            for port in item.ports:
                key = port.protocol, port.name
                own[key] = own.get(key, 0) | self.atoms.holding(port.protocol, port.number)
            for key, meant in own.items():
                numbers.setdefault(key, {}).setdefault(meant, []).append(number)
        return {
            key: tuple(
                (meant, Where(places_of(map(universe.place, found)), kinds.of(found)))
                for meant, found in meanings.items()
            )
            for key, meanings in numbers.items()
        }


def _numbers(rules: Iterable[Rule]) -> Iterator[PortNumbers]:
    return (part for rule in rules for part in rule.traffic if isinstance(part, PortNumbers))


def _declared(classes: Sequence[EndpointClass]) -> Iterator[PortNumbers]:
    found = {(port.protocol, port.number) for item in classes for port in item.ports}
    return (PortNumbers(protocol, number, number) for protocol, number in found)
