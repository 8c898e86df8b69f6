"""Which edit opened or closed what, found by evaluating: undo an edit and see what it undoes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from netsim.changes.between import boxes_between, has_pairs
from netsim.changes.boxes import Box, Part, in_both, merged, without_all
from netsim.changes.edits import Edit
from netsim.changes.ends import Ends
from netsim.changes.fields import fields_of
from netsim.changes.pairing import Pairing
from netsim.changes.slicing import Field
from netsim.changes.undoing import undone

# Of more edits than this that touch the ends of what is other, none is put back one by one.
MOST_CANDIDATES = 64
# Of more edits than this none is undone at all: a cause is all that touch the ends.
MOST_EDITS = 1000

_PartOf = Callable[[Box], Part]
# A part with the numbers of edits that have to do with it.
_Piece = tuple[Part, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Cause:
    """Edits that are to blame together: undoing them, and no fewer of them, undoes the change.

    `alone` are further edits each of which would do by itself; `several` says whether there is
    any other such set, as far as undoing all others shows it. Not `narrowed`, they are all that
    touch the ends of the change.
    """

    edits: tuple[Edit, ...]
    alone: tuple[Edit, ...] = ()
    several: bool = False
    narrowed: bool = True


@dataclass(frozen=True, slots=True)
class Blamed:
    """Something that was opened or closed, and why; None where that wasn't asked."""

    part: Part
    cause: Cause | None


