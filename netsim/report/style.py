"""How a text for people is set: colours by what they mean, and how long its lists are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from sys import maxsize
from typing import NamedTuple

from netsim.errors import visible


class Palette(NamedTuple):
    """The control sequence that starts each meaning, and the one that ends any of them."""

    good: str = ""
    bad: str = ""
    warning: str = ""
    strong: str = ""
    faint: str = ""
    end: str = ""

    def paint(self, start: str, text: str) -> str:
        """`text` in one of the palette's own colours."""
        return f"{start}{text}{self.end}"

    def decision(self, allowed: bool, text: str) -> str:
        """`text` in the colour of what it says."""
        return self.paint(self.good if allowed else self.bad, text)


PLAIN = Palette()
COLOURED = Palette(
    good="\x1b[32m",
    bad="\x1b[31m",
    warning="\x1b[33m",
    strong="\x1b[1m",
    faint="\x1b[2m",
    end="\x1b[0m",
)


class Style(NamedTuple):
    """How many are shown before `… and N more`, or in full, of each kind of thing."""

    palette: Palette
    items: int = 5  # of most lists
    allowing: int = 1  # entries that all allow
    groups: int = 2  # groups in full; if there are more, they are listed


def in_full(palette: Palette) -> Style:
    """The style that leaves nothing out."""
    return Style(palette, maxsize, maxsize, maxsize)


def more(number: int, indent: str) -> Iterator[str]:
    """The end of a list that leaves `number` items out, if it does."""
    if number > 0:
        yield f"{indent}… and {number} more (-v shows all)"


def listed(names: Sequence[str], style: Style) -> str:
    """The names, or the first of them and how many more."""
    shown = ", ".join(visible(name) for name in names[: style.items])
    others = len(names) - style.items
    return f"{shown} and {others} more" if others > 0 else shown


def counted(number: int, thing: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
