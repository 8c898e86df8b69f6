"""What a NetworkPolicy means, written plainly (SEMANTICS section 1).

To be read beside the API's own text: loops, string comparison and `ipaddress`, the number of
the rule at each branch, and never anything faster. Nothing stops at the first match, because
an answer names *all* that decided (REF-3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netsim.dialects.matching import block_matches, names_port, selects_namespace, selects_pod
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
from netsim.dialects.sides import End, Ledger, Side
from netsim.model.cluster import Protocol
from netsim.model.flow import Cause, Decision, Part, Reason


def decide_side(policies: Iterable[NetworkPolicy], side: Side, ledger: Ledger) -> Decision:
    """What the NetworkPolicies say of one side whose subject is a pod of the pod network."""
    isolating = _isolating(policies, side, ledger)
    # NP-6
    if not isolating:
        return Decision(side.direction, True, Cause.NOT_ISOLATED)
    selecting = [_reason(policy, side, Part.ISOLATES) for policy in isolating]
    # NP-72, IMP-3: what no entry can name
    if side.protocol is Protocol.ICMP and ledger.option("icmp") != "portless_rules":
        allowed = ledger.option("icmp") == "allow"
        return Decision(side.direction, allowed, Cause.PROTOCOL, tuple(selecting))
    # NP-7, NP-8: one rule of one policy is enough; there is neither order nor denial
    rules = [reason for policy in isolating for reason in _rules(policy, side, ledger)]
    matched = [reason for reason in rules if reason.part is Part.MATCHED]
    if matched:
        return Decision(side.direction, True, Cause.RULE, tuple(matched))
    reasons = sorted([*selecting, *rules], key=lambda reason: reason.sort_key)
    return Decision(side.direction, False, Cause.NO_RULE, tuple(reasons))


def isolations(policies: Iterable[NetworkPolicy], side: Side, ledger: Ledger) -> tuple[Reason, ...]:
    """The NetworkPolicies that isolate the subject of a side, whatever they say of it."""
    isolating = _isolating(policies, side, ledger)
    return tuple(_reason(policy, side, Part.ISOLATES) for policy in isolating)


def _isolating(
    policies: Iterable[NetworkPolicy], side: Side, ledger: Ledger
) -> list[NetworkPolicy]:
    return sorted(
        (policy for policy in policies if _isolates(policy, side, ledger)),
        key=lambda policy: (policy.namespace, policy.name),
    )


def _isolates(policy: NetworkPolicy, side: Side, ledger: Ledger) -> bool:
    pod = side.subject.network_pod
    return (
        pod is not None
        # NP-4: policies of other namespaces never do
        and policy.namespace == pod.namespace
        # NP-5, NP-9..14: by the effective policyTypes, whatever rules are written
        and side.direction in policy.directions
        # NP-15: an empty podSelector selects every pod
        and selects_pod(policy.subject, pod, ledger)
    )


def _rules(policy: NetworkPolicy, side: Side, ledger: Ledger) -> Iterator[Reason]:
    """For each rule every pair of a peer and a port that match, or the part that failed first."""
    for index, rule in enumerate(policy.rules(side.direction)):
        peers = _matching_peers(rule, policy, side.peer, ledger)
        ports = _matching_ports(rule, side, ledger)
        # NP-20, NP-24: peers AND ports, of one and the same rule
        for peer in peers:
            for port in ports:
                yield _reason(policy, side, Part.MATCHED, index, peer, port)
        if not peers:
            yield _reason(policy, side, Part.PEERS, index, peer=_only(rule.peers))
        elif not ports:
            yield _reason(policy, side, Part.PORTS, index, port=_only(rule.ports))


def _matching_peers(
    rule: Rule, policy: NetworkPolicy, end: End, ledger: Ledger
) -> list[int | None]:
    # NP-18, NP-21: no restriction, so nodes and addresses outside match too
    if isinstance(rule.peers, AnyPeer):
        return [None]
    # NP-23
    numbered = enumerate(rule.peers)
    return [index for index, peer in numbered if _peer_matches(peer, policy, end, ledger)]


def _peer_matches(peer: Peer, policy: NetworkPolicy, end: End, ledger: Ledger) -> bool:
    if isinstance(peer, AddressPeer):
        return block_matches(peer.cidr, peer.excepts, end, ledger)
    pod = end.network_pod
    # NP-28, NP-33, NP-63: what is outside, nodes and hostNetwork pods are no pods to a selector
    if pod is None or end.namespace is None:
        return False
    # NP-25, NP-26: without namespaceSelector the policy's own namespace, for egress too
    if peer.namespaces is None:
        return pod.namespace == policy.namespace and selects_pod(peer.pods, pod, ledger)
    # NP-27, NP-29: both selectors; one that isn't written is empty here
    in_pods = selects_pod(peer.pods, pod, ledger)
    return in_pods and selects_namespace(peer.namespaces, end.namespace, ledger)


def _matching_ports(rule: Rule, side: Side, ledger: Ledger) -> list[int | None]:
    # NP-22: every port of every protocol, ICMP too (NP-72)
    if isinstance(rule.ports, AnyPort):
        return [None]
    # NP-23
    numbered = enumerate(rule.ports)
    return [index for index, entry in numbered if _port_matches(entry, side, ledger)]


def _port_matches(entry: PortEntry, side: Side, ledger: Ledger) -> bool:
    # NP-45, NP-57, NP-72: ICMP is nobody's protocol
    if entry.protocol is not side.protocol or side.port is None:
        return False
    # IMP-14: where SCTP is ignored its entries match nothing, and open nothing else instead
    if entry.protocol is Protocol.SCTP and ledger.option("sctp") == "ignored":
        return False
    match entry.port:
        case AllPorts():  # NP-46
            return True
        case PortRange(first, last):  # NP-47, NP-48
            if side.port == first:
                return True
            # IMP-13
            return first < side.port <= last and ledger.option("endport") == "range"
        case NamedPort(name):
            return names_port(name, entry.protocol, side.port, side.destination, ledger)


def _only(items: AnyPeer | AnyPort | tuple[object, ...]) -> int | None:
    """The index of the one item of a list, for a reason to point at."""
    return 0 if isinstance(items, tuple) and len(items) == 1 else None


def _reason(
    policy: NetworkPolicy,
    side: Side,
    part: Part,
    rule: int | None = None,
    peer: int | None = None,
    port: int | None = None,
) -> Reason:
    return Reason(
        policy.kind,
        policy.namespace,
        policy.name,
        side.direction,
        part,
        rule,
        peer,
        port,
        policy.origin,
        None if rule is None else policy.rules(side.direction)[rule],
    )
