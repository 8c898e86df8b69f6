"""What goes when an object is deleted: all that it owns, and all that is in it."""

from __future__ import annotations

from netsim.manifests.cluster import NAMESPACE
from netsim.manifests.ownership import workload_of
from netsim.manifests.pods import live_and_controllers
from netsim.manifests.workloads import Controller, Standing
from netsim.model.cluster import Pod, WorkloadRef
from netsim.model.inventory import Inventory, Key


def with_dependents(inventory: Inventory, key: Key) -> list[Key]:
    """The keys of the object and what Kubernetes deletes with it.

    With a namespace all objects in it; with a workload its pods, and the ReplicaSets and Jobs
    that it made (WL-12).
    """
    if key[0] == NAMESPACE.kind:
        there = inventory.of(key[2]).objects
        return [key, *there, *(other for other in inventory.besides if other[1] == key[2])]
    read = inventory.find(key)
    if read and isinstance(read.built, Controller | Standing):
        return [key, *_owned(inventory, key, read.built.workload.ref)]
    return [key]


def _owned(inventory: Inventory, key: Key, ref: WorkloadRef) -> list[Key]:
    objects = inventory.of(key[1]).objects
    _, controllers = live_and_controllers(objects.values())
    owners = {ref}
    owned: list[Key] = []
    for other, read in objects.items():
        if isinstance(read.built, Controller) and read.built.owner == ref and other != key:
            owners.add(read.built.workload.ref)
            owned.append(other)
    for other, read in objects.items():
        if isinstance(read.built, Pod):
            pod = read.built
            if pod.workload in owners or workload_of(pod, controllers) in owners:
                owned.append(other)
    return owned
