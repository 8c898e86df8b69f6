"""Help for a misspelt name."""

from __future__ import annotations

from collections.abc import Iterable

_SHOWN = 5


def did_you_mean(word: str, words: Iterable[str], prefix: str = "") -> str:
    """A help text: the words nearest to `word`, else the first of all; each with `prefix`.

    Empty where there are no words.
    """
    known = sorted(set(words))
    close = near_names(word, known)
    if close:
        return f"did you mean {one_of(prefix + item for item in close)}?"
    more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    shown = ", ".join(f"`{prefix}{item}`" for item in known[:_SHOWN])
    return f"there are {shown}{more}" if known else ""


def near_names(word: str, words: Iterable[str]) -> list[str]:
    """The words that `word` may be a misspelling of, the nearest first."""
    from difflib import get_close_matches

    return get_close_matches(word, sorted(set(words)), n=3)


def one_of(texts: Iterable[str]) -> str:
    """`a`, `b` or `c`, in backticks."""
    *others, last = [f"`{text}`" for text in texts]
    return f"{', '.join(others)} or {last}" if others else last
