"""Which ports a question asks about, at each of its destinations."""

from __future__ import annotations

from collections.abc import Sequence

from netsim.errors import QueryError, query_error
from netsim.model.cluster import ContainerPort, ContainerRole, Pod, Protocol
from netsim.model.flow import Endpoint
from netsim.model.ports import PortName, PortNumbers
from netsim.sets.intervals import Interval, cut


def numbered_atoms(
    numbers: PortNumbers, destination: Endpoint, starts: frozenset[int]
) -> list[Interval]:
    """Intervals inside which no ports of the destination are told apart, in order (REF-2).

    `starts` is where the policies cut them.
    """
    declared = {port.number for port in _ports(destination)}
    return cut(
        (numbers.first, numbers.last), starts | declared | {number + 1 for number in declared}
    )


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
