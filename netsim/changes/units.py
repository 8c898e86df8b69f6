"""Which pod of the new version is which one of the old: by name, and else as replicas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from netsim.changes.leavers import Leavers
from netsim.changes.version import Version
from netsim.compiler.looks import looks_of
from netsim.dialects.networkpolicy.lower import lower
from netsim.model.cluster import Node, Pod, WorkloadRef


@dataclass(frozen=True, slots=True)
class Unit:
    """One endpoint in both versions, or one that only the old or only the new has."""

    old: Pod | Node | None
    new: Pod | Node | None

    @property
    def either(self) -> Pod | Node:
        """The new one if there is one."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def several(self) -> bool:
        """Whether it stands for more pods than one wherever it is: then it talks to itself."""
        both = [each for each in (self.old, self.new) if each]
        return all(isinstance(each, Pod) and each.replicas != 1 for each in both)


class Asked:
    """The label keys that policies of some versions ask for, found when somebody has to know."""

    def __init__(self, versions: Sequence[Version]) -> None:
        self._versions = versions

    @cached_property
    def keys(self) -> frozenset[str]:
        """Whatever else two pods are labelled, they are alike to policies."""
        spaces = (space for version in self._versions for space in version.spaces.values())
        policies = (policy for space in spaces for policy in space.policies)
        lowered = lower(policies, self._versions[0].semantics)
        ranked = tuple(rule for version in self._versions for rule in version.tiers.ranked)
        return looks_of(lowered._replace(ranked=ranked)).keys


def paired(old: Sequence[Pod], new: Sequence[Pod], asked: Asked) -> list[Unit]:
    """The pods of one namespace as units, in a stable order."""
    by_name = {pod.identity: pod for pod in new}
    units, left = [], []
    for pod in old:
        same = by_name.pop(pod.identity, None)
        if same is None:
            left.append(pod)
        else:
            units.append(Unit(pod, same))
    return sorted([*units, *_replaced(left, list(by_name.values()), units, asked)], key=_order)


def _replaced(
    gone: list[Pod], come: list[Pod], both: Sequence[Unit], asked: Asked
) -> Iterator[Unit]:
    """Pods without one of their name: replicas of a workload go for one another.

    What is left over has no unit where it is like a replica that has: the workload is larger or
    smaller. Where one pod of the other version stands for all replicas, it is that.
    """
    found: dict[WorkloadRef, list[Unit]] = defaultdict(list)
    for unit in both:
        if isinstance(unit.new, Pod) and unit.new.workload:
            found[unit.new.workload].append(unit)
    gone_of: dict[WorkloadRef | None, list[Pod]] = defaultdict(list)
    for pod in gone:
        gone_of[pod.workload].append(pod)
    leaving = {ref: Leavers(pods) for ref, pods in gone_of.items()}
    left: dict[tuple[WorkloadRef | None, bool], list[Unit]] = defaultdict(list)
    for pod in come:
        leavers = leaving.get(pod.workload) if pod.workload else None
        twin = leavers.take(pod) if leavers else None
        if pod.workload and twin:
            found[pod.workload].append(Unit(twin, pod))
            yield Unit(twin, pod)
        else:
            left[pod.workload, True].append(Unit(None, pod))
    for ref, leavers in leaving.items():
        left[ref, False] += (Unit(pod, None) for pod in leavers)
    for (ref, came), units in left.items():
        yield from _left_over(units, came, found[ref] if ref else (), asked)


def _left_over(
    units: Sequence[Unit], came: bool, replicas: Sequence[Unit], asked: Asked
) -> Iterator[Unit]:
    """The units of a workload's pods that one version alone has, beside its other replicas."""
    known = {_sight(each.new if came else each.old, asked.keys) for each in replicas}
    others = (each.old if came else each.new for each in replicas)
    template = next((each for each in others if _is_for_all(each)), None)
    for unit in units:
        if not replicas or _sight(unit.either, asked.keys) not in known:
            yield Unit(unit.old or template, unit.new or template)


def _is_for_all(pod: Pod | Node | None) -> bool:
    """Whether it stands for all replicas of its workload."""
    return isinstance(pod, Pod) and pod.template and pod.replicas != 1


def _sight(pod: Pod | Node | None, keys: frozenset[str]) -> Hashable:
    """What policies see of a pod that ask for these label keys, wherever it runs."""
    if not isinstance(pod, Pod):
        return None
    labels = frozenset(pair for pair in pod.labels.items() if pair[0] in keys)
    return labels, pod.ports, pod.host_network


def _order(unit: Unit) -> tuple[str, str, int, str, str]:
    endpoint = unit.either
    assert isinstance(endpoint, Pod)
    _, name, controller, replica = endpoint.identity
    old = unit.old.name if unit.old else ""
    return name, controller, replica, old, str(endpoint)
