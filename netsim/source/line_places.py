"""Where the keys and items of a plain document stand (see `plain_lines`), found by its lines.

What is inside a block stands on the lines that begin further right, so only the blocks on the way
to a place are looked at. Nothing is parsed for it, and PyYAML isn't imported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, cached_property

from netsim.source.origin import Path, Places
from netsim.source.plain_lines import KEY
from netsim.source.scalars import KEYS

_ENTRY = re.compile(rf"({KEY}):(?= |\n|\Z)").match
# Up to where something stands: blank lines and comments are nothing.
_NOTHING = re.compile(r"(?: *+(?:#.*+)?\n)*+ *+").match

# Of a key or item: where it begins, where what it holds begins, and where that ends.
_Child = tuple[int, int, int]
_Children = dict[str | int, _Child]


class _InBracketsError(Exception):
    """The way leads into a flow collection."""


class LinePlaces:
    """The places of a plain document. Blocks that were walked through are remembered.

    Those inside brackets are left to what `read` finds in the text.
    """

    def __init__(self, text: str, read: Callable[[str], Places]) -> None:
        self._text, self._read = text, read
        self._known: dict[int, _Children] = {}

    def offset(self, path: Path) -> int:
        """The character at which the key or item at `path` begins, or the nearest outer one."""
        begin = self._something(0)
        child = begin, begin, len(self._text)
        try:
            for step in path:
                inner = self._inside(child).get(step)
                if inner is None:
                    break
                child = inner
        except _InBracketsError:
            return self._by_reading.offset(path)
        return child[0]

    @cached_property
    def _by_reading(self) -> Places:
        return self._read(self._text)

    def _something(self, at: int) -> int:
        """Where something stands, from `at` on: there, or on one of the lines below."""
        found = _NOTHING(self._text, at)
        assert found
        return found.end()

    def _inside(self, child: _Child) -> _Children:
        _, start, end = child
        found = self._known.get(start)
        if found is None:
            found = self._known[start] = self._children(start, end)
        return found

    def _children(self, start: int, end: int) -> _Children:
        text, begin = self._text, self._something(start)
        if begin >= end:
            return {}
        if text[begin] in "{[":
            raise _InBracketsError
        # What stands on the line of a key is no block.
        if text.startswith(" ", start):
            return {}
        if text.startswith("- ", begin):
            return self._items(begin, end)
        return self._entries(begin, end) if _ENTRY(text, begin) else {}

    def _items(self, begin: int, end: int) -> _Children:
        text, line = self._text, f"\n{' ' * self._column(begin)}- "
        found: _Children = {}
        while begin < end:
            after = text.find(line, begin, end)
            last = end if after < 0 else after + len(line) - 2
            found[len(found)] = begin + 2, begin + 2, last
            begin = last
        return found

    def _entries(self, begin: int, end: int) -> _Children:
        first = _ENTRY(self._text, begin)
        assert first
        found = [first, *_entries_in(self._column(begin))(self._text, begin, end)]
        ends = [*(each.start(1) for each in found[1:]), end]
        return {
            KEYS[each[1]]: (each.start(1), each.end(), last)
            for each, last in zip(found, ends, strict=True)
        }

    def _column(self, at: int) -> int:
        return at - self._text.rfind("\n", 0, at) - 1


@cache
def _entries_in(column: int) -> Callable[[str, int, int], Iterator[re.Match[str]]]:
    """What finds the other keys of a map in that column, and the colons behind them."""
    return re.compile(rf"\n {{{column}}}({KEY}):").finditer
