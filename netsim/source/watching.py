"""Waits for files to change: by what the system tells of them, as watchdog hears it."""

from __future__ import annotations

import glob
import logging
import os
import warnings
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from types import TracebackType

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

from netsim.source.files import InputFile, find_files

# Not that a file was opened or closed: reading it is no change.
_CHANGES: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]
_QUIET = 0.1  # seconds without an event: then a burst is over
_PATIENCE = 2.0  # seconds; a burst that takes longer is not waited for
_GLANCE = 1.0  # seconds between two looks at what no event tells

_Identity = tuple[int, int] | None


class Watcher:
    """Waits for what is behind some paths to change: files, folders and patterns, not `-`.

    Inside the block, every change after the last `wait` (at first, after the beginning of the
    block) ends the next one: whoever reads after it has missed nothing.

    A folder is watched to the bottom, a file by its folder, as editors put another in its place.
    `polling` looks at every file once a second, for file systems that tell of no changes.

    Raises OSError if the system can't watch so many folders.
    """

    def __init__(self, paths: tuple[str, ...], *, polling: bool = False) -> None:
        self._paths, self._polling = paths, polling
        self._changed = Event()
        self._observer: BaseObserver | None = None
        self._identities: list[_Identity] = []

    def __enter__(self) -> Watcher:
        _hush()
        try:
            self._watch()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def wait(self) -> None:
        """Return once something has changed, and nothing has for a moment."""
        # Not for ever at once: on Windows that would hold up Ctrl-C.
        while not self._changed.wait(_GLANCE):
            # No event tells that a path leads elsewhere: a folder above was moved, or is back.
            if self._identities != [*map(_identity, self._paths)]:
                break
        started = monotonic()
        while monotonic() - started < _PATIENCE:
            self._changed.clear()
            sleep(_QUIET)
            if not self._changed.is_set():
                break
        self._watch()

    def _watch(self) -> None:
        """Watch what is there now. All of it anew: a folder that was replaced looks the same."""
        self._stop()
        self._changed.clear()
        self._identities = [*map(_identity, self._paths)]
        self._observer = PollingObserver(timeout=_GLANCE) if self._polling else Observer()
        self._observer.start()
        handler = _Handler(self._changed)
        for folder, deep in _folders(self._paths).items():
            try:
                self._observer.schedule(handler, folder, recursive=deep, event_filter=_CHANGES)
            except (FileNotFoundError, NotADirectoryError):
                self._changed.set()  # it went in this moment: look again

    def _stop(self) -> None:
        if self._observer:
            self._observer.stop()
            self._observer.join()


class _Handler(FileSystemEventHandler):
    """Notes that there was an event."""

    def __init__(self, changed: Event) -> None:
        self._changed = changed

    def on_any_event(self, event: FileSystemEvent) -> None:
        self._changed.set()


def _hush() -> None:
    """Keep watchdog from telling users of its own affairs, such as a folder that it met twice."""
    warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"watchdog\.")
    logging.getLogger("watchdog").addHandler(logging.NullHandler())


def _identity(path: str) -> _Identity:
    """Which file or folder it is, if any is there."""
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def _folders(paths: tuple[str, ...]) -> dict[Path, bool]:
    """The folders to watch, as they are without links, and whether to the bottom."""
    found: dict[Path, bool] = {}
    for path in paths:
        for folder, deep in _of_path(path):
            # A file of that name, or nothing: it has no event, and the next glance sees it come.
            if folder.is_dir():
                found[folder.resolve()] = deep or found.get(folder.resolve(), False)
    return found


def _of_path(text: str) -> Iterator[tuple[Path, bool]]:
    path = Path(text)
    if path.is_dir():
        yield path, True
        yield from ((folder, False) for folder in _linked(path))
    elif glob.has_magic(text) and not os.path.lexists(path):
        yield _base(path)
    else:
        yield path.parent, False
        yield path.resolve().parent, False


def _base(pattern: Path) -> tuple[Path, bool]:
    """The folder below which everything is that a pattern matches."""
    plain = [*takewhile(lambda part: not glob.has_magic(part), pattern.parts)]
    return Path(*plain), len(plain) < len(pattern.parts) - 1


def _linked(folder: Path) -> set[Path]:
    """The folders of manifests that links below `folder` lead to: events don't follow links."""
    top = folder.resolve()
    files = [Path(each.path) for each in find_files([folder]) if isinstance(each, InputFile)]
    parents = {parent.resolve() for parent in {file.parent for file in files}}
    parents |= {file.resolve().parent for file in files if file.is_symlink()}
    return {parent for parent in parents if not parent.is_relative_to(top)}
