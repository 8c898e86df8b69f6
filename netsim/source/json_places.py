"""Where in a JSON text each value stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from json import JSONDecoder

from netsim.source.content import Repeated
from netsim.source.origin import Path

_BLANKS = re.compile(r"[ \t\r\n]*")
_decode = JSONDecoder().raw_decode


class JsonPlaces:
    """The places of one JSON document. Containers that were walked through are remembered."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._children: dict[int, dict[str | int, tuple[int, int]]] = {}

    def offset(self, path: Path) -> int:
        """The character at which the key or item at `path` begins, or the nearest outer one."""
        place = value = _skip_blanks(self._text, 0)
        for step in path:
            child = self._inside(value).get(step)
            if child is None:
                break
            place, value = child
        return place

    def _inside(self, at: int) -> dict[str | int, tuple[int, int]]:
        """For each key or index of the container at `at`: where it begins, and its value."""
        if at not in self._children:
            self._children[at] = {
                step: (place, value) for step, place, value in _children(self._text, at)
            }
        return self._children[at]


def repeated_keys(text: str) -> list[Repeated]:
    """Every key that stands in its map already, in the order of the text."""
    return list(_repeated(text, _skip_blanks(text, 0), ()))


def _repeated(text: str, at: int, path: Path) -> Iterator[Repeated]:
    seen: set[str | int] = set()
    for step, place, value in _children(text, at):
        if isinstance(step, str) and step in seen:
            yield Repeated(path, step, place)
        seen.add(step)
        yield from _repeated(text, value, (*path, step))


def _children(text: str, at: int) -> Iterator[tuple[str | int, int, int]]:
    """(key or index, where it begins, where its value begins) of the container at `at`.

    Values are skipped by Python's own decoder. `text` is valid JSON.
    """
    if text[at] not in "{[":
        return
    closing, is_map, index = "]}"[text[at] == "{"], text[at] == "{", 0
    at = _skip_blanks(text, at + 1)
    while text[at] != closing:
        step: str | int = index
        place = value = at
        if is_map:
            step, at = _decode(text, at)
            value = _skip_blanks(text, _skip_blanks(text, at) + 1)
        yield step, place, value
        _, at = _decode(text, value)
        at = _skip_blanks(text, at)
        if text[at] == ",":
            at = _skip_blanks(text, at + 1)
        index += 1


def _skip_blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found else at
