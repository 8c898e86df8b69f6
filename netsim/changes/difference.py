"""The difference of two versions: what was opened, what was closed, and by which edit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from netsim.changes.assumptions import assumptions_of_edits
from netsim.changes.between import boxes_between, has_pairs
from netsim.changes.blame import Blame, Blamed, Cause
from netsim.changes.boxes import Box, Part, merged
from netsim.changes.comings import Coming, comings_of
from netsim.changes.edits import Edit
from netsim.changes.ends import Ends
from netsim.changes.naming import Naming, pairs_of
from netsim.changes.pairing import Pairing
from netsim.changes.rectangles import Change, Rectangle, change_of, rectangle_of
from netsim.changes.witness import Witness, witness_of
from netsim.engine.level import Level
from netsim.sets.traffic import TrafficSet

_PartOf = Callable[[Box], Part]
_Blamer = Callable[[Sequence[Part], _PartOf], Iterable[Blamed]]


class Relation(Enum):
    """What the traffic of the new version is to that of the old."""

    EQUAL = "equal"
    CONTAINED = "contained"  # nothing new may pass, and less
    CONTAINS = "contains"  # all that may pass still may, and more
    INCOMPARABLE = "incomparable"


@dataclass(frozen=True, slots=True)
class PairChange:
    """One source and one destination, and all that might and may pass between them."""

    source: str
    destination: str
    before: TrafficSet
    after: TrafficSet

    @property
    def opened(self) -> TrafficSet:
        """What may pass and might not before."""
        return self.after - self.before

    @property
    def closed(self) -> TrafficSet:
        """What may not pass and might before."""
        return self.before - self.after


@dataclass(frozen=True, slots=True)
class Effect:
    """One cause with all that it opened and closed."""

    cause: Cause
    opened: tuple[Rectangle, ...]
    closed: tuple[Rectangle, ...]


class Difference:
    """What is other in the new version. Everything is found when first asked for, and kept.

    `edits` are those that were made, whatever came of them. It is true if who may talk to whom
    is other, or an endpoint came or went.
    """

    def __init__(
        self, pairing: Pairing, edits: Sequence[Edit], level: Level = Level.WORKLOAD
    ) -> None:
        self.pairing, self.edits, self.level = pairing, tuple(edits), level
        self._naming = Naming(pairing, level)
        self._blamed: _Blamer = lambda parts, part_of: self._blame.of(parts, part_of)

    def __bool__(self) -> bool:
        return bool(self.boxes or self.added or self.removed)

    @property
    def without_causes(self) -> Difference:
        """The same in fewer rectangles, and for less: none of them says what it is caused by."""
        found = copy(self)
        found._blamed = lambda parts, _: [Blamed(part, None) for part in merged(parts)]
        for name in ("opened", "closed", "causes"):
            found.__dict__.pop(name, None)
        return found

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """What is other between endpoints that both versions have, and outside: disjoint."""
        pairing = self.pairing
        return tuple(boxes_between(pairing, pairing.old, pairing.new, self.edits))

    @cached_property
    def opened(self) -> tuple[Rectangle, ...]:
        """What may newly pass: that of one cause together, the most pairs first."""
        return self._rectangles(_opened)

    @cached_property
    def closed(self) -> tuple[Rectangle, ...]:
        """What may no longer pass, in the same order."""
        return self._rectangles(_closed)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The same whatever the cause: every pair with other traffic in one of them, with all of it.

        The most pairs first.
        """
        found = (change_of(self._naming, box) for box in self.boxes)
        return tuple(sorted(found, key=lambda each: (-each.pairs, each.sources, each.destinations)))

    @property
    def changed(self) -> tuple[PairChange, ...]:
        """The pairs between which something passes in both versions, and not the same."""
        return tuple(pair for pair in self.pairs() if pair.before and pair.after)

    def pairs(self) -> Iterator[PairChange]:
        """Every pair with other traffic, once; those of which one version has none included."""
        for box in self.boxes:
            for source, destination in pairs_of(self._naming, box.sources, box.destinations):
                yield PairChange(source, destination, box.before, box.after)

    def names(self, ends: Ends) -> tuple[str, ...]:
        """The names of an end of a rectangle or change, or its addresses as the fewest CIDRs."""
        return self._naming.texts(ends)

    def pairs_in(self, flat: Box | Part) -> Iterator[tuple[str, str]]:
        """Each source with each destination of a rectangle or change, of those that can talk."""
        return pairs_of(self._naming, flat.sources, flat.destinations)

    @cached_property
    def causes(self) -> tuple[Effect, ...]:
        """Each cause with what it did, in the order of what it opened, then closed."""
        found: dict[Cause, tuple[list[Rectangle], list[Rectangle]]] = {}
        for at, rectangles in enumerate((self.opened, self.closed)):
            for rectangle in rectangles:
                assert rectangle.cause
                found.setdefault(rectangle.cause, ([], []))[at].append(rectangle)
        return tuple(
            Effect(cause, tuple(opened), tuple(closed)) for cause, (opened, closed) in found.items()
        )

    @cached_property
    def added(self) -> tuple[Coming, ...]:
        """The endpoints that only the new version has, with what they may send and get."""
        return comings_of(self.pairing.new, self.pairing.only_new, self._naming)

    @cached_property
    def removed(self) -> tuple[Coming, ...]:
        """The endpoints that only the old version has, with what they might send and get."""
        return comings_of(self.pairing.old, self.pairing.only_old, self._naming)

    @cached_property
    def idle(self) -> tuple[Edit, ...]:
        """The edits of no effect: who may talk to whom is the same without all of them."""
        causes = [effect.cause for effect in self.causes]
        return self._blame.idle(edit for each in causes for edit in (*each.edits, *each.alone))

    @cached_property
    def assumptions(self) -> tuple[str, ...]:
        """What was taken as given of what nobody knows offline, in words.

        If one of them is wrong, more or less may be opened or closed than is said here. There may
        be some where nothing was.
        """
        return assumptions_of_edits(self.pairing, self.edits)

    @property
    def relation(self) -> Relation:
        """What the new traffic is to the old, among endpoints that both versions have."""
        opened = any(box.after - box.before for box in self.boxes)
        closed = any(box.before - box.after for box in self.boxes)
        if opened:
            return Relation.INCOMPARABLE if closed else Relation.CONTAINS
        return Relation.CONTAINED if closed else Relation.EQUAL

    def witness(self, rectangle: Rectangle) -> Witness:
        """A flow of it that people recognise, and that the reference answers so in both versions."""
        opened = any(rectangle is each for each in self.opened)
        return witness_of(self.pairing, rectangle.part, opened)

    @cached_property
    def _blame(self) -> Blame:
        return Blame(self.pairing, self.edits, self.boxes)

    def _rectangles(self, part_of: _PartOf) -> tuple[Rectangle, ...]:
        parts = [part for box in self.boxes if (part := part_of(box))]
        found = [
            rectangle_of(self._naming, part, cause)
            for part, cause in self._merged(self._blamed(parts, part_of))
            if has_pairs(self.pairing, part)
        ]
        first: dict[Cause | None, int] = {}
        for rectangle in sorted(found, key=_size):
            first.setdefault(rectangle.cause, len(first))
        return tuple(sorted(found, key=lambda each: (first[each.cause], _size(each))))

    def _merged(self, blamed: Iterable[Blamed]) -> Iterator[tuple[Part, Cause | None]]:
        by_cause: dict[Cause | None, list[Part]] = {}
        for each in blamed:
            by_cause.setdefault(each.cause, []).append(each.part)
        for cause, parts in by_cause.items():
            yield from ((part, cause) for part in merged(parts))


def _opened(box: Box) -> Part:
    return box.opened


def _closed(box: Box) -> Part:
    return box.closed


def _size(rectangle: Rectangle) -> tuple[int, tuple[str, ...], tuple[str, ...], str]:
    return -rectangle.pairs, rectangle.sources, rectangle.destinations, str(rectangle.traffic)
