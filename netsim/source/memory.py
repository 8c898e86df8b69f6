"""What was made of the texts of earlier readings, so that equal ones needn't be read again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic

from netsim.source.chunks import Chunk
from netsim.source.reading import Taken

_LATEST = 4  # readings: what none of these came across is forgotten


# Makes of what became of one object the same for an equal text that stands elsewhere: (what became
# of it, the earlier text, the one now, whether both are of one input, so that the earlier place
# doesn't hold any longer).
Move = Callable[[Taken, Chunk, Chunk, bool], Taken]


# One document: the input it was first met in, its place, and what became of it.
_Part = tuple[frozenset[str], Chunk, Sequence[Taken]]


@dataclass(slots=True, eq=False)
class _File(Generic[Taken]):
    """A file in one of its places, and those of its parts that were told.

    `named`: it was given itself. `is_new`: none of its parts was known when it was met.
    """

    name: str
    named: bool
    reading: int
    parts: list[_Part[Taken]] = field(default_factory=list)
    is_new: bool = True

    def all_taken(self) -> list[Taken]:
        """What became of all of its documents."""
        return [each for _, _, taken in self.parts for each in taken]


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
        self._files: list[_File[Taken]] = []
        self._came: list[_File[Taken]] = []  # in this reading
        # Those of which all is told that there is to say.
        self._whole: dict[tuple[bool, bytes], _File[Taken]] = {}
        # The parts of files by their texts, but for the files of which nobody had to know yet:
        # they are only looked up where a file is another one.
        self._texts: dict[tuple[bool, str], _Part[Taken]] = {}
        self._unlisted: list[_File[Taken]] = []
        # The file that is being read.
        self._key: tuple[bool, bytes] = (False, b"")
        self._file = _File[Taken]("", False, 0)

    def begin(self, input: frozenset[str]) -> None:
        """Begin another reading, of what was given as `input`."""
        self._files += self._came
        self._unlisted += self._came
        self._came = []
        self._input, self.moved = input, {}
        self._reading += 1
        last = self._reading - _LATEST
        if any(file.reading < last for file in self._files):
            self._files = [file for file in self._files if file.reading >= last]
            self._whole = {key: file for key, file in self._whole.items() if file.reading >= last}
            self._texts, self._unlisted = {}, [*self._files]

    def recall_file(self, data: bytes, name: str, named: bool) -> list[Taken] | None:
        """What became of an equal file, at the place of this one; None if there was none.

        Then its parts are to be told, and `remember_file` if these are all that it holds.
        """
        key = named, _digest(data)
        file = self._whole.get(key)
        if file is None:
            self._key, self._file = key, _File(name, named, self._reading)
            self._came.append(self._file)
            return None
        file.reading = self._reading
        if file.name != name:
            if self._stays(file):
                for _, chunk, _ in file.parts:
                    self.moved[chunk] = name
            else:
                file = self._whole[key] = self._file_moved_to(name, file)
                self._came.append(file)
        return file.all_taken()

    def remember_file(self, parts: int) -> None:
        """Keep the parts that were told of a file, if they are as many as it has."""
        if 0 < parts == len(self._file.parts):
            self._whole[self._key] = self._file

    def recall(self, chunk: Chunk, named: bool) -> Sequence[Taken] | None:
        """What became of an equal text, at the place of this one; None if there was none."""
        if self._unlisted:
            self._list()
        # A text isn't hashed for nothing.
        part = self._texts.get((named, chunk.text)) if self._texts else None
        if part is None:
            return None
        if part[1].place != chunk.place:
            part = self._moved_to(chunk, part)
        self._file.parts.append(part)
        self._file.is_new = False
        return part[2]

    def remember(self, chunk: Chunk, taken: Sequence[Taken]) -> None:
        """Keep what became of a text, which is all that there is to say about it."""
        self._file.parts.append((self._input, chunk, taken))

    def _list(self) -> None:
        texts = self._texts
        for file in self._unlisted:
            named = file.named
            for part in file.parts:
                texts[named, part[1].text] = part
        self._unlisted = []

    def _stays(self, file: _File[Taken]) -> bool:
        """Whether a file of another input may be taken over as it is: once in a reading."""
        home, chunk, _ = file.parts[0]
        return (
            file.is_new
            and home.isdisjoint(self._input)
            and chunk not in self.moved
            and all(map(self._is_bare, file.all_taken()))
        )

    def _file_moved_to(self, name: str, file: _File[Taken]) -> _File[Taken]:
        parts = [
            self._moved_to(Chunk(name, part[1].text, part[1].first_line), part)
            for part in file.parts
        ]
        return _File(name, file.named, self._reading, parts, is_new=False)

    def _moved_to(self, chunk: Chunk, part: _Part[Taken]) -> _Part[Taken]:
        home, before, taken = part
        within = home is self._input or not home.isdisjoint(self._input)
        return home, chunk, [self._move(each, before, chunk, within) for each in taken]


def _digest(data: bytes) -> bytes:
    from hashlib import sha256  # not at the top: it takes 5 ms, and most runs have no Memory

    return sha256(data).digest()
