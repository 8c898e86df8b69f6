"""Custom resources as wholes: their shape, and the stages of their validation (ANP-30..32)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from netsim.errors import FaultType, Severity
from netsim.schema.fault import Fault
from netsim.schema.metadata import OBJECT_META, cluster_metadata_faults
from netsim.schema.names import dns_subdomain
from netsim.schema.shape import ANYTHING, Shape, faults, struct
from netsim.schema.structural import Schema

# What keeps the API server from asking the CEL rules of a definition.
_BLOCKING = frozenset(
    {
        FaultType.REQUIRED,
        FaultType.NOT_SUPPORTED,
        FaultType.TOO_LONG,
        FaultType.TOO_MANY,
        FaultType.TYPE_INVALID,
    }
)

Rules = Callable[[dict[str, Any]], list[Fault]]


def custom_resource(spec: Schema, status: Schema) -> Shape:
    """The shape of an object of a custom kind: wrong types in its metadata, and unknown fields.

    `status` is dropped on create, so nothing but its fields' names matters.
    """
    fields = struct(
        apiVersion=ANYTHING,
        kind=ANYTHING,
        metadata=OBJECT_META,
        spec=spec.unknown,
        status=status.unknown,
    )

    def check(value: object) -> list[Fault] | None:
        metadata = value.get("metadata") if isinstance(value, dict) else None
        if metadata is not None and type(metadata) is not dict:
            # Go has no field for it, and reads nothing else
            return [fault.of_key("metadata") for fault in faults(OBJECT_META, metadata)]
        return fields(value)

    return check


def custom_faults(value: dict[str, Any], spec: Schema, code: str, rules: Rules) -> list[Fault]:
    """All faults of a cluster-scoped object without unknown fields, metadata first.

    `rules` are the CEL rules of its definition, which get an object of the right types. Faults
    without a code of their own are of `code`.
    """
    found = cluster_metadata_faults(value, dns_subdomain)
    written = value.get("spec")
    if written is None:
        found.append(Fault(FaultType.REQUIRED, "must be given", path=("spec",)))
    else:
        found += [fault.inside("spec") for fault in spec.faults(written)]
    if not any(is_blocking(fault) for fault in found):
        found += rules(value)
    for fault in found:
        fault.code = fault.code or code
    return found


def is_blocking(fault: Fault) -> bool:
    """Whether the fault hides what CEL rules would say."""
    return fault.severity is Severity.ERROR and fault.type in _BLOCKING
