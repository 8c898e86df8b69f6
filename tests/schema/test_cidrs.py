"""CIDR texts (VAL-23..25) and what they mean (NP-38, NP-39)."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from judged import errors_of

from netsim.schema.addresses import cidr_faults, network_of, parse_cidr


@st.composite
def networks(draw: st.DrawFn) -> IPv4Network | IPv6Network:
    """Any network but the IPv4-mapped ones."""
    address = draw(st.ip_addresses())
    prefix = draw(st.integers(0, address.max_prefixlen))
    network = ip_network(
        (int(address).to_bytes(address.max_prefixlen // 8, "big"), prefix), strict=False
    )
    assume(isinstance(network, IPv4Network) or not network.network_address.ipv4_mapped)
    return network


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("192.168.1.1/32", "192.168.1.1/32"),
        ("::/0", "::/0"),
        ("2001:DB8:0:0::/64", "2001:db8::/64"),
        ("2001:0db8:0000:0000:0000:0000:0000:0000/32", "2001:db8::/32"),
        ("1:2:3:4:5:6:7::/128", "1:2:3:4:5:6:7:0/128"),
        ("::1.2.3.4/128", "::102:304/128"),
    ],
)
def test_canonical_and_other_spellings_are_fine(text: str, network: str) -> None:
    assert not cidr_faults(text, True)
    assert str(network_of(text)) == network


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10.0.0.0",
        "/8",
        "10.0.0.0/",
        "10.0.0/24",
        "10.0.0.0.0/8",
        "10.0.0.256/32",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/8/8",
        "10.0.0.0/255.0.0.0",
        "10.0.0.0/8 ",
        "10.0.0.0/8\n",
        " 10.0.0.0/8",
        "0x0a.0.0.0/8",
        "0a.0.0.0/8",
        "\uff11\uff10.0.0.0/8",
        "10.0.0.0/\u0668",
        f"10.0.0.0/{'0' * 5000}8888",
        "::/129",
        ":::/0",
        "::1::/64",
        "1:2:3:4:5:6:7:8:9/64",
        "1:2:3:4:5:6:7:8::/64",
        "::g/64",
        "::10000/128",
        "fe80::1%eth0/64",
        "[::1]/128",
        "::1.2.3/128",
        "1.2.3.4::/64",
    ],
)
def test_what_is_no_cidr_is_invalid_in_either_mode(text: str) -> None:
    """VAL-23"""
    for strict in (True, False):
        (fault,) = errors_of(cidr_faults(text, strict))
        assert fault.code == "VAL-23"
    with pytest.raises(ValueError, match="not a CIDR"):
        network_of(text)


@pytest.mark.parametrize(
    ("text", "cidr"), [("10.0.0.1", "10.0.0.1/32"), ("FD00::1", "fd00::1/128")]
)
def test_an_address_gets_its_prefix_length(text: str, cidr: str) -> None:
    (fault,) = cidr_faults(text, True)
    assert fault.help == f"for one address write `{cidr}`"


@given(networks())
def test_what_python_writes_is_canonical(network: IPv4Network | IPv6Network) -> None:
    assert not cidr_faults(str(network), True)
    assert network_of(str(network)) == network


@pytest.mark.parametrize(
    ("text", "complaint", "network"),
    [
        ("010.0.0.0/8", "leading zeros", "10.0.0.0/8"),
        ("10.00.0.0/8", "leading zeros", "10.0.0.0/8"),
        ("10.0.0.0/08", "leading zeros", "10.0.0.0/8"),
        ("0.0.0.0/00", "leading zeros", "0.0.0.0/0"),
        ("010.0.0.1/8", "leading zeros", "10.0.0.0/8"),
        ("2001:db8::01.2.3.4/128", "leading zeros", "2001:db8::102:304/128"),
        ("2001:00db8::/32", "leading zeros", "2001:db8::/32"),
        ("::ffff:010.0.0.0/104", "leading zeros", "10.0.0.0/8"),
        ("::ffff:10.0.0.0/104", "IPv4-mapped", "10.0.0.0/8"),
        ("::ffff:a00:0/104", "IPv4-mapped", "10.0.0.0/8"),
        ("::ffff:10.0.0.1/104", "IPv4-mapped", "10.0.0.0/8"),
        ("::ffff:0:0/96", "IPv4-mapped", "0.0.0.0/0"),
        ("::ffff:10.0.0.0/64", "IPv4-mapped", "::/64"),
        ("10.0.2.77/24", "beyond the prefix", "10.0.2.0/24"),
        ("fd00::1/64", "beyond the prefix", "fd00::/64"),
    ],
)
def test_strictness_reports_the_first_that_applies(text: str, complaint: str, network: str) -> None:
    """VAL-24; without it the server warns, and the text means what Go reads (NP-38, NP-39)"""
    (strict,) = errors_of(cidr_faults(text, True))
    assert strict.code == "VAL-24"
    assert complaint in strict.message
    (lax,) = cidr_faults(text, False)
    assert not errors_of([lax])
    assert str(network_of(text)) == network


@pytest.mark.parametrize(
    ("inner", "outer", "fine"),
    [
        ("10.1.0.0/16", "10.0.0.0/8", True),
        ("10.0.0.0/9", "10.0.0.0/8", True),
        ("10.0.0.0/8", "10.0.0.0/8", False),
        ("10.0.0.0/7", "10.0.0.0/8", False),
        ("11.0.0.0/16", "10.0.0.0/8", False),
        ("fd00::/64", "10.0.0.0/8", False),
        ("10.0.0.0/16", "::/0", False),
        ("fd00::/64", "fd00::/48", True),
        ("::ffff:10.1.0.0/112", "10.0.0.0/8", True),
        ("::ffff:16.0.0.0/100", "16.0.0.0/8", True),
        ("10.1.0.0/16", "::ffff:10.0.0.0/104", False),
        ("::ffff:10.1.0.0/112", "::/0", False),
    ],
)
def test_an_except_must_be_a_strict_subset(inner: str, outer: str, fine: bool) -> None:
    """VAL-25; the prefixes are compared as written, so a mapped except is never too short"""
    excepted, cidr = parse_cidr(inner), parse_cidr(outer)
    assert excepted
    assert cidr
    assert excepted.is_strict_subset_of(cidr) is fine
