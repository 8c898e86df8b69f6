"""Which ports a question asks about, at each of its destinations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from netsim.analysis.cuts import port_starts
from netsim.errors import QueryError, query_error
from netsim.model.cluster import ContainerPort, ContainerRole, Pod, Protocol
from netsim.model.flow import Endpoint
from netsim.model.ports import PortName, PortNumbers
from netsim.model.snapshot import Policy
from netsim.sets.intervals import Interval, cut


def numbered_atoms(
    numbers: PortNumbers, protocol: Protocol, destination: Endpoint, policies: Iterable[Policy]
) -> list[Interval]:
    """Intervals inside which `policies` tell no ports of the destination apart, in order (REF-2)."""
    if numbers.first == numbers.last:
        return [(numbers.first, numbers.last)]
    declared = {port.number for port in _ports(destination)}
    starts = port_starts(policies, protocol) | declared | {number + 1 for number in declared}
    return cut((numbers.first, numbers.last), starts)


def named_atoms(name: PortName, protocol: Protocol, destination: Endpoint) -> list[Interval]:
    """Each number that the destination gives this name (NP-53); empty where it gives none."""
    found = {
        port.number
        for port in _naming(destination)
        if port.name == name.name and port.protocol is protocol
    }
    return [(number, number) for number in sorted(found)]


def not_served(name: PortName, protocol: Protocol, destinations: Sequence[Endpoint]) -> QueryError:
    """The refusal of a name that `destinations` don't have, which are pods and nodes (SVC-3)."""
    if not destinations:
        message = f"no pod is asked about that could have a port named `{name}`"
        return query_error(message, help="addresses name no ports: ask by number", code="SVC-3")
    first, *others = destinations
    declared = sorted(
        {f"{port.name} ({port.number}/{port.protocol.value.lower()})" for port in _naming(first)}
    )
    who = f"`{first}` and {len(others)} more have" if others else f"`{first}` has"
    return query_error(
        f"{who} no port named `{name}` for {protocol.value}",
        help=f"it has {', '.join(declared)}" if declared else "it names no ports: ask by number",
        code="SVC-3",
    )


def _naming(destination: Endpoint) -> list[ContainerPort]:
    """The ports that can be asked for by name (NP-52): what policies make of names is their affair."""
    ports = _ports(destination)
    return [port for port in ports if port.name and port.role is not ContainerRole.INIT]


def _ports(destination: Endpoint) -> tuple[ContainerPort, ...]:
    return destination.ports if isinstance(destination, Pod) else ()
