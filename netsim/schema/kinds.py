"""What netsim reads of one kind of object, and the stages in which it is judged (VAL-1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from netsim.errors import FaultType
from netsim.model.semantics import Semantics
from netsim.schema.fault import Fault, path_text, quoted
from netsim.schema.shape import STRING, Shape, faults
from netsim.source.origin import Origin
from netsim.source.reading import DuplicateKey

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class ObjectKind(Generic[T_co]):
    """One kind: its shape, the rules for a value of that shape, what becomes of a valid value.

    `validate` lists every fault of the object, in the order of VAL-1; `build` may rely on there
    being no error among them. `custom`: a custom resource, which the server can't tell the fields
    of while it has no kind. `standard` is the shape in the standard channel of an API with two.
    """

    api_version: str
    kind: str
    namespaced: bool
    shape: Shape
    validate: Callable[[dict[str, Any], Semantics], list[Fault]]
    build: Callable[[dict[str, Any], Origin, Semantics], T_co]
    custom: bool = False
    standard: Shape | None = None

    def shape_under(self, semantics: Semantics) -> Shape:
        """The shape of an object: `standard` where that channel is chosen, and differs (ANP-28)."""
        return (
            self.standard if self.standard and semantics.cnp_channel == "standard" else self.shape
        )


def header_faults(value: object, *, custom: bool = False) -> list[Fault]:
    """The fault that keeps anybody from knowing what `value` is: at most one (DEC-3).

    It hides every other fault of the document. Of a `custom` resource it is one of the whole.
    """
    found = _header_faults(value)
    return [_of_all(fault) for fault in found] if custom else found


def _header_faults(value: object) -> list[Fault]:
    if type(value) is not dict:
        message = "must be an object with `apiVersion` and `kind`"
        return [Fault(FaultType.DECODE, message, code="DEC-3")]
    version, kind = _header(value, "apiVersion"), _header(value, "kind")
    for field, given in (("apiVersion", version), ("kind", kind)):
        if wrong := STRING(given):
            return [wrong[0].inside(field)]
    if isinstance(version, str) and version.count("/") > 1:
        message = f"{quoted(version)} must be `version` or `group/version`"
        return [Fault(FaultType.DECODE, message, path=("apiVersion",), code="DEC-3")]
    if not kind:
        message = "must be given" if version else "must be given, and so must `apiVersion`"
        return [_required("kind", message, "for example `kind: NetworkPolicy`")]
    if not version or str(version).endswith("/"):
        return [_required("apiVersion", "must be given", "for example `networking.k8s.io/v1`")]
    return []


def api_version_and_kind(value: dict[str, Any]) -> tuple[str, str]:
    """Both, of a value without header faults."""
    return str(_header(value, "apiVersion")), str(_header(value, "kind"))


def first_faults(
    kind: ObjectKind[object],
    value: object,
    duplicates: Sequence[DuplicateKey],
    semantics: Semantics,
) -> list[Fault]:
    """All faults of the first stage that has errors, and warnings (VAL-1).

    Stages: header, wrong types, duplicate and unknown fields, validation. Under
    `decoding: warn` the third only warns (DEC-10).
    """
    if not _has_header(value, kind) and (found := header_faults(value, custom=kind.custom)):
        return found
    shaped = faults(kind.shape_under(semantics), value)
    assert isinstance(value, dict)
    if not shaped and not duplicates:
        return kind.validate(value, semantics)
    if wrong := [fault for fault in shaped if fault.type is FaultType.DECODE]:
        return wrong
    strict = [_duplicate(item) for item in duplicates]
    strict += sorted(shaped, key=lambda fault: path_text(fault.path))
    if strict and semantics.decoding == "strict":
        return strict
    return [fault.as_warning() for fault in strict] + kind.validate(value, semantics)


def _has_header(value: object, kind: ObjectKind[object]) -> bool:
    """Whether an object names this kind, in just these letters."""
    return (
        type(value) is dict
        and value.get("kind") == kind.kind
        and value.get("apiVersion") == kind.api_version
    )


def _header(value: dict[str, Any], field: str) -> object:
    """The field, under its name in any case: the API server finds `Kind`, and then refuses it."""
    given = value.get(field)
    if given is not None:
        return given
    spellings = (value[key] for key in value if key.lower() == field.lower())
    return next((other for other in spellings if other is not None), None)


def _required(field: str, message: str, help: str) -> Fault:
    return Fault(FaultType.REQUIRED, message, help, (field,), "DEC-3")


def _of_all(fault: Fault) -> Fault:
    """A fault of a header, as one of the document that has it."""
    if not fault.path:
        return fault
    field = str(fault.path[0])
    whole = Fault(FaultType.DECODE, f"`{field}` {fault.message}", fault.help, code=fault.code)
    whole.key = field
    return whole


def _duplicate(item: DuplicateKey) -> Fault:
    message = f"{quoted(item.key)} is written twice in one mapping"
    help = "keep one of them: without strict decoding the last one would win"
    fault = Fault(FaultType.DUPLICATE_FIELD, message, help, (item.key,), "DEC-11")
    fault.location = item.location
    return fault
