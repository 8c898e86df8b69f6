"""Texts as YAML scalars: quotes only where they are needed."""

from __future__ import annotations

import re

# What any reader of YAML takes for a text, whatever its version: no number, no date, no boolean.
_PLAIN = re.compile(r"[A-Za-z/_][\w./-]*", re.ASCII)
_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "y", "n", "null"))
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def scalar_text(text: str) -> str:
    """A text as a scalar, in double quotes unless it is a word that can't be read otherwise."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return f'"{"".join(_escaped(char) for char in text)}"'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    return char if char.isprintable() else f"\\U{ord(char):08x}"
