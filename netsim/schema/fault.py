"""A fault: one thing wrong with a value, found before anybody knows where the value stood."""

from __future__ import annotations

from collections.abc import Iterable

from netsim.errors import Diagnostic, FaultType, Location, Severity, visible
from netsim.source.origin import Origin

Step = str | int
Path = tuple[Step, ...]


class Fault:
    """One fault in a value: its type, the rule behind it (`code`), what, help, and where.

    `path` leads from the value inwards, as Kubernetes writes it: it names no key of a label map
    (VAL-4, VAL-11, DEC-12). `key` is that key, so that a line can be found all the same.
    `location` is set where the reader alone knew it (a duplicate key).
    """

    __slots__ = ("_steps", "code", "help", "key", "location", "message", "severity", "type")

    def __init__(
        self, type: FaultType, message: str, help: str = "", path: Path = (), code: str = ""
    ) -> None:
        self.type = type
        self.message = message
        self.help = help
        self.code = code
        self.key: str | None = None
        self.severity = Severity.ERROR
        self.location: Location | None = None
        self._steps: list[Step] = list(reversed(path))  # innermost first: a caller appends its own

    @property
    def path(self) -> Path:
        return tuple(reversed(self._steps))

    def inside(self, *steps: Step) -> Fault:
        """The same fault as seen from further out: `steps` lead to where it was seen before."""
        self._steps.extend(reversed(steps))
        return self

    def of_key(self, key: str) -> Fault:
        """The same fault as one of the map that has `key`."""
        self._steps.clear()
        self.key = key
        self.message = f"the value of {quoted(key)} {self.message}"
        return self

    def as_warning(self) -> Fault:
        """The same fault, as something that Kubernetes or an option lets pass."""
        self.severity = Severity.WARNING
        return self

    def as_note(self) -> Fault:
        """The same fault, as something to know that is no fault of anybody's."""
        self.severity = Severity.NOTE
        return self

    def __repr__(self) -> str:
        return f"Fault({self.type}, {path_text(self.path)!r}, {self.message!r})"


def path_text(path: Path) -> str:
    """A path as Kubernetes writes it: `spec.ingress[0].from[1]`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def quoted(text: str) -> str:
    """User text in backticks, on one line: unprintable characters escaped, cut after 80."""
    return f"`{visible(text if len(text) <= 80 else f'{text[:80]}…')}`"


def diagnostics(faults: Iterable[Fault], origin: Origin) -> list[Diagnostic]:
    """The faults of the object at `origin` with the lines they stand on, in their order.

    Costs one more reading of the object's document, so call it only where there are faults.
    """
    return [_diagnostic(fault, origin) for fault in faults]


def _diagnostic(fault: Fault, origin: Origin) -> Diagnostic:
    place = fault.path if fault.key is None else (*fault.path, fault.key)
    return Diagnostic(
        fault.severity,
        fault.type,
        fault.code,
        fault.message,
        fault.location or origin.locate(place),
        path_text(fault.path),
        fault.help,
    )
