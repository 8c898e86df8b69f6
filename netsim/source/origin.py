"""Where a value came from, and how to find the line of any of its fields.

Nothing is kept while reading, as most documents are never complained of: to find a line, that one
document is read again, or if it is a plain one looked through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from netsim.errors import Location
from netsim.source.chunks import Chunk

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


class Places(Protocol):
    """Where the keys and items of one text stand."""

    def offset(self, path: Path) -> int: ...


@dataclass(slots=True, eq=False)
class FileOrigin:
    """The origin of one object: a document, or a part of it (`inside`: an item of a List).

    `find_places` reads the text again. The first `locate` in a document costs that; further ones
    are free while only a few documents are asked about in turn.
    """

    chunk: Chunk
    find_places: Callable[[str], Places]
    inside: Path = ()

    def locate(self, path: Path = ()) -> Location:
        """See `Origin.locate`."""
        places = _places(self.chunk, self.find_places)
        return self.chunk.location(places.offset(self.inside + path))


# Texts that stand in other files than they were met in, and what these are called.
Moved = Mapping[Chunk, str]


@lru_cache(maxsize=64)
def _places(chunk: Chunk, find_places: Callable[[str], Places]) -> Places:
    return find_places(chunk.text)
