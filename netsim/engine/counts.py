"""Numbers about all rows: counted by class, never by listing pairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from netsim.compiler.tables import Tables
from netsim.engine.measure import Measure, mixed
from netsim.engine.rows import Rows
from netsim.engine.sums import Sums
from netsim.model.cluster import Protocol

_WORD = (1 << 64) - 1
_PROTOCOLS = tuple(Protocol)


class Counts:
    """Sums over the relation of some tables.

    Raises LimitError where policies tell more pairs apart than can be summed in minutes.
    """

    def __init__(self, tables: Tables, rows: Rows) -> None:
        self._tables, self._rows = tables, rows

    @cached_property
    def _sums(self) -> Sums:
        return Sums(self._tables, self._rows)

    def pairs(self, sizes: Sequence[int], alone: Sequence[int]) -> int:
        """The pairs with traffic of members of classes.

        `sizes` are the members of each class, of which those `alone` are no pair with themselves.
        """
        return self._sum(sizes, alone, bool, None)

    def ports(self, sizes: Sequence[int], alone: Sequence[int]) -> int:
        """The same for (pair, protocol, port); what has no ports counts as one."""
        value = self._tables.atoms.ports
        return self._sum(sizes, alone, value, self._parts(value))

    def _parts(self, value: Callable[[int], int]) -> list[int]:
        """The value of each port atom."""
        return [value(1 << atom) for atom in range(self._tables.atoms.everything.bit_length())]

    def _sum(
        self,
        sizes: Sequence[int],
        alone: Sequence[int],
        value: Callable[[int], int],
        parts: Sequence[int] | None,
    ) -> int:
        sums = self._sums.of(Measure(self._tables.universe, sizes, value, parts))
        itself = (
            count * value(self._rows.cell(number, number))
            for number, count in enumerate(alone)
            if count
        )
        return sum(size * found for size, found in zip(sizes, sums, strict=True)) - sum(itself)

    def themselves(self) -> int:
        """The pods and nodes that reach themselves (NP-58, IMP-4): over some port, at least."""
        if self._tables.snapshot.semantics.self_traffic == "allow":
            return sum(item.count for item in self._tables.universe.classes)
        return sum(
            item.count
            for number, item in enumerate(self._tables.universe.classes)
            if self._rows.cell(number, number)
        )

    def checksum(self) -> str:
        """A hash of every (source class, destination class, traffic)."""
        from hashlib import sha256

        universe = self._tables.universe
        weights = [mixed(number) for number in range(len(universe))]
        digest = sha256()
        parts = self._parts(self._fingerprint)
        for total in self._sums.of(Measure(universe, weights, self._fingerprint, parts)):
            digest.update(b"%x\n" % (total & _WORD))
        return digest.hexdigest()

    def _fingerprint(self, atoms: int) -> int:
        """64 bits for a set of port atoms: the same for the same ports, however they are cut."""
        found = mixed(0) if atoms & self._tables.atoms.icmp else 0
        for protocol, first, last in self._tables.atoms.intervals(atoms):
            high = _PROTOCOLS.index(protocol) + 1 << 17
            found += mixed(high | last + 1) - mixed(high | first)
        return found & _WORD
