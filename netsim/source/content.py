"""What one document says, whichever the syntax that it is written in, or why it says nothing."""

from __future__ import annotations

from dataclasses import dataclass

MAX_DEPTH = 200  # what reads the values recurses: this many levels fit into Python's stack


@dataclass(frozen=True, slots=True)
class Repeated:
    """A key that is in its map already: `path` leads to the map, `offset` is a character."""

    path: tuple[str | int, ...]
    key: str
    offset: int


@dataclass(frozen=True, slots=True)
class Read:
    """The value of one document, and the keys that it writes twice in one map (DEC-11).

    `ignored` is the character from which on Kubernetes doesn't read its text (DEC-2), if any.
    Parts of `value` that come from one YAML anchor are one object: don't change them in place.
    """

    value: object
    repeated: tuple[Repeated, ...] = ()
    ignored: int | None = None


class RefusedError(Exception):
    """A document isn't valid. It never leaves `source`: a diagnostic is made of it.

    `rule` is the DEC rule, `help` what to do about it, `offset` the character of the text where
    it is; None until someone catches it who knows.
    """

    def __init__(self, message: str, rule: str, help: str = "", offset: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.rule = rule
        self.help = help
        self.offset = offset


def too_deep() -> RefusedError:
    """What to say of a document with more than MAX_DEPTH levels."""
    return RefusedError(f"nested deeper than {MAX_DEPTH} levels", "DEC-8")
