"""Documents to objects: each is classed, judged and built, and what isn't is accounted for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from netsim.errors import Diagnostic, FaultType, Severity
from netsim.manifests.classify import Passed, Refused, classify
from netsim.model.semantics import Semantics
from netsim.model.snapshot import LeftOut
from netsim.schema.fault import Fault, diagnostics, quoted
from netsim.schema.kinds import ObjectKind, first_faults
from netsim.schema.metadata import DEFAULT_NAMESPACE, name_of, namespace_of
from netsim.source.documents import Document
from netsim.source.origin import Origin

# kind, namespace (empty for cluster-scoped kinds), name
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Read:
    """One object of a kind that netsim reads: what its ObjectKind made of it."""

    built: Any
    origin: Origin


@dataclass(slots=True)
class Intake:
    """What came of the documents so far. `passed` counts by kind what isn't read."""

    semantics: Semantics
    objects: dict[Key, Read] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    unmodelled: list[LeftOut] = field(default_factory=list)
    passed: Counter[str] = field(default_factory=Counter)

    def add(self, document: Document) -> None:
        """Take one document in."""
        match classify(document.value, document.named):
            case Refused() as refused:
                self._refuse(document, refused)
            case Passed() as passed:
                self._pass(document, passed)
            case kind:
                self._read(document, kind)

    def _read(self, document: Document, kind: ObjectKind[Any]) -> None:
        value: Any = document.value
        if faults := first_faults(kind, value, document.duplicates, self.semantics):
            said = diagnostics(faults, document.origin)
            self.diagnostics += said
            errors = [item for item in said if item.severity is Severity.ERROR]
            if errors:
                self.left_out.append(LeftOut(*_key_as_written(kind, value), errors[0]))
                return
        key = kind.kind, namespace_of(value) if kind.namespaced else "", name_of(value)
        read = Read(kind.build(value, document.origin, self.semantics), document.origin)
        if key not in self.objects:
            self.objects[key] = read
        elif value["metadata"].get("name"):
            self._keep_one(key, read)
        else:
            self._keep_both(key, document, kind)

    def _keep_both(self, key: Key, document: Document, kind: ObjectKind[Any]) -> None:
        """DEC-23: two objects of one generateName, alike to the letter, are two on create."""
        name = f"{key[2]}-{len(self.objects)}"
        value: Any = document.value
        value = {**value, "metadata": {**value["metadata"], "name": name}}
        built = kind.build(value, document.origin, self.semantics)
        self.objects[key[0], key[1], name] = Read(built, document.origin)

    def _keep_one(self, key: Key, read: Read) -> None:
        """DEC-22, IMP-23: the input has the object already."""
        if self.semantics.duplicates == "last":
            self.objects[key] = read
        elif self.semantics.duplicates == "error":
            said = _twice(key, self.objects[key], read)
            self.diagnostics.append(said)
            self.left_out.append(LeftOut(*key, said))

    def _refuse(self, document: Document, refused: Refused) -> None:
        said = diagnostics([refused.fault], document.origin)[0]
        self.diagnostics.append(said)
        if refused.meant:
            key = _key_as_written(refused.meant, document.value)
        else:  # an unknown meaning, or an unknown kind: any verdict could be wrong
            key = _text(document.value, "kind"), "", _text(document.value, "metadata", "name")
        self.left_out.append(LeftOut(*key, said))

    def _pass(self, document: Document, passed: Passed) -> None:
        """DEC-3, class 4, and what is no object."""
        kind = _text(document.value, "kind")
        self.passed[kind or passed.value] += 1
        if passed is Passed.COUNTED:
            return
        if passed is Passed.NO_OBJECT:
            fault = _not_modelled("not a Kubernetes object: passed over").as_note()
        else:
            message = f"{quoted(kind)} may run pods that netsim does not model"
            fault = _not_modelled(message, "kind").as_warning()
        said = diagnostics([fault], document.origin)[0]
        self.diagnostics.append(said)
        if passed is Passed.MAY_RUN_PODS:
            namespace = _text(document.value, "metadata", "namespace") or DEFAULT_NAMESPACE
            name = _text(document.value, "metadata", "name")
            self.unmodelled.append(LeftOut(kind, namespace, name, said))


def _twice(key: Key, earlier: Read, later: Read) -> Diagnostic:
    kind, namespace, name = key
    which = f"{kind} `{namespace}/{name}`" if namespace else f"{kind} `{name}`"
    message = f"{which} is in the input already, at {earlier.origin.locate(('metadata', 'name'))}"
    help = (
        "give a kustomize base or its overlay, not both: "
        "`kustomize build DIR | netsim … -f -`; or choose with duplicates=last"
    )
    fault = Fault(FaultType.DUPLICATE, message, help, ("metadata", "name"), "DEC-22")
    return diagnostics([fault], later.origin)[0]


def _not_modelled(message: str, *path: str) -> Fault:
    return Fault(FaultType.NOT_MODELLED, message, path=path, code="DEC-3")


def _key_as_written(kind: ObjectKind[Any], value: object) -> Key:
    """The key of a faulty object as far as it can be told.

    The namespace is empty where it isn't known, and where the kind has none.
    """
    namespace = ""
    if kind.namespaced:
        written = _part(_part(value, "metadata"), "namespace")
        namespace = written if isinstance(written, str) else ""
        if written is None or written == "":
            namespace = DEFAULT_NAMESPACE  # DEC-21
    return kind.kind, namespace, _text(value, "metadata", "name")


def _text(value: object, *path: str) -> str:
    """The text at `path`, empty where there is none."""
    for field_name in path:
        value = _part(value, field_name)
    return value if isinstance(value, str) else ""


def _part(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None
