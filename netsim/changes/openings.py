"""What lists of ports open, numbered, so that what several rules open is a set of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netsim.compiler.atoms import PortAtoms
from netsim.compiler.classes import counts
from netsim.model.cluster import ContainerPort
from netsim.model.rules import AnyTraffic, PortNumbers, PortOfName, Traffic
from netsim.model.semantics import Semantics
from netsim.sets.bitset import members
from netsim.sets.intervals import Interval
from netsim.sets.traffic import TrafficSet

# What is open where nobody is isolated (NP-3, NP-6).
UNHINDERED = 1
_ATOMS = PortAtoms.cut(())
_EVERYTHING = _ATOMS.traffic(_ATOMS.everything)
_WORDS = tuple(word for word, _ in _EVERYTHING.ports) + _EVERYTHING.portless
_ICMP = _EVERYTHING.portless


class Openings:
    """Numbers lists of ports as they come; sets of numbers are bit sets."""

    def __init__(self, semantics: Semantics) -> None:
        self._semantics = semantics
        self._lists: list[tuple[Traffic, ...]] = [(AnyTraffic(),)]
        self._bits: dict[tuple[Traffic, ...], int] = {}
        # By its id, as rules share it; it is kept with the rule.
        self._by_id: dict[int, int] = {}
        # With what a receiver declares by its id; that is kept with what was made of it.
        self._known: dict[tuple[int, int], tuple[tuple[ContainerPort, ...], TrafficSet]] = {}
        # Whether any of them asks what a receiver calls its ports.
        self.by_name = False

    def bit(self, traffic: tuple[Traffic, ...]) -> int:
        """The set of the one number of a list."""
        found = self._by_id.get(id(traffic))
        if found is None:
            found = self._bits.get(traffic)
            if found is None:
                found = self._bits[traffic] = 1 << len(self._lists)
                self._lists.append(traffic)
                self.by_name |= any(isinstance(part, PortOfName) for part in traffic)
            self._by_id[id(traffic)] = found
        return found

    def traffic(self, numbers: int, declared: tuple[ContainerPort, ...]) -> TrafficSet:
        """What these open to a receiver that declares some ports (NP-50)."""
        if numbers & UNHINDERED:
            return _EVERYTHING
        key = numbers, id(declared)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = declared, self._opened(numbers, declared)
        return found[1]

    def _opened(self, numbers: int, declared: Iterable[ContainerPort]) -> TrafficSet:
        icmp = self._semantics.icmp  # IMP-3
        ports: list[tuple[str, Interval]] = []
        portless = _ICMP if icmp == "allow" else ()
        for at in members(numbers):
            for part in self._lists[at]:
                if isinstance(part, AnyTraffic):
                    ports += ((word, each) for word, some in _EVERYTHING.ports for each in some)
                    portless = portless if icmp == "deny" else _ICMP
                else:
                    ports += self._ports(part, declared)
        return TrafficSet.of(ports, portless, _WORDS)

    def _ports(
        self, part: Traffic, declared: Iterable[ContainerPort]
    ) -> Iterator[tuple[str, Interval]]:
        match part:
            case PortNumbers(protocol, first, last):
                yield protocol.value.lower(), (first, last)
            case PortOfName(protocol, name):
                for port in declared:
                    named = port.name == name and port.protocol is protocol
                    if named and counts(port, self._semantics):
                        yield protocol.value.lower(), (port.number, port.number)
