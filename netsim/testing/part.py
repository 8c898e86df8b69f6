"""The part of a cluster that decides what some pods get: for invariants about one end."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import replace

from netsim.analysis.program import Program
from netsim.changes.version import others
from netsim.model.cluster import Pod
from netsim.model.inventory import Inventory
from netsim.model.snapshot import Snapshot
from netsim.testing.asked import tier_policies_of
from netsim.testing.change import Change
from netsim.testing.edit_values import WHOLE_CLUSTER, Edit


class Parts:
    """A cluster, of which changes are looked at in some namespaces alone.

    What a pod may send to another hangs on the two, their namespaces, the policies in these and
    those of the whole cluster. So while the last stay as they are, a change shows in the namespaces
    that are edited and those of whom is asked about as it does in the whole cluster; but an address
    of a pod that is elsewhere is taken for one outside.
    """

    def __init__(self, before: Snapshot, about: frozenset[str]) -> None:
        self._before, self._about = before, about
        self._programs: dict[frozenset[str], Program] = {}

    def decide(self, after: Snapshot) -> bool:
        """Whether they tell all of a change to this snapshot.

        They don't where a workload gets or loses pods: whether these are new, or replicas of
        others that stay, hangs on the labels that policies anywhere ask for. Nor where a policy of
        the whole cluster is another.
        """
        names = edited_in(self._before, after)
        if WHOLE_CLUSTER in names and tier_policies_of(self._before) != tier_policies_of(after):
            return False
        return not any(_is_scaled(self._before, after, name) for name in names)

    def change(self, edits: tuple[Edit, ...], after: Snapshot) -> Change:
        """What edits that led to this snapshot make there."""
        names = self._about | edited_in(self._before, after)
        program = self._programs.get(names)
        if program is None:
            program = self._programs[names] = Program(part_of(self._before, names))
        return Change(program, edits, *program.update(part_of(after, names)))


def edited_in(before: Snapshot, after: Snapshot) -> frozenset[str]:
    """The namespaces in which anything is other than before, or which are so themselves."""
    old, new = (each.inventory or Inventory() for each in (before, after))
    found = {*others(old.contents, new.contents), *others(before.namespaces, after.namespaces)}
    return frozenset(found)


def _is_scaled(before: Snapshot, after: Snapshot, namespace: str) -> bool:
    """Whether a workload of both has other pods."""
    old, new = (
        {pod.identity: pod for pod in _pods(each.pods, namespace)} for each in (before, after)
    )
    other = (
        pod.workload
        for each, rest in ((old, new), (new, old))
        for key, pod in each.items()
        if key not in rest
    )
    return any(ref in before.workloads and ref in after.workloads for ref in other)


def part_of(snapshot: Snapshot, names: Iterable[str]) -> Snapshot:
    """These namespaces with what is in them, all nodes and the policies of the whole cluster."""
    inside = sorted(names)
    places = {*inside, WHOLE_CLUSTER}
    return replace(
        snapshot,
        namespaces={
            name: snapshot.namespaces[name] for name in inside if name in snapshot.namespaces
        },
        workloads={ref: each for ref, each in snapshot.workloads.items() if ref.namespace in names},
        pods=tuple(pod for name in inside for pod in _pods(snapshot.pods, name)),
        policies=tuple(each for each in snapshot.policies if each.namespace in places),
    )


def _pods(pods: tuple[Pod, ...], namespace: str) -> tuple[Pod, ...]:
    """Those of one namespace, of all that are sorted by it."""
    first = bisect_left(pods, namespace, key=lambda pod: pod.namespace)
    return pods[first : bisect_right(pods, namespace, first, key=lambda pod: pod.namespace)]
