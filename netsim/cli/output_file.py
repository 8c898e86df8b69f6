"""The answer in a file: whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path
from tempfile import mkstemp

from netsim.errors import query_error


def write_file(path: Path, parts: Iterable[str]) -> None:
    """Put a text there in place of what was there, once all of it is written.

    A link stays a link. Raises QueryError if something else than a file is there, OSError if the
    folder can't be written to.
    """
    target = Path(os.path.realpath(path))
    mode = _mode(target)
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


def _mode(target: Path) -> int:
    """The permissions of the file that is there, or of any new one."""
    try:
        found = target.stat().st_mode
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
    if not stat.S_ISREG(found):
        help = "leave --output-file away, and redirect what is printed"
        raise query_error(f"`{target}` is no file that can be replaced", help=help)
    return stat.S_IMODE(found)
