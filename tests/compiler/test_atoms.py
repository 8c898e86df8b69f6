"""Port and address atoms cover everything, and never overlap."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from hypothesis import given
from hypothesis import strategies as st

from netsim.compiler.atoms import AddressCuts, PortAtoms
from netsim.model.cluster import Protocol
from netsim.model.rules import AddressSet, PortNumbers

WITH_PORTS = (Protocol.TCP, Protocol.UDP, Protocol.SCTP)
numbers = st.integers(1, 65535)
ranges = st.builds(
    lambda protocol, one, other: PortNumbers(protocol, min(one, other), max(one, other)),
    st.sampled_from(WITH_PORTS),
    numbers,
    numbers,
)


@given(st.lists(ranges, max_size=8), numbers)
def test_port_atoms_part_everything_and_ranges_are_unions_of_them(
    listed: list[PortNumbers], port: int
) -> None:
    atoms = PortAtoms.cut(listed)
    assert atoms.ports(atoms.everything) == 3 * 65535 + 1
    assert atoms.traffic(atoms.everything).everything
    for part in listed:
        for protocol in WITH_PORTS:
            inside = protocol is part.protocol and part.first <= port <= part.last
            assert bool(atoms.holding(protocol, port) & atoms.covering(part)) == inside
        assert atoms.ports(atoms.covering(part)) == part.last - part.first + 1


blocks = st.builds(
    lambda number, prefix: AddressSet(ip_network((number, prefix), strict=False)),
    st.integers(0, 2**32 - 1),
    st.integers(0, 32),
)


@given(st.lists(blocks, max_size=8), st.integers(0, 2**32 - 1))
def test_address_atoms_tell_apart_what_blocks_do(listed: list[AddressSet], number: int) -> None:
    cuts, address = AddressCuts.of(listed, 4), ip_address(number)
    atom = cuts.atom(address)
    for block in listed:
        inside = any(first <= atom < end for first, end in cuts.atoms(block))
        assert inside == (address in block.cidr)
