"""What libyaml takes and Kubernetes' own parser, go-yaml v2, refuses or reads otherwise.

Events don't say how a text was written, so a document in which one of these *might* stand is
parsed once more. Almost none is.
"""

from __future__ import annotations

import re
from typing import Any

from yaml.events import (
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from netsim.source.content import RefusedError
from netsim.source.yaml_events import Parser

# `\/`, and what only PyYAML's own parser takes: surrogates and what is beyond Unicode.
_REFUSED = r"/|[uU](?:0000)?[dD][89a-fA-F][0-9a-fA-F]{2}|U(?!000|0010)[0-9a-fA-F]{8}"
_SUSPECT_ESCAPE = re.compile(rf"\\(?:{_REFUSED})")
_ESCAPE = re.compile(rf"\\(?:({_REFUSED})|.)", re.DOTALL)
# go-yaml takes these brackets and the comma into the tag, libyaml ends the tag before them.
_OPEN_TAG = re.compile(r"(?:&\S+\s+)?![^\s,\[\]{}]*[,\[\]]")
_BARE_TAG = re.compile(r"(?:&\S+\s+)?!\s")


def refuse_what_only_libyaml_takes(text: str, parser: Parser) -> None:
    """Raise RefusedError for a document that Kubernetes doesn't read as `parser` does (DEC-4)."""
    mark = text.find("\n\ufeff")
    if mark >= 0:
        message = "a byte order mark can't stand inside a file"
        raise RefusedError(message, "DEC-4", "remove it: two files were joined here", mark + 1)
    if not _is_suspect(text):
        return
    next_event = parser(text)
    flow_depth = 0
    kind: type | None = None
    while kind is not DocumentEndEvent:
        event = next_event()
        kind = type(event)
        if kind is ScalarEvent:
            _check(event, text, in_flow=flow_depth > 0)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            flow_depth += bool(flow_depth or event.flow_style)
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            flow_depth -= bool(flow_depth)


def _is_suspect(text: str) -> bool:
    return (
        ("\\" in text and _SUSPECT_ESCAPE.search(text) is not None)
        or ("?" in text and ("{" in text or "[" in text))
        or ("!" in text and (_BARE_TAG.search(text) or _OPEN_TAG.search(text)) is not None)
    )


def _check(scalar: Any, text: str, *, in_flow: bool) -> None:
    start, end = scalar.start_mark.index, scalar.end_mark.index
    if scalar.implicit[0] and _BARE_TAG.match(text, start):
        raise RefusedError("the tag `!` without a name isn't read", "DEC-7", "remove it", start)
    if scalar.tag is not None and in_flow and _OPEN_TAG.match(text, start):
        raise RefusedError("this tag can't be read", "DEC-7", "put a blank after the tag", start)
    if scalar.style == '"':
        for escape in _ESCAPE.finditer(text, start, end):
            if escape[1]:
                raise _bad_escape(escape.start())
    elif in_flow and not scalar.style and "?" in scalar.value:
        message = "a `?` can't stand in plain text between brackets"
        raise RefusedError(message, "DEC-4", "put the text in quotes", text.index("?", start))


def _bad_escape(offset: int) -> RefusedError:
    help = "write the character itself: `/` needs no backslash"
    return RefusedError("this escape isn't one that Kubernetes reads", "DEC-4", help, offset)
