"""Of many ports and addresses that would do, one that people recognise."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from ipaddress import ip_network

from netsim.model.cluster import Address, Pod, Protocol
from netsim.model.flow import Endpoint
from netsim.sets.addresses import address_of, span
from netsim.sets.intervals import Interval
from netsim.sets.traffic import TrafficSet

# In the order in which they are preferred.
_PORTS = (443, 80, 8080, 53, 5432, 22)
_PROTOCOLS = (Protocol.TCP, Protocol.UDP, Protocol.SCTP)
# Addresses for examples, and of resolvers that everybody uses.
_ADDRESSES = {4: (0xCB007107, 0xC6336407, 0x08080808), 6: (0x20010DB8 << 96 | 7,)}
# What never leaves a pod, and so is nobody outside (NP-59).
_LOOPBACK = {4: span(ip_network("127.0.0.0/8")), 6: span(ip_network("::1/128"))}


def recognisable_port(traffic: TrafficSet, destination: Endpoint) -> tuple[Protocol, int | None]:
    """A port that the destination declares, the lowest that has a name; else one that is known."""
    if isinstance(destination, Pod):
        for port in sorted(destination.ports, key=lambda each: (not each.name, each.number)):
            if (port.protocol.value.lower(), port.number) in traffic:
                return port.protocol, port.number
    for protocol in _PROTOCOLS:
        for number in _PORTS:
            if (protocol.value.lower(), number) in traffic:
                return protocol, number
    for protocol in _PROTOCOLS:
        if intervals := dict(traffic.ports).get(protocol.value.lower()):
            return protocol, intervals[0][0]
    return Protocol.ICMP, None


def recognisable_address(
    ranges: Mapping[int, Iterable[Interval]], owned: Container[Address]
) -> Address | None:
    """An address of these numbers, by IP version, that nobody owns; None where there is none."""
    for version, intervals in ranges.items():
        for number in _ADDRESSES[version]:
            address = address_of(number, version)
            if address not in owned and any(first <= number <= last for first, last in intervals):
                return address
    for version, intervals in ranges.items():
        for interval in intervals:
            if found := _free(interval, version, owned):
                return found
    return None


def _free(interval: Interval, version: int, owned: Container[Address]) -> Address | None:
    number, last = interval
    first_loopback, last_loopback = _LOOPBACK[version]
    while number <= last:
        if first_loopback <= number <= last_loopback:
            number = last_loopback + 1
        elif (address := address_of(number, version)) in owned:
            number += 1
        else:
            return address
    return None
