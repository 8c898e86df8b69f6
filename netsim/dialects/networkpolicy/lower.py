"""From a NetworkPolicy to neutral rules. What is dead (NP-9) is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netsim.dialects.networkpolicy.syntax import (
    AddressPeer,
    AllPorts,
    AnyPeer,
    AnyPort,
    NamedPort,
    NetworkPolicy,
    Peer,
    PodPeer,
    PortEntry,
    PortRange,
    Rule,
)
from netsim.model import rules
from netsim.model.cluster import Protocol
from netsim.model.flow import Direction
from netsim.model.semantics import Semantics

_LAST_PORT = 65535
_ANYONE = (rules.Anyone(),)
_ANY_TRAFFIC = (rules.AnyTraffic(),)
# The options that a policy is read under.
READ_UNDER = ("endport", "sctp")


def lower(policies: Iterable[NetworkPolicy], semantics: Semantics) -> rules.Lowered:
    """The isolations and rules of `policies`, read under `semantics` (IMP-13, IMP-14)."""
    found: list[rules.Rule] = []
    isolations: list[rules.Isolation] = []
    parts = _Parts(semantics)
    for policy in policies:
        subject = rules.PodSet(policy.namespace, policy.subject)  # NP-4
        for direction in Direction:
            if direction in policy.directions:
                isolations.append(rules.Isolation(direction, subject))
                found += _rules(policy, subject, direction, parts)
    return rules.Lowered(tuple(found), tuple(isolations))


def _rules(
    policy: NetworkPolicy, subject: rules.PodSet, direction: Direction, parts: _Parts
) -> Iterator[rules.Rule]:
    for index, rule in enumerate(policy.rules(direction)):
        ref = rules.RuleRef(policy.kind, policy.namespace, policy.name, index)
        peers = parts.peers(rule, policy.namespace)
        yield rules.Rule(ref, direction, subject, peers, parts.traffic(rule))


class _Parts:
    """What rules are made of: one object where policies share what it is made from.

    That costs less than another one, here and wherever it is looked up. What is shared is known
    by its id, and kept with what is made from it, so that its id stays its own.
    """

    def __init__(self, semantics: Semantics) -> None:
        self._semantics = semantics
        self._peers: dict[tuple[int, str], tuple[Peer, rules.Peers]] = {}
        self._traffic: dict[int, tuple[tuple[PortEntry, ...], tuple[rules.Traffic, ...]]] = {}

    def peers(self, rule: Rule, namespace: str) -> tuple[rules.Peers, ...]:
        if isinstance(rule.peers, AnyPeer):
            return _ANYONE
        return tuple([self._peer(peer, namespace) for peer in rule.peers])

    def _peer(self, peer: Peer, namespace: str) -> rules.Peers:
        # NP-25: without a namespaceSelector the policy's own namespace
        own = namespace if isinstance(peer, PodPeer) and peer.namespaces is None else ""
        key = id(peer), own
        known = self._peers.get(key)
        if known is None:
            known = self._peers[key] = peer, _peer(peer, own)
        return known[1]

    def traffic(self, rule: Rule) -> tuple[rules.Traffic, ...]:
        ports = rule.ports
        if isinstance(ports, AnyPort):
            return _ANY_TRAFFIC
        known = self._traffic.get(id(ports))
        if known is None:
            made = tuple([_entry(entry, self._semantics) for entry in ports])
            known = self._traffic[id(ports)] = ports, made
        return known[1]


def _peer(peer: Peer, own: str) -> rules.Peers:
    if isinstance(peer, AddressPeer):
        return rules.AddressSet(peer.cidr, peer.excepts)
    return rules.PodSet(own if peer.namespaces is None else peer.namespaces, peer.pods)


def _entry(entry: PortEntry, semantics: Semantics) -> rules.Traffic:
    # IMP-14: such an entry matches nothing, and opens nothing else instead
    if entry.protocol is Protocol.SCTP and semantics.sctp == "ignored":
        return rules.NoTraffic()
    match entry.port:
        case AllPorts():
            return rules.PortNumbers(entry.protocol, 1, _LAST_PORT)
        case PortRange(first, last):
            whole = semantics.endport == "range"  # IMP-13
            return rules.PortNumbers(entry.protocol, first, last if whole else first)
        case NamedPort(name):
            return rules.PortOfName(entry.protocol, name)
