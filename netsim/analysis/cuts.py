"""Where policies cut the ports and addresses: between two cuts nothing is told apart (REF-2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netsim.dialects.networkpolicy.syntax import (
    AddressPeer,
    AnyPeer,
    AnyPort,
    Network,
    NetworkPolicy,
    PodPeer,
    PortRange,
    Rule,
)
from netsim.model.cluster import Protocol
from netsim.model.snapshot import Policy


def networks_in(policies: Iterable[Policy]) -> list[Network]:
    """Every CIDR that the rules write, excepts too, each once."""
    found: dict[Network, None] = {}
    for rule in _rules(policies):
        for peer in () if isinstance(rule.peers, AnyPeer) else rule.peers:
            if isinstance(peer, AddressPeer):
                found.update(dict.fromkeys((peer.cidr, *peer.excepts)))
    return list(found)


def port_starts(policies: Iterable[Policy], protocol: Protocol) -> set[int]:
    """The first ports of the pieces that numeric entries of `protocol` make; names are apart.

    A range begins one more piece after its first port, for where endPort isn't read (IMP-13).
    """
    found = set()
    for rule in _rules(policies):
        for entry in () if isinstance(rule.ports, AnyPort) else rule.ports:
            if entry.protocol is protocol and isinstance(entry.port, PortRange):
                found |= {entry.port.first, entry.port.first + 1, entry.port.last + 1}
    return found


def selects_namespaces(policies: Iterable[Policy]) -> bool:
    """Whether a rule has a namespaceSelector in it."""
    return any(
        isinstance(peer, PodPeer) and peer.namespaces is not None
        for rule in _rules(policies)
        for peer in (() if isinstance(rule.peers, AnyPeer) else rule.peers)
    )


def _rules(policies: Iterable[Policy]) -> Iterator[Rule]:
    for policy in policies:
        if isinstance(policy, NetworkPolicy):
            yield from (*policy.ingress, *policy.egress)
