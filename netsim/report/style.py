"""How a text for people is set: colours by what they mean, and how long its lists are."""

from __future__ import annotations

from dataclasses import dataclass
from sys import maxsize


@dataclass(frozen=True, slots=True)
class Palette:
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


@dataclass(frozen=True, slots=True)
class Style:
    """How many items of a list are shown before `… and N more`, and of entries that all allow."""

    palette: Palette
    items: int = 5
    allowing: int = 1


def in_full(palette: Palette) -> Style:
    """The style that leaves nothing out."""
    return Style(palette, maxsize, maxsize)
