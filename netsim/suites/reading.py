"""From files to suites."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import BinaryIO

from netsim.errors import Diagnostic, FaultType, InputError, Severity
from netsim.model.semantics import Semantics
from netsim.schema.fault import Fault, diagnostics
from netsim.schema.kinds import first_faults
from netsim.source.documents import Document, Reading, read_paths, read_text
from netsim.suites.header import BEGINNING, faults_of_header, is_meant_for_a_suite, is_suite
from netsim.suites.shape import SUITE
from netsim.suites.suite import Suite

_READ_STRICTLY = Semantics()


def load_suites(*paths: str | os.PathLike[str], stdin: BinaryIO | None = None) -> tuple[Suite, ...]:
    """Read suites from files, folders, globs and, for `-`, standard input; in their order.

    What else a folder holds is passed over, but not what is meant for a suite and misspelt.

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
        elif is_suite(document.value):
            assert isinstance(document.value, dict)
            found.append(SUITE.build(document.value, document.origin, _READ_STRICTLY))
    if errors:
        raise InputError(errors)
    if not found:
        raise InputError([_no_suite(where)])
    return tuple(found)


def _faults(document: Document) -> Iterable[Fault]:
    value = document.value
    if not is_suite(value):
        if not document.named and not is_meant_for_a_suite(value):
            return ()
        if found := list(faults_of_header(value)):
            return found
    return first_faults(SUITE, value, document.duplicates, _READ_STRICTLY)


def _no_suite(where: str) -> Diagnostic:
    message = f"there is no suite in {where}"
    return Diagnostic(Severity.ERROR, FaultType.REQUIRED, "SUITE", message, help=BEGINNING)
