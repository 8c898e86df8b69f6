"""One YAML document to plain dicts, lists and scalars, exactly as Kubernetes reads it.

Events come from the parser; values are put together here, without recursion. PyYAML's composer
(which 100 kB of `- - -` crash) and its constructor (whose scalars aren't Kubernetes') have no
part in it.
"""

from __future__ import annotations

import re
from typing import Any, Final

from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from netsim.source.content import MAX_DEPTH, Read, RefusedError, Repeated, too_deep
from netsim.source.scalars import (
    KEYS,
    MERGE,
    VALUES,
    Scalar,
    key_text,
    tagged_key,
    tagged_value,
)
from netsim.source.yaml_aliases import Aliases
from netsim.source.yaml_events import PARSER_ERRORS, NextEvent, Parser, best_parser
from netsim.source.yaml_second_look import refuse_what_only_libyaml_takes


def read_yaml(text: str, parser: Parser = best_parser) -> Read | None:
    """The first document of `text`, or None where there are only blanks and comments.

    Raises RefusedError if Kubernetes would refuse it for its syntax. Keys written twice are no such
    reason: the last one wins and all are listed.
    """
    try:
        next_event = parser(text)
        next_event()  # the start of the stream
        start = next_event()
        if type(start) is StreamEndEvent:
            return None
        if start.version not in (None, (1, 1)):
            raise RefusedError("only YAML 1.1 is read", "DEC-4", offset=start.start_mark.index)
        value, repeated, end = _construct(next_event)
        refuse_what_only_libyaml_takes(text, parser)
    except PARSER_ERRORS as error:
        from netsim.source.yaml_wording import refused

        raise refused(error, text) from None
    content = _CONTENT.search(text, end.end_mark.index)
    return Read(value, tuple(repeated), content.end() - 1 if content else None)


_CONTENT = re.compile(r"(?:#.*|\s)*[^#\s]")


class _Item:
    """Stands where a key would, while a list is being filled."""


_ITEM: Final = _Item()
# The containers around the one at hand, outermost first: each with the key under which the next
# one will stand, and the event that began that next one.
_Opened = list[tuple[Any, "str | _Item | None", Any]]


def scalar_key(event: Any) -> str:
    """The key that a scalar event makes, or MERGE. Raises RefusedError if it can't be a key."""
    text: str = event.value
    if event.implicit[0]:
        return KEYS[text]
    return text if event.tag is None else tagged_key(event.tag, text)


def _construct(next_event: NextEvent) -> tuple[object, list[Repeated], Any]:
    """The value of one document, the keys written twice, and the event that ended it.

    One long loop on purpose: with a method for each kind of event the work done here takes 1.5
    times as long, and reading as a whole 1.15 times.
    """
    aliases = Aliases()
    repeated: list[Repeated] = []
    opened: _Opened = []
    container: Any = []  # the document is the one item of this list
    key: str | _Item | None = _ITEM  # None where a key must come next
    event: Any = None
    value: Any
    try:
        while True:
            event = next_event()
            kind = type(event)
            if key is None and kind is not MappingEndEvent:
                if kind is ScalarEvent and event.implicit[0] and event.anchor is None:
                    key = KEYS[event.value]
                else:
                    key = _unusual_key(event, aliases, _around(opened, container))
                if key in container and key is not MERGE:
                    repeated.append(Repeated(_path(opened), key, event.start_mark.index))
                continue

            if kind is ScalarEvent:
                value = VALUES[event.value] if event.implicit[0] else _unplain_value(event)
                if event.anchor is not None:
                    aliases.declare(event.anchor, value)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                opened.append((container, key, event))
                container, key = ({}, None) if kind is MappingStartEvent else ([], _ITEM)
                if event.anchor is not None:
                    aliases.declare(event.anchor, container)
                if len(opened) > MAX_DEPTH:
                    raise too_deep()
                continue
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                value = container
                container, key, event = opened.pop()
            elif kind is AliasEvent:
                value = aliases.value(event.anchor, _around(opened, container))
            elif kind is DocumentEndEvent:
                return container[0], repeated, event

            if key is _ITEM:
                container.append(value)
            elif key is not MERGE:
                container[key] = value
                key = None
            else:
                sources = value if kind is SequenceEndEvent else [value]
                path, offset = _path(opened), event.start_mark.index
                repeated += [Repeated(path, name, offset) for name in _merge(container, sources)]
                key = None
    except RefusedError as refusal:
        refusal.offset = event.start_mark.index
        raise


def _unplain_value(event: Any) -> Scalar:
    """The value of a scalar that is quoted, a block, or tagged."""
    text: str = event.value
    return text if event.tag is None else tagged_value(event.tag, text)


def _unusual_key(event: Any, aliases: Aliases, around: list[object]) -> str:
    """A key that is quoted, tagged, anchored or an alias. Raises RefusedError if it isn't scalar."""
    kind = type(event)
    if kind is AliasEvent:
        return key_text(aliases.value(event.anchor, around))
    if kind is not ScalarEvent:
        what = "a map" if kind is MappingStartEvent else "a list"
        raise RefusedError(
            f"{what} can't be a key", "DEC-5", "quote a text that begins with `{` or `[`"
        )
    if event.anchor is not None:
        value = VALUES[event.value] if event.implicit[0] else _unplain_value(event)
        aliases.declare(event.anchor, value)
    return scalar_key(event)


def _around(opened: _Opened, container: object) -> list[object]:
    """All containers that are open, outermost first."""
    return [outer for outer, _, _ in opened[1:]] + [container]


def _merge(container: dict[str, object], sources: list[object]) -> list[str]:
    """Put the keys of `sources` into a map; return those that were there before (DEC-8).

    In the order of the text: a `<<` overrides the keys above it. Of several sources the first
    one wins.
    """
    repeated = []
    for source in reversed(sources):
        if not isinstance(source, dict):
            raise RefusedError("`<<` merges a map or a list of maps", "DEC-8")
        repeated += [key for key in source if key in container]
        container.update(source)
    return repeated


def _path(opened: _Opened) -> tuple[str | int, ...]:
    """The path of the container at hand; a map under `<<` counts as the map around it."""
    return tuple(
        len(container) if isinstance(key, _Item) else str(key)
        for container, key, _ in opened[1:]
        if key is not MERGE
    )
