"""Where in a YAML text each key and item stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from netsim.source.origin import Path
from netsim.source.scalars import MERGE
from netsim.source.yaml_events import best_parser
from netsim.source.yaml_reader import scalar_key


@dataclass(slots=True)
class _Place:
    """Where a node stands, and what is inside it: keys stand where they are written."""

    offset: int
    inside: dict[str | int, _Place] = field(default_factory=dict)


class YamlPlaces:
    """The places of the first document of a text that could be read."""

    def __init__(self, text: str) -> None:
        self._root = _Walk(text).document()

    def offset(self, path: Path) -> int:
        """The character at which the key or item at `path` begins, or the nearest outer one.

        What an alias or a merge brings in stands where its anchor is.
        """
        place = self._root
        for step in path:
            inner = place.inside.get(step)
            if inner is None:
                break
            place = inner
        return place.offset


class _Walk:
    """One pass over the events. It recurses: the reader has bounded the depth."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._next_event = best_parser(text)
        self._anchors: dict[str, _Place] = {}
        self._anchored_scalars: dict[str, Any] = {}

    def document(self) -> _Place:
        self._next_event()  # the start of the stream
        self._next_event()  # the start of the document
        return self._node(self._next_event())

    def _node(self, event: Any) -> _Place:
        kind = type(event)
        place = _Place(self._offset(event))
        if kind is AliasEvent:
            place.inside = self._anchors[event.anchor].inside
            return place
        if event.anchor is not None:
            self._anchors[event.anchor] = place
            self._anchored_scalars[event.anchor] = event
        if kind is SequenceStartEvent:
            self._fill_list(place)
        elif kind is MappingStartEvent:
            self._fill_map(place)
        return place

    def _fill_list(self, place: _Place) -> None:
        event: Any
        while type(event := self._next_event()) is not SequenceEndEvent:
            place.inside[len(place.inside)] = self._node(event)

    def _fill_map(self, place: _Place) -> None:
        event: Any
        while type(event := self._next_event()) is not MappingEndEvent:
            key, value_event = self._key(event), self._next_event()
            value = self._node(value_event)
            if key is not MERGE:
                place.inside[key] = _Place(event.start_mark.index, value.inside)
            elif type(value_event) is SequenceStartEvent:
                for source in reversed(value.inside.values()):
                    place.inside.update(source.inside)
            else:
                place.inside.update(value.inside)

    def _key(self, event: Any) -> str:
        kind = type(event)
        if kind is AliasEvent:
            return scalar_key(self._anchored_scalars[event.anchor])
        if event.anchor is not None:
            self._anchored_scalars[event.anchor] = event
            self._anchors[event.anchor] = _Place(event.start_mark.index)
        return scalar_key(event)

    def _offset(self, event: Any) -> int:
        """Where a node begins; for an item with nothing in it, its dash."""
        kind, offset = type(event), int(event.start_mark.index)
        if kind is ScalarEvent and offset == event.end_mark.index:
            return offset - (self._text[offset - 1 : offset] == "-")
        return offset
