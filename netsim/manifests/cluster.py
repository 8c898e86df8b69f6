"""Namespaces, nodes and pods, and their addresses as their status writes them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from netsim.errors import FaultType
from netsim.manifests import shapes
from netsim.manifests.podspec import container_ports, pod_faults
from netsim.model.cluster import NAME_LABEL, Address, Namespace, Node, Pod, WorkloadRef
from netsim.model.semantics import Semantics
from netsim.schema.fault import Fault, quoted
from netsim.schema.kinds import ObjectKind
from netsim.schema.metadata import (
    cluster_metadata_faults,
    labels_of,
    metadata_faults,
    name_of,
    namespace_of,
)
from netsim.schema.names import dns_label, dns_subdomain
from netsim.source.origin import Origin

# The other types of address (Hostname, InternalDNS, ExternalDNS) are names.
_IP_TYPES = ("InternalIP", "ExternalIP")
_PHASES = ("Pending", "Running", "Succeeded", "Failed", "Unknown")
_FINISHED = ("Succeeded", "Failed")


def _validate_namespace(value: dict[str, Any], semantics: Semantics) -> list[Fault]:
    found = cluster_metadata_faults(value, dns_label)  # VAL-5
    written = labels_of(value).get(NAME_LABEL)
    name = (value.get("metadata") or {}).get("name")
    if written is not None and written != name:
        message = f"label `{NAME_LABEL}` is always the name, whatever is written"
        fault = Fault(FaultType.INVALID, message, path=("metadata", "labels"), code="NP-34")
        fault.key = NAME_LABEL
        found.append(fault.as_warning())
    return found


def _build_namespace(value: dict[str, Any], origin: Origin, semantics: Semantics) -> Namespace:
    name = name_of(value)
    return Namespace(name, labels_of(value) | {NAME_LABEL: name}, origin=origin)  # NP-34


def _validate_node(value: dict[str, Any], semantics: Semantics) -> list[Fault]:
    found = cluster_metadata_faults(value, dns_subdomain)
    for index, address in enumerate((value.get("status") or {}).get("addresses") or ()):
        if address and address.get("type") in _IP_TYPES:
            found += _address_faults(
                address.get("address"), "status", "addresses", index, "address"
            )
    return found


def _build_node(value: dict[str, Any], origin: Origin, semantics: Semantics) -> Node:
    listed = (value.get("status") or {}).get("addresses") or ()
    texts = [item.get("address") for item in listed if item and item.get("type") in _IP_TYPES]
    return Node(name_of(value), labels_of(value), _addresses_of(texts), origin)


def owner_of(value: dict[str, Any]) -> WorkloadRef | None:
    """What controls an object: its ownerReference with `controller: true` (WL-12).

    A static pod is controlled by its node, which is no workload (WL-9).
    """
    for owner in value["metadata"].get("ownerReferences") or ():
        if owner and owner.get("controller") and owner["kind"] != "Node":
            return WorkloadRef(namespace_of(value), owner["kind"].lower(), owner["name"])
    return None


def _validate_pod(value: dict[str, Any], semantics: Semantics) -> list[Fault]:
    found = metadata_faults(value, dns_subdomain)
    found += [fault.inside("spec") for fault in pod_faults(value.get("spec") or {})]
    if status := value.get("status"):
        found += [fault.inside("status") for fault in _status_faults(status)]
    return found


def _status_faults(status: dict[str, Any]) -> list[Fault]:
    found = _address_faults(status.get("podIP"), "podIP")
    found += _address_faults(status.get("hostIP"), "hostIP")
    for field in ("podIPs", "hostIPs"):
        for index, text in enumerate(_item_texts(status.get(field))):
            found += _address_faults(text, field, index, "ip")
    if not found and _has_two_of_a_family(_pod_addresses(status)):
        message = "a pod has at most one address of each family, `podIP` among them"
        found.append(Fault(FaultType.INVALID, message, path=("podIPs",), code="NP-41"))
    phase = status.get("phase")
    if phase and phase not in _PHASES:
        message = f"{quoted(phase)} is no phase of a pod: taken as running"
        help = f"phases: {', '.join(_PHASES)}"
        fault = Fault(FaultType.NOT_SUPPORTED, message, help, ("phase",), "NP-64")
        found.append(fault.as_warning())
    return found


def _build_pod(value: dict[str, Any], origin: Origin, semantics: Semantics) -> Pod:
    spec, status = value["spec"], value.get("status") or {}
    return Pod(
        namespace=namespace_of(value),
        name=name_of(value),
        labels=labels_of(value),
        addresses=_pod_addresses(status),
        ports=container_ports(spec),
        node=spec.get("nodeName") or "",
        host_addresses=_addresses_of([status.get("hostIP"), *_item_texts(status.get("hostIPs"))]),
        host_network=bool(spec.get("hostNetwork")),
        finished=status.get("phase") in _FINISHED,  # NP-64; one with deletionTimestamp runs (NP-66)
        workload=owner_of(value),
        origin=origin,
    )


def _pod_addresses(status: dict[str, Any]) -> tuple[Address, ...]:
    return _addresses_of([status.get("podIP"), *_item_texts(status.get("podIPs"))])


@lru_cache(maxsize=1 << 12)
def _parse_address(text: str) -> Address | None:
    """The address of a text; None where it is none. IPv4-mapped IPv6 is read as IPv4 (NP-38)."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return address
    return None if address.scope_id else address.ipv4_mapped or address


def _address_faults(text: str | None, *path: str | int) -> list[Fault]:
    """What is wrong with an address in a status; empty and null texts say that there is none."""
    if not text or _parse_address(text):
        return []
    message = f"{quoted(text)} is not an IP address"
    return [Fault(FaultType.INVALID, message, path=path, code="NP-42")]


def _addresses_of(texts: Iterable[str | None]) -> tuple[Address, ...]:
    """The addresses of valid texts in their order, each once."""
    found: list[Address] = []
    for text in texts:
        address = _parse_address(text) if text else None
        if address is not None and address not in found:
            found.append(address)
    return tuple(found)


def _item_texts(items: list[dict[str, Any] | None] | None) -> list[str | None]:
    """The texts of a list such as `podIPs: [{ip: 10.0.0.1}]`."""
    return [item.get("ip") if item else None for item in items or ()]


def _has_two_of_a_family(addresses: Iterable[Address]) -> bool:
    """Whether a pod with these addresses would have two of one family (NP-41)."""
    families = [type(address) is IPv6Address for address in addresses]
    return len(families) != len(set(families))


NAMESPACE = ObjectKind(
    "v1", "Namespace", False, shapes.NAMESPACE, _validate_namespace, _build_namespace
)
NODE = ObjectKind("v1", "Node", False, shapes.NODE, _validate_node, _build_node)
POD = ObjectKind("v1", "Pod", True, shapes.POD, _validate_pod, _build_pod)
