"""One JSON document to plain values, with the keys that are written twice in a map."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from netsim.source.content import MAX_DEPTH, Read, too_deep
from netsim.source.json_places import repeated_keys
from netsim.source.refusal import RefusedError

_BEGINNING = re.compile(r"\s*\{")
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|([\[{])|[\]}]')
_PAIR = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_SURROGATES = re.compile(rf"{_PAIR}|(\\u[dD][89a-fA-F][0-9a-fA-F]{{2}})|\\.")


def looks_like_json(text: str) -> bool:
    """Whether Kubernetes would try to read `text` as JSON first (DEC-4)."""
    return _BEGINNING.match(text) is not None


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
            text, object_pairs_hook=members, parse_float=_finite, parse_constant=_no_number
        )
    except ValueError:
        return None
    except RecursionError:
        raise _where_too_deep(text) from None
    if _is_too_deep(value):
        raise _where_too_deep(text)
    return Read(value, tuple(repeated_keys(text)) if some_repeated else ())


def whole_characters(text: str) -> str:
    r"""The same JSON with each `\ud800` that isn't half of a pair replaced, as Go does.

    Every character keeps its place.
    """
    if "\\ud" not in text and "\\uD" not in text:
        return text
    return _SURROGATES.sub(lambda found: r"\ufffd" if found[1] else found[0], text)


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isfinite(number):
        return number
    raise ValueError(digits)


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)  # NaN and Infinity, which Python's parser would take


def _is_too_deep(value: object) -> bool:
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH + 1):
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
