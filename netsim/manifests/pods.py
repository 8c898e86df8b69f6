"""Which pods there are: those of one namespace, and what the cluster knows of where they run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from operator import is_

from netsim.errors import Diagnostic, FaultType
from netsim.manifests.ownership import Controllers, pods_of, without_pods, workload_of
from netsim.manifests.workloads import Controller, Standing
from netsim.model.cluster import Address, Node, Pod, WorkloadRef
from netsim.model.inventory import Contents, Key, Read
from netsim.schema.fault import Fault, diagnostics
from netsim.source.origin import Moved

# Node name -> its addresses, each once.
Hosts = Mapping[str, tuple[Address, ...]]


def live_and_controllers(objects: Iterable[Read]) -> tuple[list[Pod], Controllers]:
    """The pods that have manifests of their own, and the workloads."""
    live: list[Pod] = []
    controllers: dict[WorkloadRef, Controller | Standing] = {}
    for read in objects:
        built = read.built
        if isinstance(built, Pod):
            live.append(built)
        elif isinstance(built, Controller | Standing):
            controllers[built.workload.ref] = built
    return live, controllers


def settled(
    objects: Mapping[Key, Read], before: Contents, index_matters: Callable[[], bool]
) -> Contents:
    """The contents of a namespace with these objects, their hosts not yet known.

    Live pods and those that templates stand for, all with their workload. A pod that was there
    `before`, and has not changed, is the very same object.
    """
    live, controllers = live_and_controllers(objects.values())
    standing = without_pods(controllers, live)
    pods = [_owned(pod, controllers) for pod in live]
    pods += [pod for controller in standing for pod in pods_of(controller, index_matters)]
    pods.sort(key=_place)
    alone = _as_before(pods, before.alone)
    indexed = any(isinstance(item, Controller) and item.indexed for item in standing)
    return Contents(objects, alone, alone, indexed)


def on_hosts(contents: Contents, hosts: Hosts, before: Contents) -> Contents:
    """The same contents, each pod with all addresses that are known of its host."""
    pods = contents.alone
    if any(pod.node in hosts for pod in pods):
        pods = _as_before([_on_its_host(pod, hosts) for pod in pods], before.pods)
    return contents if pods is contents.pods else replace(contents, pods=pods)


def told(contents: Contents) -> list[tuple[str, tuple[Address, ...]]]:
    """The addresses of nodes that these pods tell: those of a pod on its network, and hostIPs."""
    found = []
    for pod in contents.alone:
        if pod.node:
            own = pod.addresses if pod.host_network and not pod.finished else ()
            if own or pod.host_addresses:
                found.append((pod.node, (*pod.host_addresses, *own)))
    return found


def hosts_of(nodes: Mapping[str, Node], contents: Mapping[str, Contents]) -> Hosts:
    """The nodes that the input knows an address of: theirs, or one that a pod on them tells."""
    hosts = {name: dict.fromkeys(node.addresses) for name, node in nodes.items()}
    for namespace in sorted(contents):
        for name, addresses in told(contents[namespace]):
            hosts.setdefault(name, {}).update(dict.fromkeys(addresses))
    return {name: tuple(addresses) for name, addresses in hosts.items()}


def shared_addresses(
    pods: Iterable[Pod], contents: Mapping[str, Contents], moved: Moved
) -> tuple[Diagnostic, ...]:
    """A warning for each running pod whose address another one has already (NP-42)."""
    owners: dict[Address, Pod] = {}
    found: list[Diagnostic] = []
    for pod in pods:
        if pod.host_network or pod.finished:
            continue
        for address in pod.addresses:
            owner = owners.setdefault(address, pod)
            if owner is not pod:
                message = f"pod `{owner}` has the address {address} too"
                fault = Fault(FaultType.DUPLICATE, message, path=("status", "podIP"), code="NP-42")
                read = contents[pod.namespace].objects.get(("Pod", pod.namespace, pod.name))
                # A pod that a Loader has met before has the origin of then.
                place = read.place(moved) if read else pod.origin
                found += diagnostics([fault.as_warning()], place)
    return tuple(found)


def _owned(pod: Pod, controllers: Controllers) -> Pod:
    workload = workload_of(pod, controllers)
    return pod if workload == pod.workload else replace(pod, workload=workload)


def _on_its_host(pod: Pod, hosts: Hosts) -> Pod:
    addresses = hosts.get(pod.node, pod.host_addresses)
    return pod if addresses == pod.host_addresses else replace(pod, host_addresses=addresses)


def _as_before(pods: list[Pod], before: tuple[Pod, ...]) -> tuple[Pod, ...]:
    """These pods, each the very object that it was before, and all the very tuple, where equal."""
    known = {_place(pod): pod for pod in before}
    found = tuple(_same(pod, known.get(_place(pod))) for pod in pods) if known else tuple(pods)
    same = len(found) == len(before) and all(map(is_, found, before))
    return before if same else found


def _same(pod: Pod, before: Pod | None) -> Pod:
    return before if before == pod and before.origin is pod.origin else pod


def _place(pod: Pod) -> tuple[str, str, str]:
    """No two pods of a namespace have the same: two workloads may come to pods of one name."""
    workload = pod.workload if pod.template else None
    return (pod.name, workload.kind, workload.name) if workload else (pod.name, "", "")
