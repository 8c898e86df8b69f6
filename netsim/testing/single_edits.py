"""Every simple edit of a snapshot, one by one: what a search tries before it draws any."""

from __future__ import annotations

from collections.abc import Iterator

from netsim.model.snapshot import Snapshot
from netsim.testing.asked import Asked, asked_of
from netsim.testing.edit_values import Edit, EditKind, Scope
from netsim.testing.pod_edits import (
    namespace_relabellings,
    new_namespaces,
    new_workloads,
    relabellings,
    scalings,
    unlabelled_pods,
)
from netsim.testing.policy_edits import policy_edits


def single_edits(snapshot: Snapshot, scope: Scope = Scope()) -> Iterator[Edit]:  # noqa: B008
    """The simple edits in a scope, in a stable order; some of them may be refused when made.

    They are finite and cover what selectors can see: each label that one asks for, given and
    taken away, and all that one asks for at once.
    """
    asked = asked_of(snapshot)
    for kind in EditKind:
        if kind in scope.kinds:
            yield from edits_of_kind(snapshot, asked, kind, scope)


def edits_of_kind(snapshot: Snapshot, asked: Asked, kind: EditKind, scope: Scope) -> Iterator[Edit]:
    """Those of one kind."""
    inside = [name for name in snapshot.namespaces if scope.has(name)]
    match kind:
        case EditKind.POD_ADDED:
            yield from unlabelled_pods(inside)
        case EditKind.WORKLOAD_ADDED:
            yield from new_workloads(snapshot, asked, scope)
        case EditKind.SCALED:
            yield from scalings(snapshot, asked, scope)
        case EditKind.RELABELLED:
            yield from relabellings(snapshot, asked, scope)
        case EditKind.NAMESPACE_ADDED:
            yield from new_namespaces(snapshot, asked, scope)
        case EditKind.NAMESPACE_RELABELLED:
            yield from namespace_relabellings(snapshot, asked, scope)
        case _:
            yield from policy_edits(asked, kind, inside, scope)
