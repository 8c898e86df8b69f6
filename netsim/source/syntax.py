"""One document's text to its value, in whichever syntax it is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from netsim.source.content import Read
from netsim.source.origin import Places

BEGINNING_OF_JSON = re.compile(r"\s*\{")
_NOTHING = re.compile(r"(?: *(?:#[ -~]*)?\n)*+ *(?:#[ -~]*)?\Z")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text says, what finds the places in it, and whether the slow parser had to read it."""

    read: Read
    find_places: Callable[[str], Places]
    is_slow: bool = False


def parse(text: str) -> Parsed | None:
    """The value of one document, or None if it holds only blanks and comments.

    What begins with `{` is JSON, or where that fails YAML (DEC-4). Raises RefusedError if it is
    neither.
    """
    if BEGINNING_OF_JSON.match(text):
        from netsim.source.json_reader import JsonPlaces, read_json

        read = read_json(text)
        if read is not None:
            return Parsed(read, JsonPlaces)
    return None if _NOTHING.match(text) else yaml_syntax()(text)


def yaml_places(text: str) -> Places:
    """What finds the places in a YAML text that can be read."""
    from netsim.source.yaml_places import YamlPlaces

    return YamlPlaces(text)


def plain_places(text: str) -> Places:
    """The same in a plain one, without PyYAML."""
    from netsim.source.line_places import LinePlaces

    return LinePlaces(text, yaml_places)


@cache
def yaml_syntax() -> Callable[[str], Parsed | None]:
    """What reads YAML, imported when it is first needed."""
    # Not at the top: PyYAML takes 30 ms to import, for nothing where all input is plain or JSON.
    from netsim.source.yaml_events import best_parser, python_parser
    from netsim.source.yaml_reader import read_yaml

    is_slow = best_parser is python_parser

    def parse_yaml(text: str) -> Parsed | None:
        read = read_yaml(text)
        return None if read is None else Parsed(read, yaml_places, is_slow)

    return parse_yaml
