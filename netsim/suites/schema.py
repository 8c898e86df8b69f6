"""The JSON Schema of suites, for editors: it ships beside this module."""

from __future__ import annotations

from pkgutil import get_data


def suite_schema() -> str:
    """Its text."""
    data = get_data("netsim.suites", "suite.schema.json")
    assert data is not None, "the package has it"
    return data.decode()
