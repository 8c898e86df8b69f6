"""Port and address atoms: the largest sets that no policy of the snapshot tells apart."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from netsim.model.cluster import Address, Protocol
from netsim.model.rules import AddressSet, PortNumbers
from netsim.sets.addresses import span
from netsim.sets.bitset import members, runs
from netsim.sets.traffic import TrafficSet

_WITH_PORTS = (Protocol.TCP, Protocol.UDP, Protocol.SCTP)


class PortAtoms(NamedTuple):
    """All traffic, cut where rules cut it. Sets of atoms are bit sets.

    `starts` has the first port of each atom, by protocol, ascending; `offsets` the number of the
    first atom of each protocol. The last atom is ICMP, which has no ports.
    """

    starts: dict[Protocol, tuple[int, ...]]
    offsets: dict[Protocol, int]
    everything: int

    @staticmethod
    def cut(ranges: Iterable[PortNumbers]) -> PortAtoms:
        """The atoms of these ranges: every range is a union of them."""
        starts: dict[Protocol, set[int]] = {protocol: {1} for protocol in _WITH_PORTS}
        for part in ranges:
            starts[part.protocol] |= {part.first, part.last + 1}
        ordered = {protocol: tuple(sorted(found - {65536})) for protocol, found in starts.items()}
        offsets, count = {}, 0
        for protocol, found in ordered.items():
            offsets[protocol] = count
            count += len(found)
        offsets[Protocol.ICMP] = count
        return PortAtoms(ordered, offsets, (1 << count + 1) - 1)

    @property
    def icmp(self) -> int:
        """The set that holds ICMP alone."""
        return 1 << self.offsets[Protocol.ICMP]

    def covering(self, part: PortNumbers) -> int:
        """The atoms that make up a range which was there when they were cut."""
        starts, offset = self.starts[part.protocol], self.offsets[part.protocol]
        first, end = bisect_left(starts, part.first), bisect_left(starts, part.last + 1)
        return ((1 << end) - (1 << first)) << offset

    def holding(self, protocol: Protocol, port: int | None) -> int:
        """The set of the one atom that (protocol, port) is in."""
        offset = self.offsets[protocol]
        if port is None:
            return 1 << offset
        return 1 << offset + bisect_right(self.starts[protocol], port) - 1

    def intervals(self, atoms: int) -> Iterator[tuple[Protocol, int, int]]:
        """The (protocol, first port, last port) of each atom of a set; ICMP not."""
        for protocol, starts in self.starts.items():
            own = atoms >> self.offsets[protocol] & ((1 << len(starts)) - 1)
            last = len(starts) - 1
            for at in members(own):
                yield protocol, starts[at], starts[at + 1] - 1 if at < last else 65535

    def ports(self, atoms: int) -> int:
        """How many (protocol, port) are in a set of atoms; ICMP counts as one."""
        numbers = sum(last - first + 1 for _, first, last in self.intervals(atoms))
        return numbers + (1 if atoms & self.icmp else 0)

    def traffic(self, atoms: int) -> TrafficSet:
        """A set of atoms as the traffic that it stands for."""
        found = []
        for protocol, starts in self.starts.items():
            own = atoms >> self.offsets[protocol] & ((1 << len(starts)) - 1)
            if own:
                ends = *starts[1:], 65536
                intervals = tuple([(starts[at], ends[end - 1] - 1) for at, end in runs(own)])
                found.append((protocol.value.lower(), intervals))
        icmp = ("icmp",) if atoms & self.icmp else ()
        return TrafficSet(tuple(sorted(found)), icmp, atoms == self.everything)


class AddressCuts(NamedTuple):
    """Where the blocks of one IP version begin and end: addresses between two cuts are alike."""

    cuts: tuple[int, ...]

    @staticmethod
    def of(blocks: Iterable[AddressSet], version: int) -> AddressCuts:
        """The cuts that these blocks and their excepts make."""
        found = {0}
        for block in blocks:
            if block.cidr.version == version:
                for network in (block.cidr, *block.excepts):
                    first, last = span(network)
                    found |= {first, last + 1}
        return AddressCuts(tuple(sorted(found)))

    def atom(self, address: Address) -> int:
        """The number of the atom that an address is in."""
        return bisect_right(self.cuts, int(address)) - 1

    def atoms(self, block: AddressSet) -> list[tuple[int, int]]:
        """The atoms of a block, as [first, end) pairs in order."""
        first, last = span(block.cidr)
        holes = sorted(span(network) for network in block.excepts)
        edges = [first]
        for start, end in holes:
            if end >= edges[-1]:
                edges += [max(start, edges[-1]), end + 1]
        edges.append(last + 1)
        pairs = list(pairwise(edges))[::2]
        return [
            (bisect_left(self.cuts, start), bisect_left(self.cuts, end))
            for start, end in pairs
            if start < end
        ]
