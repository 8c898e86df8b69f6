"""YAML text as a stream of events: libyaml's, or PyYAML's own slow ones where that is missing.

Colons at the end of plain text between brackets are kept as go-yaml v2 keeps them: to Kubernetes
`{a:}` has the key `a:`, since only a blank after a colon ends a key (SEMANTICS Appendix A).
libyaml refuses it, and PyYAML's own parser reads the key `a`. So in a text that has such colons a
stand-in takes their place while it is parsed; what was no plain text after all (quoted, a
comment, outside of brackets) doesn't mind.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml
from yaml.events import ScalarEvent

# An event is one of many classes, and its reader tells them apart by type: hence `Any`.
NextEvent = Callable[[], Any]
Parser = Callable[[str], NextEvent]

_SUSPECT = re.compile(r":[,\[\]{}]")
# Behind plain text: behind anything else the colon does make a key.
_AT_THE_END = re.compile(r"""(?<=[^\s"'\[\]{},])([ \t]*):(?=[,\[\]{}])""")
_STAND_INS = range(0xE000, 0xF900)  # Unicode leaves them to private use


def _keeping_colons(text: str, parser: Parser) -> NextEvent:
    """The events that `parser` finds in `text`, such colons being a part of their scalars."""
    if not _SUSPECT.search(text):
        return parser(text)
    stand_in = next((chr(code) for code in _STAND_INS if chr(code) not in text), ":")
    next_event = parser(_AT_THE_END.sub(rf"\1{stand_in}", text))

    def next_restored() -> Any:
        event = next_event()
        if type(event) is ScalarEvent:
            event.value = event.value.replace(stand_in, ":")
        return event

    return next_restored


def libyaml_parser(text: str) -> NextEvent:
    """The C library, through PyYAML."""
    return _keeping_colons(text, lambda kept: yaml.CSafeLoader(kept).get_event)


def python_parser(text: str) -> NextEvent:
    """PyYAML's own parser: 15 times as slow, and refuses a tab after a colon."""
    return _keeping_colons(text, lambda kept: yaml.SafeLoader(kept).get_event)


# The better one of the two that this PyYAML has.
best_parser: Parser = libyaml_parser if yaml.__with_libyaml__ else python_parser

# What the parsers raise over a text.
PARSER_ERRORS = (yaml.YAMLError, ValueError, OverflowError)
