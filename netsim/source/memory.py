"""What was made of the texts of earlier readings, so that equal ones needn't be read again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic

from netsim.source.chunks import Chunk
from netsim.source.reading import Taken

_LATEST = 4  # readings: what none of these came across is forgotten


# Makes of what became of one object the same for an equal text that stands elsewhere: (what became
# of it, the earlier text, the one now, whether both are of one input, so that the earlier place
# doesn't hold any longer).
Move = Callable[[Taken, Chunk, Chunk, bool], Taken]


@dataclass(slots=True, eq=False)
class _Known(Generic[Taken]):
    """What became of a text. `home` is the input it was first met in, `chunk` its latest place."""

    home: frozenset[str]
    chunk: Chunk
    taken: Sequence[Taken]
    reading: int


class Memory(Generic[Taken]):
    """Remembers, by the text of each document, what became of it in the latest readings.

    Files are known whole, too: of an equal one nothing is even decoded.
    """

    def __init__(self, move: Move[Taken]) -> None:
        self._move = move
        self._input: frozenset[str] = frozenset()
        self._reading = 0
        self._texts: dict[tuple[bool, str], _Known[Taken]] = {}
        # The parts of a file, each with its first line: all that there is to say about it.
        self._files: dict[tuple[bool, bytes], list[tuple[int, _Known[Taken]]]] = {}
        self._parts: list[tuple[int, _Known[Taken]]] = []  # of the file that is being read

    def begin(self, input: frozenset[str]) -> None:
        """Begin another reading, of what was given as `input`."""
        self._input = input
        self._reading += 1
        last = self._reading - _LATEST
        if any(known.reading < last for known in self._texts.values()):
            self._texts = {key: it for key, it in self._texts.items() if it.reading >= last}
            self._files = {key: it for key, it in self._files.items() if it[0][1].reading >= last}

    def recall_file(self, data: bytes, file: str, named: bool) -> list[Taken] | None:
        """What became of an equal file, at the place of this one; None if there was none.

        Then its parts are to be told, and `remember_file` if these are all that it holds.
        """
        self._parts = []
        found = self._files.get((named, _digest(data)))
        if found is None:
            return None
        taken: list[Taken] = []
        for line, known in found:
            if known.chunk.first_line != line or known.chunk.file != file:
                self._move_to(Chunk(file, known.chunk.text, line), known)
            known.reading = self._reading
            taken += known.taken
        return taken

    def remember_file(self, data: bytes, named: bool, parts: int) -> None:
        """Keep the parts that were told of a file, if they are as many as it has."""
        if 0 < parts == len(self._parts):
            self._files[named, _digest(data)] = self._parts

    def recall(self, chunk: Chunk, named: bool) -> Sequence[Taken] | None:
        """What became of an equal text, at the place of this one; None if there was none."""
        known = self._texts.get((named, chunk.text))
        if known is None:
            return None
        if known.chunk.place != chunk.place:
            self._move_to(chunk, known)
        known.reading = self._reading
        self._parts.append((chunk.first_line, known))
        return known.taken

    def remember(self, chunk: Chunk, named: bool, taken: Sequence[Taken]) -> None:
        """Keep what became of a text, which is all that there is to say about it."""
        known = _Known(self._input, chunk, taken, self._reading)
        self._texts[named, chunk.text] = known
        self._parts.append((chunk.first_line, known))

    def _move_to(self, chunk: Chunk, known: _Known[Taken]) -> None:
        within = known.home is self._input or not known.home.isdisjoint(self._input)
        before, taken = known.chunk, known.taken
        if len(taken) == 1:  # nearly always, and a comprehension costs as much as a move
            known.taken = (self._move(taken[0], before, chunk, within),)
        else:
            known.taken = [self._move(each, before, chunk, within) for each in taken]
        known.chunk = chunk


def _digest(data: bytes) -> bytes:
    from hashlib import sha256  # not at the top: it takes 5 ms, and most runs have no Memory

    return sha256(data).digest()
