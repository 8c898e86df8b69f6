"""What a pod and the template of a pod have in common: containers and their ports (VAL-6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from netsim.errors import FaultType
from netsim.model.cluster import ContainerPort, ContainerRole, Protocol
from netsim.schema.fault import Fault, quoted
from netsim.schema.names import dns_label, port_name
from netsim.schema.remembered import built_once, judged_once

_PROTOCOLS = {protocol.value: protocol for protocol in Protocol if protocol is not Protocol.ICMP}

Value = dict[str, Any]
# A port entry -> the host port that it takes; 0 for none.
_HostPort = Callable[[Value], int]


def pod_faults(spec: Value) -> list[Fault]:
    """What is wrong with the containers of a Pod, paths from the spec inwards.

    On the host's network the API server takes the containerPort for a missing hostPort, so two
    containers with one port collide.
    """
    return _spec_faults(spec, _taken_host_port if spec.get("hostNetwork") else _written_host_port)


def template_faults(spec: Value) -> list[Fault]:
    """The same for the spec of a pod template, in which no hostPort is defaulted."""
    return _spec_faults(spec, _written_host_port)


def container_ports(spec: Value) -> tuple[ContainerPort, ...]:
    """The declared ports of a valid spec, those of containers first (NP-52, SVC-2)."""
    ports = _ports_of(spec.get("containers"), lambda _: ContainerRole.CONTAINER)
    if init := spec.get("initContainers"):
        ports += _ports_of(init, _init_role)
    return tuple(ports)


def _init_role(container: Value) -> ContainerRole:
    always = container.get("restartPolicy") == "Always"
    return ContainerRole.SIDECAR if always else ContainerRole.INIT


def _ports_of(
    containers: list[Value] | None, role: Callable[[Value], ContainerRole]
) -> list[ContainerPort]:
    return [
        port
        for container in containers or ()
        for port in _ports_with_role(container.get("ports") or [], role(container))
    ]


@built_once
def _ports_with_role(ports: list[Value], role: ContainerRole) -> tuple[ContainerPort, ...]:
    return tuple(
        ContainerPort(
            port.get("name") or "",
            int(port["containerPort"]),
            _PROTOCOLS[port.get("protocol") or "TCP"],
            role,
        )
        for port in ports
    )


def _spec_faults(spec: Value, host_port: _HostPort) -> list[Fault]:
    containers = spec.get("containers") or []
    found = _all_containers(spec, containers)
    if not containers:
        message = "must have at least one container"
        found.append(Fault(FaultType.REQUIRED, message, path=("containers",), code="VAL-6"))
    if spec.get("hostNetwork"):
        found += _host_network_faults("containers", containers)
        found += _host_network_faults("initContainers", spec.get("initContainers") or [])
    return found + _collisions(spec, containers, host_port)


def _all_containers(spec: Value, containers: list[Value | None]) -> list[Fault]:
    found: list[Fault] = []
    names: set[str] = set()
    for field, listed in (
        ("containers", containers),
        ("initContainers", spec.get("initContainers")),
    ):
        for index, container in enumerate(listed or ()):
            inside = _container_faults(container or {}, names)
            found += [fault.inside(field, index) for fault in inside]
    return found


def _container_faults(container: Value, names: set[str]) -> list[Fault]:
    """`names` has the names of the containers before, and takes this one's (VAL-5)."""
    name = container.get("name")
    found: list[Fault] = []
    if not name:
        found.append(Fault(FaultType.REQUIRED, "must be given", path=("name",), code="VAL-5"))
    else:
        found += [
            Fault(FaultType.INVALID, f"{quoted(name)} {complaint}", path=("name",), code="VAL-5")
            for complaint in dns_label(name)
        ]
        if name in names:
            message = f"another container of the pod has the name {quoted(name)}"
            found.append(Fault(FaultType.DUPLICATE, message, path=("name",), code="VAL-5"))
        names.add(name)
    if ports := container.get("ports"):
        found += _port_faults(ports)
    return found


