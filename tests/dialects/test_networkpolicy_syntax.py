"""What the parts of a rule are called in an answer."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest

from netsim.dialects.networkpolicy.syntax import (
    AddressPeer,
    AllPorts,
    NamedPort,
    PodPeer,
    PortEntry,
    PortRange,
)
from netsim.labels.text import parse_selector
from netsim.model.cluster import Protocol

WEB, PROD = parse_selector("app=web"), parse_selector("env in (a,b)")
TEN, ONE = IPv4Network("10.0.0.0/8"), IPv4Network("10.1.0.0/16")


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (PodPeer(None), "podSelector {}"),
        (PodPeer(None, WEB), "podSelector app=web"),
        (PodPeer(parse_selector("")), "namespaceSelector {}"),
        (PodPeer(PROD, WEB), "namespaceSelector env in (a,b) and podSelector app=web"),
        (AddressPeer(TEN), "ipBlock 10.0.0.0/8"),
        (AddressPeer(TEN, (ONE,)), "ipBlock 10.0.0.0/8 except 10.1.0.0/16"),
        (PortEntry(Protocol.TCP, PortRange(80, 80)), "80/tcp"),
        (PortEntry(Protocol.SCTP, PortRange(80, 90)), "80-90/sctp"),
        (PortEntry(Protocol.UDP, NamedPort("dns")), "dns/udp"),
        (PortEntry(Protocol.UDP, AllPorts()), "any/udp"),
    ],
    ids=str,
)
def test_a_part_in_words(part: object, words: str) -> None:
    assert str(part) == words
