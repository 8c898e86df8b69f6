"""Port texts: `8080`, `8080/udp`, `http`, `8000-8999`, `any`, `icmp` (DESIGN 3a)."""

from __future__ import annotations

import re
from typing import NamedTuple

from netsim.errors import QueryError, query_error
from netsim.model.cluster import Protocol

FIRST_PORT, LAST_PORT = 1, 65535
_FORMS = "a port is 8080, 8080/udp, http, http/udp, 8000-8999, any or icmp"
# As VAL-31 has it; compiled when a name is asked for.
_NAME = r"(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*"
_MOST_DIGITS = 9


class PortNumbers(NamedTuple):
    """Ports by number, both ends inside; `any` is all of them."""

    first: int
    last: int

    def __str__(self) -> str:
        if (self.first, self.last) == (FIRST_PORT, LAST_PORT):
            return "any"
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


# A protocol as a question gives it; None where none is given.
ProtocolText = str | Protocol | None


class PortName(NamedTuple):
    """A port by the name that the destination gives it."""

    name: str

    def __str__(self) -> str:
        return self.name


class AskedPort(NamedTuple):
    """What a question asks to open. `port` is None for ICMP, which has no ports."""

    protocol: Protocol
    port: PortNumbers | PortName | None

    def __str__(self) -> str:
        """`8080/tcp`, `http/udp`, `icmp`."""
        protocol = self.protocol.value.lower()
        return protocol if self.port is None else f"{self.port}/{protocol}"


def parse_port(port: int | str | None, protocol: ProtocolText = None) -> AskedPort:
    """What `port` and `protocol` ask to open; TCP where neither names a protocol.

    Raises QueryError if there is no such port or protocol, if the two name different protocols,
    or if a port is missing.
    """
    text = "" if port is None else str(port).strip()
    left, slash, right = text.partition("/")
    if left.lower() == "icmp" and not slash:
        left, slash, right = "", "/", "icmp"
    written = _protocol(right) if slash else None
    given = _protocol(protocol) if protocol else None
    if written and given and written is not given:
        raise query_error(f"port `{text}` and protocol {given.value} contradict each other")
    chosen = written or given or Protocol.TCP
    # NP-72: there is nothing to choose among; a port is passed over
    if chosen is Protocol.ICMP:
        return AskedPort(chosen, None)
    if not text:
        raise query_error(f"which port? {chosen.value} needs one", help=_FORMS, code="NP-1")
    return AskedPort(chosen, _port(left, port))


def _protocol(text: str | Protocol) -> Protocol:
    if isinstance(text, Protocol):
        return text
    try:
        return Protocol(str(text).strip().upper())
    except ValueError:
        names = ", ".join(protocol.value for protocol in Protocol)
        raise query_error(f"there is no protocol `{text}`", help=f"protocols: {names}") from None


def _port(text: str, port: int | str | None) -> PortNumbers | PortName:
    if text.lower() == "any":
        return PortNumbers(FIRST_PORT, LAST_PORT)
    start, dash, end = text.partition("-")
    numbers = (start, end) if dash else (start, start)
    if all(map(_is_number, numbers)) and not isinstance(port, bool):
        first, last = map(int, numbers)
        if FIRST_PORT <= first <= last <= LAST_PORT:
            return PortNumbers(first, last)
        order = ", the lower first" if dash else ""
        raise _no_port(port, f"ports are {FIRST_PORT} to {LAST_PORT}{order}")
    if isinstance(port, str) and re.fullmatch(_NAME, text):
        return PortName(text)
    raise _no_port(port, _FORMS)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


def _no_port(port: object, help: str) -> QueryError:
    return query_error(f"`{port}` is not a port", help=help)
