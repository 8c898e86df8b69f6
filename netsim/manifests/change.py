"""What changes from one snapshot to the next, object by object."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import NamedTuple

from netsim.model.inventory import Key, Read


class Change(NamedTuple):
    """One object as it was and as it is; None where it is not there."""

    key: Key
    before: Read | None
    now: Read | None


def of_kinds(changes: Iterable[Change], kinds: Container[str]) -> list[Change]:
    """Those that change an object of one of these kinds."""
    return [change for change in changes if change.key[0] in kinds]


def by_namespace(changes: Iterable[Change]) -> dict[str, list[Change]]:
    """The changes of each namespace; those of cluster-scoped objects under the empty name."""
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(change.key[1], []).append(change)
    return found


def objects_after(objects: Mapping[Key, Read], changes: Iterable[Change]) -> dict[Key, Read]:
    """What is replaced keeps its place, what is new comes last."""
    found = dict(objects)
    for change in changes:
        if change.now:
            found[change.key] = change.now
        else:
            found.pop(change.key, None)
    return found
