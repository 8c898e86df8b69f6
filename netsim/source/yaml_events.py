"""YAML text as a stream of events: libyaml's, or PyYAML's own slow ones where that is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import yaml
from yaml.events import ScalarEvent, StreamEndEvent, StreamStartEvent

from netsim.source.refusal import RefusedError
from netsim.source.yaml_wording import is_about_its_beginning, wording

# An event is one of many classes, and its reader tells them apart by type: hence `Any`.
NextEvent = Callable[[], Any]
Parser = Callable[[str], NextEvent]


def libyaml_parser(text: str) -> NextEvent:
    """The C library, through PyYAML."""
    return yaml.CSafeLoader(text).get_event


def python_parser(text: str) -> NextEvent:
    """PyYAML's own parser: 15 times as slow, and refuses a tab after a colon."""
    return yaml.SafeLoader(text).get_event


# The better one of the two that this PyYAML has.
best_parser: Parser = libyaml_parser if yaml.__with_libyaml__ else python_parser

_CONTROL = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Escapes that go-yaml refuses and one of our parsers accepts: `\/`, surrogates, beyond Unicode.
_REFUSED = r"/|[uU](?:0000)?[dD][89a-fA-F][0-9a-fA-F]{2}|U(?!000|0010)[0-9a-fA-F]{8}"
_SUSPECT = re.compile(rf"\\(?:{_REFUSED})")
_ESCAPE = re.compile(rf"\\(?:({_REFUSED})|.)", re.DOTALL)


@contextmanager
def refusals(text: str) -> Iterator[None]:
    """Turn whatever a YAML parser raises over `text` into a RefusedError with its place."""
    try:
        yield
    except yaml.MarkedYAMLError as error:
        raise _from_marks(error, text) from None
    except yaml.YAMLError:
        raise _control_character(text) from None
    except (ValueError, OverflowError):  # PyYAML's own parser, for an escape beyond Unicode
        suspect = _SUSPECT.search(text)
        raise _bad_escape(suspect.start() if suspect else 0) from None


def refuse_escapes(text: str, parser: Parser) -> None:
    """Refuse the escapes in double quotes that Kubernetes refuses and `parser` lets pass (DEC-4).

    A second look, as events don't say how a text was written: it parses only if it must.
    """
    if "\\" not in text or not _SUSPECT.search(text):
        return
    next_event = parser(text)
    kind: type = StreamStartEvent
    while kind is not StreamEndEvent:
        event = next_event()
        kind = type(event)
        if kind is ScalarEvent and event.style == '"':
            for escape in _ESCAPE.finditer(text, event.start_mark.index, event.end_mark.index):
                if escape[1]:
                    raise _bad_escape(escape.start())


def _bad_escape(offset: int) -> RefusedError:
    message = "this escape isn't one that Kubernetes reads"
    return RefusedError(
        message, "DEC-4", "write the character itself: `/` needs no backslash", offset
    )


def _from_marks(error: yaml.MarkedYAMLError, text: str) -> RefusedError:
    problem = error.problem or "no YAML"
    beginning_first = is_about_its_beginning(problem)
    marks = [error.problem_mark, error.context_mark][:: -1 if beginning_first else 1]
    offset = next((mark.index for mark in marks if mark is not None), 0)
    message, help = wording(problem, text[offset : offset + 1])
    return RefusedError(message, "DEC-4", help, offset)


def _control_character(text: str) -> RefusedError:
    found = _CONTROL.search(text)
    if found is None:
        return RefusedError("not valid YAML", "DEC-4", offset=0)
    message = f"the control character U+{ord(found[0]):04X} can't stand in YAML"
    return RefusedError(message, "DEC-1", "remove it, or write it as an escape", found.start())
