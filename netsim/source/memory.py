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
    """What became of a text. `home` is the input it was first met in, `chunk` its latest place.

    `stays`: this is still where it was first met, and it says so by its origin alone.
    """

    home: frozenset[str]
    chunk: Chunk
    taken: Sequence[Taken]
    reading: int
    stays: bool


# The parts of a file, each with its first line.
_Parts = list[tuple[int, _Known[Taken]]]


class Memory(Generic[Taken]):
    """Remembers, by the text of each document, what became of it in the latest readings.

    Files are known whole, too: of an equal one nothing is even decoded. In another input it is
    taken over as it is, and `moved` has what its file is called in the latest reading, for each of
    its texts: to move one by one all that became of them takes longer than to read the bytes.
    """

    def __init__(self, move: Move[Taken], is_bare: Callable[[Taken], bool]) -> None:
        """`is_bare`: whether what became of an object tells its place by its origin alone."""
        self._move, self._is_bare = move, is_bare
        self._input: frozenset[str] = frozenset()
        self._reading = 0
        self.moved: dict[Chunk, str] = {}
        # By text, for files that were named themselves and for others.
        self._texts: dict[bool, dict[str, _Known[Taken]]] = {True: {}, False: {}}
        # What isn't there yet: it is only asked for where a file is another one.
        self._untold: list[tuple[bool, _Parts[Taken]]] = []
        # All that there is to say about a file.
        self._files: dict[tuple[bool, bytes], _Parts[Taken]] = {}
        # The file that is being read, and what was told of it.
        self._file: tuple[bool, bytes] = (False, b"")
        self._parts: _Parts[Taken] = []
        self._told: list[tuple[bool, _Parts[Taken]]] = []

    def begin(self, input: frozenset[str]) -> None:
        """Begin another reading, of what was given as `input`."""
        self._input, self.moved = input, {}
        self._reading += 1
        self._untold += self._told
        self._told = []
        last = self._reading - _LATEST
        for named, texts in self._texts.items():
            if any(known.reading < last for known in texts.values()):
                self._texts[named] = {key: it for key, it in texts.items() if it.reading >= last}
                self._files = {
                    key: it for key, it in self._files.items() if it[0][1].reading >= last
                }

    def recall_file(self, data: bytes, file: str, named: bool) -> list[Taken] | None:
        """What became of an equal file, at the place of this one; None if there was none.

        Then its parts are to be told, and `remember_file` if these are all that it holds.
        """
        self._file, self._parts = (named, _digest(data)), []
        found = self._files.get(self._file)
        if found is None:
            self._told.append((named, self._parts))
            return None
        taken: list[Taken] = []
        stays = self._stays(found, file)
        for line, known in found:
            if stays:
                self.moved[known.chunk] = file
            elif known.chunk.first_line != line or known.chunk.file != file:
                self._move_to(Chunk(file, known.chunk.text, line), known)
            known.reading = self._reading
            taken += known.taken
        return taken

    def remember_file(self, parts: int) -> None:
        """Keep the parts that were told of a file, if they are as many as it has."""
        if 0 < parts == len(self._parts):
            self._files[self._file] = self._parts

    def recall(self, chunk: Chunk, named: bool) -> Sequence[Taken] | None:
        """What became of an equal text, at the place of this one; None if there was none."""
        if self._untold:
            self._index()
        texts = self._texts[named]
        known = texts.get(chunk.text) if texts else None  # a text isn't hashed for nothing
        if known is None:
            return None
        if known.chunk.place != chunk.place:
            self._move_to(chunk, known)
        known.reading = self._reading
        self._parts.append((chunk.first_line, known))
        return known.taken

    def remember(self, chunk: Chunk, taken: Sequence[Taken]) -> None:
        """Keep what became of a text, which is all that there is to say about it."""
        stays = all(map(self._is_bare, taken))
        known = _Known(self._input, chunk, taken, self._reading, stays)
        self._parts.append((chunk.first_line, known))

    def _index(self) -> None:
        for named, parts in self._untold:
            texts = self._texts[named]
            for _, known in parts:
                texts[known.chunk.text] = known
        self._untold = []

    def _stays(self, parts: _Parts[Taken], file: str) -> bool:
        """Whether all of a file of another input may be taken over as it is: once in a reading."""
        now, input = self._reading, self._input
        return parts[0][1].chunk.file != file and all(
            known.stays and known.reading != now and known.home.isdisjoint(input)
            for _, known in parts
        )

    def _move_to(self, chunk: Chunk, known: _Known[Taken]) -> None:
        within = known.home is self._input or not known.home.isdisjoint(self._input)
        before, taken = known.chunk, known.taken
        known.taken = [self._move(each, before, chunk, within) for each in taken]
        known.chunk, known.stays = chunk, False


def _digest(data: bytes) -> bytes:
    from hashlib import sha256  # not at the top: it takes 5 ms, and most runs have no Memory

    return sha256(data).digest()
