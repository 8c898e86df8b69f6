"""From a NetworkPolicy to neutral rules. What is dead (NP-9) is left out."""

from __future__ import annotations

from collections.abc import Iterable

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
from netsim.labels.selector import Selector
from netsim.model import rules
from netsim.model.cluster import Protocol
from netsim.model.flow import Direction
from netsim.model.semantics import Semantics

_LAST_PORT = 65535
_DIRECTIONS = tuple(Direction)  # an Enum lists its members in Python
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
        kind, namespace, name = policy.kind, policy.namespace, policy.name
        subject = parts.pods(namespace, policy.subject)  # NP-4
        for direction in _DIRECTIONS:
            if direction in policy.directions:
                isolations.append(rules.Isolation(direction, subject))
                for index, rule in enumerate(policy.rules(direction)):
                    ref = rules.RuleRef(kind, namespace, name, index)
                    peers, traffic = parts.peers(rule, namespace), parts.traffic(rule)
                    found.append(rules.Rule(ref, direction, subject, peers, traffic))
    return rules.Lowered(tuple(found), tuple(isolations))


class _Parts:
    """What rules are made of: one object for equal pods, and where policies share what it is made from.

    That costs less than another one, here and wherever it is looked up. What is shared is known
    by its id, and kept with what is made from it, so that its id stays its own.
    """

    def __init__(self, semantics: Semantics) -> None:
        self._semantics = semantics
        self._pods: dict[tuple[str | Selector, Selector], rules.PodSet] = {}
        self._addresses: dict[int, tuple[AddressPeer, rules.AddressSet]] = {}
        self._traffic: dict[int, tuple[tuple[PortEntry, ...], tuple[rules.Traffic, ...]]] = {}

    def pods(self, namespaces: str | Selector, selector: Selector) -> rules.PodSet:
        key = namespaces, selector
        found = self._pods.get(key)
        if found is None:
            found = self._pods[key] = rules.PodSet(namespaces, selector)
        return found

    def peers(self, rule: Rule, namespace: str) -> tuple[rules.Peers, ...]:
        if isinstance(rule.peers, AnyPeer):
            return _ANYONE
        return tuple([self._peer(peer, namespace) for peer in rule.peers])

    def _peer(self, peer: Peer, namespace: str) -> rules.Peers:
        if isinstance(peer, PodPeer):
            # NP-25: without a namespaceSelector the policy's own namespace
            return self.pods(namespace if peer.namespaces is None else peer.namespaces, peer.pods)
        known = self._addresses.get(id(peer))
        if known is None:
            made = rules.AddressSet(peer.cidr, peer.excepts)
            known = self._addresses[id(peer)] = peer, made
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
