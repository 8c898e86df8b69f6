"""CIDR texts, as Kubernetes reads them (VAL-23..25) and as it means them (NP-38, NP-39)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from netsim.errors import FaultType
from netsim.schema.fault import Fault, quoted

Network = IPv4Network | IPv6Network

_SHAPE = re.compile(r"([0-9A-Fa-f:.]+)/(0*[0-9]{1,3})")
_LEADING_ZEROS = re.compile(r"(?<![0-9A-Fa-f])0+(?=[0-9A-Fa-f])")
_MAPPED_PREFIX = 96


@dataclass(frozen=True, slots=True)
class Cidr:
    """A CIDR that parses. `network` is what it means: host bits masked, IPv4-mapped read as IPv4.

    `prefix` is the length as written, so a mapped one counts from 96. `complaint` says which
    strict rule the text breaks (VAL-24), empty where it breaks none; `host_bits` whether that
    is the last of them, which not every API has.
    """

    network: Network
    prefix: int
    complaint: str
    host_bits: bool = False

    def is_strict_subset_of(self, other: Cidr) -> bool:
        """Whether it may be an `except` of `other` (VAL-25): inside it, with a longer prefix."""
        return self.network.network_address in other.network and self.prefix > other.prefix


@lru_cache(maxsize=1 << 14)
def parse_cidr(text: str) -> Cidr | None:
    """The CIDR of a text, by the rules of `strict_ip: false`; None where it is none (VAL-23)."""
    match = _SHAPE.fullmatch(text)
    if not match:
        return None
    written, prefix = match[1], int(match[2])
    address = _address(_LEADING_ZEROS.sub("", written))
    if address is None or prefix > address.max_prefixlen:
        return None
    network, host_bits = _network(address, prefix), False
    if _address(written) is None or str(prefix) != match[2]:
        complaint = "must not have leading zeros in the address or the prefix length"
    elif isinstance(address, IPv6Address) and address.ipv4_mapped:
        complaint = "must not be an IPv4-mapped IPv6 address"
    elif network.network_address != address:
        complaint = f"must not have bits set beyond the prefix length: write `{network}`"
        host_bits = True
    else:
        complaint = ""
    return Cidr(network, prefix, complaint, host_bits)


def network_of(text: str) -> Network:
    """The network of a valid CIDR text."""
    cidr = parse_cidr(text)
    if cidr is None:
        raise ValueError(f"not a CIDR: {text}")
    return cidr.network


def cidr_faults(text: str, strict: bool) -> list[Fault]:
    """What is wrong with a CIDR text: at most one thing. A lax one only warns unless `strict`."""
    cidr = parse_cidr(text)
    if cidr is None:
        return [_no_cidr(text, "VAL-23")]
    if not cidr.complaint:
        return []
    fault = Fault(FaultType.INVALID, f"{quoted(text)} {cidr.complaint}", code="VAL-24")
    return [fault if strict else fault.as_warning()]


def is_cidr_faults(text: str, code: str) -> list[Fault]:
    """The same by CEL's `isCIDR`, which lets host bits pass: they only warn (ANP-30)."""
    cidr = parse_cidr(text)
    if cidr is None:
        return [_no_cidr(text, code)]
    if cidr.host_bits:
        message = f"{quoted(text)} has bits set beyond the prefix length: it means `{cidr.network}`"
        return [Fault(FaultType.INVALID, message, code=code).as_warning()]
    if not cidr.complaint:
        return []
    return [Fault(FaultType.INVALID, f"{quoted(text)} {cidr.complaint}", code=code)]


def _no_cidr(text: str, code: str) -> Fault:
    message = f"{quoted(text)} must be a CIDR, such as 10.9.8.0/24 or 2001:db8::/64"
    address = _address(text)
    help = f"for one address write `{address}/{address.max_prefixlen}`" if address else ""
    return Fault(FaultType.INVALID, message, help, code=code)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _network(address: IPv4Address | IPv6Address, prefix: int) -> Network:
    if isinstance(address, IPv4Address):
        return IPv4Network((address, prefix), strict=False)
    if address.ipv4_mapped and prefix >= _MAPPED_PREFIX:
        return IPv4Network((address.ipv4_mapped, prefix - _MAPPED_PREFIX), strict=False)
    return IPv6Network((address, prefix), strict=False)
