"""Where policies cut the ports and addresses: between two cuts nothing is told apart (REF-2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netsim.dialects.networkpolicy import syntax as networkpolicy
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.dialects.tiers import syntax as tiers
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.model.cluster import Protocol
from netsim.model.endpoints import Network
from netsim.model.snapshot import Policy


def networks_in(policies: Iterable[Policy]) -> list[Network]:
    """Every CIDR that the rules write, excepts too, each once."""
    found: dict[Network, None] = {}
    for peer in _peers(policies):
        match peer:
            case networkpolicy.AddressPeer(cidr, excepts):
                found.update(dict.fromkeys((cidr, *excepts)))
            case tiers.NetworksPeer(networks):
                found.update(dict.fromkeys(networks))
    return list(found)


def port_starts(policies: Iterable[Policy], protocol: Protocol) -> set[int]:
    """The first ports of the pieces that numeric entries of `protocol` make; names are apart.

    A range of a NetworkPolicy begins one more piece after its first port, for where endPort isn't
    read (IMP-13).
    """
    found = set()
    for entry in _entries(policies):
        match entry:
            case networkpolicy.PortEntry(of, networkpolicy.PortRange(first, last)):
                starts = {first, first + 1, last + 1}
            case tiers.Ports(of, first, last):
                starts = {first, last + 1}
            case _:
                continue
        if of is protocol:
            found |= starts
    return found


def selects_namespaces(policies: Iterable[Policy]) -> bool:
    """Whether a rule or a subject has a selector of namespaces in it.

    In a policy of the whole cluster everything has one: there it is one that asks for labels.
    """
    policies = list(policies)
    subjects = (policy.subject for policy in policies if isinstance(policy, TierPolicy))
    return any(_selects_namespaces(peer) for peer in (*subjects, *_peers(policies)))


def names_nodes(policies: Iterable[Policy]) -> bool:
    """Whether a rule names nodes, and with them their addresses (ANP-16)."""
    return any(isinstance(peer, tiers.NodesPeer) for peer in _peers(policies))


def _selects_namespaces(peer: networkpolicy.Peer | tiers.Peer) -> bool:
    match peer:
        case networkpolicy.PodPeer(namespaces):
            return namespaces is not None
        case tiers.NamespacesPeer(namespaces) | tiers.PodsPeer(namespaces):
            return bool(namespaces.requirements)
    return False


def _peers(policies: Iterable[Policy]) -> Iterator[networkpolicy.Peer | tiers.Peer]:
    for rule in _rules(policies):
        if not isinstance(rule.peers, networkpolicy.AnyPeer):
            yield from rule.peers


def _entries(
    policies: Iterable[Policy],
) -> Iterator[networkpolicy.PortEntry | tiers.Ports | tiers.NamedPort]:
    for rule in _rules(policies):
        if not isinstance(rule.ports, networkpolicy.AnyPort | tiers.AnyPort):
            yield from rule.ports


def _rules(policies: Iterable[Policy]) -> Iterator[networkpolicy.Rule | tiers.Rule]:
    for policy in policies:
        if isinstance(policy, NetworkPolicy | TierPolicy):
            yield from (*policy.ingress, *policy.egress)
