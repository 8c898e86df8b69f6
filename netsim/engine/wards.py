"""What the tiers around NetworkPolicy change, in words, for all groups of subjects and all peers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from netsim.compiler.overlay import Change, Layers, Overlay
from netsim.compiler.tables import Tables
from netsim.engine.words import WORD, Numbers, Words, words_for, words_of
from netsim.model.flow import Direction

# So many words may hold what is other in one direction: 256 MiB.
_MOST_WORDS = 1 << 25
# A word has so many parts of 16 bits.
_QUARTERS = 4


class Rewritten(NamedTuple):
    """What is other than NetworkPolicies say at some places: what is `kept` of it, and what opened.

    Words, a row for each place.
    """

    kept: Words
    opened: Words

    def of(self, atoms: Words) -> Words:
        """What remains of `atoms`, with what is put in."""
        found: Words = atoms & self.kept
        found |= self.opened
        return found

    def at(self, places: Numbers) -> Rewritten:
        """The same at each of these places."""
        return Rewritten(self.kept.take(places, 0), self.opened.take(places, 0))


class Wards:
    """One direction of the tiers: what is other, by ward of subjects and column of peers.

    A ward is a group in which Baseline has a say, or one in which it hasn't. `ward_of` and
    `column_of` are by class.
    """

    def __init__(self, ward_of: Numbers, column_of: Numbers, change: Rewritten) -> None:
        self.ward_of, self.column_of, self._change = ward_of, column_of, change

    @staticmethod
    def of(tables: Tables, overlay: Overlay | None, direction: Direction) -> Wards:
        """Those of an overlay; all are one ward and one column where there is none."""
        count, words = len(tables.universe), words_for(tables)
        if overlay is None:
            nobody = np.zeros(count, np.intp)
            unchanged = np.full((1, 1, words), WORD, np.uint64), np.zeros((1, 1, words), np.uint64)
            return Wards(nobody, nobody, Rewritten(*unchanged))
        shielded = set(tables.universe.numbers(tables.shielded[direction]))
        numbers: dict[tuple[int | None, bool], int] = {}
        wards = [
            numbers.setdefault((group, group is not None and at in shielded), len(numbers))
            for at, group in enumerate(overlay.group_of)
        ]
        size = len(numbers), overlay.columns, words
        change = Rewritten(np.empty(size, np.uint64), np.empty(size, np.uint64))
        together: dict[int, list[tuple[int, bool]]] = {}
        for (group, is_shielded), ward in numbers.items():
            if group is None:
                change.kept[ward], change.opened[ward] = WORD, 0
            else:
                together.setdefault(group, []).append((ward, is_shielded))
        for group, wards_of in together.items():
            _put(change, wards_of, overlay.changes[group])
        return Wards(np.array(wards, np.intp), np.array(overlay.column_of, np.intp), change)

    def by_ward(self, column: int) -> Rewritten:
        """What is other for a column of peers, by ward."""
        return Rewritten(*(np.ascontiguousarray(each[:, column]) for each in self._change))

    def by_column(self, ward: int) -> Rewritten:
        """What is other in a ward, by column of peers."""
        return Rewritten(*(each[ward] for each in self._change))

    def of_pairs(self, subjects: Numbers, peers: Numbers) -> Rewritten:
        """What is other for each of some pairs of classes."""
        wards, columns = self.ward_of[subjects], self.column_of[peers]
        return Rewritten(*(each[wards, columns] for each in self._change))


def _put(change: Rewritten, wards: Iterable[tuple[int, bool]], given: Change) -> None:
    """Put in what is other in the wards of one group; each with whether Baseline has no say there."""
    _, columns, words = change.kept.shape
    layers = given.allowed, given.denied, given.refused
    allowed, denied, refused = _spread(layers, columns, words)
    for ward, is_shielded in wards:
        np.invert(denied if is_shielded else denied | refused, out=change.kept[ward])
        change.opened[ward] = allowed


def _spread(each: Sequence[Layers], columns: int, words: int) -> Iterator[Words]:
    """From sets of columns to words by column."""
    size, quarters = (columns + 7) // 8, words * _QUARTERS
    raw = b"".join([places.to_bytes(size, "little") for layers in each for _, places in layers])
    packed = np.frombuffer(raw, np.uint8).reshape(-1, size)
    bits = np.unpackbits(packed, axis=1, count=columns, bitorder="little").astype(np.uint16)
    # Port atoms of layers are disjoint, so that to add them up is to unite them. `einsum` keeps to
    # one thread: a product by `@` may start several for each group, and where other processes are
    # busy these wait for each other twenty times as long.
    found, end = np.zeros((len(each) * quarters, columns), np.uint16), 0
    for row, layers in enumerate(each):
        start, end = end, end + len(layers)
        if layers:
            sets = words_of([atoms for atoms, _ in layers], words).view(np.uint16)
            inside = slice(row * quarters, (row + 1) * quarters)
            np.einsum("ij,ik->jk", sets, bits[start:end], out=found[inside])
    united = np.ascontiguousarray(found.T).view(np.uint64)
    return (united[:, first : first + words] for first in range(0, len(each) * words, words))


def fits(tables: Tables, version: int) -> bool:
    """Whether what is other takes no more memory than it may."""
    relation = tables.relations[version]
    sizes = [
        2 * (2 * len(overlay.changes) + 1) * overlay.columns * words_for(tables)
        for overlay in (relation.inward, relation.outward)
        if overlay
    ]
    return max(sizes, default=0) <= _MOST_WORDS
