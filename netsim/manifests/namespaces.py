"""Which namespaces there are: those that are declared, and those that objects use (NP-35)."""

from __future__ import annotations

from collections.abc import Mapping

from netsim.errors import Diagnostic, FaultType
from netsim.labels.labels import NO_LABELS
from netsim.manifests.change import Grouped, of_kinds
from netsim.manifests.cluster import NAMESPACE
from netsim.model.cluster import NAME_LABEL, Namespace
from netsim.model.inventory import NO_CONTENTS, Contents, Inventory, Key, Read
from netsim.schema.fault import Fault, diagnostics
from netsim.source.origin import Moved

Notes = Mapping[str, Diagnostic]


def namespaces_after(
    before: Mapping[str, Namespace],
    old: Inventory,
    contents: Mapping[str, Contents],
    grouped: Grouped,
    moved: Moved,
) -> tuple[Mapping[str, Namespace], Notes]:
    """The namespaces by name, and a note on each that nobody declares."""
    declared = contents.get("", NO_CONTENTS).objects
    found, notes = dict(before), dict(old.notes)
    touched = dict.fromkeys(name for name in grouped if name)
    for change in of_kinds(grouped.get("", ()), [NAMESPACE.kind]):
        touched[change.key[2]] = None
    for name in touched:
        read, there = declared.get((NAMESPACE.kind, "", name)), contents.get(name)
        note = notes.pop(name, None)
        if read:
            found[name] = read.built
        elif there:
            known = found.get(name)
            found[name] = known if known and not known.declared else _implied(name)
            notes[name] = _note(there, note, old.of(name), moved)
        else:
            found.pop(name, None)
    if all(found.get(name) is before.get(name) for name in touched):
        return before, notes
    return dict(sorted(found.items())), notes


def _implied(name: str) -> Namespace:
    return Namespace(name, NO_LABELS | {NAME_LABEL: name}, declared=False)


def _note(
    there: Contents, earlier: Diagnostic | None, before: Contents, moved: Moved
) -> Diagnostic:
    """It names the first object that uses the namespace."""
    key, read = _first(there)
    if earlier and before.objects and _first(before)[1] is read:
        return earlier
    kind, namespace, name = key
    message = (
        f"namespace `{namespace}` of {kind} `{name}` is not in the input: "
        "only its name label is known"
    )
    fault = Fault(FaultType.NOT_MODELLED, message, "", ("metadata", "namespace"), "NP-35")
    return diagnostics([fault.as_note()], read.place(moved))[0]


def _first(contents: Contents) -> tuple[Key, Read]:
    return next(iter(contents.objects.items()))
