"""YAML documents of the plainest kind, read by their lines: what programs write.

Block maps and lists, and scalars and flow collections that end with their line. Whatever else a
document has in it (anchors, tags, texts of several lines, escapes, comments behind a value, an odd
indentation, a key written twice) makes it *unusual*, and nothing is said of it here. Of a plain
document `read` says exactly what the full reader does, in a fifth of the time: manifests repeat
their lines, and blocks of lines, so most of them are found in a dict whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from netsim.source.content import RefusedError
from netsim.source.scalars import KEYS, VALUES, Resolver


class UnusualError(Exception):
    """A document is one for the full reader."""


# INVARIANT: printable ASCII alone. No key is as long as what libyaml takes for one (1,024).
KEY = r"[A-Za-z0-9_][A-Za-z0-9_./-]{0,400}"
BEGINNING = r"(?:[A-Za-z0-9_./+]|-(?=[A-Za-z0-9./-]))"  # of a plain scalar
DOUBLE, SINGLE = r"[ !#-\[\]-~]", "[ -&(-~]"  # the characters between quotes
# A colon before a blank would make a key, a hash after one a comment.
_PLAIN = rf"{BEGINNING}(?:[!-9;-~]|:(?=[!-+\--Z\\^-z|~])| ++(?=[!\"$-~]))*+"
_VALUE = rf"""(?:({_PLAIN})|"({DOUBLE}*+)"|'({SINGLE}*+)'|(\{{\}})|(\[\])|([\[{{].*+))"""
_STARTS_ENTRY = re.compile(rf"{KEY}:(?:[ \n]|\Z)").match
_WHOLE_ENTRY = re.compile(rf"({KEY}):(?: ++{_VALUE})?").fullmatch
_WHOLE_KEY = re.compile(rf"{KEY}:").fullmatch
_WHOLE_VALUE = re.compile(_VALUE).fullmatch
_BLANKS = re.compile(" *").match
_NO_CONTENT = re.compile(r"^ *(?:#[ -~]*)?\n", re.MULTILINE)

_DEEPEST = 60  # columns of indentation, and so no more than 62 levels
_LONGEST, _MOST = 800, 1 << 14  # what is remembered of each column: characters, blocks


class PlainLines:
    """A reader of plain documents. It remembers their lines, so use one for all of an input.

    Equal parts of its values are one object: don't change them in place.
    """

    def __init__(self) -> None:
        self._columns: dict[int, _Column] = {}

    def read(self, text: str) -> dict[str, object] | None:
        """The value of a document, or None where it is unusual."""
        if "#" in text or "\n\n" in text or text.startswith("\n"):
            text = _NO_CONTENT.sub("", text)
        try:
            return self.column(0).map(text.removesuffix("\n"))
        except (UnusualError, RefusedError):
            return None

    def column(self, indent: int) -> _Column:
        """What reads blocks of that indentation."""
        known = self._columns.get(indent)
        if known is None:
            if indent > _DEEPEST:
                raise UnusualError
            known = self._columns[indent] = _Column(indent, self.column)
        return known


class _Column:
    """Reads the blocks that begin in one column: their texts come without the first indent."""

    def __init__(self, indent: int, column: Callable[[int], _Column]) -> None:
        self._entries = re.compile(rf"\n {{{indent}}}(?=[^ \n-])").split
        self._dash = f"\n{' ' * indent}- "
        self._pairs = _Memory(lambda entry: _pair(entry, indent, column))
        self._items = _Memory(lambda item: _item(item, indent, column))
        self._pair, self._item = self._pairs.__getitem__, self._items.__getitem__

    def map(self, block: str) -> dict[str, object]:
        entries = self._entries(block)
        value = dict(map(self._pair, entries))
        if len(value) != len(entries):
            raise UnusualError
        return value

    def list(self, block: str) -> list[object]:
        return [*map(self._item, block.split(self._dash))]


class _Memory(dict[str, Any]):
    """A function of a text, remembered: looking up what is known is done in C."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        self._read = read

    def __missing__(self, text: str) -> Any:
        value = self._read(text)
        if len(text) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
            self[text] = value
        return value


def _pair(entry: str, indent: int, column: Callable[[int], _Column]) -> tuple[str, object]:
    """The key and value of one entry of a map in the column `indent`."""
    line, _, block = entry.partition("\n")
    if not block:
        found = _WHOLE_ENTRY(line)
        if found is None:
            raise UnusualError
        return KEYS[found[1]], _value(found, 2)
    key = _HEADS[line]
    begin = _BLANKS(block).end()  # type: ignore[union-attr]
    if begin >= indent and block.startswith("- ", begin):
        return key, column(begin).list(block[begin + 2 :])
    if begin > indent:
        return key, column(begin).map(block[begin:])
    raise UnusualError


def _head(line: str) -> str:
    """The key that a line gives, whose value is on the lines below."""
    if not _WHOLE_KEY(line):
        raise UnusualError
    return KEYS[line[:-1]]


_HEADS = Resolver(_head)


def _item(item: str, indent: int, column: Callable[[int], _Column]) -> object:
    """The value of one item, behind its dash, of a list in the column `indent`."""
    if _STARTS_ENTRY(item):
        return column(indent + 2).map(item)
    found = _WHOLE_VALUE(item)
    if found is None:
        raise UnusualError
    return _value(found, 1)


def _value(found: re.Match[str], first: int) -> object:
    """What was matched: a scalar, plain or in either quotes, an empty map or list, a fuller one."""
    kind = (found.lastindex or 0) - first
    match kind:
        case 0:
            return VALUES[found[first]]
        case 1 | 2:
            return found[first + kind]
        case 3:
            return {}
        case 4:
            return []
        case 5:
            return _flow_reader()(found[first + kind])
    return None


@cache
def _flow_reader() -> Callable[[str], object]:
    """What reads a flow collection with something in it, imported when it is first needed."""
    # Not at the top: few manifests have one, and its expression takes 1 ms to compile.
    from netsim.source.plain_flow import flow_collection

    return flow_collection
