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
    PortEntry,
    PortRange,
    Rule,
)
from netsim.model import rules
from netsim.model.cluster import Protocol
from netsim.model.flow import Direction
from netsim.model.semantics import Semantics

_LAST_PORT = 65535
# The options that a policy is read under.
READ_UNDER = ("endport", "sctp")


def lower(policies: Iterable[NetworkPolicy], semantics: Semantics) -> rules.Lowered:
    """The isolations and rules of `policies`, read under `semantics` (IMP-13, IMP-14)."""
    found: list[rules.Rule] = []
    isolations: list[rules.Isolation] = []
    for policy in policies:
        subject = rules.PodSet(policy.namespace, policy.subject)  # NP-4
        for direction in Direction:
            if direction in policy.directions:
                isolations.append(rules.Isolation(direction, subject))
                found += _rules(policy, subject, direction, semantics)
    return rules.Lowered(tuple(found), tuple(isolations))


def _rules(
    policy: NetworkPolicy, subject: rules.PodSet, direction: Direction, semantics: Semantics
) -> Iterator[rules.Rule]:
    for index, rule in enumerate(policy.rules(direction)):
        ref = rules.RuleRef(policy.kind, policy.namespace, policy.name, index)
        peers = _peers(rule, policy.namespace)
        yield rules.Rule(ref, direction, subject, peers, tuple(_traffic(rule, semantics)))


def _peers(rule: Rule, namespace: str) -> tuple[rules.Peers, ...]:
    if isinstance(rule.peers, AnyPeer):
        return (rules.Anyone(),)
    return tuple(_peer(peer, namespace) for peer in rule.peers)


def _peer(peer: Peer, namespace: str) -> rules.Peers:
    if isinstance(peer, AddressPeer):
        return rules.AddressSet(peer.cidr, peer.excepts)
    # NP-25: without a namespaceSelector the policy's own namespace
    return rules.PodSet(namespace if peer.namespaces is None else peer.namespaces, peer.pods)


def _traffic(rule: Rule, semantics: Semantics) -> Iterator[rules.Traffic]:
    if isinstance(rule.ports, AnyPort):
        yield rules.AnyTraffic()
        return
    yield from (_entry(entry, semantics) for entry in rule.ports)


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
