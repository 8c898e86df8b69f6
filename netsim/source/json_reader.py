"""One JSON document to plain values, and where in its text each of them stands."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from json import JSONDecoder
from typing import Any, NoReturn

from netsim.source.content import MAX_DEPTH, Read, RefusedError, Repeated, too_deep
from netsim.source.origin import Path

_BLANKS = re.compile(r"[ \t\r\n]*")
_decode = JSONDecoder().raw_decode
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|([\[{])|[\]}]')
_PAIR = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_SURROGATES = re.compile(rf"{_PAIR}|(\\u[dD][89a-fA-F][0-9a-fA-F]{{2}})|\\.")


def read_json(text: str) -> Read | None:
    """The value of a JSON text, or None where it isn't one: then it is read as YAML (DEC-4).

    Of a key written twice the last one wins; all such keys are listed. Raises RefusedError if it is
    nested too deep.
    """
    text = whole_characters(text)
    some_repeated = False

    def members(pairs: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal some_repeated
        value = dict(pairs)
        some_repeated |= len(value) != len(pairs)
        return value

    try:
        value = json.loads(
            text, object_pairs_hook=members, parse_float=finite, parse_constant=no_number
        )
    except ValueError:
        return None
    except RecursionError:
        raise _where_too_deep(text) from None
    if is_too_deep(value, MAX_DEPTH):
        raise _where_too_deep(text)
    return Read(value, tuple(repeated_keys(text)) if some_repeated else ())


def whole_characters(text: str) -> str:
    r"""The same JSON with each `\ud800` that isn't half of a pair replaced, as Go does.

    Every character keeps its place.
    """
    # One character is looked for ten times as fast as two.
    if "\\" not in text or ("\\ud" not in text and "\\uD" not in text):
        return text
    return _SURROGATES.sub(lambda found: r"\ufffd" if found[1] else found[0], text)


def finite(digits: str) -> float:
    """The number. Raises ValueError where it is too large: JSON has no infinity."""
    number = float(digits)
    if math.isfinite(number):
        return number
    raise ValueError(digits)


def no_number(word: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python's parser would take."""
    raise ValueError(word)


def is_too_deep(value: object, levels: int) -> bool:
    """Whether a value has containers in more levels than these."""
    level: list[Any] = [value]
    for _ in range(levels):
        level = [
            child
            for container in level
            for child in (container.values() if type(container) is dict else container)
            if type(child) is dict or type(child) is list
        ]
        if not level:
            return False
    return True


def _where_too_deep(text: str) -> RefusedError:
    depth = 0
    for found in _BRACKETS.finditer(text):
        if found[1]:
            depth += 1
            if depth > MAX_DEPTH:
                break
        elif found[0] in "]}":
            depth -= 1
    refusal = too_deep()
    refusal.offset = found.start()
    return refusal


@dataclass(slots=True, eq=False)
class ItemPlaces:
    """What finds the places in an item of a list that begins at `start`, and reads no other one."""

    start: int

    def __call__(self, text: str) -> JsonPlaces:
        return JsonPlaces(text, self.start, above=2)  # `items`, and which one


class JsonPlaces:
    """The places of one JSON value. Containers that were walked through are remembered.

    It begins at `start`, and paths have so many steps `above` it.
    """

    def __init__(self, text: str, start: int = 0, above: int = 0) -> None:
        self._text, self._start, self._above = text, start, above
        self._children: dict[int, dict[str | int, tuple[int, int]]] = {}

    def offset(self, path: Path) -> int:
        """The character at which the key or item at `path` begins, or the nearest outer one."""
        place = value = _skip_blanks(self._text, self._start)
        for step in path[self._above :]:
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
