"""Plain values as YAML that people read: block style, quotes only where they are needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from netsim.source.yaml_scalar import scalar_text


def yaml_text(value: object) -> str:
    """One document, without `---`; it ends with a line end."""
    return "\n".join(_lines(value)) + "\n"


def _lines(value: object) -> Iterator[str]:
    match value:
        case Mapping() if value:
            for key, inner in value.items():
                yield from _entry(f"{scalar_text(str(key))}:", inner)
        case Sequence() if value and not isinstance(value, str):
            for inner in value:
                first, *rest = _lines(inner)
                yield f"- {first}"
                yield from (f"  {line}" for line in rest)
        case _:
            yield _flat(value)


def _entry(key: str, value: object) -> Iterator[str]:
    if not value or not isinstance(value, Mapping | list | tuple):
        yield f"{key} {_flat(value)}"
        return
    yield key
    # As kubectl writes it: items of a list stand under the key, not to the right of it.
    indent = "  " if isinstance(value, Mapping) else ""
    yield from (f"{indent}{line}" for line in _lines(value))


def _flat(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case Mapping():
            return "{}"
        case list() | tuple():
            return "[]"
    return scalar_text(str(value))
