"""What a person is told of a difference, however it is set: long lists are cut, and counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from netsim.changes.comings import Coming
from netsim.changes.difference import Effect
from netsim.changes.edits import Edit
from netsim.changes.rectangles import Rectangle
from netsim.errors import Location, visible
from netsim.report.diff_cause import cause_note
from netsim.report.diff_edits import edit_text, places
from netsim.report.diff_names import Names, traffic_text
from netsim.report.diff_told import Told, flow_text
from netsim.report.diff_why import Turn, assumptions, turns

T = TypeVar("T")
S = TypeVar("S")

# So many causes, and endpoints that came or went, are read by a person; the rest are counted.
PARAGRAPHS = 50
# So many names, edits of one cause, and rectangles of one cause.
_ITEMS = 5


@dataclass(frozen=True, slots=True)
class Cut(Generic[T]):
    """The first of a list, and how many more there are."""

    shown: tuple[T, ...] = ()
    others: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """Something that is said of the input, and where that stands in it: in one place or more."""

    text: str
    locations: tuple[Location, ...] = ()

    @property
    def place(self) -> str:
        """`old.yaml:3:5 -> new.yaml:3:5`."""
        return " -> ".join(map(str, self.locations))


@dataclass(frozen=True, slots=True)
class Line:
    """A rectangle: what was opened or closed between whom, why, and how to ask about a flow of it.

    `why` leaves out what was just said. `question` is a command, or where none can be asked, a flow.
    """

    opened: bool
    traffic: str
    sources: Cut[str]
    destinations: Cut[str]
    pairs: int
    why: tuple[Said, ...]
    question: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A cause and what it did, with a note on how sure it is. Nobody is to blame without `edits`."""

    edits: Cut[Said]
    note: str
    alone: Cut[Said]
    opened: Cut[Line]
    closed: Cut[Line]


@dataclass(frozen=True, slots=True)
class Visitor:
    """An endpoint that came, or went, and with whom it has, or had, which traffic."""

    name: str
    came: bool
    sends: Cut[tuple[str, Cut[str]]]
    gets: Cut[tuple[str, Cut[str]]]


class View:
    """The parts of one difference. What is assumed is known once its paragraphs were made."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._pairing = told.difference.pairing
        self._assumed: dict[str, None] = {}

    def paragraphs(self) -> Iterator[Paragraph]:
        """Each cause, what was opened first; as they are asked for, as each costs a few answers."""
        names = Names(self._pairing, self._pairing.in_both)
        for effect in self._told.effects[:PARAGRAPHS]:
            yield self._paragraph(effect, names)

    @property
    def beyond(self) -> int:
        """How many causes more there are."""
        return max(0, len(self._told.effects) - PARAGRAPHS)

    def visitors(self) -> Cut[Visitor]:
        """The endpoints that came, then those that went."""
        old, new = self._pairing.old.units, self._pairing.new.units
        difference = self._told.difference
        found = [(each, True) for each in difference.added]
        found += [(each, False) for each in difference.removed]
        names = {True: Names(self._pairing, new), False: Names(self._pairing, old)}
        shown = (_visitor(each, came, names[came]) for each, came in found[:PARAGRAPHS])
        return Cut(tuple(shown), max(0, len(found) - PARAGRAPHS))

    def assumptions(self) -> Cut[str]:
        """What the paragraphs that were made rest on, then the difference as a whole."""
        found = dict.fromkeys((*self._assumed, *self._told.difference.assumptions))
        return _cut(list(found), str)

    def idle(self) -> Cut[Said]:
        """The edits of no effect."""
        return _cut(self._told.difference.idle, _edit) if self._told.blame else Cut()

    def _paragraph(self, effect: Effect, names: Names) -> Paragraph:
        cause, known = effect.cause, set[Said]()

        def line(opened: bool) -> Callable[[Rectangle], Line]:
            return lambda rectangle: self._line(rectangle, opened, names, known)

        return Paragraph(
            _cut(cause.edits, _edit),
            cause_note(cause),
            _cut(cause.alone, _edit),
            _cut(effect.opened, line(True)),
            _cut(effect.closed, line(False)),
        )

    def _line(self, rectangle: Rectangle, opened: bool, names: Names, known: set[Said]) -> Line:
        witness = self._told.difference.witness(rectangle)
        assumed = dict.fromkeys(assumptions(witness))
        self._assumed |= assumed
        why = [each for each in map(_turn, turns(witness, rectangle.cause)) if each not in known]
        known.update(why)
        return Line(
            opened,
            f"{traffic_text(rectangle.traffic)}{'*' if assumed else ''}",
            _cut(names.sources(rectangle), str),
            _cut(names.destinations(rectangle), str),
            rectangle.pairs,
            tuple(why),
            self._told.question(witness) or f"such as {flow_text(witness.flow)}",
        )


def cut_text(cut: Cut[str]) -> str:
    """`a, b and 3 more`."""
    text = ", ".join(map(visible, cut.shown))
    return f"{text} and {cut.others} more" if cut.others else text


def _cut(items: Sequence[S], made: Callable[[S], T]) -> Cut[T]:
    return Cut(tuple(map(made, items[:_ITEMS])), max(0, len(items) - _ITEMS))


def _edit(edit: Edit) -> Said:
    found = places(edit)
    return Said(edit_text(edit), tuple(each for each in (found.old, found.new) if each))


def _turn(turn: Turn) -> Said:
    return Said(turn.text, (turn.reason.location,) if turn.reason else ())


def _visitor(coming: Coming, came: bool, names: Names) -> Visitor:
    sends = _cut(
        coming.sends, lambda each: (traffic_text(each.traffic), _names(names.destinations(each)))
    )
    gets = _cut(coming.gets, lambda each: (traffic_text(each.traffic), _names(names.sources(each))))
    return Visitor(coming.name, came, sends, gets)


def _names(found: Iterable[str]) -> Cut[str]:
    return _cut(list(found), str)
