"""Networks as intervals of numbers, and back."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from netsim.sets.addresses import address_of, networks, span


@pytest.mark.parametrize("text", ["0.0.0.0/0", "203.0.113.0/24", "10.0.0.1/32", "::/0", "fd00::/8"])
def test_a_network_comes_back(text: str) -> None:
    network = ip_network(text)
    assert networks([span(network)], network.version) == [network]


def test_the_fewest_networks_hold_touching_intervals() -> None:
    parts = [span(ip_network(text)) for text in ("10.0.0.128/25", "10.0.0.0/25", "10.0.2.0/24")]
    assert [str(item) for item in networks(parts, 4)] == ["10.0.0.0/24", "10.0.2.0/24"]


def test_what_an_except_leaves() -> None:
    parts = [(span(ip_network("10.0.0.0/30"))[0], int(ip_address("10.0.0.2")))]
    assert [str(item) for item in networks(parts, 4)] == ["10.0.0.0/31", "10.0.0.2/32"]


@pytest.mark.parametrize("text", ["0.0.0.7", "::7"])
def test_a_number_is_an_address_of_its_family(text: str) -> None:
    assert address_of(7, ip_address(text).version) == ip_address(text)
