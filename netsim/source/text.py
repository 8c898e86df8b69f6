"""From bytes to text (DEC-1): UTF-8, a byte order mark allowed."""

from __future__ import annotations

from netsim.errors import Diagnostic, FaultType, Location, Severity

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
            _location(data, error.start, file),
            help=f"{help}: save it as UTF-8" if help else "save the file as UTF-8",
        )


def _location(data: bytes, at: int, file: str) -> Location:
    start = data.rfind(b"\n", 0, at) + 1
    column = len(data[start:at].decode("utf-8")) + 1
    return Location(file, data.count(b"\n", 0, at) + 1, column)
