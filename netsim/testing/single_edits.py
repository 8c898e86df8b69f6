"""Every simple edit of a snapshot, by kind and by what it is made to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from netsim.model.snapshot import Snapshot
from netsim.testing.asked import Asked
from netsim.testing.edit_values import WHOLE_CLUSTER, Edit, EditKind, Scope
from netsim.testing.pod_edits import (
    NEW_POD,
    namespace_names,
    namespace_relabellings,
    new_namespaces,
    new_pod,
    relabellings,
    scalings,
    targets,
    workloads_beside,
)
from netsim.testing.policy_edits import loosenings, new_policies, tightenings
from netsim.testing.rewriting import removals
from netsim.testing.tier_edits import loosenings as tier_loosenings
from netsim.testing.tier_edits import moves, new_tier_policies
from netsim.testing.tier_edits import tightenings as tier_tightenings


@dataclass(frozen=True, slots=True)
class Simple:
    """The simple edits of one kind: `of` has those that are made to, or in, each of `subjects`."""

    kind: EditKind
    subjects: Sequence[Any]
    of: Callable[[Any], Iterable[Edit]]

    def __iter__(self) -> Iterator[Edit]:
        """All of them, made one by one."""
        for subject in self.subjects:
            yield from self.of(subject)


def simple_edits(snapshot: Snapshot, asked: Asked, scope: Scope) -> list[Simple]:
    """The simple edits in a scope, by kind, in a stable order.

    They cover what selectors can see: each label that one asks for, given and taken away, and all
    that one asks for at once. Some of them may be refused when they are made.
    """
    inside = [name for name in snapshot.namespaces if scope.has(name)]
    declared = [snapshot.namespaces[name] for name in inside if snapshot.namespaces[name].declared]
    pods = targets(snapshot, asked, scope)
    policies = [policy for policy in asked.policies if scope.has(policy.namespace)]
    tiers = asked.tiers if scope.has(WHOLE_CLUSTER) else ()
    names = namespace_names(snapshot, asked, scope)
    unlabelled = asked.unused(NEW_POD)
    found = (
        Simple(EditKind.POD_ADDED, inside, lambda name: [new_pod(unlabelled, name, {})]),
        Simple(EditKind.WORKLOAD_ADDED, pods, partial(workloads_beside, asked=asked)),
        Simple(EditKind.SCALED, pods, partial(scalings, snapshot=snapshot)),
        Simple(EditKind.RELABELLED, pods, partial(relabellings, asked=asked)),
        Simple(EditKind.NAMESPACE_ADDED, names, partial(new_namespaces, asked=asked)),
        Simple(
            EditKind.NAMESPACE_RELABELLED, declared, partial(namespace_relabellings, asked=asked)
        ),
        Simple(EditKind.POLICY_ADDED, inside, partial(new_policies, asked=asked)),
        Simple(EditKind.POLICY_ADDED, tiers[:1], lambda _: new_tier_policies(asked)),
        Simple(EditKind.POLICY_REMOVED, (*policies, *tiers), removals),
        Simple(EditKind.POLICY_LOOSENED, policies, loosenings),
        Simple(EditKind.POLICY_LOOSENED, tiers, tier_loosenings),
        Simple(EditKind.POLICY_TIGHTENED, policies, tightenings),
        Simple(EditKind.POLICY_TIGHTENED, tiers, tier_tightenings),
        Simple(EditKind.POLICY_MOVED, tiers, partial(moves, asked=asked)),
    )
    return [each for each in found if each.kind in scope.kinds]


def single_edits(snapshot: Snapshot, scope: Scope = Scope()) -> Iterator[Edit]:  # noqa: B008
    """All of them, one by one."""
    for each in simple_edits(snapshot, Asked(snapshot), scope):
        yield from each
