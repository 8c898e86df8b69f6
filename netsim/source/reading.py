"""What reading gives: documents, and all that there is to say about the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from netsim.errors import Diagnostic, Location
from netsim.source.origin import Moved, Origin

Taken = TypeVar("Taken")


@dataclass(frozen=True, slots=True)
class DuplicateKey:
    """A key written twice in one map (DEC-11): `key` as it is after resolution, `location` again."""

    key: str
    location: Location


@dataclass(slots=True, eq=False)
class Document:
    """One object exactly as Kubernetes reads it, in plain values, and where it stood.

    `value` may be anything, though null documents are left out. Parts of it may be shared with
    other parts (YAML aliases): don't change it in place. `named`: its file was given itself, not
    met in a folder (DEC-3).
    """

    value: object
    origin: Origin
    duplicates: tuple[DuplicateKey, ...] = ()
    named: bool = True


@dataclass(frozen=True, slots=True)
class Reading(Generic[Taken]):
    """Everything that was read at one time.

    `documents` and `diagnostics` come in the order of the input, lists are taken apart: of each
    document what the reader was told to make of it. `unparsed`
    are those diagnostics that stand for whole files or documents of which nothing is known.
    `skipped` counts, by kind, what was passed over unparsed since netsim has no use for it. `moved`
    has the texts of earlier readings whose file was taken over as it was, and what it is called now.
    """

    documents: tuple[Taken, ...]
    diagnostics: tuple[Diagnostic, ...]
    unparsed: tuple[Diagnostic, ...]
    skipped: Mapping[str, int]
    files: int
    moved: Moved

    def and_then(self, other: Reading[Taken]) -> Reading[Taken]:
        """This and what was read after it, as one reading."""
        return Reading(
            (*self.documents, *other.documents),
            (*self.diagnostics, *other.diagnostics),
            (*self.unparsed, *other.unparsed),
            Counter(self.skipped) + Counter(other.skipped),
            self.files + other.files,
            {**self.moved, **other.moved},
        )
