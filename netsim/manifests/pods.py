"""Pod objects."""

from __future__ import annotations

from typing import Any

from netsim.errors import FaultType
from netsim.manifests import shapes
from netsim.manifests.addresses import (
    address_faults,
    addresses_of,
    has_two_of_a_family,
    item_texts,
)
from netsim.manifests.podspec import container_ports, pod_faults
from netsim.model.cluster import Address, Pod, WorkloadRef
from netsim.model.semantics import Semantics
from netsim.schema.fault import Fault, quoted
from netsim.schema.kinds import ObjectKind
from netsim.schema.metadata import labels_of, metadata_faults, name_of, namespace_of
from netsim.schema.names import dns_subdomain
from netsim.source.origin import Origin

_PHASES = ("Pending", "Running", "Succeeded", "Failed", "Unknown")
_FINISHED = ("Succeeded", "Failed")


def owner_of(value: dict[str, Any]) -> WorkloadRef | None:
    """What controls an object: its ownerReference with `controller: true` (WL-12).

    A static pod is controlled by its node, which is no workload (WL-9).
    """
    for owner in value["metadata"].get("ownerReferences") or ():
        if owner and owner.get("controller") and owner["kind"] != "Node":
            return WorkloadRef(namespace_of(value), owner["kind"].lower(), owner["name"])
    return None


def _validate(value: dict[str, Any], semantics: Semantics) -> list[Fault]:
    found = metadata_faults(value, dns_subdomain)
    found += [fault.inside("spec") for fault in pod_faults(value.get("spec") or {})]
    if status := value.get("status"):
        found += [fault.inside("status") for fault in _status_faults(status)]
    return found


def _status_faults(status: dict[str, Any]) -> list[Fault]:
    found = address_faults(status.get("podIP"), "podIP")
    found += address_faults(status.get("hostIP"), "hostIP")
    for field in ("podIPs", "hostIPs"):
        for index, text in enumerate(item_texts(status.get(field))):
            found += address_faults(text, field, index, "ip")
    if not found and has_two_of_a_family(_pod_addresses(status)):
        message = "a pod has at most one address of each family, `podIP` among them"
        found.append(Fault(FaultType.INVALID, message, path=("podIPs",), code="NP-41"))
    phase = status.get("phase")
    if phase and phase not in _PHASES:
        message = f"{quoted(phase)} is no phase of a pod: taken as running"
        help = f"phases: {', '.join(_PHASES)}"
        fault = Fault(FaultType.NOT_SUPPORTED, message, help, ("phase",), "NP-64")
        found.append(fault.as_warning())
    return found


def _build(value: dict[str, Any], origin: Origin, semantics: Semantics) -> Pod:
    spec, status = value["spec"], value.get("status") or {}
    return Pod(
        namespace=namespace_of(value),
        name=name_of(value),
        labels=labels_of(value),
        addresses=_pod_addresses(status),
        ports=container_ports(spec),
        node=spec.get("nodeName") or "",
        host_addresses=addresses_of([status.get("hostIP"), *item_texts(status.get("hostIPs"))]),
        host_network=bool(spec.get("hostNetwork")),
        finished=status.get("phase") in _FINISHED,  # NP-64; one with deletionTimestamp runs (NP-66)
        workload=owner_of(value),
        origin=origin,
    )


def _pod_addresses(status: dict[str, Any]) -> tuple[Address, ...]:
    return addresses_of([status.get("podIP"), *item_texts(status.get("podIPs"))])


POD = ObjectKind("v1", "Pod", True, shapes.POD, _validate, _build)
