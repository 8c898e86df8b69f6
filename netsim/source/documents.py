"""From files, folders, patterns and streams to documents: one for each Kubernetes object.

Nothing is raised for what the input holds: whatever can't be read is a diagnostic, and the rest
is read all the same.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from netsim.errors import Diagnostic, Severity
from netsim.source.collector import collector_off
from netsim.source.draft import Draft
from netsim.source.files import STDIN, InputFile, find_files, printable, reason, unreadable
from netsim.source.memory import Memory
from netsim.source.reading import Document, DuplicateKey, Reading, Taken

__all__ = [
    "Document",
    "DuplicateKey",
    "Reading",
    "read_paths",
    "read_text",
    "take_paths",
    "take_revision",
    "take_text",
]


def read_paths(
    paths: Iterable[str | os.PathLike[str]], *, stdin: BinaryIO | None = None
) -> Reading[Document]:
    """Read files, folders and patterns, and for `-` the stream `stdin` (or the process's own).

    Files come in the order given, those of a folder by name; each is read once.
    """
    return take_paths(paths, _itself, stdin=stdin)


def read_text(text: str | bytes, name: str = "<text>") -> Reading[Document]:
    """Read one text as if it were the content of a file called `name`."""
    return take_text(text, _itself, name)


def take_paths(
    paths: Iterable[str | os.PathLike[str]],
    take: Callable[[Document], Taken],
    *,
    stdin: BinaryIO | None = None,
    memory: Memory[Taken] | None = None,
) -> Reading[Taken]:
    """Read as `read_paths` does and keep what `take` makes of each document, not its value.

    `take` is called as soon as a document is read, and maybe once more: it must be a function.
    It isn't called for what `memory` has from an earlier reading.
    """
    draft = Draft(take, memory)
    with collector_off():
        for found in find_files(paths):
            if isinstance(found, Diagnostic):
                draft.report(found, unparsed=found.severity is Severity.ERROR)
            else:
                _read_file(found, stdin, draft)
        return draft.finished()


def take_revision(
    revision: str,
    paths: Iterable[str | os.PathLike[str]],
    take: Callable[[Document], Taken],
    *,
    memory: Memory[Taken] | None = None,
) -> Reading[Taken]:
    """Read as `take_paths` does, not the files as they are but as a git revision has them.

    Files are called as git calls them, `main:manifests/a.yaml`. Raises InputError if there is no
    such revision, or no git, or no repository.
    """
    from netsim.source.commands import git_objects
    from netsim.source.revisions import tree_of
    from netsim.source.tree_files import find_tree_files

    draft = Draft(take, memory)
    tree = tree_of(revision)
    with collector_off(), git_objects() as objects:
        for found in find_tree_files(revision, tree, paths, objects):
            if isinstance(found, Diagnostic):
                draft.report(found, unparsed=found.severity is Severity.ERROR)
            else:
                name = printable(f"{revision}:{found.path}")
                draft.add_file(objects.read(found.object_id), name, named=found.named)
        return draft.finished()


def take_text(
    text: str | bytes, take: Callable[[Document], Taken], name: str = "<text>"
) -> Reading[Taken]:
    """Read as `read_text` does and keep what `take` makes of each document."""
    if not isinstance(text, str | bytes):
        raise TypeError(f"manifests are given as text or bytes, not as {type(text).__name__}")
    # A lone surrogate in a str becomes bytes that aren't UTF-8, and is complained of as such.
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    draft = Draft(take)
    with collector_off():
        draft.add_file(data, name, named=True)
        return draft.finished()


def _itself(document: Document) -> Document:
    return document


def _read_file(file: InputFile, stdin: BinaryIO | None, draft: Draft[Taken]) -> None:
    name = "<stdin>" if file.path == STDIN else printable(file.path)
    try:
        data = _read_stdin(stdin) if file.path == STDIN else Path(file.path).read_bytes()
    except OSError as error:
        draft.report(unreadable(name, reason(error)), unparsed=True)
    else:
        draft.add_file(data, name, named=file.named)


def _read_stdin(stdin: BinaryIO | None) -> bytes:
    if stdin is None and sys.stdin is None:
        raise OSError(errno.EBADF, "standard input is closed")
    return (stdin or sys.stdin.buffer).read()
