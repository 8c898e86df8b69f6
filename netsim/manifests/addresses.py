"""Addresses of pods and nodes, as their status writes them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from netsim.errors import FaultType
from netsim.model.cluster import Address
from netsim.schema.fault import Fault, quoted


@lru_cache(maxsize=1 << 12)
def parse_address(text: str) -> Address | None:
    """The address of a text; None where it is none. IPv4-mapped IPv6 is read as IPv4 (NP-38)."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return address
    return None if address.scope_id else address.ipv4_mapped or address


def address_faults(text: str | None, *path: str | int) -> list[Fault]:
    """What is wrong with an address in a status; empty and null texts say that there is none."""
    if not text or parse_address(text):
        return []
    message = f"{quoted(text)} is not an IP address"
    return [Fault(FaultType.INVALID, message, path=path, code="NP-42")]


def addresses_of(texts: Iterable[str | None]) -> tuple[Address, ...]:
    """The addresses of valid texts in their order, each once."""
    found: list[Address] = []
    for text in texts:
        address = parse_address(text) if text else None
        if address is not None and address not in found:
            found.append(address)
    return tuple(found)


def item_texts(items: list[dict[str, Any] | None] | None) -> list[str | None]:
    """The texts of a list such as `podIPs: [{ip: 10.0.0.1}]`."""
    return [item.get("ip") if item else None for item in items or ()]


def has_two_of_a_family(addresses: Iterable[Address]) -> bool:
    """Whether a pod with these addresses would have two of one family (NP-41)."""
    families = [type(address) is IPv6Address for address in addresses]
    return len(families) != len(set(families))
