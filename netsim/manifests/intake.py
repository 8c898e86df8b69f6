"""Judged documents to objects: each key once, and what isn't read is accounted for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from netsim.errors import Diagnostic, FaultType, Severity
from netsim.manifests.classify import Passed, Refused, classify
from netsim.manifests.judge import (
    Faulty,
    Judged,
    Key,
    Outcome,
    Read,
    Unread,
    key_as_written,
    text_at,
)
from netsim.model.semantics import Semantics
from netsim.model.snapshot import LeftOut
from netsim.schema.fault import Fault, diagnostics, quoted
from netsim.schema.kinds import ObjectKind
from netsim.schema.metadata import DEFAULT_NAMESPACE
from netsim.source.documents import Document


@dataclass(slots=True)
class Intake:
    """What came of the documents so far. `passed` counts by kind what isn't read."""

    semantics: Semantics
    objects: dict[Key, Read] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    unmodelled: list[LeftOut] = field(default_factory=list)
    passed: Counter[str] = field(default_factory=Counter)

    def add(self, judged: Outcome) -> None:
        """Take one document in."""
        match judged:
            case Judged():
                self.diagnostics += judged.said
                self._keep(judged)
            case Faulty(key, said):
                self.diagnostics += said
                errors = (item for item in said if item.severity is Severity.ERROR)
                self.left_out.append(LeftOut(*key, next(errors)))
            case Unread(document, Refused() as refused):
                self._refuse(document, refused)
            case Unread(document, Passed() as passed):
                self._pass(document, passed)

    def _keep(self, judged: Judged) -> None:
        if judged.key not in self.objects:
            self.objects[judged.key] = judged.read
        elif judged.unnamed is None:
            self._keep_one(judged.key, judged.read)
        else:
            self._keep_both(judged.key, judged.unnamed)

    def _keep_both(self, key: Key, document: Document) -> None:
        """DEC-23: two objects of one generateName, alike to the letter, are two on create."""
        name = f"{key[2]}-{len(self.objects)}"
        value: Any = document.value
        kind = classify(value, document.named)
        assert isinstance(kind, ObjectKind)
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
            key = key_as_written(refused.meant, document.value)
        else:  # an unknown meaning, or an unknown kind: any verdict could be wrong
            key = text_at(document.value, "kind"), "", text_at(document.value, "metadata", "name")
        self.left_out.append(LeftOut(*key, said))

    def _pass(self, document: Document, passed: Passed) -> None:
        """DEC-3, class 4, and what is no object."""
        kind = text_at(document.value, "kind")
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
            namespace = text_at(document.value, "metadata", "namespace") or DEFAULT_NAMESPACE
            name = text_at(document.value, "metadata", "name")
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
