"""Port texts (DESIGN 3a)."""

from __future__ import annotations

import pytest

from netsim import QueryError
from netsim.model.ports import parse_port


@pytest.mark.parametrize(
    ("port", "protocol", "text"),
    [
        (8080, None, "8080/tcp"),
        ("8080", None, "8080/tcp"),
        (" 8080 ", None, "8080/tcp"),
        ("8080/udp", None, "8080/udp"),
        ("8080/UDP", None, "8080/udp"),
        ("8080/udp", "udp", "8080/udp"),
        (53, "Udp", "53/udp"),
        (53, "sctp", "53/sctp"),
        ("http", None, "http/tcp"),
        ("http/udp", None, "http/udp"),
        ("http", "SCTP", "http/sctp"),
        ("8080-web", None, "8080-web/tcp"),
        ("8000-8999", None, "8000-8999/tcp"),
        ("8000-8999/udp", None, "8000-8999/udp"),
        ("80-80", None, "80/tcp"),
        ("1-65535", None, "any/tcp"),
        ("any", None, "any/tcp"),
        ("ANY/udp", None, "any/udp"),
        ("icmp", None, "icmp"),
        ("ICMP", "icmp", "icmp"),
        (None, "icmp", "icmp"),
        (80, "ICMP", "icmp"),
        ("80/icmp", None, "icmp"),
    ],
)
def test_it_reads(port: int | str | None, protocol: str | None, text: str) -> None:
    asked = parse_port(port, protocol)
    assert str(asked) == text
    assert parse_port(text) == asked


@pytest.mark.parametrize(
    ("port", "protocol", "message"),
    [
        (None, None, "which port? TCP needs one"),
        ("", "udp", "which port? UDP needs one"),
        (0, None, "`0` is not a port"),
        (65536, None, "`65536` is not a port"),
        (-1, None, "`-1` is not a port"),
        (True, None, "`True` is not a port"),
        ("9000-8000", None, "`9000-8000` is not a port"),
        ("0-80", None, "`0-80` is not a port"),
        ("80-", None, "`80-` is not a port"),
        ("Http", None, "`Http` is not a port"),
        ("a--b", None, "`a--b` is not a port"),
        ("sixteen-letters-", None, "`sixteen-letters-` is not a port"),
        ("a" * 16, None, f"`{'a' * 16}` is not a port"),
        ("/udp", None, "`/udp` is not a port"),
        ("80/", None, "there is no protocol ``"),
        ("80/quic", None, "there is no protocol `quic`"),
        (80, "quic", "there is no protocol `quic`"),
        ("8080/udp", "TCP", "port `8080/udp` and protocol TCP contradict each other"),
        ("icmp", "TCP", "port `icmp` and protocol TCP contradict each other"),
    ],
)
def test_it_refuses(port: int | str | None, protocol: str | None, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_port(port, protocol)
    assert caught.value.diagnostics[0].message == message
    assert caught.value.diagnostics[0].help or "contradict" in message
