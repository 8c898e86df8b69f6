"""What changes from one snapshot to the next, object by object."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from netsim.manifests.classify import POLICY_NAMES
from netsim.model.inventory import Key, Read


@dataclass(frozen=True, slots=True)
class Change:
    """One object as it was and as it is; None where it is not there."""

    key: Key
    before: Read | None
    now: Read | None

    def is_of(self, *types: type) -> bool:
        """Whether what it was built to is of one of these types."""
        return any(read and isinstance(read.built, types) for read in (self.before, self.now))


def of_policies(changes: Iterable[Change]) -> list[Change]:
    """Those that change a policy."""
    return [change for change in changes if change.key[0] in POLICY_NAMES]


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
