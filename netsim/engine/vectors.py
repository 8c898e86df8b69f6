"""Rules as vectors, and flows held against them all together.

What opens a flow stands at one of its ends: the rules of the destination's ingress, those of the
source's egress. Each says for which other ends it is: for a set of kinds, or for a set of classes
of one block. All flows go through the first rule of their end together, those that it doesn't
open through the second, and so on. The cost is that of the rules at the ends; there is no matrix.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.intp]
Flags = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

# More rules at ends than this, counted for each class apart, take too much memory: over 1 GiB.
_MOST_ENTRIES = 1 << 23


class TooManyEntriesError(Exception):
    """The rules of these tables can't be spread over the classes that they are for."""


class BitSets:
    """Bit sets one after the other, each written once; a set is known by where it begins."""

    def __init__(self) -> None:
        self._starts: dict[tuple[int, int], int] = {}
        self._bytes = bytearray()

    def start(self, bits: int, size: int) -> int:
        """Where a set of numbers below `size` begins."""
        found = self._starts.get((bits, size))
        if found is None:
            found = self._starts[bits, size] = len(self._bytes)
            self._bytes += bits.to_bytes(size // 8 + 1, "little")
        return found

    def frozen(self) -> Bytes:
        """All of them, to be read by `_has`."""
        return np.frombuffer(bytes(self._bytes), np.uint8)


def _has(bits: Bytes, starts: Numbers, numbers: Numbers) -> Flags:
    """Whether each number is in the set that begins at each start."""
    found = bits[starts + (numbers >> 3)] >> (numbers & 7).astype(np.uint8) & 1
    return found.view(np.bool_)


@dataclass(slots=True)
class RuleList:
    """Rules being listed: at which class, for which others, and what they open."""

    at: list[int] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    others: list[int] = field(default_factory=list)
    opened: list[int] = field(default_factory=list)

    def add(self, at: list[int], block: int, others: int, opened: int) -> None:
        count = len(at)
        if len(self.at) + count > _MOST_ENTRIES:
            raise TooManyEntriesError
        self.at += at
        self.blocks += [block] * count
        self.others += [others] * count
        self.opened += [opened] * count

    def rules(self, classes: int) -> Rules:
        at = np.array(self.at, np.intp)
        order = np.argsort(at, kind="stable")
        first = np.searchsorted(at[order], np.arange(classes + 1))
        columns = (np.array(each, np.intp) for each in (self.blocks, self.others, self.opened))
        return Rules(first.astype(np.intp), *(column[order] for column in columns))


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules by the class at which they stand: those of class n from `first[n]` to `first[n + 1]`.

    A rule is for the `others` of one block. What is opened is a set of port atoms.
    """

    first: Numbers
    blocks: Numbers
    others: Numbers
    opened: Numbers

    def let(self, bits: Bytes, ends: Numbers, others: Spots, atoms: Numbers) -> Flags:
        """Whether some rule at each end opens an atom to each of the others."""
        found = np.zeros(len(ends), np.bool_)
        at, stop = self.first[ends], self.first[ends + 1]
        flows = np.flatnonzero(at < stop)
        at, stop = at[flows], stop[flows]
        while flows.size:
            tried = np.flatnonzero(self.blocks[at] == others.blocks[flows])
            rules, which = at[tried], flows[tried]
            opens = _has(bits, self.others[rules], others.bits[which])
            opens &= _has(bits, self.opened[rules], atoms[which])
            found[which[opens]] = True
            at += 1
            left = (at < stop) & ~found[flows]
            flows, at, stop = flows[left], at[left], stop[left]
        return found


@dataclass(frozen=True, slots=True)
class Spots:
    """Where things stand: blocks and bits, by number."""

    blocks: Numbers
    bits: Numbers

    def of(self, numbers: Numbers) -> Spots:
        return Spots(self.blocks[numbers], self.bits[numbers])


@dataclass(frozen=True, slots=True)
class Around:
    """What the tiers around NetworkPolicy change in one direction.

    Rules stand at groups of classes, and are for columns of others, which stand in one block.
    `groups` and `columns` are by class; `refusable` says where Baseline has a say.
    """

    groups: Numbers
    columns: Spots
    refusable: Flags
    allowed: Rules
    denied: Rules
    refused: Rules

    def changed(
        self, bits: Bytes, found: Flags, ends: Numbers, others: Numbers, atoms: Numbers
    ) -> Flags:
        """What passes of the flows of which `found` says what NetworkPolicies let pass."""
        groups, columns = self.groups[ends], self.columns.of(others)
        shut = self.denied.let(bits, groups, columns, atoms)
        shut |= self.refused.let(bits, groups, columns, atoms) & self.refusable[ends]
        return found & ~shut | self.allowed.let(bits, groups, columns, atoms)


@dataclass(frozen=True, slots=True)
class Side:
    """One direction: what is open at a class to everyone, by kinds, and class by class.

    `around` is None where only NetworkPolicies have rules.
    """

    everyone: Numbers
    far: Rules
    near: Rules
    around: Around | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """Both directions in one IP version.

    What a source reaches whatever the rules of one direction say is in `let_in` and `let_out`.
    """

    classes: Spots
    kinds: Spots
    ingress: Side
    egress: Side
    let_in: Rules
    let_out: Rules

    def passes(self, bits: Bytes, sources: Numbers, destinations: Numbers, atoms: Numbers) -> Flags:
        """Whether both directions let each flow pass."""
        found = self._open(bits, self.egress, sources, destinations, atoms)
        found |= self.let_out.let(bits, sources, self.classes.of(destinations), atoms)
        flows = np.flatnonzero(found)
        sources, destinations, atoms = sources[flows], destinations[flows], atoms[flows]
        inward = self._open(bits, self.ingress, destinations, sources, atoms)
        inward |= self.let_in.let(bits, sources, self.classes.of(destinations), atoms)
        found[flows] = inward
        return found

    def _open(
        self, bits: Bytes, side: Side, ends: Numbers, others: Numbers, atoms: Numbers
    ) -> Flags:
        found = _has(bits, side.everyone[ends], atoms)
        for rules, places in ((side.far, self.kinds), (side.near, self.classes)):
            flows = np.flatnonzero(~found)
            there = places.of(others[flows])
            found[flows] = rules.let(bits, ends[flows], there, atoms[flows])
        return side.around.changed(bits, found, ends, others, atoms) if side.around else found
