"""YAML text as a stream of events: libyaml's, or PyYAML's own slow ones where that is missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml

from netsim.source.refusal import RefusedError
from netsim.source.yaml_colons import parse_keeping_colons
from netsim.source.yaml_wording import is_about_its_beginning, wording

# An event is one of many classes, and its reader tells them apart by type: hence `Any`.
NextEvent = Callable[[], Any]
Parser = Callable[[str], NextEvent]


def libyaml_parser(text: str) -> NextEvent:
    """The C library, through PyYAML."""
    return parse_keeping_colons(text, lambda kept: yaml.CSafeLoader(kept).get_event)


def python_parser(text: str) -> NextEvent:
    """PyYAML's own parser: 15 times as slow, and refuses a tab after a colon."""
    return parse_keeping_colons(text, lambda kept: yaml.SafeLoader(kept).get_event)


# The better one of the two that this PyYAML has.
best_parser: Parser = libyaml_parser if yaml.__with_libyaml__ else python_parser

# What the parsers raise over a text; RefusedError is none of them.
PARSER_ERRORS = (yaml.YAMLError, ValueError, OverflowError)

_CONTROL = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INDENTING_TAB = re.compile(" *\t")
_BEYOND = re.compile(r"\\U(?!000|0010)")


def refused(error: Exception, text: str) -> RefusedError:
    """What a YAML parser raised over `text`, in netsim's words and with its place."""
    if isinstance(error, yaml.MarkedYAMLError):
        return _from_marks(error, text)
    if isinstance(error, yaml.YAMLError):
        return _control_character(text)
    # What is left is PyYAML's own parser on an escape beyond Unicode.
    beyond = _BEYOND.search(text)
    offset = beyond.start() if beyond else 0
    return RefusedError("this escape is no Unicode character", "DEC-4", "", offset)


def _from_marks(error: yaml.MarkedYAMLError, text: str) -> RefusedError:
    problem = error.problem or "no YAML"
    beginning_first = is_about_its_beginning(problem)
    marks = [error.problem_mark, error.context_mark][:: -1 if beginning_first else 1]
    offset = next((mark.index for mark in marks if mark is not None), 0)
    message, help = wording(problem, text[offset : offset + 1])
    if _INDENTING_TAB.match(text, text.rfind("\n", 0, offset) + 1):
        help = "indent this line with spaces: it begins with a tab"
    return RefusedError(message, "DEC-4", help, offset)


def _control_character(text: str) -> RefusedError:
    found = _CONTROL.search(text)
    if found is None:
        return RefusedError("not valid YAML", "DEC-4", offset=0)
    message = f"the control character U+{ord(found[0]):04X} can't stand in YAML"
    return RefusedError(message, "DEC-1", "remove it, or write it as an escape", found.start())
