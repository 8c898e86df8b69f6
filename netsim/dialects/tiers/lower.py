"""From policies of the whole cluster to ranked neutral rules, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netsim.dialects.tiers.syntax import (
    AnyPort,
    DomainsPeer,
    NamedPort,
    NamespacesPeer,
    NetworksPeer,
    NodesPeer,
    Peer,
    PodsPeer,
    Ports,
    Rule,
    TierPolicy,
    UnusablePeer,
)
from netsim.labels.selector import EVERYTHING
from netsim.model import rules
from netsim.model.cluster import Protocol
from netsim.model.flow import Direction
from netsim.model.semantics import Semantics
from netsim.model.tiers import Action

_EVERY_POD, _ANYONE = rules.PodSet(EVERYTHING), rules.Anyone()
_ANY_TRAFFIC = (rules.AnyTraffic(),)
# The options that a policy is read under.
READ_UNDER = ("sctp",)


def lower(policies: Iterable[TierPolicy], semantics: Semantics) -> tuple[rules.RankedRule, ...]:
    """The rules of `policies`, read under `semantics` (IMP-14), as they are asked (ANP-3, ANP-5).

    What is dead is left out: policies that govern nobody, and what an unusable peer would let in.
    """
    found: list[rules.RankedRule] = []
    for policy in sorted(policies, key=lambda policy: policy.order):
        subject = subject_of(policy)
        if subject is not None:
            for direction in Direction:
                found += _rules(policy, subject, direction, semantics)
    return tuple(found)


def subject_of(policy: TierPolicy) -> rules.PodSet | None:
    """The pods that a policy governs; None for one that governs nobody (ANP-33)."""
    return None if isinstance(policy.subject, UnusablePeer) else _pods(policy.subject)


def _rules(
    policy: TierPolicy, subject: rules.PodSet, direction: Direction, semantics: Semantics
) -> Iterator[rules.RankedRule]:
    for index, rule in enumerate(policy.rules(direction)):
        ref = rules.RuleRef(policy.kind, policy.namespace, policy.name, index)
        action, traffic = rule.action, _traffic(rule, semantics)
        peers: tuple[tuple[rules.RankedPeers, int], ...] = tuple(_peers(rule))
        if action is not Action.ALLOW and any(map(_is_unusable, rule.peers)):
            action, traffic = Action.DENY, _ANY_TRAFFIC  # ANP-26: deny all
            everyone = _EVERY_POD if direction is Direction.INGRESS else _ANYONE
            peers = tuple((everyone, at) for at in range(len(rule.peers)))
        yield rules.RankedRule(
            ref,
            direction,
            subject,
            tuple(each for each, _ in peers),
            tuple(at for _, at in peers),
            traffic,
            policy.tier,
            policy.priority,
            action,
        )


def _is_unusable(peer: Peer) -> bool:
    return isinstance(peer, UnusablePeer)


def _peers(rule: Rule) -> Iterator[tuple[rules.RankedPeers, int]]:
    """The peers of a rule, each with the index of the item that it comes from."""
    for at, peer in enumerate(rule.peers):
        for each in _each(peer):
            yield each, at


def _each(peer: Peer) -> Iterator[rules.RankedPeers]:
    match peer:
        case NamespacesPeer() | PodsPeer():
            yield _pods(peer)
        case NodesPeer():
            yield rules.NodeSet(peer.nodes)
        case NetworksPeer():
            for network in peer.blocks:
                yield rules.AddressSet(network, network=True)
        case DomainsPeer():
            yield from map(rules.DomainSet, peer.names)
        case UnusablePeer():
            pass


def _pods(peer: NamespacesPeer | PodsPeer) -> rules.PodSet:
    pods = peer.pods if isinstance(peer, PodsPeer) else EVERYTHING
    return rules.PodSet(peer.namespaces, pods)


def _traffic(rule: Rule, semantics: Semantics) -> tuple[rules.RankedTraffic, ...]:
    if isinstance(rule.ports, AnyPort):
        return _ANY_TRAFFIC
    return tuple(_entry(entry, semantics) for entry in rule.ports)


def _entry(entry: Ports | NamedPort, semantics: Semantics) -> rules.RankedTraffic:
    if isinstance(entry, NamedPort):
        return rules.PortOfAnyProtocol(entry.name)
    if entry.protocol is Protocol.SCTP and semantics.sctp == "ignored":  # IMP-14
        return rules.NoTraffic()
    if entry.first > entry.last:  # ANP-31: a reversed range is accepted, and matches nothing
        return rules.NoTraffic()
    return rules.PortNumbers(entry.protocol, entry.first, entry.last)
