"""What tests ask of a list of faults."""

from __future__ import annotations

from collections.abc import Iterable

from netsim.errors import Severity
from netsim.schema.fault import Fault


def errors_of(faults: Iterable[Fault]) -> list[Fault]:
    """Those that refuse the object; the others are warnings and notes."""
    return [fault for fault in faults if fault.severity is Severity.ERROR]
