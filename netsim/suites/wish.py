"""What is asked of the traffic between two crowds: a test of its port atoms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from netsim.analysis.served import named_atoms, not_served
from netsim.compiler.atoms import PortAtoms
from netsim.engine.roll import Member
from netsim.engine.tested import AtomTest, none_passes, some_lack, some_pass
from netsim.model.cluster import Protocol
from netsim.model.flow import Endpoint
from netsim.model.ports import FIRST_PORT, LAST_PORT, AskedPort, PortName, PortNumbers
from netsim.suites.crowd import Crowd
from netsim.suites.placing import NOBODY_PLACED, Placing
from netsim.suites.suite import Ports

# All traffic, as what is asked of each protocol.
ALL_TRAFFIC = tuple(
    AskedPort(protocol, None if protocol is Protocol.ICMP else PortNumbers(FIRST_PORT, LAST_PORT))
    for protocol in Protocol
)


class Kind(Enum):
    """Which traffic passes the test, of what is asked about."""

    SOME_PASSES = "some of it passes"
    SOME_LACKS = "some of it doesn't pass"
    NOTHING_PASSES = "nothing of it passes"


class Wish(NamedTuple):
    """A test of the traffic between `sources` and `destinations`: that of `asked`, or `atoms`."""

    sources: Crowd
    destinations: Crowd
    asked: tuple[AskedPort, ...]
    atoms: int
    kind: Kind

    @property
    def test(self) -> AtomTest:
        """What passes the test, as port atoms that may pass."""
        match self.kind:
            case Kind.SOME_PASSES:
                return some_pass(self.atoms)
            case Kind.SOME_LACKS:
                return some_lack(self.atoms)
        return none_passes(self.atoms)

    def telling(self, value: int) -> int:
        """Of the atoms asked about those that make traffic pass the test."""
        return self.atoms & (value if self.kind is Kind.SOME_PASSES else ~value)

    def otherwise(self, kind: Kind) -> Wish:
        """Another test of the same."""
        return self._replace(kind=kind)

    def between(self, sources: Crowd, destinations: Crowd) -> Wish:
        """The same test between others."""
        return self._replace(sources=sources, destinations=destinations)


def wishes(
    sources: Crowd,
    destinations: Crowd,
    ports: Ports,
    kind: Kind,
    atoms: PortAtoms,
    placing: Placing = NOBODY_PLACED,
) -> list[Wish]:
    """A wish for each set of port atoms that the ports are at some of the destinations.

    A port name asks about those destinations that have it. Raises QueryError if none has (SVC-3).
    """
    if not ports.asked:
        return [Wish(sources, destinations, ALL_TRAFFIC, atoms.everything, kind)]
    found, numbered, together = [], 0, []
    for asked in ports.asked:
        if isinstance(asked.port, PortName):
            named = list(_by_name(destinations, asked, asked.port, atoms))
            if not named:
                raise not_served(asked.port, asked.protocol, list(placing.whole(destinations)))
            found += [Wish(sources, crowd, (asked,), mask, kind) for crowd, mask in named]
        else:
            numbered |= _mask(asked, asked.port, atoms)
            together.append(asked)
    if together:
        found.append(Wish(sources, destinations, tuple(together), numbered, kind))
    return found


def one_for_each_pair(wishes: Iterable[Wish]) -> list[Wish]:
    """The same of one kind, each pair in one of them alone: with all that is asked about it."""
    found: list[Wish] = []
    for wish in wishes:
        left, parted = wish.destinations, []
        for known in found:
            both = known.destinations & left
            if rest := known.destinations - both if both else known.destinations:
                parted.append(known._replace(destinations=rest))
            if both:
                asked, atoms = known.asked + wish.asked, known.atoms | wish.atoms
                parted.append(known._replace(destinations=both, asked=asked, atoms=atoms))
                left -= both
        found = [*parted, wish._replace(destinations=left)] if left else parted
    return found


def served(destinations: Crowd, ports: Ports, atoms: PortAtoms) -> tuple[AskedPort, ...]:
    """What is asked, without the port names that none of the destinations has."""
    return tuple(
        asked
        for asked in ports.asked
        if not isinstance(asked.port, PortName)
        or any(_by_name(destinations, asked, asked.port, atoms))
    )


def _mask(asked: AskedPort, numbers: PortNumbers | None, atoms: PortAtoms) -> int:
    if numbers is None:
        return atoms.icmp
    first = atoms.holding(asked.protocol, numbers.first)
    last = atoms.holding(asked.protocol, numbers.last)
    return (last << 1) - first


def _by_name(
    crowd: Crowd, asked: AskedPort, name: PortName, atoms: PortAtoms
) -> Iterator[tuple[Crowd, int]]:
    """The members that have a port of this name, by the port atoms that they give it."""
    gathered: dict[int, dict[int, tuple[Member, ...]]] = {}
    strangers: dict[int, tuple[Endpoint, ...]] = {}
    for number, members in crowd.members.items():
        for member in members:
            if mask := _named(name, asked, member.endpoint, atoms):
                by_class = gathered.setdefault(mask, {})
                by_class[number] = (*by_class.get(number, ()), member)
    for stranger in crowd.strangers:
        if mask := _named(name, asked, stranger, atoms):
            strangers[mask] = (*strangers.get(mask, ()), stranger)
    for mask in gathered | strangers:
        yield Crowd(gathered.get(mask, {}), strangers.get(mask, ())), mask


def _named(name: PortName, asked: AskedPort, endpoint: Endpoint, atoms: PortAtoms) -> int:
    found = 0
    for number, _ in named_atoms(name, asked.protocol, endpoint):
        found |= atoms.holding(asked.protocol, number)
    return found
