"""Where a value came from, and how to find the line of any of its fields."""

from __future__ import annotations

from typing import Protocol

from netsim.errors import Location

Path = tuple[str | int, ...]


class Origin(Protocol):
    """The place of one object in the input."""

    def locate(self, path: Path = ()) -> Location:
        """The `file:line:column` of the field at `path` inside the object.

        Where `path` leads to a field that isn't written, the place of the nearest one outside it.
        """
        ...


class _Nowhere:
    """The origin of what stands in no file: an implicit namespace, a pod that a question makes up."""

    def locate(self, path: Path = ()) -> Location:
        return Location("<none>")


NOWHERE: Origin = _Nowhere()
