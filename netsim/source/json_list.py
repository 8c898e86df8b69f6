"""A list of objects in JSON, item by item: no more than one of their values is held at a time.

What `kubectl get -o json` prints is one text for a whole cluster. Whatever isn't exactly such a
list is *unusual*, and left to the reader of whole texts: nothing is said of it here.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from json import JSONDecoder
from typing import Any

from netsim.source.content import MAX_DEPTH
from netsim.source.json_reader import finite, is_too_deep, no_number, whole_characters
from netsim.source.lists import is_list

_LEVELS = MAX_DEPTH - 2  # around an item there are the list and its `items`
_OPENING = re.compile(r'[ \t\r\n]*\{[ \t\r\n]*(?=")')
_COLON = re.compile(r"[ \t\r\n]*:[ \t\r\n]*")
_INTO_ITEMS = re.compile(r"\[[ \t\r\n]*(?=\{)")
_ANOTHER = re.compile(r"[ \t\r\n]*,[ \t\r\n]*(?=\{)").match
_CLOSING = re.compile(r"[ \t\r\n]*\][ \t\r\n]*")
_NEXT = re.compile(r"[ \t\r\n]*([,}])[ \t\r\n]*")


class UnusualError(Exception):
    """A text isn't a list of objects as kubectl prints it, as far as it was read."""


def list_items(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The items of a `kind: List` of `v1`, each an object that names its type, none a list.

    With each comes the character at which it begins.

    Raises UnusualError for any other text, maybe after some items, which then mean nothing.
    """
    text = whole_characters(text)
    head: dict[str, object] = {}
    at = _end(_OPENING.match(text))
    closing = ","
    while closing == ",":
        name, at = _value(text, at)
        if type(name) is not str or name in head:
            raise UnusualError
        at = _end(_COLON.match(text, at))
        if name == "items":
            head[name] = None
            at = yield from _items(text, _end(_INTO_ITEMS.match(text, at)))
        else:
            head[name], at = _value(text, at)
        closing, at = _next(text, at)
    if closing != "}" or at != len(text) or not _is_head(head):
        raise UnusualError


def _is_head(head: dict[str, object]) -> bool:
    return (
        head.keys() <= {"apiVersion", "kind", "metadata", "items"}
        and "items" in head
        and head.get("apiVersion") == "v1"
        and head.get("kind") == "List"
        and not is_too_deep(head, MAX_DEPTH)
    )


def _items(text: str, at: int) -> Generator[tuple[int, dict[str, Any]], None, int]:
    """The items of which the first begins at `at`. Returns the place behind the last one."""
    while True:
        item, end = _value(text, at)
        brackets = text.count("{", at, end) + text.count("[", at, end)
        if not _is_object(item) or (brackets > _LEVELS and is_too_deep(item, _LEVELS)):
            raise UnusualError
        yield at, item
        comma = _ANOTHER(text, end)
        if comma is None:
            return _end(_CLOSING.match(text, end))
        at = comma.end()


def _is_object(item: dict[str, Any]) -> bool:
    kind = item.get("kind")
    if type(kind) is not str or type(item.get("apiVersion")) is not str:
        return False
    # Nearly all need no more than this to be none.
    return not ((kind.endswith("List") or "items" in item) and is_list(item))


def _value(text: str, at: int) -> tuple[Any, int]:
    try:
        return _decode(text, at)
    except (ValueError, RecursionError):
        raise UnusualError from None


def _next(text: str, at: int) -> tuple[str, int]:
    """The comma or brace that comes next, and where what follows it begins."""
    found = _NEXT.match(text, at)
    return (found[1], _end(found)) if found else ("", at)


def _end(found: re.Match[str] | None) -> int:
    if found is None:
        raise UnusualError
    return found.end()


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError(pairs[0][0])
    return value


_decode = JSONDecoder(
    object_pairs_hook=_members, parse_float=finite, parse_constant=no_number
).raw_decode
