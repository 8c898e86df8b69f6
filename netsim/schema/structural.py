"""Schemas of custom resources, as data, and how the API server judges a value by them.

A custom resource isn't decoded into Go types: what its schema doesn't know is pruned, and the rest
is held against it (ANP-30..32). That differs from `shape` in what is a fault, and where:

- null is a missing field (of a label map: a missing label), but a wrong type as a list's element;
- a wrong type is TypeInvalid, and one fault among others;
- in a map where a list is wanted every field is unknown, and nothing else is wrong.

`unknown(value)` lists the unknown fields, `faults(value)` all else, in the value's order; both
take a value with nothing pruned.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from netsim.errors import FaultType
from netsim.schema.fault import Fault, quoted
from netsim.schema.remembered import judged_once
from netsim.schema.shape import unknown_field, wrong_type

# The code and the help of an unknown field whose meaning is known all the same.
Unread = tuple[str, str]


class Schema(ABC):
    """What one value may be."""

    @abstractmethod
    def faults(self, value: object) -> list[Fault]:
        """All that is wrong with the value but for unknown fields, paths from it inwards."""

    def unknown(self, value: object) -> list[Fault]:
        """The unknown fields in the value, which go by where it has maps and lists (ANP-32)."""
        found: list[Fault] = []
        match value:
            case dict():
                for key, inner in value.items():
                    found += self._unknown_at(key, inner)
            case list():
                for index, inner in enumerate(value):
                    if isinstance(inner, dict | list):
                        within = self._item().unknown(inner)
                        found += [fault.inside(index) for fault in within]
        return found

    def _unknown_at(self, key: str, inner: object) -> list[Fault]:
        """Those at one field of a map: of one that should be no map, each is unknown."""
        fault = unknown_field(key, ())
        fault.help = self._instead_of_a_map
        return [fault]

    _instead_of_a_map = ""

    def _item(self) -> Schema:
        return _NOTHING


@dataclass(frozen=True, slots=True)
class Items(Schema):
    """A list of `item`, of `least` to `most` elements; `distinct` where none may come twice.

    `if_empty` helps whoever wrote an empty one that may not be.
    """

    item: Schema
    least: int = 0
    most: int | None = None
    distinct: bool = False
    if_empty: str = ""

    _instead_of_a_map = "write a list: each item on a line of its own, after `- `"

    def faults(self, value: object) -> list[Fault]:
        if type(value) is not list:
            return [type_invalid(value, "a list")]
        found = [
            fault.inside(index)
            for index, element in enumerate(value)
            for fault in self.item.faults(element)
        ]
        if len(value) < self.least:
            found.append(Fault(FaultType.INVALID, "must not be empty", self.if_empty))
        if self.most is not None and len(value) > self.most:
            found.append(_too_many(f"must have at most {self.most} items, not {len(value)}"))
        if self.distinct:
            found += _repeated(value)
        return found

    def _item(self) -> Schema:
        return self.item


@dataclass(frozen=True, slots=True)
class Keys(Schema):
    """A map from free keys to `item`. Null removes its key."""

    item: Schema

    def faults(self, value: object) -> list[Fault]:
        if type(value) is not dict:
            return [type_invalid(value, "a map")]
        return [
            fault.inside(key)
            for key, element in value.items()
            if element is not None
            for fault in self.item.faults(element)
        ]

    def _unknown_at(self, key: str, inner: object) -> list[Fault]:
        return [fault.inside(key) for fault in self.item.unknown(inner)]


@dataclass(frozen=True, slots=True)
class Fields(Schema):
    """An object with these fields and no others, of which `least` to `most` are given.

    Too few and too many hide what is wrong inside, but for elements that come twice. `unread`
    are fields that somebody might write who knows another version of the API.
    """

    fields: Mapping[str, Schema]
    required: tuple[str, ...] = ()
    least: int = 0
    most: int | None = None
    unread: Mapping[str, Unread] = field(default_factory=dict)

    def faults(self, value: object) -> list[Fault]:
        if type(value) is not dict:
            return [type_invalid(value, "an object")]
        given = [key for key in self.fields if value.get(key) is not None]
        if len(given) < self.least:
            return [Fault(FaultType.INVALID, f"must have {_either(self.fields)}")]
        inner = [
            fault.inside(key) for key in given for fault in self.fields[key].faults(value[key])
        ]
        if self.most is not None and len(given) > self.most:
            twice = [fault for fault in inner if fault.type is FaultType.DUPLICATE]
            return [_too_many(f"may not have more than one of {_either(given)}"), *twice]
        missing = [key for key in self.required if key not in given]
        return [Fault(FaultType.REQUIRED, "must be given", path=(key,)) for key in missing] + inner

    def _unknown_at(self, key: str, inner: object) -> list[Fault]:
        if schema := self.fields.get(key):
            if isinstance(inner, dict | list):
                return [fault.inside(key) for fault in schema.unknown(inner)]
            return []
        fault = unknown_field(key, self.fields)
        if key in self.unread:
            fault.code, fault.help = self.unread[key]
        return [fault]


class Remembered(Schema):
    """The same schema for a part that is written again and again: judged once."""

    def __init__(self, schema: Schema) -> None:
        self._faults = judged_once(schema.faults)
        self._unknown = judged_once(schema.unknown)

    def faults(self, value: object) -> list[Fault]:
        return self._faults(value)

    def unknown(self, value: object) -> list[Fault]:
        return self._unknown(value)


class _Nothing(Schema):
    """What is inside a list that should be something else: no field is known there."""

    def faults(self, value: object) -> list[Fault]:
        return []

    def _item(self) -> Schema:
        return self


_NOTHING = _Nothing()


def one_of(unread: Mapping[str, Unread] | None = None, /, **fields: Schema) -> Fields:
    """An object of which exactly one field is given."""
    return Fields(fields, least=1, most=1, unread=unread or {})


def _either(fields: Iterable[str]) -> str:
    return " or ".join(f"`{name}`" for name in fields)


def type_invalid(value: object, wanted: str) -> Fault:
    """The fault of a value of another type than is `wanted`."""
    fault = wrong_type(value, wanted, code="")
    fault.type = FaultType.TYPE_INVALID
    return fault


def _too_many(message: str) -> Fault:
    return Fault(FaultType.TOO_MANY, message)


def _repeated(elements: list[object]) -> Iterator[Fault]:
    seen: set[tuple[bool, str]] = set()
    for index, element in enumerate(elements):
        content = isinstance(element, str), shown(element)
        if content in seen:
            message = f"{quoted(content[1])} is in the list already"
            yield Fault(FaultType.DUPLICATE, message, "keep one of them", (index,))
        seen.add(content)


def shown(value: object) -> str:
    """A text as it is, anything else as JSON."""
    if isinstance(value, str):
        return value
    import json

    return json.dumps(value, sort_keys=True)
