"""Judged documents to objects: each key once, and what isn't read is accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from netsim.errors import Diagnostic, FaultType, InputError, Location, Severity
from netsim.manifests.classify import Passed, Refused, classify
from netsim.manifests.judge import Faulty, Judged, Outcome, Unread, key_as_written, text_at
from netsim.manifests.tiers import ties
from netsim.model.inventory import Key, Read
from netsim.model.semantics import Semantics
from netsim.model.snapshot import LeftOut, Policy
from netsim.schema.fault import Fault, diagnostics, quoted
from netsim.schema.kinds import ObjectKind
from netsim.schema.metadata import DEFAULT_NAMESPACE
from netsim.source.documents import Document, Reading
from netsim.source.origin import Moved, Origin

_NOTHING = Diagnostic(
    Severity.ERROR,
    FaultType.UNREADABLE,
    "DEC-3",
    "there is no Kubernetes object in the input",
    help="give manifests, or `-` for the output of `kubectl get ns,pods,netpol -A -o json`",
)


@dataclass(slots=True)
class Intake:
    """What came of the documents so far, to go on top of a snapshot.

    `diagnostics` are those of no object; those of objects that were left out or aren't modelled
    are in `besides`. `passed` counts by kind what isn't read, `files` those that were. `moved` is
    that of the reading.
    """

    semantics: Semantics
    objects: dict[Key, Read] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    besides: dict[Key, tuple[Diagnostic, ...]] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    unmodelled: list[LeftOut] = field(default_factory=list)
    passed: Counter[str] = field(default_factory=Counter)
    files: int = 0
    moved: Moved = field(default_factory=dict)

    def add(self, judged: Outcome) -> None:
        """Take one document in."""
        match judged:
            case Judged():
                self._keep(judged)
            case Faulty(key, said):
                self.leave_out(key, said)
            case Unread(document, Refused() as refused):
                self._refuse(document, refused)
            case Unread(document, Passed() as passed):
                self._pass(document, passed)

    def leave_out(self, key: Key, said: Sequence[Diagnostic]) -> None:
        """Go on without an object, for the first error in what was said of it."""
        self._say(key, said)
        errors = (item for item in said if item.severity is Severity.ERROR)
        self.left_out.append(LeftOut(*key, next(errors)))

    def hold_ranks(self, standing: Iterable[Policy]) -> None:
        """Leave out what has the rank of another policy, where that is an error (IMP-12)."""
        if self.semantics.priority_ties == "error":
            for key, said in list(ties(self.objects, self.moved, standing)):
                self.leave_out(key, [*self.objects.pop(key).said, said])

    def said(self) -> list[Diagnostic]:
        """All diagnostics, by file, line and column."""
        found = [*self.diagnostics, *(item for said in self.besides.values() for item in said)]
        found += (item for read in self.objects.values() if read.said for item in read.said)
        return in_order(found)

    def _say(self, key: Key, said: Iterable[Diagnostic]) -> None:
        self.besides[key] = (*self.besides.get(key, ()), *said)

    def _keep(self, judged: Judged) -> None:
        read = replace(judged.read, said=tuple(judged.said)) if judged.said else judged.read
        if judged.key not in self.objects:
            self.objects[judged.key] = read
        elif judged.unnamed is None:
            self._keep_one(judged.key, read)
        else:
            self._keep_both(judged.key, read.said, judged.unnamed)

    def _keep_both(self, key: Key, said: tuple[Diagnostic, ...], document: Document) -> None:
        """DEC-23: two objects of one generateName, alike to the letter, are two on create."""
        name = f"{key[2]}-{len(self.objects)}"
        value: Any = document.value
        kind = classify(value, document.named)
        assert isinstance(kind, ObjectKind)
        value = {**value, "metadata": {**value["metadata"], "name": name}}
        built = kind.build(value, document.origin, self.semantics)
        self.objects[key[0], key[1], name] = Read(built, document.origin, said)

    def _keep_one(self, key: Key, read: Read) -> None:
        """DEC-22, IMP-23: the input has the object already."""
        earlier = self.objects[key]
        kept = read if self.semantics.duplicates == "last" else earlier
        if earlier.said or read.said:
            kept = replace(kept, said=(*earlier.said, *read.said))
        self.objects[key] = kept
        if self.semantics.duplicates == "error":
            said = _twice(key, earlier.place(self.moved), read.place(self.moved))
            self._say(key, [said])
            self.left_out.append(LeftOut(*key, said))

    def _refuse(self, document: Document, refused: Refused) -> None:
        said = diagnostics([refused.fault], document.origin)[0]
        if refused.meant:
            key = key_as_written(refused.meant, document.value)
        else:  # an unknown meaning, or an unknown kind: any verdict could be wrong
            key = text_at(document.value, "kind"), "", text_at(document.value, "metadata", "name")
        self._say(key, [said])
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
        if passed is Passed.MAY_RUN_PODS:
            namespace = text_at(document.value, "metadata", "namespace") or DEFAULT_NAMESPACE
            name = text_at(document.value, "metadata", "name")
            self._say((kind, namespace, name), [said])
            self.unmodelled.append(LeftOut(kind, namespace, name, said))
        else:
            self.diagnostics.append(said)


def taken(
    reading: Reading[Outcome],
    semantics: Semantics,
    keep_going: bool,
    standing: Iterable[Policy] = (),
) -> Intake:
    """All judged documents of one reading, to go beside the policies that are `standing`.

    Raises InputError with every error found, unless told to keep going, or if there is nothing.
    """
    passed = Counter(reading.skipped)
    intake = Intake(semantics, passed=passed, files=reading.files, moved=reading.moved)
    intake.diagnostics += reading.diagnostics
    intake.left_out += [LeftOut("", "", "", diagnostic) for diagnostic in reading.unparsed]
    for judged in reading.documents:
        intake.add(judged)
    intake.hold_ranks(standing)
    said = intake.said()
    errors = [item for item in said if item.severity is Severity.ERROR]
    if not errors and not (intake.objects or intake.passed.keys() - {Passed.NO_OBJECT.value}):
        intake.diagnostics.append(_NOTHING)
        errors = intake.said()  # the warnings tell what there is instead
    if errors and not keep_going:
        raise InputError(errors)
    return intake


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """By file, line and column; what has no place comes first."""
    return sorted(diagnostics, key=lambda item: item.location or Location(""))


def _twice(key: Key, earlier: Origin, later: Origin) -> Diagnostic:
    kind, namespace, name = key
    which = f"{kind} `{namespace}/{name}`" if namespace else f"{kind} `{name}`"
    message = f"{which} is in the input already, at {earlier.locate(('metadata', 'name'))}"
    help = (
        "give a kustomize base or its overlay, not both: "
        "`kustomize build DIR | netsim … -f -`; or choose with duplicates=last"
    )
    fault = Fault(FaultType.DUPLICATE, message, help, ("metadata", "name"), "DEC-22")
    return diagnostics([fault], later)[0]


def _not_modelled(message: str, *path: str) -> Fault:
    return Fault(FaultType.NOT_MODELLED, message, path=path, code="DEC-3")
