"""What all JSON output has in common."""

from __future__ import annotations

from netsim.errors import Location

API_VERSION = "netsim.dev/v1"


def json_text(value: object, indent: int | None = None) -> str:
    """One JSON text and a line end; in ASCII, so that nothing in it can act on a terminal."""
    import json

    return json.dumps(value, indent=indent) + "\n"


def place(location: Location | None) -> dict[str, object]:
    """The keys `file`, `line`, `column`: null where unknown."""
    if location is None:
        return {"file": None, "line": None, "column": None}
    return {
        "file": location.file,
        "line": location.line or None,
        "column": location.column or None,
    }
