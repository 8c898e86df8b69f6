"""What changes from one snapshot to the next, object by object."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import is_

from netsim.model.inventory import Key, Read


@dataclass(slots=True, eq=False, repr=False)
class Change:
    """One object as it was and as it is; None where it is not there."""

    key: Key
    before: Read | None
    now: Read | None


# Namespace -> its changes; those of cluster-scoped objects are under the empty name.
Grouped = Mapping[str, Sequence[Change]]


def of_kinds(changes: Iterable[Change], kinds: Container[str]) -> list[Change]:
    """Those that change an object of one of these kinds."""
    return [change for change in changes if change.key[0] in kinds]


def by_namespace(changes: Iterable[Change]) -> Grouped:
    """The changes of each namespace, in their order."""
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(change.key[1], []).append(change)
    return found


def objects_after(objects: Mapping[Key, Read], changes: Iterable[Change]) -> dict[Key, Read]:
    """What is replaced keeps its place, what is new comes last."""
    after = dict(objects)
    for change in changes:
        if change.now:
            after[change.key] = change.now
        else:
            after.pop(change.key, None)
    return after


def is_same(objects: Mapping[Key, Read], others: Mapping[Key, Read]) -> bool:
    """Whether both are the very same objects, in the same order."""
    return len(objects) == len(others) and all(map(is_, objects.values(), others.values()))
