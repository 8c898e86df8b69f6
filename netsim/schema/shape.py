"""Shapes: what JSON type each field has, as data, and the one walk that checks it.

Kubernetes decodes strictly into Go types (SEMANTICS DEC-10, 12, 13, 20). A *shape* says what
one value may be; `faults(shape, value)` lists every wrong type and every unknown field. A value
without faults can be read without looking at its types again.

    PORT = struct(protocol=STRING, port=INT_OR_STRING, endPort=INT32)
    faults(list_of(PORT), [{"port": True}])      # [Fault(Decode, (0, "port"), ...)]

null stands for the zero value of anything (DEC-20), so every shape accepts it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from netsim.errors import FaultType
from netsim.schema.fault import Fault, quoted
from netsim.schema.times import is_rfc3339

# A shape takes a value and answers None, or the faults found in it.
Shape = Callable[[object], "list[Fault] | None"]


def faults(shape: Shape, value: object) -> list[Fault]:
    """All faults of `value`: every wrong type (Decode) and every unknown field."""
    return shape(value) or []


def ANYTHING(value: object) -> list[Fault] | None:
    """The shape of a field that netsim knows by name and never reads."""
    return None


def STRING(value: object) -> list[Fault] | None:
    """A JSON string: a number or boolean here wants quotes (DEC-12)."""
    return None if type(value) is str or value is None else [wrong_type(value, "a string")]


def BOOLEAN(value: object) -> list[Fault] | None:
    """A JSON boolean."""
    return None if type(value) is bool or value is None else [wrong_type(value, "true or false")]


def INT32(value: object) -> list[Fault] | None:
    """A whole number in int32; 80.0 is whole (DEC-6)."""
    return (
        None if value is None or _whole(value, 1 << 31) else [wrong_type(value, "a whole number")]
    )


def INT64(value: object) -> list[Fault] | None:
    """A whole number in int64."""
    return (
        None if value is None or _whole(value, 1 << 63) else [wrong_type(value, "a whole number")]
    )


def INT_OR_STRING(value: object) -> list[Fault] | None:
    """An int32 or a string; a string is a name whatever it contains (DEC-13)."""
    if value is None or type(value) is str or _whole(value, 1 << 31):
        return None
    return [wrong_type(value, "a port number or a port name", code="DEC-13")]


def TIME(value: object) -> list[Fault] | None:
    """An RFC 3339 time, as a string."""
    if value is None or (type(value) is str and is_rfc3339(value)):
        return None
    return [wrong_type(value, "a time such as 2026-01-31T12:00:00Z")]


# The one type that all values of a shape have, but for null; INT32 takes floats as well.
_TYPES: dict[Shape, type] = {STRING: str, BOOLEAN: bool}


def list_of(item: Shape) -> Shape:
    """A list whose elements have the shape `item`."""

    def check(value: object) -> list[Fault] | None:
        if value is None:
            return None
        if type(value) is not list:
            return [wrong_type(value, "a list")]
        if not any(map(item, value)):
            return None
        found: list[Fault] | None = None
        for index, element in enumerate(value):
            inner = item(element)
            if inner:
                found = found or []
                found.extend(fault.inside(index) for fault in inner)
        return found

    return check


def map_of(item: Shape) -> Shape:
    """A map from free keys to `item`. A fault in a value is the map's: Go names no key (DEC-12)."""
    right = {_TYPES.get(item)}

    def check(value: object) -> list[Fault] | None:
        if value is None:
            return None
        if type(value) is not dict:
            return [wrong_type(value, "a map")]
        if set(map(type, value.values())) == right:
            return None
        found: list[Fault] | None = None
        for key, element in value.items():
            inner = item(element)
            if inner:
                found = found or []
                found.extend(fault.of_key(key) for fault in inner)
        return found

    return check


def struct(fields: dict[str, Shape] | None = None, /, **more: Shape) -> Shape:
    """An object with these fields and no others (DEC-10). Names are case-sensitive."""
    known = {**(fields or {}), **more}
    # Looking up a field's one right type takes half of what calling its shape does.
    right = {key: _TYPES[shape] for key, shape in known.items() if shape in _TYPES}

    def check(value: object) -> list[Fault] | None:
        if value is None:
            return None
        if type(value) is not dict:
            return [wrong_type(value, "an object")]
        found: list[Fault] | None = None
        for key, element in value.items():
            if right.get(key) is type(element):
                continue
            shape = known.get(key)
            if shape is None:
                found = found or []
                found.append(unknown_field(key, known))
            elif element is not None:
                inner = shape(element)
                if inner:
                    found = found or []
                    found.extend(fault.inside(key) for fault in inner)
        return found

    return check


def _whole(value: object, bound: int) -> bool:
    if type(value) is int:
        return -bound <= value < bound
    return type(value) is float and value.is_integer() and -bound <= value < bound


def wrong_type(value: object, wanted: str, *, code: str = "DEC-12") -> Fault:
    """The fault of a value of another JSON type than the one that is `wanted`."""
    message = f"must be {wanted}, not {_described(value)}"
    return Fault(FaultType.DECODE, message, _advice(value, wanted), code=code)


def _advice(value: object, wanted: str) -> str:
    if wanted == "a string" and isinstance(value, bool | int | float):
        return "put it in quotes: without them YAML reads a number or a boolean"
    if wanted == "a whole number" and isinstance(value, str):
        return "write the number without quotes"
    if wanted == "a list" and isinstance(value, dict | str):
        return "write a list: each item on a line of its own, after `- `"
    return ""


def _described(value: object) -> str:
    match value:
        case bool():
            return f"the boolean `{str(value).lower()}`"
        case int() | float():
            return f"the number `{value}`"
        case str():
            return f"the string {quoted(value)}"
        case list():
            return "a list"
        case None:
            return "null"
        case _:
            return "an object"


def unknown_field(key: str, known: Collection[str]) -> Fault:
    """The fault of a field that isn't `known`, with the one that was meant (DEC-10)."""
    from difflib import get_close_matches

    close = [name for name in known if name.lower() == key.lower()]
    close = close or get_close_matches(key[:64], known, n=1)
    help = f"did you mean `{close[0]}`?" if close else f"known here: {', '.join(sorted(known))}"
    message = f"unknown field {quoted(key)}"
    return Fault(FaultType.UNKNOWN_FIELD, message, help, (key,), "DEC-10")
