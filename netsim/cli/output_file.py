"""A long answer: on stdout as it is made, or in a file, whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

from netsim.cli.progress import counting
from netsim.errors import QueryError, query_error


def write_parts(parts: Iterable[str], file: str | None) -> None:
    """Write an answer piece by piece to stdout, or all of it to a file.

    Raises QueryError or OSError as `write_file` does.
    """
    if file is not None:
        write_file(Path(file), counting(parts, "parts"))
        return
    for part in parts if sys.stdout.isatty() else counting(parts, "parts"):
        sys.stdout.write(part)
    sys.stdout.flush()  # before what is said of it on stderr


def add_to_file(path: Path, parts: Iterable[str]) -> None:
    """Put a text behind what is in a file. Raises OSError if it can't be written to."""
    with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
        file.writelines(parts)


def write_file(path: Path, parts: Iterable[str]) -> None:
    """Put a text there in place of what was there, once all of it is written.

    A link stays a link. Raises QueryError if something else than a file is there, OSError if the
    folder can't be written to.
    """
    from tempfile import mkstemp  # loads much

    mode = _mode(path)
    target = Path(os.path.realpath(path))
    try:
        handle, name = mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.writelines(parts)
        draft.chmod(mode)
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _mode(path: Path) -> int:
    """The permissions of the file that is there, or of any new one."""
    if str(path) == "-":  # who writes that means what is printed, and not a file of that name
        raise _no_file(path)
    try:
        found = path.stat().st_mode
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
    if not stat.S_ISREG(found):
        raise _no_file(path)
    return stat.S_IMODE(found)


def _no_file(path: Path) -> QueryError:
    help = "leave --output-file away, and redirect what is printed"
    return query_error(f"`{path}` is no file that can be replaced", help=help)
