"""The two streams: the answer goes to stdout, everything else to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from errno import EBADF
from io import StringIO, TextIOWrapper
from typing import TextIO

from netsim.errors import Diagnostic, visible
from netsim.report.diagnostics_text import diagnostic_text
from netsim.report.style import COLOURED, PLAIN, Palette

# So many diagnostics are read by a person; the rest are counted.
_SHOWN = 20


def use_streams() -> None:
    """Make both streams write whatever they are given, in any locale.

    Raises OSError if stdout is closed: an answer that nobody can read is none.
    """
    if sys.stderr is None:
        sys.stderr = StringIO()  # print() would write to stdout instead
    if sys.stdout is None:
        raise OSError(EBADF, "standard output is closed")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def palette(stream: TextIO) -> Palette:
    """Colours for a terminal; NO_COLOR takes them away, FORCE_COLOR gives them to any stream."""
    if os.environ.get("NO_COLOR"):
        return PLAIN
    if os.environ.get("FORCE_COLOR"):
        return COLOURED
    return COLOURED if stream.isatty() and os.environ.get("TERM") != "dumb" else PLAIN


def answer(text: str) -> None:
    """Write to stdout, at once: a reader may wait for this line before it sends the next."""
    sys.stdout.write(text)
    sys.stdout.flush()


def remark(text: str) -> None:
    """Write a warning of netsim's own to stderr."""
    colours = palette(sys.stderr)
    print(f"{colours.paint(colours.warning, 'warning')}: {visible(text)}", file=sys.stderr)


def complain(diagnostics: Sequence[Diagnostic]) -> None:
    """Write diagnostics to stderr; of many the first, and how many more."""
    complain_in_full(diagnostics[:_SHOWN])
    if len(diagnostics) > _SHOWN:
        more = len(diagnostics) - _SHOWN
        print(f"… and {more} more: `netsim validate` shows all of them", file=sys.stderr)


def complain_in_full(diagnostics: Iterable[Diagnostic]) -> None:
    """Write all of them to stderr: no other command shows them."""
    colours = palette(sys.stderr)
    for diagnostic in diagnostics:
        print(diagnostic_text(diagnostic, colours), file=sys.stderr)
