"""The answer to one flow with all that decided it: one cell of the relation, run again.

Only the policies that may govern one of the two ends are looked at. To find what an answer
hangs on it is asked again under other options; of that only the sides are decided again that
leaned on what is other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial

from netsim.dialects.answers import decided, in_full, of_families
from netsim.dialects.sides import End, Ledger, Side
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.engine.ends import ends_of, is_own_node, is_same_pod
from netsim.engine.governing import GoverningPolicy, PolicyIndex
from netsim.engine.matches import is_among, is_in, is_traffic
from netsim.errors import query_error
from netsim.model.cluster import Node, Pod, Protocol
from netsim.model.directory import Directory
from netsim.model.flow import (
    Answer,
    Cause,
    Decision,
    Direction,
    Domain,
    Family,
    Flow,
    Part,
    Reason,
)
from netsim.model.remarks import allowed_on_one_node
from netsim.model.rules import Anyone, AnyTraffic, Rule
from netsim.model.snapshot import Snapshot


def explainer(snapshot: Snapshot) -> Callable[[Flow], Answer]:
    """What answers single flows in one snapshot, as the reference does.

    An address at their ends is nobody's in the cluster (NP-42). Raises QueryError if an end can't
    be one (NP-64) or the port is missing.
    """
    cell = _cells(snapshot)
    return lambda flow: in_full(cell(flow).answer, snapshot.semantics)


def decider(snapshot: Snapshot) -> Callable[[Flow], Answer]:
    """The same without what an answer hangs on, and without notes: a third of the cost."""
    cell = _cells(snapshot)
    return lambda flow: cell(flow).answer(Ledger(snapshot.semantics))


def _cells(snapshot: Snapshot) -> Callable[[Flow], _Cell]:
    decide = _walk(snapshot, PolicyIndex(snapshot.policies, snapshot.semantics))
    directory = cache(lambda: Directory(snapshot))

    def owner(flow: Flow) -> Pod | Node | None:
        """Who has the address of a destination that is reached under a name (ANP-17)."""
        end = flow.destination
        if not isinstance(end, Domain) or end.address is None:
            return None
        return directory().owner_of(end.address)

    def cell(flow: Flow) -> _Cell:
        if flow.port is None and flow.protocol is not Protocol.ICMP:
            raise query_error(f"{flow.protocol.value} needs a port", code="NP-1")
        return _Cell(snapshot, decide, flow, owner(flow))

    return cell


# What policies say of a side.
_Decide = Callable[[Side, Ledger], Decision]


def _walk(snapshot: Snapshot, policies: PolicyIndex) -> _Decide:
    """Tier by tier; where there are no tiers around NetworkPolicy, just that."""
    between = partial(_by_policies, policies)
    if not any(isinstance(policy, TierPolicy) for policy in snapshot.policies):
        return between
    from netsim.engine.ranked import RankedIndex  # few clusters have tiers
    from netsim.engine.tier_walk import TierWalk

    return TierWalk(RankedIndex(snapshot), between, partial(_isolations, policies)).decision


class _Cell:
    """One flow, asked once or more."""

    def __init__(
        self, snapshot: Snapshot, decide: _Decide, flow: Flow, owner: Pod | Node | None
    ) -> None:
        self._snapshot, self._decide, self._flow, self._owner = snapshot, decide, flow, owner
        self._answered: list[tuple[Ledger, Answer]] = []
        self._decided: dict[tuple[Direction, Family, object], list[tuple[Ledger, Decision]]] = {}

    def answer(self, ledger: Ledger) -> Answer:
        """The answer under the options and assumptions of `ledger`, and there what it leans on."""
        for seen, answer in self._answered:
            if seen.holds_for(ledger):
                ledger.include(seen)
                return answer
        pairs = ends_of(self._snapshot, self._flow, ledger, self._owner)
        found = of_families(self._flow, [self._in_one_family(*pair, ledger) for pair in pairs])
        self._answered.append((ledger, found))
        return found

    def _in_one_family(self, source: End, destination: End, ledger: Ledger) -> Answer:
        flow = self._flow
        if is_same_pod(source, destination) and ledger.option("self_traffic") == "allow":
            return decided(flow, True, Cause.SELF, source.family)
        asked, nodes = (flow.protocol, flow.port), self._snapshot.nodes
        outward = Side(Direction.EGRESS, source, destination, *asked, nodes)
        inward = Side(Direction.INGRESS, destination, source, *asked, nodes)
        egress, ingress = self._known(outward, ledger), self._known(inward, ledger)
        return Answer(flow, egress, ingress, source.family)

    def _known(self, side: Side, ledger: Ledger) -> Decision:
        """The decision for one side, made anew only where an earlier one leaned on something else."""
        # Of what decides about the ends themselves, this option alone is no part of the side.
        key = side.direction, side.peer.family, ledger.semantics.host_network_pods
        earlier = self._decided.setdefault(key, [])
        for seen, decision in earlier:
            if seen.holds_for(ledger):
                ledger.include(seen)
                return decision
        own = ledger.again()
        decision = self._decision(side, own)
        earlier.append((own, decision))
        ledger.include(own)
        return decision

    def _decision(self, side: Side, ledger: Ledger) -> Decision:
        pod, inward = side.subject.network_pod, side.direction is Direction.INGRESS
        if pod is None:  # NP-3, NP-62
            return Decision(side.direction, True, Cause.NOT_A_SUBJECT)
        own = is_own_node(self._snapshot, pod, side.peer)
        option = "node_local_ingress" if inward else "egress_to_own_node"  # IMP-19, IMP-8
        if own and ledger.option(option) == "allow":
            return Decision(side.direction, True, Cause.OWN_NODE)
        other = inward and side.peer.node is not None and not own
        if other and ledger.option("ingress_from_other_nodes") == "allow":  # IMP-9
            return Decision(side.direction, True, Cause.OTHER_NODE)
        decision = self._decide(side, ledger)
        if inward and own is None and not decision.allowed:
            ledger.note(allowed_on_one_node(pod))
        return decision


def _isolating(policies: PolicyIndex, side: Side, ledger: Ledger) -> list[GoverningPolicy]:
    """The NetworkPolicies that isolate the subject of a side."""
    pod, direction = side.subject.network_pod, side.direction
    near = policies.isolating(pod, direction) if pod else []
    return [each for each in near if is_in(each.subjects[direction], side.subject, ledger)]


def _isolations(policies: PolicyIndex, side: Side, ledger: Ledger) -> tuple[Reason, ...]:
    """The same as reasons."""
    isolating = _isolating(policies, side, ledger)
    return tuple(_reason(policy, side, Part.ISOLATES) for policy in isolating)


def _by_policies(policies: PolicyIndex, side: Side, ledger: Ledger) -> Decision:
    """What the NetworkPolicies say of a side."""
    isolating = _isolating(policies, side, ledger)
    if not isolating:  # NP-6
        return Decision(side.direction, True, Cause.NOT_ISOLATED)
    if side.protocol is Protocol.ICMP and ledger.option("icmp") != "portless_rules":  # IMP-3
        allowed = ledger.option("icmp") == "allow"
        reasons = tuple(_reason(policy, side, Part.ISOLATES) for policy in isolating)
        return Decision(side.direction, allowed, Cause.PROTOCOL, reasons)
    tried = [reason for policy in isolating for reason in _rules(policy, side, ledger)]
    matched = tuple(reason for reason in tried if reason.part is Part.MATCHED)
    if matched:  # NP-7
        return Decision(side.direction, True, Cause.RULE, matched)
    tried += [_reason(policy, side, Part.ISOLATES) for policy in isolating]
    tried.sort(key=lambda reason: reason.sort_key)
    return Decision(side.direction, False, Cause.NO_RULE, tuple(tried))


def _rules(policy: GoverningPolicy, side: Side, ledger: Ledger) -> Iterator[Reason]:
    """For each rule every peer and port entry that match together, or what failed first (REF-3)."""
    for option in policy.hinges:
        ledger.option(option)
    for rule in policy.rules(side.direction, ledger.semantics):
        number = rule.ref.rule
        peers = [at for at, each in enumerate(rule.peers) if is_among(each, side.peer, ledger)]
        if not peers:
            only = 0 if len(rule.peers) == 1 else None
            yield _reason(policy, side, Part.PEERS, number, peer=only)
            continue
        ports = [at for at, part in enumerate(rule.traffic) if is_traffic(part, side, ledger)]
        for peer in peers:
            for port in ports:
                yield _matched(policy, side, rule, peer, port)
        if not ports:
            only = 0 if len(rule.traffic) == 1 else None
            yield _reason(policy, side, Part.PORTS, number, port=only)


def _matched(policy: GoverningPolicy, side: Side, rule: Rule, peer: int, port: int) -> Reason:
    """No index where the policy lists nothing: where there is no restriction (NP-21, NP-22)."""
    return _reason(
        policy,
        side,
        Part.MATCHED,
        rule.ref.rule,
        None if isinstance(rule.peers[peer], Anyone) else peer,
        None if isinstance(rule.traffic[port], AnyTraffic) else port,
    )


def _reason(
    policy: GoverningPolicy,
    side: Side,
    part: Part,
    rule: int | None = None,
    peer: int | None = None,
    port: int | None = None,
) -> Reason:
    of = policy.policy
    written = None if rule is None else of.rules(side.direction)[rule]
    return Reason(
        of.kind,
        of.namespace,
        of.name,
        side.direction,
        part,
        rule,
        peer,
        port,
        of.origin,
        written,
    )
