"""Namespaces and nodes."""

from __future__ import annotations

from typing import Any

from netsim.errors import FaultType
from netsim.manifests import shapes
from netsim.manifests.addresses import address_faults, addresses_of
from netsim.model.cluster import NAME_LABEL, Namespace, Node
from netsim.model.semantics import Semantics
from netsim.schema.fault import Fault
from netsim.schema.kinds import ObjectKind
from netsim.schema.metadata import cluster_metadata_faults, labels_of, name_of
from netsim.schema.names import dns_label, dns_subdomain
from netsim.source.origin import Origin

# The other types of address (Hostname, InternalDNS, ExternalDNS) are names.
_IP_TYPES = ("InternalIP", "ExternalIP")


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
            found += address_faults(address.get("address"), "status", "addresses", index, "address")
    return found


def _build_node(value: dict[str, Any], origin: Origin, semantics: Semantics) -> Node:
    listed = (value.get("status") or {}).get("addresses") or ()
    texts = [item.get("address") for item in listed if item and item.get("type") in _IP_TYPES]
    return Node(name_of(value), labels_of(value), addresses_of(texts), origin)


NAMESPACE = ObjectKind(
    "v1", "Namespace", False, shapes.NAMESPACE, _validate_namespace, _build_namespace
)
NODE = ObjectKind("v1", "Node", False, shapes.NODE, _validate_node, _build_node)
