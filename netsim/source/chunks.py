"""The bytes of a file to text (DEC-1), and that into documents as Kubernetes cuts it (DEC-2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from netsim.errors import Diagnostic, FaultType, Location, Severity

_BLOCK = 1 << 12  # characters


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """The text of one document, and where it stands: it begins a line of its file."""

    file: str
    text: str
    first_line: int = 1

    @property
    def place(self) -> tuple[str, int]:
        """The file and the line where it begins."""
        return self.file, self.first_line

    def location(self, offset: int) -> Location:
        """The line and column of a character. Lines end with LF, as editors count them."""
        block = offset // _BLOCK
        lines, start = _blocks(self)[block]
        lines += self.text.count("\n", block * _BLOCK, offset)
        start = self.text.rfind("\n", block * _BLOCK, offset) + 1 or start
        return Location(self.file, self.first_line + lines, offset - start + 1)

    def fault(self, offset: int, code: str, message: str, help: str = "") -> Diagnostic:
        """An error of the document as a whole, at a character of it."""
        place = self.location(offset)
        return Diagnostic(Severity.ERROR, FaultType.DECODE, code, message, place, help=help)


@lru_cache(maxsize=4)  # a document with one fault often has many
def _blocks(chunk: Chunk) -> list[tuple[int, int]]:
    """For each block of the text: how many lines end before it, and where the line begins that it
    begins in. A list of all lines would take longer to make, and more memory than the text."""
    lines, start, text = 0, 0, chunk.text
    found = [(lines, start)]
    for at in range(0, len(text), _BLOCK):
        lines += text.count("\n", at, at + _BLOCK)
        start = text.rfind("\n", at, at + _BLOCK) + 1 or start
        found.append((lines, start))
    return found


_MARK = b"\xef\xbb\xbf"


def decode(data: bytes, file: str) -> str | Diagnostic:
    """The text of a file without its byte order mark, or where it isn't UTF-8."""
    data = data.removeprefix(_MARK)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"not UTF-8: the byte 0x{data[error.start]:02x} can't stand here"
        help = "this looks like UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
        return Diagnostic(
            Severity.ERROR,
            FaultType.DECODE,
            "DEC-1",
            message,
            _place(data, error.start, file),
            help=f"{help}: save it as UTF-8" if help else "save the file as UTF-8",
        )


def _place(data: bytes, at: int, file: str) -> Location:
    start = data.rfind(b"\n", 0, at) + 1
    column = len(data[start:at].decode("utf-8")) + 1
    return Location(file, data.count(b"\n", 0, at) + 1, column)


def split(text: str, file: str) -> Iterator[Chunk | Diagnostic]:
    """The documents of `text`, and a diagnostic for each separator with something after it.

    The cut is textual, as the API server's: it also happens inside a block scalar. Chunks of
    blanks and comments are among them.
    """
    start, line = 0, 1
    separator = 0 if text.startswith("---") else _next_separator(text, 0)
    while separator is not None:
        yield _chunk(file, text[start:separator], line)
        line += text.count("\n", start, separator)
        start = text.find("\n", separator) + 1 or len(text)
        rest = text[separator + 3 : start].strip()
        if rest and not rest.startswith("#"):
            yield _bad_separator(rest, Location(file, line, 4))
        line += 1
        separator = _next_separator(text, start - 1)
    yield _chunk(file, text[start:], line)


def _chunk(file: str, text: str, line: int) -> Chunk:
    return Chunk(file, text.removeprefix("\ufeff"), line)  # DEC-4: a byte order mark is no text


def _next_separator(text: str, at: int) -> int | None:
    """Where the next line begins, behind a line end from `at` on, that begins with `---`."""
    return text.find("\n---", at) + 1 or None


def _bad_separator(rest: str, location: Location) -> Diagnostic:
    message = f"`{rest[:40]}` can't follow `---` on its line"
    help = "a separator is `---` alone or with a comment; begin the document on the next line"
    return Diagnostic(Severity.ERROR, FaultType.DECODE, "DEC-2", message, location, help=help)
