"""Which traffic hangs on what nobody knows offline (NP-43, WL-7, NP-35): marked in rows.

What passes whatever is true, and what may pass if the truth is just so, are two relations more.
Where they differ, somebody's ignorance decides; where they don't, nobody's does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from netsim.compiler.doubts import Bounds
from netsim.compiler.tables import Tables
from netsim.engine.outside import Outside, Pieces
from netsim.engine.rows import Bearings, Row, Rows
from netsim.sets.bitset import Cells, differing, united
from netsim.sets.blocks import Blocks
from netsim.sets.intervals import Interval, overlaid

if TYPE_CHECKING:
    from netsim.engine.marked_words import MarkedWords

_NONE: Cells = {}
# Shared rows are kept while they have so many blocks in all.
_MOST_BLOCKS = 1_000_000
_MOST_KNOWN = 100_000
# So many blocks of shared rows cost less as mappings than what vectors need before the first.
_FEW_SHARED_BLOCKS = 10_000


def parts(value: int, everything: int) -> tuple[int, int]:
    """Of a marked value the port atoms that pass, and those that hang on an assumption."""
    return value & everything, value >> everything.bit_length()


class _Again:
    """What `find` makes of three mappings: the very same again for the very same ones."""

    def __init__(self, find: Callable[[Cells, Cells, Cells], Cells]) -> None:
        self._find = find
        self._known: dict[tuple[int, int, int], tuple[Cells, Cells, Cells, Cells]] = {}

    def of(self, given: Cells, least: Cells, most: Cells) -> Cells:
        """Found, or known from before."""
        key = id(given), id(least), id(most)
        known = self._known.get(key)
        if known is None:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            # What it is of is kept with it, so that their ids stay their own.
            known = self._known[key] = self._find(given, least, most), given, least, most
        return known[0]


class Marks:
    """Rows, and traffic with the outside, with marks.

    A value has, above the port atoms that pass, those that hang on an assumption, whether they
    pass or not: `parts` tells the two apart. Costs nothing more where nothing hangs on any.
    """

    def __init__(
        self, tables: Tables, given: Rows, outside: Outside, bounds: Bounds | None
    ) -> None:
        self.bounds = bounds
        self._tables = tables
        self._rows, self._outside = given, outside
        self._everything = tables.atoms.everything
        self._width = self._everything.bit_length()
        self._shared: dict[tuple[int, int, int], tuple[Blocks, Blocks, Blocks, Blocks]] = {}
        self._passing: dict[object, tuple[Blocks, Blocks]] = {}
        self._blocks = 0
        self._marked_again, self._passing_again = _Again(self._marked), _Again(self._passing_in)
        if bounds is not None:
            self._is_least = bounds.least is tables
            self._least = given if self._is_least else Rows(bounds.least)
            self._most = Rows(bounds.most)
            self._ends = Outside(bounds.least), Outside(bounds.most)

    def words(self, sources: Sequence[int]) -> MarkedWords | None:
        """The rows of some sources as vectors, where for all of them together that costs less."""
        rows = self._rows
        if not rows.is_overruled:
            return None
        shared = {(rows.knows(source), rows.bearings(source)) for source in sources}
        if len(shared) * len(self._tables.universe.blocks) <= _FEW_SHARED_BLOCKS:
            return None
        from netsim.engine.marked_words import MarkedWords  # loads numpy

        bounds = None
        if self.bounds is not None:
            bounds = (self.bounds.least, self._least), (self.bounds.most, self._most)
        return MarkedWords.of((self._tables, rows), bounds, sources)

    def cell(self, source: int, destination: int) -> int:
        """What class number `source` may send to class number `destination`, marked."""
        value = self._rows.cell(source, destination)
        if self.bounds is None:
            return value
        least, most = (rows.cell(source, destination) for rows in (self._least, self._most))
        return value | (least ^ most) << self._width

    def row(self, source: int) -> Row:
        """What class number `source` may send to each class, marked."""
        given = self._rows.row(source)
        if self.bounds is None:
            return given
        least = given if self._is_least else self._least.row(source)
        most = self._most.row(source)
        own = {
            block: self._marked(given.at(block), least.at(block), most.at(block))
            for block in {**given.own, **least.own, **most.own}
        }
        return Row(self._in_common(given.shared, least.shared, most.shared), own)

    def passing_row(self, source: int) -> Row:
        """The same of what passes alone: what might pass, too, is not there.

        Costs much less where much might.
        """
        given = self._rows.row(source)
        if self.bounds is None:
            return given
        least, most = self._least.bearings(source), self._most.bearings(source)
        found = {
            block: self._passing_in(
                given.at(block),
                given.at(block) if self._is_least else self._least.at(source, least, block),
                self._most.at(source, most, block),
            )
            for block in self._near(source, given, least, most)
        }
        key = id(given.shared), least, most, bool(self._tables.versions[source])
        known = self._passing.get(key)
        if known is None:
            if self._blocks > _MOST_BLOCKS:
                self._passing.clear()
                self._blocks = 0
            shared = {
                block: self._passing_again.of(
                    cells,
                    cells if self._is_least else self._least.far(source, least, block),
                    self._most.far(source, most, block),
                )
                for block, cells in given.shared.items()
            }
            known = self._passing[key] = shared, given.shared
            self._blocks += len(shared)
        return Row(known[0], found)

    def _near(self, source: int, given: Row, least: Bearings, most: Bearings) -> Iterable[int]:
        """The blocks in which near rules have a say, whatever is true."""
        blocks = dict.fromkeys(given.own) | dict.fromkeys(self._most.near(source, most))
        return blocks if self._is_least else blocks | dict.fromkeys(self._least.near(source, least))

    def _passing_in(self, given: Cells, least: Cells, most: Cells) -> Cells:
        marked = self._marked(given, least, most)
        if marked is given:
            return given
        return {value: places for value, places in marked.items() if value & self._everything}

    def _in_common(self, given: Blocks, least: Blocks, most: Blocks) -> Blocks:
        key = id(given), id(least), id(most)
        known = self._shared.get(key)
        if known is None:
            if self._blocks > _MOST_BLOCKS:
                self._shared.clear()
                self._blocks = 0
            each = (
                (
                    block,
                    self._marked_again.of(*(row.get(block, _NONE) for row in (given, least, most))),
                )
                for block in sorted(given.keys() | least.keys() | most.keys())
            )
            found = {block: cells for block, cells in each if cells}
            # What it is of is kept with it, so that their ids stay their own.
            known = self._shared[key] = found, given, least, most
            self._blocks += len(found)
        return known[0]

    def _marked(self, given: Cells, least: Cells, most: Cells) -> Cells:
        if least == most:
            return given
        for atoms, places in differing(least, most).items():
            given = united(given, places, atoms << self._width)
        return given

    def sent(self, source: int) -> Pieces:
        """What a class may send to the outside, marked."""
        given = self._outside.sent(source)
        if self.bounds is None or not self.bounds.doubts.keys:
            return given
        return self._laid(given, *(end.sent(source) for end in self._ends))

    def sent_to(self, name: str, source: int) -> int:
        """What a class may send to what is reached under a DNS name, marked."""
        given, least, most = self._outside.sent_to(name, source)
        if self.bounds is not None:
            least, most = (end.sent_to(name, source)[at] for at, end in enumerate(self._ends, 1))
        return given | (least ^ most) << self._width

    def received(self, destination: int) -> Pieces:
        """What a class may get from the outside, marked."""
        given = self._outside.received(destination)
        # Who is outside is known, and all of its address: only the governed end may be in doubt.
        if self.bounds is None or not self.bounds.doubts.keys:
            return given
        return self._laid(given, *(end.received(destination) for end in self._ends))

    def _parts(self, value: int) -> tuple[int, int]:
        return parts(value, self._everything)

    def _laid(self, given: Pieces, least: Pieces, most: Pieces) -> Pieces:
        if least == most:
            return given
        layers: dict[int, list[tuple[Interval, int]]] = {}
        for level, pieces in enumerate((given, least, most)):
            for atoms, by_version in pieces.items():
                for version, intervals in by_version.items():
                    value = atoms << level * self._width
                    layers.setdefault(version, []).extend((each, value) for each in intervals)
        found: Pieces = {}
        for version, laid in sorted(layers.items()):
            whole = min(first for (first, _), _ in laid), max(last for (_, last), _ in laid)
            for interval, levels in overlaid(whole, laid):
                passing, rest = self._parts(levels)
                surely, perhaps = self._parts(rest)
                value = passing | (surely ^ perhaps) << self._width
                if value:
                    found.setdefault(value, {}).setdefault(version, []).append(interval)
        return found
