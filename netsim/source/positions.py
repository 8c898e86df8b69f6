"""From a path inside a document to file, line and column, by reading that one document again.

Nothing is kept while reading, as most documents are never complained of.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from netsim.errors import Location
from netsim.source.chunks import Chunk
from netsim.source.origin import Path


class Places(Protocol):
    """Where the keys and items of one text stand."""

    def offset(self, path: Path) -> int: ...


@dataclass(frozen=True, slots=True, eq=False)
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


@lru_cache(maxsize=4)
def _places(chunk: Chunk, find_places: Callable[[str], Places]) -> Places:
    return find_places(chunk.text)
