"""Addresses at the edges of the blocks that policies name, and what is just beside them."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network

from netsim.dialects.networkpolicy.syntax import AddressPeer, AnyPeer, NetworkPolicy
from netsim.dialects.tiers.syntax import NetworksPeer, NodesPeer
from netsim.model.cluster import Address
from netsim.model.snapshot import Snapshot
from netsim.sets.addresses import address_of, span
from netsim.testing.asked import tier_peers, tier_policies_of

# Of documentation: nobody's, in any cluster.
_NOBODYS = ("203.0.113.7", "2001:db8::7")
_BESIDE = (-1, 0, 1)


def edge_addresses(snapshot: Snapshot) -> list[str]:
    """The first and the last of each block and except, those beside them, and one of nobody's.

    Where policies name nodes, also the addresses of each, and those beside them.
    """
    found = dict.fromkeys(_NOBODYS)
    for network in _networks(snapshot):
        largest = (1 << network.max_prefixlen) - 1
        for number in (end + beside for end in span(network) for beside in _BESIDE):
            if 0 < number < largest:
                address = address_of(number, network.version)
                if _can_be_asked(address):
                    found[str(address)] = None
    return list(found)


def _networks(snapshot: Snapshot) -> Iterator[IPv4Network | IPv6Network]:
    for policy in snapshot.policies:
        for rule in (*policy.ingress, *policy.egress) if isinstance(policy, NetworkPolicy) else ():
            for peer in () if isinstance(rule.peers, AnyPeer) else rule.peers:
                if isinstance(peer, AddressPeer):
                    yield from (peer.cidr, *peer.excepts)
    of_tiers = [*tier_peers(tier_policies_of(snapshot))]
    for each in of_tiers:
        if isinstance(each, NetworksPeer):
            yield from each.networks
    if any(isinstance(each, NodesPeer) for each in of_tiers):
        for node in snapshot.nodes.values():
            yield from map(ip_network, node.addresses)


def _can_be_asked(address: Address) -> bool:
    return not (address.is_loopback or getattr(address, "ipv4_mapped", None))
