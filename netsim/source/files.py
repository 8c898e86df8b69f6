"""From the paths that were given to the files to read: folders, patterns, what can't be read."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from netsim.errors import Diagnostic, FaultType, Location, Severity

SUFFIXES = (".yaml", ".yml", ".json")
STDIN = "-"

_Identity = tuple[int, int]
_SPECIAL = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@dataclass(slots=True)
class InputFile:
    """One file to read, or STDIN. `named`: it was given itself, not met in a folder (DEC-3)."""

    path: str
    named: bool


def find_files(paths: Iterable[str | os.PathLike[str]]) -> list[InputFile | Diagnostic]:
    """The files behind `paths`, each once: in the order given, those of a folder by name.

    Folders are searched to the bottom, but for names that begin with a dot. Diagnostics stand
    where a path leads nowhere, to no file, or to one that is there already.
    """
    search = _Search()
    for path in paths:
        search.add(os.fspath(path))
    return search.found


def printable(path: str) -> str:
    """A path as text that can be printed, whatever bytes its name has."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def unreadable(path: str, message: str, help: str = "") -> Diagnostic:
    """An error about a file as a whole."""
    location = Location(printable(path))
    return Diagnostic(Severity.ERROR, FaultType.UNREADABLE, "INPUT", message, location, help=help)


def reason(error: OSError | ValueError) -> str:
    """Why the system refused a path, in one line."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[:1].lower() + error.strerror[1:]
    return "this can't be the name of a file"


def met_again(path: str, first: str) -> Diagnostic:
    """A warning about a file or folder that has been met under another path, which is named."""
    message = f"already met as `{printable(first)}`: it is read once"
    location = Location(printable(path))
    return Diagnostic(Severity.WARNING, FaultType.UNREADABLE, "INPUT", message, location)


class _Search:
    """What was found so far. Files and folders are known by device and inode, not by name."""

    def __init__(self) -> None:
        self.found: list[InputFile | Diagnostic] = []
        self._files: dict[_Identity, InputFile] = {}
        self._folders: dict[_Identity, str] = {}

    def add(self, path: str) -> None:
        """Look for what was given: a path, or a pattern where nothing has that very name."""
        if path == STDIN:
            self._add_file(InputFile(STDIN, named=True), (-1, -1))
        elif not glob.has_magic(path) or os.path.lexists(path):
            self._visit(path)
        else:
            matches = _matches(path)
            if not matches:
                self.found.append(unreadable(path, "no file matches this pattern"))
            for match in matches:
                self._visit(match)

    def _visit(self, given: str) -> None:
        """Add a file, or all of a folder. No recursion: folders nest as deep as names allow."""
        before = len(self.found)
        waiting = [given]
        while waiting:
            path = waiting.pop()
            try:
                status = Path(path).stat()
                identity = status.st_dev, status.st_ino
                if stat.S_ISDIR(status.st_mode):
                    waiting += reversed(self._open_folder(path, identity))
                elif stat.S_ISREG(status.st_mode) or _is_process_substitution(path):
                    self._add_file(InputFile(path, named=path is given), identity)
                else:
                    what = _SPECIAL.get(stat.S_IFMT(status.st_mode), "something special")
                    help = "to read a stream, pipe it to standard input and give `-`"
                    self.found.append(unreadable(path, f"{what} isn't a file", help))
            except (OSError, ValueError) as error:
                self.found.append(unreadable(path, reason(error)))
        if len(self.found) == before:
            self.found.append(unreadable(given, f"no {', '.join(SUFFIXES)} file in this folder"))

    def _open_folder(self, folder: str, identity: _Identity) -> list[str]:
        """The subfolders and manifests of a folder, by name; none if it was met before."""
        if identity in self._folders:
            self.found.append(met_again(folder, self._folders[identity]))
            return []
        self._folders[identity] = folder
        with os.scandir(folder) as entries:
            return sorted(
                entry.path
                for entry in entries
                if not entry.name.startswith(".") and _is_wanted(entry)
            )

    def _add_file(self, file: InputFile, identity: _Identity) -> None:
        first = self._files.setdefault(identity, file)
        if first is file:
            self.found.append(file)
        else:
            first.named |= file.named
            self.found.append(met_again(file.path, first.path))


def _matches(pattern: str) -> list[str]:
    return sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207  (Path.glob refuses `/…`)


def _is_wanted(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.name.endswith(SUFFIXES) or entry.is_dir()
    except OSError:  # a symbolic link to itself
        return True  # visiting it tells why it can't be read


def _is_process_substitution(path: str) -> bool:
    """`<(kubectl get …)`: a pipe that somebody writes to, so that reading it comes to an end."""
    return path.startswith("/dev/fd/") or path == "/dev/stdin"
