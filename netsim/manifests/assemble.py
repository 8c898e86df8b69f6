"""Objects to a Snapshot: on top of another one, which is empty for a load.

What a changed object has a say in is made again, and all else is taken over as it is: a policy has
one in the policies, a pod or workload in the pods of its namespace, a node in whoever runs there.
The result is that of a load of all objects at once.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain

from netsim.errors import Diagnostic
from netsim.manifests.change import Change, Grouped, by_namespace, is_same, objects_after, of_kinds
from netsim.manifests.classify import CLUSTER_POLICY_NAMES, POLICY_NAMES
from netsim.manifests.cluster import NODE, POD
from netsim.manifests.intake import Intake, in_order
from netsim.manifests.job_index import index_matters, index_matters_after
from netsim.manifests.namespaces import namespaces_after
from netsim.manifests.pods import Hosts, hosts_of, on_hosts, settled, shared_addresses, told
from netsim.manifests.tiers import mixed_apis
from netsim.manifests.workloads import WORKLOAD_KINDS
from netsim.model.cluster import Node, Pod, Workload, WorkloadRef
from netsim.model.inventory import NO_CONTENTS, Contents, Inventory, Key
from netsim.model.snapshot import LeftOut, Policy, Snapshot, Summary
from netsim.source.origin import Moved

_FEW = 64  # so many policies are put into their places one by one
_Contents = Mapping[str, Contents]

_WORKLOADS = frozenset(kind.kind for kind in WORKLOAD_KINDS)
_WITH_PODS = _WORKLOADS | {POD.kind}


def assemble(
    before: Snapshot,
    intake: Intake,
    deleted: Iterable[Key] = (),
    like: Inventory | None = None,
) -> Snapshot:
    """The snapshot with what was taken in on top of `before`, and without the `deleted`.

    Whatever has not changed is the very same object in both; so is, where there is nothing
    `before`, what is `like` that of another snapshot.
    """
    old = before.inventory or Inventory()
    like = like or old
    changes = [Change(key, old.find(key), read) for key, read in intake.objects.items()]
    changes += [Change(key, old.find(key), None) for key in deleted]
    grouped = by_namespace(changes)
    of_cluster = grouped.get("", ())
    nodes = _nodes(before.nodes, of_cluster)
    policies = _policies(before.policies, changes)
    known = index_matters_after(old.index_matters, changes, policies)
    made, matters = _made(old, like, grouped, known, policies)
    hosts = _hosts(old, made, nodes, of_cluster)
    made = _on_hosts(old, like, made, hosts)
    contents = _contents(old, made)
    pods = _pods(before.pods, old, made, contents)
    moved = {**old.moved, **intake.moved} if intake.moved else old.moved
    namespaces, notes = namespaces_after(before.namespaces, old, contents, grouped, moved)
    gone = _gone(before, old, changes, intake)
    besides = {key: said for key, said in old.besides.items() if key not in gone} | intake.besides
    shared = _shared(old, made, pods, contents, moved)
    mixed = old.mixed
    if of_kinds(of_cluster, CLUSTER_POLICY_NAMES):
        objects = contents.get("", NO_CONTENTS).objects
        mixed = mixed_apis(policies, objects, moved, old.mixed)
    inventory = Inventory(contents, besides, hosts, notes, shared, mixed, matters, moved)
    return Snapshot(
        namespaces,
        nodes,
        _workloads(before.workloads, changes),
        pods,
        policies,
        before.semantics,
        _diagnostics(before.diagnostics, old, inventory, changes, intake),
        (*_without(gone, before.left_out), *intake.left_out),
        (*_without(gone, before.unmodelled), *intake.unmodelled),
        _summary(before.summary, changes, intake),
    ).made_of(inventory)


def _gone(
    before: Snapshot, old: Inventory, changes: Iterable[Change], intake: Intake
) -> Container[Key]:
    """The objects of which nothing holds that was said before, if anything was: they change."""
    if not (old.besides or before.left_out or before.unmodelled):
        return frozenset()
    return {change.key for change in changes} | intake.besides.keys()


def _nodes(before: Mapping[str, Node], changes: Iterable[Change]) -> Mapping[str, Node]:
    changes = of_kinds(changes, [NODE.kind])
    if not changes:
        return before
    gone = {change.key[2] for change in changes}
    nodes = {name: node for name, node in before.items() if name not in gone}
    nodes |= {change.key[2]: change.now.built for change in changes if change.now}
    return dict(sorted(nodes.items()))


def _workloads(
    before: Mapping[WorkloadRef, Workload], changes: Iterable[Change]
) -> Mapping[WorkloadRef, Workload]:
    changes = of_kinds(changes, _WORKLOADS)
    if not changes:
        return before
    workloads = dict(before)
    for change in changes:
        if change.now:
            workload = change.now.built.workload
            workloads[workload.ref] = workload
        elif change.before:
            del workloads[change.before.built.workload.ref]
    return workloads


def _policies(before: tuple[Policy, ...], changes: Iterable[Change]) -> tuple[Policy, ...]:
    changes = of_kinds(changes, POLICY_NAMES)
    if not changes:
        return before
    found = list(before)
    if len(changes) > _FEW:
        gone = {id(change.before.built) for change in changes if change.before}
        found = [policy for policy in found if id(policy) not in gone]
        found += [change.now.built for change in changes if change.now]
        return tuple(sorted(found, key=_policy_key))
    for change in changes:
        if change.before:
            del found[bisect_left(found, change.key, key=_policy_key)]
        if change.now:
            insort(found, change.now.built, key=_policy_key)
    return tuple(found)


def _policy_key(policy: Policy) -> Key:
    return policy.kind, policy.namespace, policy.name


def _made(
    old: Inventory,
    like: Inventory,
    grouped: Grouped,
    known: bool | None,
    policies: tuple[Policy, ...],
) -> tuple[_Contents, bool | None]:
    """The new contents of namespaces that have some, and whether a Job's index matters.

    That is `known`, or found where somebody has to know.
    """

    @cache
    def matters() -> bool:
        return index_matters(policies) if known is None else known

    made: dict[str, Contents] = {}
    if known != old.index_matters:
        for name, there in old.contents.items():
            if there.indexed:
                made[name] = settled(there.objects, there, matters)
    for name, here in grouped.items():
        objects = objects_after(old.of(name).objects, here)
        there = like.of(name)
        if not there.indexed and is_same(objects, there.objects):
            made[name] = there
        elif any(change.key[0] in _WITH_PODS for change in here):
            made[name] = settled(objects, there, matters)
        else:
            made[name] = replace(made.get(name, old.of(name)), objects=objects)
    asked = any(there.indexed for there in _contents(old, made).values())
    return made, matters() if asked else None


def _contents(old: Inventory, made: _Contents) -> _Contents:
    """Those of all namespaces that have an object."""
    contents = {**old.contents, **made}
    for name, there in made.items():
        if not there.objects:
            del contents[name]
    return contents


def _hosts(
    old: Inventory, made: _Contents, nodes: Mapping[str, Node], changes: Iterable[Change]
) -> Hosts:
    as_told = all(told(old.of(name)) == told(there) for name, there in made.items())
    if as_told and not of_kinds(changes, [NODE.kind]):
        return old.hosts
    return hosts_of(nodes, _contents(old, made))


def _on_hosts(old: Inventory, like: Inventory, made: _Contents, hosts: Hosts) -> _Contents:
    """The same with the hosts of the pods, and those of namespaces that have a pod on one of which
    more is known now, or less."""
    names = dict.fromkeys(made)
    if hosts is not old.hosts:
        both = hosts.keys() | old.hosts
        moved = {name for name in both if hosts.get(name) != old.hosts.get(name)}
        for name, there in old.contents.items():
            if any(pod.node in moved for pod in there.alone):
                names[name] = None
    return {name: on_hosts(made.get(name, old.of(name)), hosts, like.of(name)) for name in names}


def _pods(
    before: tuple[Pod, ...], old: Inventory, made: _Contents, contents: _Contents
) -> tuple[Pod, ...]:
    if all(old.of(name).pods is there.pods for name, there in made.items()):
        return before
    return tuple(chain.from_iterable(contents[name].pods for name in sorted(contents)))


def _shared(
    old: Inventory, made: _Contents, pods: Iterable[Pod], contents: _Contents, moved: Moved
) -> tuple[Diagnostic, ...]:
    differing = (
        (*old.of(name).pods, *there.pods)
        for name, there in made.items()
        if old.of(name).pods is not there.pods
    )
    if any(pod.addresses for some in differing for pod in some):
        return shared_addresses(pods, contents, moved)
    return old.shared


def _diagnostics(
    before: tuple[Diagnostic, ...],
    old: Inventory,
    new: Inventory,
    changes: Iterable[Change],
    intake: Intake,
) -> tuple[Diagnostic, ...]:
    gone = [*old.notes.values(), *old.shared, *old.mixed]
    came = [*intake.diagnostics, *new.notes.values(), *new.shared, *new.mixed]
    gone += [item for change in changes if change.before for item in change.before.said]
    came += [item for change in changes if change.now for item in change.now.said]
    for key in old.besides.keys() | new.besides.keys():
        if old.besides.get(key) is not new.besides.get(key):
            gone += old.besides.get(key, ())
            came += new.besides.get(key, ())
    gone_ids, came_ids = set(map(id, gone)), set(map(id, came))
    if gone_ids == came_ids:
        return before
    return tuple(in_order([*(item for item in before if id(item) not in gone_ids), *came]))


def _without(gone: Container[Key], left_out: Iterable[LeftOut]) -> Iterator[LeftOut]:
    return (item for item in left_out if (item.kind, item.namespace, item.name) not in gone)


def _summary(before: Summary, changes: Sequence[Change], intake: Intake) -> Summary:
    read = Counter(before.read)
    read.update(change.key[0] for change in changes if change.now)
    read.subtract(change.key[0] for change in changes if change.before)
    skipped = Counter(before.skipped) + intake.passed
    return Summary(+read, skipped, before.files + intake.files)
