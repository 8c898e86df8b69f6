"""From files to suites."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from netsim.errors import Diagnostic, FaultType, InputError, Severity
from netsim.model.semantics import Semantics
from netsim.schema.fault import Fault, diagnostics, quoted
from netsim.schema.kinds import api_version_and_kind, first_faults, header_faults
from netsim.source.documents import Document, Reading, read_paths, read_text
from netsim.suites.shape import API_VERSION, KIND, SUITE
from netsim.suites.suite import Suite

_READ_STRICTLY = Semantics()


def load_suites(*paths: str | os.PathLike[str], stdin: BinaryIO | None = None) -> tuple[Suite, ...]:
    """Read suites from files, folders, globs and, for `-`, standard input; in their order.

    What else a folder holds is passed over.

    Raises InputError with every error found, or if there is no suite.
    """
    return _suites_of(read_paths(paths, stdin=stdin), ", ".join(map(str, paths)))


def suites_of(text: str | bytes, name: str = "<text>") -> tuple[Suite, ...]:
    """The same of one text; `name` stands for the file in messages."""
    return _suites_of(read_text(text, name), name)


def _suites_of(reading: Reading[Document], where: str) -> tuple[Suite, ...]:
    errors = [item for item in reading.diagnostics if item.severity is Severity.ERROR]
    found: list[Suite] = []
    for document in reading.documents:
        faults = list(_faults(document))
        if faults:
            errors += diagnostics(faults, document.origin)
        elif _is_suite(document.value):
            assert isinstance(document.value, dict)
            found.append(SUITE.build(document.value, document.origin, _READ_STRICTLY))
    if errors:
        raise InputError(errors)
    if not found:
        raise InputError([_no_suite(where)])
    return tuple(found)


def _faults(document: Document) -> Iterable[Fault]:
    value = document.value
    if _is_suite(value):
        return first_faults(SUITE, value, document.duplicates, _READ_STRICTLY)
    if not document.named and not _claims_to_be_one(value):
        return ()
    return header_faults(value) or _other_kind(value)


def _other_kind(value: object) -> Iterator[Fault]:
    """The fault of a document that is something else, in a file that was given for its suites."""
    assert isinstance(value, dict)
    version, kind = api_version_and_kind(value)
    if kind == KIND:
        message = f"there is no {KIND} in {quoted(version)}"
        help, field = f"did you mean `{API_VERSION}`?", "apiVersion"
    else:
        message = f"{quoted(kind)} is no {KIND}"
        help, field = f"write `kind: {KIND}` here, and give manifests with -f", "kind"
    yield Fault(FaultType.NOT_SUPPORTED, message, help, (field,), "SUITE")


def _is_suite(value: object) -> bool:
    return type(value) is dict and (value.get("apiVersion"), value.get("kind")) == (
        API_VERSION,
        KIND,
    )


def _claims_to_be_one(value: object) -> bool:
    """Whether a document of a folder is meant for a suite of some version."""
    return type(value) is dict and (
        value.get("kind") == KIND and str(value.get("apiVersion")).startswith("netsim.dev/")
    )


def _no_suite(where: str) -> Diagnostic:
    message = f"there is no suite in {where}"
    help = f"a suite begins with `apiVersion: {API_VERSION}` and `kind: {KIND}`"
    return Diagnostic(Severity.ERROR, FaultType.REQUIRED, "SUITE", message, help=help)
