"""Text from the input, made harmless for a terminal and for one line of output."""

from __future__ import annotations


def visible(text: str) -> str:
    r"""`text` with everything that doesn't print written as an escape, such as `\x1b` or `\u202e`.

    That covers line ends and tabs, terminal control sequences, bidirectional and zero-width
    characters, and the lone surrogates of file names that are no UTF-8. The result is one line.
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )
