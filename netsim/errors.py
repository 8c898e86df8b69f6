"""What netsim says when something is wrong: diagnostics, and the errors that carry them.

    NetsimError
    ├── InputError   the manifests, or the files that hold them, are at fault
    ├── QueryError   the question is at fault: an unknown name, a finished pod, a bad port
    └── LimitError   an answer would be larger than a stated bound

Every error is a thin shell over one or more `Diagnostic`s. Reading goes on after a fault, so
an `InputError` names everything that was found, in the order of the input.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum


class Severity(Enum):
    """How much a diagnostic weighs. Only an ERROR stops a run."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class FaultType(StrEnum):
    """The kind of a fault: those up to DuplicateField are the API server's own (VAL-0)."""

    REQUIRED = "Required"
    INVALID = "Invalid"
    NOT_SUPPORTED = "NotSupported"
    FORBIDDEN = "Forbidden"
    DUPLICATE = "Duplicate"
    TOO_MANY = "TooMany"
    TOO_LONG = "TooLong"
    TYPE_INVALID = "TypeInvalid"
    DECODE = "Decode"
    UNKNOWN_FIELD = "UnknownField"
    DUPLICATE_FIELD = "DuplicateField"
    SYNTAX = "Syntax"
    UNREADABLE = "Unreadable"
    NOT_MODELLED = "NotModelled"
    SEMANTIC = "Semantic"
    QUERY = "Query"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in the input. Lines and columns count from 1; a column counts characters."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """`file:line:column`, or the file alone where a fault has no line (an unreadable file)."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing to say about the input or the question.

    `code` is the rule behind it (`VAL-25`), `path` the field as Kubernetes writes it
    (`spec.ingress[0].from[1]`; empty for a whole document), `help` what to do about it.
    """

    severity: Severity
    type: FaultType
    code: str
    message: str
    location: Location | None = None
    path: str = ""
    help: str = ""

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location else ""
        field = f"{self.path}: " if self.path else ""
        text = f"{place}{field}{self.message}"
        return f"{text}\n  help: {self.help}" if self.help else text


class NetsimError(Exception):
    """The root of everything netsim raises on purpose. `diagnostics` is never empty."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)
        super().__init__("\n".join(str(diagnostic) for diagnostic in self.diagnostics))

    def __reduce__(self) -> tuple[type[NetsimError], tuple[tuple[Diagnostic, ...]]]:
        return type(self), (self.diagnostics,)


class InputError(NetsimError):
    """The input can't be relied on: see `diagnostics`, errors first met first."""


class QueryError(NetsimError):
    """The question can't be answered as asked."""


class UnclearError(QueryError):
    """The question is about something, which can't be asked about so: rather than about nothing."""


class LimitError(NetsimError):
    """The answer would be larger than a stated bound."""


def query_error(message: str, *, help: str = "", code: str = "QUERY") -> QueryError:
    """A `QueryError` with the single diagnostic that most of them have."""
    return QueryError([Diagnostic(Severity.ERROR, FaultType.QUERY, code, message, help=help)])


def unclear_error(message: str, *, help: str) -> UnclearError:
    """An `UnclearError` with a single diagnostic."""
    return UnclearError(query_error(message, help=help).diagnostics)


def visible(text: str) -> str:
    r"""`text` with everything that doesn't print written as an escape, such as `\x1b` or `\u202e`.

    That covers line ends and tabs, terminal control sequences, bidirectional and zero-width
    characters, and the lone surrogates of file names that are no UTF-8. The result is one line.
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


def hold_type(value: object, wanted: type, source: str) -> None:
    """Raise TypeError for an argument of another type; `source` is an expression that gives one."""
    if not isinstance(value, wanted):
        given, needed = type(value).__name__, wanted.__name__
        raise TypeError(f"a {needed} is needed, as from `{source}`, not a {given}")
