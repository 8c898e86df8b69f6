"""Flow collections of the plainest kind: `{from: shop/web, port: [80, http]}`, all on one line.

As in `plain_lines`, whatever else stands in one (anchors, tags, escapes, comments, tabs, a key
without a value, a comma too many, a key written twice) makes it *unusual*.
"""

from __future__ import annotations

import re
from typing import Any

from netsim.source.plain_lines import BEGINNING, DOUBLE, KEY, SINGLE, UnusualError
from netsim.source.scalars import KEYS, VALUES

# Between brackets plain text has no bracket nor comma, and to go-yaml no `?`.
_CHARACTER = r"!-+\--9;->@-Z\\^-z|~"
_PLAIN = rf"{BEGINNING}(?:[{_CHARACTER}]|:(?=[:{_CHARACTER}])| ++(?!#)(?=[{_CHARACTER}]))*+"
# A colon behind a quote needs no blank. A quoted key is no longer than a plain one may be.
_HEAD = rf"""({KEY}): ++|"({DOUBLE}{{0,400}}+)": *+|'({SINGLE}{{0,400}}+)': *+"""
_SCALAR = rf"""({_PLAIN})|"({DOUBLE}*+)"|'({SINGLE}*+)'"""
_EMPTY = r"\{ *+\}|\[ *+\]"
_ENTRY = re.compile(
    rf" *+(?:{_HEAD})?(?:(?:{_SCALAR}|({_EMPTY})) *+((?:[\]}}] *+)*+)(,?)|([\[{{]))"
).match

_DEEPEST = 30  # levels


def flow_collection(text: str) -> Any:
    """The value of a map or list with something in it, whose bracket `text` begins with.

    Raises UnusualError; RefusedError for a scalar that isn't valid.
    """
    whole, at = _opened(text[0]), 1
    here, around = whole, [whole]  # the innermost collection that is open, and all of them
    while found := _ENTRY(text, at):
        at = found.end()
        plain_key, key, single_key, plain, double, single, empty, ends, comma, bracket = (
            found.groups()
        )
        if plain_key is not None:
            key = KEYS[plain_key]
        elif key is None:
            key = single_key
        value: Any
        if plain is not None:
            value = VALUES[plain]
        elif bracket or empty:
            value = _opened(bracket or empty[0])
        else:
            value = single if double is None else double
        if type(here) is list and key is None:
            here.append(value)
        elif type(here) is dict and key is not None and key not in here:
            here[key] = value
        else:
            break
        if bracket:
            here = value
            around.append(here)
            if len(around) > _DEEPEST:
                break
            continue
        if ends:
            _close(around, ends)
            if not around:
                if comma or at < len(text):
                    break
                return whole
            here = around[-1]
        if not comma:
            break
    raise UnusualError


def _opened(bracket: str) -> Any:
    return {} if bracket == "{" else []


def _close(around: list[Any], ends: str) -> None:
    """Take out of the open collections those that these brackets close."""
    for bracket in ends.replace(" ", ""):
        if not around or type(around.pop()) is not (dict if bracket == "}" else list):
            raise UnusualError