class Blame:
    """Finds causes. What undoing edits changes is evaluated once, and for the changed pairs alone."""

    def __init__(self, pairing: Pairing, edits: Sequence[Edit], boxes: Sequence[Box]) -> None:
        self._pairing, self._edits = pairing, tuple(edits)
        self._field = Field(*_units_of(boxes))
        self._known: dict[frozenset[int], list[Box]] = {}

    def of(self, parts: Iterable[Part], part_of: _PartOf) -> list[Blamed]:
        """The causes of what boxes opened or closed, as `part_of` takes it from a box."""
        left = [part for part in parts if part]
        if len(self._edits) == 1:  # what else
            return [Blamed(part, Cause(self._edits)) for part in left]
        if len(self._edits) > MOST_EDITS:
            return [Blamed(part, self._not_narrowed(self._touching(part))) for part in left]
        found: list[Blamed] = []
        singles = [self._undoes(frozenset((at,)), part_of) for at in range(len(self._edits))]
        for at, undoes in enumerate(singles):
            if not undoes:
                continue
            near = [part for part in left if self._touches(at, *_units_of((part,)))]
            blamed = [
                each for part in in_both(near, undoes) for each in self._alone(part, at, singles)
            ]
            found += self._of_one(at, blamed, part_of)
            kept = {id(part) for part in near}
            left = [part for part in left if id(part) not in kept] + without_all(near, undoes)
        for candidates, some in self._by_candidates(left).items():
            found += self._together(some, candidates, part_of)
        return [blamed for blamed in found if has_pairs(self._pairing, blamed.part)]

    def idle(self, blamed: Iterable[Edit]) -> tuple[Edit, ...]:
        """The edits besides those that are blamed without all of which together all is the same.

        One that is part of another cause than the one that is named is neither.
        """
        named = {id(edit) for edit in blamed}
        left = [at for at, edit in enumerate(self._edits) if id(edit) not in named]
        # Where nothing was opened or closed, it is the same without any edit. And what is other
        # has an end that an undone edit touches, so that each round leaves fewer.
        while left and named and (boxes := self._boxes(frozenset(left))):
            senders, receivers = _units_of(boxes)
            left = [at for at in left if not self._touches(at, senders, receivers)]
        return tuple(self._edits[at] for at in left)

    def _touches(self, at: int, senders: int, receivers: int) -> bool:
        touched = self._touched[at]
        return bool(touched.senders & senders or touched.receivers & receivers)

    def _touching(self, part: Part) -> list[int]:
        """The edits that touch an end of a part, or some of it."""
        senders, receivers = _units_of((part,))
        return [at for at in range(len(self._edits)) if self._touches(at, senders, receivers)]

    def _not_narrowed(self, candidates: Iterable[int]) -> Cause:
        return Cause(tuple(self._edits[at] for at in candidates), narrowed=False)

    def _alone(self, part: Part, at: int, singles: Sequence[list[Part]]) -> list[_Piece]:
        """A part in pieces, each with the later edits that would undo it too."""
        pieces: list[_Piece] = [(part, ())]
        for other in self._touching(part):
            if other <= at or not singles[other]:
                continue
            cut: list[_Piece] = []
            for piece, also in pieces:
                both = in_both([piece], singles[other])
                cut += [(each, (*also, other)) for each in both]
                cut += [(each, also) for each in without_all([piece], both)]
            pieces = cut
        return pieces

    def _of_one(self, at: int, blamed: list[_Piece], part_of: _PartOf) -> Iterator[Blamed]:
        """Blame one edit for pieces, each with the numbers of others that would do as well."""
        undoes = self._others_undo(at, [piece for piece, also in blamed if not also], part_of)
        for piece, also in blamed:
            several = bool(also or in_both([piece], undoes))
            alone = tuple(self._edits[other] for other in also)
            yield Blamed(piece, Cause((self._edits[at],), alone, several))

    def _others_undo(self, at: int, parts: list[Part], part_of: _PartOf) -> list[Part]:
        """What all other edits that touch the ends of some parts undo of them together."""
        senders, receivers = _units_of(parts)
        others = frozenset(
            other
            for other in range(len(self._edits) if parts else 0)
            if other != at and self._touches(other, senders, receivers)
        )
        # One edit alone has been tried already.
        if len(others) < 2:
            return []
        return [part_of(box) for box in self._boxes(others, Field(senders, receivers))]

    def _by_candidates(self, parts: Iterable[Part]) -> dict[tuple[int, ...], list[Part]]:
        """Parts by the edits that touch one of their ends; cut where ends are touched by others."""
        found: dict[tuple[int, ...], list[Part]] = {}
        for part in parts:
            pieces: list[_Piece] = [(part, ())]
            for at in self._touching(part):
                pieces = list(_cut(pieces, at, self._touched[at]))
            for piece, candidates in pieces:
                found.setdefault(candidates, []).append(piece)
        return found

    @cached_property
    def _touched(self) -> list[Field]:
        """For each edit the senders and the receivers that it touches in either version."""
        pairing = self._pairing
        fields = (fields_of(pairing, pairing.old, pairing.new, [edit]) for edit in self._edits)
        return [each.subjects for each in fields]

    def _together(
        self, parts: list[Part], candidates: tuple[int, ...], part_of: _PartOf
    ) -> Iterator[Blamed]:
        """Undo all candidates, and put back one by one what isn't needed."""
        if len(candidates) > MOST_CANDIDATES:
            yield from (Blamed(part, self._not_narrowed(candidates)) for part in parts)
            return
        whole = frozenset(candidates)
        undoes = self._undoes(whole, part_of)
        # Of pods that one pod of the old version stands for, what they had can't be put back.
        beyond = self._not_narrowed(candidates)
        yield from (Blamed(part, beyond) for part in without_all(parts, undoes))
        groups = [(whole, in_both(parts, undoes))]
        # Twice: what isn't needed may show only when what closes something else is put back.
        for at in (*candidates, *candidates):
            groups = [
                group
                for needed, some in groups
                for group in self._put_back(needed, at, some, part_of)
            ]
        for needed, some in groups:
            edits = tuple(self._edits[at] for at in sorted(needed))
            for part in some:
                several = any(in_both([part], self._undoes(whole - {at}, part_of)) for at in needed)
                yield Blamed(part, Cause(edits, several=several))

    def _put_back(
        self, needed: frozenset[int], at: int, parts: list[Part], part_of: _PartOf
    ) -> Iterator[tuple[frozenset[int], list[Part]]]:
        fewer = needed - {at}
        undoes = self._undoes(fewer, part_of) if fewer else []
        if spared := in_both(parts, undoes):
            yield fewer, spared
        if left := without_all(parts, undoes):
            yield needed, left

    def _undoes(self, numbers: frozenset[int], part_of: _PartOf) -> list[Part]:
        """What is gone when these edits are undone."""
        boxes = self._known.get(numbers)
        if boxes is None:
            boxes = self._known[numbers] = self._boxes(numbers, self._field)
        return merged(part for box in boxes if (part := part_of(box)))

    def _boxes(self, numbers: frozenset[int], within: Field | None = None) -> list[Box]:
        """What is other in the new version than without these edits."""
        pairing = self._pairing
        edits = [self._edits[at] for at in sorted(numbers)]
        without = pairing.new.with_version(undone(pairing, edits))
        return boxes_between(pairing, without, pairing.new, edits, within)


def _units_of(parts: Iterable[Part | Box]) -> tuple[int, int]:
    """The senders and the receivers of all of these."""
    senders = receivers = 0
    for part in parts:
        senders |= part.sources.units
        receivers |= part.destinations.units
    return senders, receivers


def _cut(pieces: Iterable[_Piece], at: int, touched: Field) -> Iterator[_Piece]:
    """Cut parts where an edit begins to touch their ends, and note it where it does."""
    senders, receivers = Ends(touched.senders), Ends(touched.receivers)
    for part, candidates in pieces:
        sending = part.sources & senders
        others = part.sources - senders
        receiving = part.destinations & receivers
        each = (
            (sending, part.destinations, (*candidates, at)),
            (others, receiving, (*candidates, at)),
            (others, part.destinations - receivers, candidates),
        )
        for sources, destinations, now in each:
            if sources and destinations:
                yield Part(sources, destinations, part.traffic), now
