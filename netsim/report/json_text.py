"""What all JSON output has in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netsim.errors import Location

API_VERSION = "netsim.dev/v1"


def json_text(value: object, indent: int | None = None) -> str:
    """One JSON text and a line end; in ASCII, so that nothing in it can act on a terminal."""
    import json

    return json.dumps(value, indent=indent) + "\n"


def json_head(value: dict[str, object]) -> str:
    """The beginning of an object that `json_list`s follow, and then `JSON_END`."""
    import json

    return json.dumps(value, indent=2).removesuffix("\n}")


JSON_END = "\n}\n"


def json_list(key: str, values: Iterable[object]) -> Iterator[str]:
    """One more key of the object: a list, with an item a line."""
    import json

    yield f',\n  "{key}": ['
    between = "\n    "
    for value in values:
        yield between + json.dumps(value)
        between = ",\n    "
    yield "\n  ]" if between.startswith(",") else "]"


def place(location: Location | None) -> dict[str, object]:
    """The keys `file`, `line`, `column`: null where unknown."""
    if location is None:
        return {"file": None, "line": None, "column": None}
    return {
        "file": location.file,
        "line": location.line or None,
        "column": location.column or None,
    }
