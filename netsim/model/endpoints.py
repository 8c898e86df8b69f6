"""Endpoint texts: one small grammar for every command and call (DESIGN 3a).

    parse_endpoint("shop/deploy/api")      # Name(("shop", "deploy", "api"))
    parse_endpoint("ns{env=prod}/*")       # Selection(None, env=prod, everything)

Who they are in a snapshot is the business of `directory`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_interface, ip_network
from typing import NamedTuple

from netsim.errors import QueryError, query_error, unclear_error
from netsim.labels.labels import Labels
from netsim.labels.selector import Selector
from netsim.labels.text import parse_labels, parse_selector
from netsim.model.cluster import Address

Network = IPv4Network | IPv6Network

EVERYWHERE = (IPv4Network("0.0.0.0/0"), IPv6Network("::/0"))

_FORMS = (
    "an endpoint is shop/api, shop/deploy/api, 'shop/{app=web}', 'ns{env=prod}/*', '*', node/n1, "
    "external, 203.0.113.7, 10.0.0.0/8, api.example.com or 'new:shop/{app=web}'"
)
_ADDRESS = re.compile(r"[0-9]+(?:\.[0-9]+)+(?:/.*)?|[0-9A-Fa-f]*:.*")
_SELECTION = re.compile(
    r"(?:(?P<namespace>[^/{}]+)/|ns\{(?P<namespaces>[^{}]*)\}/)?(?:\{(?P<pods>[^{}]*)\}|\*)"
)
_NAME = r"[a-zA-Z0-9][-.a-zA-Z0-9]*"
_NAMES = re.compile(rf"{_NAME}(?:/{_NAME}){{0,2}}")
# A DNS name as rules can write it (ANP-17), of at least two labels. Digits and dots are an address.
_LABEL = r"[a-zA-Z0-9_](?:[-_a-zA-Z0-9]{0,61}[a-zA-Z0-9])?"
_DNS_NAME = rf"(?![0-9.]*$){_LABEL}(?:\.{_LABEL})+\.?"  # compiled when one is asked for
_LONGEST_DNS_NAME = 253


class Name(NamedTuple):
    """One to three parts: [namespace or kind, [kind,]] name."""

    parts: tuple[str, ...]


class Selection(NamedTuple):
    """The existing pods that match, in a namespace, in those that match, or in all (both None)."""

    namespace: str | None
    namespaces: Selector | None
    pods: Selector


class AddressRange(NamedTuple):
    """The addresses of a network, whoever has them; a single address is a network of one."""

    network: Network


class DnsName(NamedTuple):
    """What is reached under a name (ANP-17), and the address that it was resolved to, if given.

    A name that might be a pod's, too, is a `Name` of one part.
    """

    name: str
    address: Address | None = None


class Outside:
    """Every address that is no pod's and no node's."""


class NewPod(NamedTuple):
    """A pod that doesn't exist. `namespace` is empty where the text gives none."""

    namespace: str
    labels: Labels


EndpointText = Name | Selection | AddressRange | DnsName | Outside | NewPod


def parse_endpoint(text: str) -> EndpointText:
    """What `text` says, whatever the snapshot.

    Raises QueryError if it isn't an endpoint text.
    """
    if not isinstance(text, str):
        kind = type(text).__name__
        raise query_error(f"an endpoint is given by its text, not as a {kind}", help=_FORMS)
    return _parsed(text)


@lru_cache(maxsize=1 << 12)  # a suite or a batch names the same few again and again
def _parsed(text: str) -> EndpointText:
    prefix, colon, rest = text.partition(":")
    if colon and prefix == "new":
        return _new_pod(rest, text)
    if colon and prefix in ("svc", "service"):
        raise no_services(rest)
    if text == "external":
        return Outside()
    if _ADDRESS.fullmatch(text):
        return AddressRange(_network(text))
    if _NAMES.fullmatch(text):
        return Name(tuple(text.split("/")))
    selection = _SELECTION.fullmatch(text)
    return _selection(selection) if selection else _dns_name(text)


def dns_name(text: str) -> str:
    """The DNS name in lower case, without a dot at its end; empty if it is none (ANP-17)."""
    name = text.removesuffix(".").lower()
    valid = re.fullmatch(_DNS_NAME, text) and len(name) <= _LONGEST_DNS_NAME
    return name if valid else ""


def _dns_name(text: str) -> DnsName:
    """A name that can't be a pod's, or one with an address."""
    written, at, address = text.partition("@")
    name = dns_name(written.removeprefix("*."))
    if not name:
        raise _refusal(text)
    if written.startswith("*."):
        help = f"ask about one name, such as `www.{name}`"
        raise query_error(f"`{written}` stands for many names", code="ANP-17", help=help)
    return DnsName(name, _one_address(address) if at else None)


def _one_address(text: str) -> Address:
    network = _network(text) if _ADDRESS.fullmatch(text) else None
    if network is None or network.num_addresses > 1:
        help = "a name with its address is api.example.com@203.0.113.7"
        raise query_error(f"`{text}` is not an address", help=help)
    return network.network_address


def no_services(name: str) -> QueryError:
    """The refusal of a question about a Service."""
    help = "ask about the pods behind it, and the port that they listen on"
    return unclear_error(f"questions about a Service (`{name}`) are not answered yet", help=help)


def _new_pod(rest: str, text: str) -> NewPod:
    found = _SELECTION.fullmatch(rest)
    if not found or found["pods"] is None or found["namespaces"] or found["namespace"] == "*":
        raise _refusal(text)
    return NewPod(found["namespace"] or "", parse_labels(found["pods"]))


def _selection(found: re.Match[str]) -> Selection:
    namespaces = found["namespaces"]
    if found["namespace"] == "*":
        namespaces = ""
    return Selection(
        found["namespace"] if namespaces is None else None,
        None if namespaces is None else parse_selector(namespaces),
        parse_selector(found["pods"] or ""),
    )


def _network(text: str) -> Network:
    try:
        network = ip_network(text)
    except ValueError:
        raise _no_address(text, _nearest_network(text)) from None
    _, slash, length = text.partition("/")
    if "%" in text or (slash and not length.isdecimal()):
        raise _no_address(text, "write it without zone, and its length as a number")
    if isinstance(network, IPv6Network) and network.network_address.ipv4_mapped:
        raise _no_address(text, "write an IPv4 address in IPv4 form")
    # NP-59
    if network.is_loopback:
        raise query_error(f"`{text}` never leaves a pod: no policy sees it", code="NP-59")
    return network


def _nearest_network(text: str) -> str:
    try:
        written = ip_interface(text)
    except ValueError:
        return "for example 203.0.113.7, 10.0.0.0/8 or 2001:db8::/32"
    return f"did you mean `{written.network}`, or `{written.ip}` alone?"


def _no_address(text: str, help: str) -> QueryError:
    return query_error(f"`{text}` is neither an address nor a CIDR", help=help)


def _refusal(text: str) -> QueryError:
    return query_error(f"`{text}` is not an endpoint", help=_FORMS)
