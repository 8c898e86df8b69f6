"""Why one document can't be read, before it is known in which file it stands."""

from __future__ import annotations


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
