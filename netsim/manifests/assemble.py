"""Objects to a Snapshot: on top of another one, which is empty for a load.

What a changed object has a say in is made again, and all else is taken over as it is: a policy has
one in the policies, a pod or workload in the pods of its namespace, a node in whoever runs there.
The result is that of a load of all objects at once.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain

from netsim.errors import Diagnostic
from netsim.manifests.change import Change, by_namespace, objects_after, of_policies
from netsim.manifests.intake import Intake, in_order
from netsim.manifests.job_index import index_matters, index_matters_after
from netsim.manifests.namespaces import namespaces_after
from netsim.manifests.pods import Hosts, hosts_of, on_hosts, settled, shared_addresses, told
from netsim.manifests.workloads import Controller, Standing
from netsim.model.cluster import Node, Pod, Workload, WorkloadRef
from netsim.model.inventory import NO_CONTENTS, Contents, Inventory, Key
from netsim.model.snapshot import LeftOut, Policy, Snapshot, Summary

_FEW = 64  # so many policies are put into their places one by one
_AllContents = Mapping[str, Contents]


def assemble(before: Snapshot, intake: Intake, deleted: Iterable[Key] = ()) -> Snapshot:
    """The snapshot with what was taken in on top of `before`, and without the `deleted`.

    Whatever has not changed is the very same object in both.
    """
    old = before.inventory or Inventory()
    changes = [Change(key, old.find(key), read) for key, read in intake.objects.items()]
    changes += [Change(key, old.find(key), None) for key in deleted]
    nodes = _nodes(before.nodes, changes)
    policies = _policies(before.policies, changes)
    contents, matters = _contents(old, changes, policies)
    hosts = _hosts(old, contents, nodes, changes)
    contents = _on_hosts(old, contents, hosts)
    pods = _pods(before.pods, old, contents)
    namespaces, notes = namespaces_after(before.namespaces, old, contents, changes)
    # What was said of an object goes when it changes.
    gone = {change.key for change in changes} | intake.besides.keys()
    besides = {key: said for key, said in old.besides.items() if key not in gone} | intake.besides
    inventory = Inventory(contents, besides, hosts, notes, _shared(old, contents, pods), matters)
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


def _nodes(before: Mapping[str, Node], changes: Iterable[Change]) -> Mapping[str, Node]:
    changes = [change for change in changes if change.is_of(Node)]
    if not changes:
        return before
    gone = {change.key[2] for change in changes}
    nodes = {name: node for name, node in before.items() if name not in gone}
    nodes |= {change.key[2]: change.now.built for change in changes if change.now}
    return dict(sorted(nodes.items()))


def _workloads(
    before: Mapping[WorkloadRef, Workload], changes: Iterable[Change]
) -> Mapping[WorkloadRef, Workload]:
    changes = [change for change in changes if change.is_of(Controller, Standing)]
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
    changes = of_policies(changes)
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


def _contents(
    old: Inventory, changes: Sequence[Change], policies: tuple[Policy, ...]
) -> tuple[dict[str, Contents], bool | None]:
    """The contents of all namespaces but for the hosts, and whether a Job's index matters."""
    known = index_matters_after(old.index_matters, changes, policies)

    @cache
    def matters() -> bool:
        return index_matters(policies) if known is None else known

    contents = dict(old.contents)
    if known != old.index_matters:
        for name, there in old.contents.items():
            if there.indexed:
                contents[name] = settled(there.objects, there, matters)
    for name, here in by_namespace(changes).items():
        objects = objects_after(old.of(name).objects, here)
        if not objects:
            contents.pop(name, None)
        elif any(change.is_of(Pod, Controller, Standing) for change in here):
            contents[name] = settled(objects, old.of(name), matters)
        else:
            contents[name] = replace(contents.get(name, NO_CONTENTS), objects=objects)
    asked = any(there.indexed for there in contents.values())
    return contents, matters() if asked else None


def _hosts(
    old: Inventory, contents: _AllContents, nodes: Mapping[str, Node], changes: Iterable[Change]
) -> Hosts:
    if any(change.is_of(Node) for change in changes):
        return hosts_of(nodes, contents)
    as_told = all(told(before) == told(now) for before, now in _differing(old, contents))
    return old.hosts if as_told else hosts_of(nodes, contents)


def _on_hosts(old: Inventory, contents: _AllContents, hosts: Hosts) -> dict[str, Contents]:
    moved = {name for name in hosts.keys() | old.hosts if hosts.get(name) != old.hosts.get(name)}
    return {
        name: on_hosts(there, hosts, old.of(name))
        if there.alone is not old.of(name).alone or any(pod.node in moved for pod in there.alone)
        else there
        for name, there in contents.items()
    }


def _pods(before: tuple[Pod, ...], old: Inventory, contents: _AllContents) -> tuple[Pod, ...]:
    if all(then.pods is now.pods for then, now in _differing(old, contents)):
        return before
    return tuple(chain.from_iterable(contents[name].pods for name in sorted(contents)))


def _shared(old: Inventory, contents: _AllContents, pods: Iterable[Pod]) -> tuple[Diagnostic, ...]:
    has_addresses = any(
        pod.addresses for pair in _differing(old, contents) for there in pair for pod in there.pods
    )
    return shared_addresses(pods, contents) if has_addresses else old.shared


def _differing(old: Inventory, contents: _AllContents) -> Iterator[tuple[Contents, Contents]]:
    """What every namespace had and has whose objects or pods have changed."""
    for name in dict.fromkeys((*old.contents, *contents)):
        before, now = old.of(name), contents.get(name, NO_CONTENTS)
        if before is not now:
            yield before, now


def _diagnostics(
    before: tuple[Diagnostic, ...],
    old: Inventory,
    new: Inventory,
    changes: Iterable[Change],
    intake: Intake,
) -> tuple[Diagnostic, ...]:
    gone = [*old.notes.values(), *old.shared]
    came = [*intake.diagnostics, *new.notes.values(), *new.shared]
    for change in changes:
        gone += change.before.said if change.before else ()
        came += change.now.said if change.now else ()
    for key in old.besides.keys() | new.besides.keys():
        if old.besides.get(key) is not new.besides.get(key):
            gone += old.besides.get(key, ())
            came += new.besides.get(key, ())
    gone_ids, came_ids = set(map(id, gone)), set(map(id, came))
    if gone_ids == came_ids:
        return before
    return tuple(in_order([*(item for item in before if id(item) not in gone_ids), *came]))


def _without(gone: Iterable[Key], left_out: Iterable[LeftOut]) -> Iterator[LeftOut]:
    return (item for item in left_out if (item.kind, item.namespace, item.name) not in gone)


def _summary(before: Summary, changes: Iterable[Change], intake: Intake) -> Summary:
    read = Counter(before.read)
    for change in changes:
        read[change.key[0]] += bool(change.now) - bool(change.before)
    skipped = Counter(before.skipped) + intake.passed
    return Summary(+read, skipped, before.files + intake.files)
