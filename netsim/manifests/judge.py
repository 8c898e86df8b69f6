"""One document judged and built by itself, whatever else is in the input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from netsim.errors import Diagnostic, Severity
from netsim.manifests.classify import Passed, Refused, classify
from netsim.model.inventory import Key, Read
from netsim.model.semantics import Semantics
from netsim.schema.fault import diagnostics
from netsim.schema.kinds import ObjectKind, first_faults
from netsim.schema.metadata import DEFAULT_NAMESPACE, name_of, namespace_of
from netsim.source.documents import Document


@dataclass(slots=True, eq=False)
class Faulty:
    """A document of a kind that netsim reads, and what it can't be built for."""

    key: Key
    said: list[Diagnostic]


@dataclass(slots=True, eq=False)
class Judged:
    """An object without errors. `unnamed` is the document of one that has but a generateName."""

    key: Key
    read: Read
    said: list[Diagnostic]
    unnamed: Document | None


@dataclass(slots=True, eq=False)
class Unread:
    """A document that isn't of a kind that netsim reads, or that says nothing sure."""

    document: Document
    why: Refused | Passed


Outcome = Judged | Faulty | Unread


def judge(document: Document, semantics: Semantics) -> Outcome:
    """What is to be said of one document, whatever else is in the input, and what it becomes."""
    value: Any = document.value
    kind = classify(value, document.named)
    if not isinstance(kind, ObjectKind):
        return Unread(document, kind)
    said: list[Diagnostic] = []
    if faults := first_faults(kind, value, document.duplicates, semantics):
        said = diagnostics(faults, document.origin)
        if any(item.severity is Severity.ERROR for item in said):
            return Faulty(key_as_written(kind, value), said)
    key = kind.kind, namespace_of(value) if kind.namespaced else "", name_of(value)
    read = Read(kind.build(value, document.origin, semantics), document.origin)
    return Judged(key, read, said, None if value["metadata"].get("name") else document)


def key_as_written(kind: ObjectKind[Any], value: object) -> Key:
    """The key of a faulty object as far as it can be told.

    The namespace is empty where it isn't known, and where the kind has none.
    """
    namespace = ""
    if kind.namespaced:
        written = _part(_part(value, "metadata"), "namespace")
        namespace = written if isinstance(written, str) else ""
        if written is None or written == "":
            namespace = DEFAULT_NAMESPACE  # DEC-21
    return kind.kind, namespace, text_at(value, "metadata", "name")


def text_at(value: object, *path: str) -> str:
    """The text at `path`, empty where there is none."""
    for field_name in path:
        value = _part(value, field_name)
    return value if isinstance(value, str) else ""


def _part(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None
