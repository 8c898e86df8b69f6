"""Services: validated and counted. No question is put to a Service."""

from __future__ import annotations

from typing import Any

from netsim.errors import FaultType
from netsim.manifests import shapes
from netsim.model.semantics import Semantics
from netsim.schema.fault import Fault, quoted
from netsim.schema.kinds import ObjectKind
from netsim.schema.labels import label_faults
from netsim.schema.metadata import metadata_faults
from netsim.schema.names import dns_label, port_name
from netsim.schema.remembered import judged_once
from netsim.source.origin import Origin

_TYPES = ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName")
_PROTOCOLS = ("TCP", "UDP", "SCTP")
Value = dict[str, Any]


def _validate(value: Value, semantics: Semantics) -> list[Fault]:
    found = metadata_faults(value, dns_label)  # VAL-5
    return found + [fault.inside("spec") for fault in _spec_faults(value.get("spec") or {})]


@judged_once
def _spec_faults(spec: Value) -> list[Fault]:
    kind, ports = spec.get("type") or "ClusterIP", spec.get("ports") or []
    found = label_faults(spec.get("selector"), "selector", "VAL-4")
    if kind not in _TYPES:
        message = f"{quoted(kind)} is no type of Service: {', '.join(_TYPES)}"
        found.append(_fault(FaultType.NOT_SUPPORTED, message, "type"))
    elif not ports and kind != "ExternalName" and spec.get("clusterIP") != "None":
        found.append(_fault(FaultType.REQUIRED, "must have at least one port", "ports"))
    return found + _port_list_faults(ports)


@judged_once
def _port_list_faults(ports: list[Value | None]) -> list[Fault]:
    found: list[Fault] = []
    names: set[str] = set()
    sockets: set[tuple[object, str]] = set()
    for index, port in enumerate(item or {} for item in ports):
        inside = _name_faults(port.get("name"), names, alone=len(ports) == 1)
        inside += _port_faults(port)
        socket = port.get("port"), port.get("protocol") or "TCP"
        if socket in sockets:
            inside.append(_fault(FaultType.DUPLICATE, "the same port and protocol stand above"))
        sockets.add(socket)
        found += [fault.inside("ports", index) for fault in inside]
    return found


def _name_faults(name: str | None, names: set[str], *, alone: bool) -> list[Fault]:
    """`names` has the names of the ports before this one, and takes it."""
    if not name:
        message = "must be given where a Service has several ports"
        return [] if alone else [_fault(FaultType.REQUIRED, message, "name")]
    if name in names:
        message = f"another port has the name {quoted(name)}"
        return [_fault(FaultType.DUPLICATE, message, "name")]
    names.add(name)
    return [
        _fault(FaultType.INVALID, f"{quoted(name)} {complaint}", "name")
        for complaint in dns_label(name)
    ]


def _port_faults(port: Value) -> list[Fault]:
    found = []
    if not 1 <= (number := port.get("port") or 0) <= 65535:
        found.append(_out_of_range(number, "port"))
    protocol = port.get("protocol") or "TCP"
    if protocol not in _PROTOCOLS:
        message = f"{quoted(protocol)} is no protocol of a port: {', '.join(_PROTOCOLS)}"
        found.append(_fault(FaultType.NOT_SUPPORTED, message, "protocol"))
    return found + _target_faults(port.get("targetPort"))


def _target_faults(target: str | float | None) -> list[Fault]:
    """A missing target, 0 and the empty name all stand for `port` itself (SVC-2)."""
    if not target:
        return []
    if isinstance(target, str):
        return [
            _fault(FaultType.INVALID, f"port name {quoted(target)} {complaint}", "targetPort")
            for complaint in port_name(target)
        ]
    return [] if 1 <= target <= 65535 else [_out_of_range(target, "targetPort")]


def _out_of_range(number: float, field: str) -> Fault:
    return _fault(FaultType.INVALID, f"`{number}` is not between 1 and 65535", field)


def _fault(type: FaultType, message: str, *path: str) -> Fault:
    return Fault(type, message, path=path, code="SVC-2")


def _build(value: Value, origin: Origin, semantics: Semantics) -> None:
    """Nothing: the model has no Services."""


SERVICE = ObjectKind("v1", "Service", True, shapes.SERVICE, _validate, _build)
