"""What the policies of a tier around NetworkPolicy mean, written plainly (SEMANTICS section 5).

To be read beside the API's own text, as the reference of NetworkPolicy: but here there is an
order, and the first rule that matches decides. All of it that matches is named (REF-3).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from netsim.dialects.matching import (
    declares_port,
    is_node_of,
    network_matches,
    reached_under,
    selects_namespace,
    selects_pod,
)
from netsim.dialects.sides import End, Ledger, Side, TierDecision
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
from netsim.model.cluster import Protocol
from netsim.model.flow import Direction, Part, Reason, Step
from netsim.model.tiers import Action


def decide_tier(policies: Iterable[TierPolicy], side: Side, ledger: Ledger) -> TierDecision:
    """What the policies of one tier say of one side whose subject is a pod of the pod network."""
    asked = governing(policies, side, ledger)
    steps: list[Step] = []
    for number, policy in enumerate(asked):
        step = _step(policy, side, ledger)
        # ANP-6, ANP-7, ANP-8: whatever it says, no other policy of the tier has a say
        if step.action is not None:
            rivals = _rivals(step, asked[number + 1 :], side, ledger)
            return TierDecision(step.action, (*steps, replace(step, rivals=tuple(rivals))))
        steps.append(step)
    # ANP-11: cluster policies don't isolate
    return TierDecision(None, tuple(steps))


def governing(policies: Iterable[TierPolicy], side: Side, ledger: Ledger) -> list[TierPolicy]:
    """Those that have rules for this direction and the subject among theirs, as they are asked."""
    return [
        policy
        # ANP-3: the lower number first; ANP-24, IMP-12: among equals by name
        for policy in sorted(policies, key=lambda policy: policy.order)
        # ANP-12
        if policy.rules(side.direction) and _governs(policy, side.subject, ledger)
    ]


def _governs(policy: TierPolicy, subject: End, ledger: Ledger) -> bool:
    # ANP-33: a subject that can't be understood is nobody
    if isinstance(policy.subject, UnusablePeer):
        return False
    return _selects(policy.subject, subject, ledger)


def _rivals(
    step: Step, later: Sequence[TierPolicy], side: Side, ledger: Ledger
) -> Iterable[Reason]:
    """What policies say otherwise that might as well have been asked before a step (ANP-24)."""
    for policy in later:
        if policy.priority == step.priority:
            other = _step(policy, side, ledger)
            if other.action not in (None, step.action):
                yield from other.reasons


def _step(policy: TierPolicy, side: Side, ledger: Ledger) -> Step:
    """What one policy says: its first rule that matches, if one does (ANP-5)."""

    def step(action: Action | None, reasons: Sequence[Reason] = ()) -> Step:
        name, origin = policy.name, policy.origin
        return Step(policy.tier, policy.priority, policy.kind, name, action, tuple(reasons), origin)

    for index, rule in enumerate(policy.rules(side.direction)):
        action, matched = _matching(rule, side, ledger)
        if matched:
            return step(action, [_reason(policy, side, index, *pair) for pair in matched])
    return step(None)


def _matching(
    rule: Rule, side: Side, ledger: Ledger
) -> tuple[Action, list[tuple[int, int | None]]]:
    """What a rule says, and every pair of a peer and a port entry by which it matches."""
    # ANP-26: what may have been meant to stop somebody stops everybody
    if rule.action is not Action.ALLOW and _has_unusable(rule):
        return Action.DENY, [(index, None) for index in _everyone(rule, side)]
    peers = [index for index, peer in enumerate(rule.peers) if _is_peer(peer, side, ledger)]
    if not peers:
        return rule.action, []
    # Peers AND ports; an OR within each
    ports = _matching_ports(rule, side, ledger)
    return rule.action, [(peer, port) for peer in peers for port in ports]


def _has_unusable(rule: Rule) -> bool:
    return any(isinstance(peer, UnusablePeer) for peer in rule.peers)


def _everyone(rule: Rule, side: Side) -> Sequence[int]:
    """All peers of a rule, if the other end is what rules of the direction can be about."""
    # ANP-13
    if side.direction is Direction.INGRESS and side.peer.network_pod is None:
        return ()
    return range(len(rule.peers))


def _is_peer(peer: Peer, side: Side, ledger: Ledger) -> bool:
    end = side.peer
    match peer:
        case NamespacesPeer() | PodsPeer():
            return _selects(peer, end, ledger)
        case NodesPeer(selector):
            return is_node_of(selector, end, side.nodes, ledger)
        case NetworksPeer():
            return any(network_matches(block, end, ledger) for block in peer.blocks)
        case DomainsPeer(names):
            return any(reached_under(name, end) for name in names)
        case UnusablePeer():  # ANP-26
            return False


def _selects(peer: NamespacesPeer | PodsPeer, end: End, ledger: Ledger) -> bool:
    pod = end.network_pod
    # ANP-13, ANP-14: what is outside, nodes and hostNetwork pods are no pods to a selector
    if pod is None or end.namespace is None:
        return False
    # ANP-4: both selectors
    if isinstance(peer, PodsPeer) and not selects_pod(peer.pods, pod, ledger):
        return False
    return selects_namespace(peer.namespaces, end.namespace, ledger)


def _matching_ports(rule: Rule, side: Side, ledger: Ledger) -> list[int | None]:
    # ANP-18, ANP-27: every port of every protocol, ICMP too
    if isinstance(rule.ports, AnyPort):
        return [None]
    numbered = enumerate(rule.ports)
    return [index for index, entry in numbered if _is_port(entry, side, ledger)]


def _is_port(entry: Ports | NamedPort, side: Side, ledger: Ledger) -> bool:
    # ANP-19: number and protocol are what the destination declares, if it is a pod
    if isinstance(entry, NamedPort):
        end = side.destination
        return end.network_pod is not None and declares_port(
            entry.name, side.protocol, side.port, end, ledger
        )
    # ANP-18, ANP-27: ICMP is nobody's protocol
    if entry.protocol is not side.protocol or side.port is None:
        return False
    # IMP-14
    if entry.protocol is Protocol.SCTP and ledger.option("sctp") == "ignored":
        return False
    # ANP-20: both ends count; ANP-31: a reversed range has none
    return entry.first <= side.port <= entry.last


def _reason(policy: TierPolicy, side: Side, rule: int, peer: int, port: int | None) -> Reason:
    return Reason(
        policy.kind,
        policy.namespace,
        policy.name,
        side.direction,
        Part.MATCHED,
        rule,
        peer,
        port,
        policy.origin,
        policy.rules(side.direction)[rule],
    )
