"""A line on stderr for what takes more than a second; only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Timer
from time import monotonic
from typing import TypeVar

T = TypeVar("T")

_PATIENCE = 1.0  # seconds
_CLEAR = "\r\x1b[K"


@contextmanager
def stage(text: str) -> Iterator[None]:
    """Say what is being done, if it takes long."""
    if not sys.stderr.isatty():
        yield
        return
    timer = Timer(_PATIENCE, _show, [text])
    timer.daemon = True
    started = monotonic()
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        if monotonic() - started >= _PATIENCE:
            _show("")


def counting(items: Iterable[T], what: str) -> Iterator[T]:
    """The items, with a count of them once a second. Nothing else may write to the terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    said, shown = monotonic(), False
    for number, item in enumerate(items, 1):
        yield item
        if monotonic() - said >= _PATIENCE:
            said, shown = monotonic(), True
            _show(f"{number:,} {what}")
    if shown:
        _show("")


def _show(text: str) -> None:
    sys.stderr.write(_CLEAR + text)
    sys.stderr.flush()
