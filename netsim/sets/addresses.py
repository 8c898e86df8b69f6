"""IP networks as intervals of numbers, and back. The two families never meet in one call."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    summarize_address_range,
)

from netsim.sets.intervals import Interval, joined

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def span(network: Network) -> Interval:
    """The numbers of the first and the last address."""
    return int(network.network_address), int(network.broadcast_address)


def address_of(number: int, version: int) -> Address:
    """The address of a number, in the family of `version` 4 or 6."""
    return IPv4Address(number) if version == 4 else IPv6Address(number)


def networks(intervals: Iterable[Interval], version: int) -> list[Network]:
    """The fewest networks that hold exactly these numbers, in order."""
    found: list[Network] = []
    for first, last in joined(intervals):
        if version == 4:
            found += summarize_address_range(IPv4Address(first), IPv4Address(last))
        else:
            found += summarize_address_range(IPv6Address(first), IPv6Address(last))
    return found
