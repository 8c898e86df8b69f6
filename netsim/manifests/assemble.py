"""Objects to a Snapshot: which namespaces there are, which pods, whose they are and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace

from netsim.errors import Diagnostic, FaultType
from netsim.labels.labels import NO_LABELS
from netsim.labels.selector import Selector
from netsim.manifests.classify import POLICY_NAMES
from netsim.manifests.intake import Intake
from netsim.manifests.ownership import Controllers, pods_of, without_pods, workload_of
from netsim.manifests.workloads import Controller
from netsim.model.cluster import NAME_LABEL, Address, Namespace, Node, Pod
from netsim.model.snapshot import Policy, Snapshot, Summary
from netsim.schema.fault import Fault, diagnostics

# Node name -> its addresses, each once.
_Hosts = dict[str, dict[Address, None]]


def assemble(intake: Intake, skipped: Mapping[str, int], files: int) -> Snapshot:
    """The snapshot of what was taken in; `skipped` and `files` are those of the reading."""
    built = [read.built for read in intake.objects.values()]
    nodes = {item.name: item for item in built if isinstance(item, Node)}
    controllers = {item.workload.ref: item for item in built if isinstance(item, Controller)}
    policies = _policies(intake)
    pods = _pods([item for item in built if isinstance(item, Pod)], controllers, nodes, policies)
    implicit, notes = _implicit_namespaces(intake)
    return Snapshot(
        namespaces={item.name: item for item in built if isinstance(item, Namespace)} | implicit,
        nodes=nodes,
        workloads={ref: controller.workload for ref, controller in controllers.items()},
        pods=pods,
        policies=policies,
        semantics=intake.semantics,
        diagnostics=(*intake.diagnostics, *notes, *_shared_addresses(pods)),
        left_out=tuple(intake.left_out),
        unmodelled=tuple(intake.unmodelled),
        summary=Summary(
            read=Counter(kind for kind, _, _ in intake.objects),
            skipped=intake.passed + Counter(skipped),
            files=files,
        ),
    )


def _policies(intake: Intake) -> tuple[Policy, ...]:
    found = [read.built for key, read in intake.objects.items() if key[0] in POLICY_NAMES]
    return tuple(sorted(found, key=lambda policy: (policy.kind, policy.namespace, policy.name)))


def _pods(
    live: list[Pod],
    controllers: Controllers,
    nodes: Mapping[str, Node],
    policies: tuple[Policy, ...],
) -> tuple[Pod, ...]:
    """Live pods and those that templates stand for, all with their workload and host."""
    standing = without_pods(controllers, live)
    keys = _label_keys(policies) if any(item.indexed for item in standing) else frozenset()
    pods = [_owned(pod, controllers) for pod in live]
    pods += [pod for controller in standing for pod in pods_of(controller, keys)]
    hosts = _hosts(pods, nodes)
    pods = [_on_its_host(pod, hosts) if pod.node in hosts else pod for pod in pods]
    return tuple(sorted(pods, key=lambda pod: (pod.namespace, pod.name)))


def _owned(pod: Pod, controllers: Controllers) -> Pod:
    workload = workload_of(pod, controllers)
    return pod if workload == pod.workload else replace(pod, workload=workload)


def _hosts(pods: Iterable[Pod], nodes: Mapping[str, Node]) -> _Hosts:
    """The nodes that the input knows an address of: theirs, or one that a pod on them tells."""
    hosts: _Hosts = {name: dict.fromkeys(node.addresses) for name, node in nodes.items()}
    for pod in pods:
        own = pod.addresses if pod.host_network and not pod.finished else ()
        if pod.node and (own or pod.host_addresses):
            hosts.setdefault(pod.node, {}).update(dict.fromkeys((*pod.host_addresses, *own)))
    return hosts


def _on_its_host(pod: Pod, hosts: _Hosts) -> Pod:
    addresses = tuple(hosts[pod.node])
    return pod if addresses == pod.host_addresses else replace(pod, host_addresses=addresses)


def _label_keys(policies: Iterable[object]) -> frozenset[str]:
    """Every label key that a selector anywhere in these policies uses."""
    return frozenset(
        requirement.key
        for selector in _selectors(policies)
        for requirement in selector.requirements
    )


def _selectors(value: object) -> Iterator[Selector]:
    if isinstance(value, Selector):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _selectors(item)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _selectors(getattr(value, part.name))


def _implicit_namespaces(intake: Intake) -> tuple[dict[str, Namespace], list[Diagnostic]]:
    """The namespaces that objects use and nobody declares (NP-35), and a note on each."""
    declared = {name for kind, _, name in intake.objects if kind == "Namespace"}
    found: dict[str, Namespace] = {}
    notes = []
    for (kind, namespace, name), read in intake.objects.items():
        if namespace and namespace not in declared and namespace not in found:
            labels = NO_LABELS | {NAME_LABEL: namespace}
            found[namespace] = Namespace(namespace, labels, declared=False)
            message = (
                f"namespace `{namespace}` of {kind} `{name}` is not in the input: "
                "only its name label is known"
            )
            fault = Fault(FaultType.NOT_MODELLED, message, "", ("metadata", "namespace"), "NP-35")
            notes += diagnostics([fault.as_note()], read.origin)
    return found, notes


def _shared_addresses(pods: Iterable[Pod]) -> list[Diagnostic]:
    """A warning for each running pod whose address another one has already (NP-42)."""
    owners: dict[Address, Pod] = {}
    found = []
    for pod in pods:
        if pod.host_network or pod.finished:
            continue
        for address in pod.addresses:
            owner = owners.setdefault(address, pod)
            if owner is not pod:
                message = f"pod `{owner}` has the address {address} too"
                fault = Fault(FaultType.DUPLICATE, message, path=("status", "podIP"), code="NP-42")
                found += diagnostics([fault.as_warning()], pod.origin)
    return found
