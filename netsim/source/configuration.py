"""The configuration file: `netsim.toml`, or `[tool.netsim]` of a pyproject.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from netsim.errors import Diagnostic, FaultType, InputError, Location, Severity


class ConfigurationFile(NamedTuple):
    """The table of one file. `prefix` is the name of the table in it, empty for the whole file."""

    path: Path
    prefix: str
    table: Mapping[str, object]
    text: str

    def locate(self, *keys: str) -> Location:
        """Where a key is written; as near to it as a search by line can tell."""
        return _locate(str(self.path), self.text, tuple(filter(None, self.prefix.split("."))), keys)


def find_configuration(start: Path) -> ConfigurationFile | None:
    """The nearest configuration in `start` and the folders above it, netsim.toml first in each.

    A pyproject.toml without the table is passed over. Raises InputError if a file can't be read.
    """
    for folder in (start, *start.parents):
        for name, prefix in (("netsim.toml", ""), ("pyproject.toml", "tool.netsim")):
            path = folder / name
            if path.is_file() and (found := _read(path, prefix)) is not None:
                return found
    return None


def _read(path: Path, prefix: str) -> ConfigurationFile | None:
    shown = _shown(path)
    try:
        written = path.read_bytes()
    except OSError as error:
        reason = str(error.strerror).lower()
        raise _unusable(FaultType.UNREADABLE, reason, Location(str(shown))) from None
    # Most projects have a pyproject.toml without a word of netsim: it isn't parsed, nor judged.
    if prefix and b"netsim" not in written:
        return None
    text, table = _parsed(written, str(shown))
    for step in filter(None, prefix.split(".")):
        if step not in table:
            return None
        table = table[step]
        if not isinstance(table, dict):
            raise _unusable(FaultType.INVALID, f"`{step}` must be a table", Location(str(shown)))
    return ConfigurationFile(shown, prefix, table, text)


def _shown(path: Path) -> Path:
    """The path as a person in the working folder would write it."""
    from os.path import relpath

    return Path(relpath(path))


def _parsed(written: bytes, name: str) -> tuple[str, dict[str, Any]]:
    from tomllib import TOMLDecodeError, loads

    try:
        text = written.decode()
        return text, loads(text)
    except UnicodeDecodeError:
        raise _unusable(FaultType.SYNTAX, "not UTF-8", Location(name)) from None
    except TOMLDecodeError as error:
        message, line, column = _place_apart(str(error))
        raise _unusable(FaultType.SYNTAX, message, Location(name, line, column)) from None


def _place_apart(message: str) -> tuple[str, int, int]:
    """tomllib puts the place into its text: `Invalid value (at line 1, column 5)`."""
    found = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", message)
    if found is None:
        return message.lower(), 0, 0
    return found[1].lower(), int(found[2]), int(found[3])


def _unusable(type: FaultType, message: str, location: Location) -> InputError:
    return InputError([Diagnostic(Severity.ERROR, type, "CONFIG", message, location)])


def _locate(name: str, text: str, table: tuple[str, ...], keys: tuple[str, ...]) -> Location:
    """The line that gives the longest part of table.keys, by headers `[a.b]` and lines `a.b = …`."""
    wanted = (*table, *keys)
    here: tuple[str, ...] = ()
    best, place = 0, Location(name)
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[([^\[\]]+)\]", line)
        found = re.match(r"(\s*)([\w\"'.\- ]+?)\s*=", line)
        if header:
            here = path = _dotted(header[1])
        elif found:
            path = (*here, *_dotted(found[2]))
        else:
            continue
        if len(path) > best and path == wanted[: len(path)]:
            best = len(path)
            place = Location(name, number, len(line) - len(line.lstrip()) + 1)
    return place


def _dotted(key: str) -> tuple[str, ...]:
    return tuple(step.strip(" \"'") for step in key.split("."))