@judged_once
def _port_faults(ports: list[Value | None]) -> list[Fault]:
    found: list[Fault] = []
    names: set[str] = set()
    for index, port in enumerate(ports):
        found += [fault.inside("ports", index) for fault in _port_fault(port or {}, names)]
    return found


def _port_fault(port: Value, names: set[str]) -> list[Fault]:
    found = _port_name_faults(port.get("name"), names)
    number = port.get("containerPort")
    if not number:
        message = "must be given: a number from 1 to 65535"
        found.append(_port_error(FaultType.REQUIRED, "containerPort", message))
    elif not 1 <= number <= 65535:
        found.append(_out_of_range("containerPort", number))
    host_port = port.get("hostPort")
    if host_port and not 1 <= host_port <= 65535:
        found.append(_out_of_range("hostPort", host_port))
    protocol = port.get("protocol")
    if protocol and protocol not in _PROTOCOLS:
        message = f"{quoted(protocol)} is no protocol of a port: TCP, UDP or SCTP"
        found.append(_port_error(FaultType.NOT_SUPPORTED, "protocol", message))
    return found


def _port_name_faults(name: str | None, names: set[str]) -> list[Fault]:
    """`names` has the port names of the container before this one, and takes it."""
    if not name:
        return []
    if name in names:
        message = f"another port of the container has the name {quoted(name)}"
        return [_port_error(FaultType.DUPLICATE, "name", message)]
    complaints = port_name(name)
    if not complaints:
        names.add(name)
    return [
        _port_error(FaultType.INVALID, "name", f"port name {quoted(name)} {complaint}")
        for complaint in complaints
    ]


def _host_network_faults(field: str, containers: Iterable[Value | None]) -> list[Fault]:
    found = []
    for index, container in enumerate(containers):
        for number, port in enumerate((container or {}).get("ports") or ()):
            taken = _written_host_port(port or {})
            if taken and taken != port.get("containerPort"):
                message = f"must equal hostPort `{taken}`: the pod uses the host's network"
                fault = _port_error(FaultType.INVALID, "containerPort", message)
                found.append(fault.inside(field, index, "ports", number))
    return found


def _collisions(spec: Value, containers: list[Value | None], host_port: _HostPort) -> list[Fault]:
    """Host ports taken twice: among all containers, and within each init container.

    Init containers run one after the other, so they don't get into each other's way.
    """
    found = _taken_twice("containers", enumerate(containers), host_port)
    for numbered in enumerate(spec.get("initContainers") or ()):
        found += _taken_twice("initContainers", [numbered], host_port)
    return found


def _taken_twice(
    field: str, containers: Iterable[tuple[int, Value | None]], host_port: _HostPort
) -> list[Fault]:
    found = []
    taken: set[tuple[int, str, str]] = set()
    for index, container in containers:
        for number, port in enumerate((container or {}).get("ports") or ()):
            if not (host_number := host_port(port or {})):
                continue
            socket = host_number, port.get("protocol") or "TCP", port.get("hostIP") or ""
            if socket in taken:
                message = f"host port `{socket[0]}/{socket[1]}` is taken twice in the pod"
                fault = _port_error(FaultType.DUPLICATE, "hostPort", message)
                found.append(fault.inside(field, index, "ports", number))
            taken.add(socket)
    return found


def _written_host_port(port: Value) -> int:
    return int(port.get("hostPort") or 0)


def _taken_host_port(port: Value) -> int:
    return int(port.get("hostPort") or port.get("containerPort") or 0)


def _out_of_range(field: str, number: float) -> Fault:
    return _port_error(FaultType.INVALID, field, f"`{number}` is not between 1 and 65535")


def _port_error(type: FaultType, field: str, message: str) -> Fault:
    return Fault(type, message, path=(field,), code="VAL-6")
