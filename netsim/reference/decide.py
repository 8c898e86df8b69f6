"""The executable semantics: one flow, decided literally (SEMANTICS section 8).

This is the oracle that anything faster is held against: it walks the policies as written, with
loops and string comparison, and is never optimised. What the policies themselves mean stands in
the `reference.py` of their dialect.
"""

from __future__ import annotations

from functools import partial

from netsim.dialects.answers import decided, in_full, of_families
from netsim.dialects.sides import End, Ledger, Side
from netsim.errors import query_error
from netsim.model.cluster import Pod, Protocol
from netsim.model.flow import Answer, Cause, Decision, Direction, Flow
from netsim.model.remarks import allowed_on_one_node
from netsim.model.snapshot import Snapshot
from netsim.reference.ends import ends, host_addresses
from netsim.reference.walk import decide_by_tiers


def decide(snapshot: Snapshot, flow: Flow) -> Answer:
    """The answer for one flow, with all that decided it.

    Costs a pass over the policies, and one more for each assumption and each other value of an
    option that was met on the way.

    Raises QueryError if an end can't be one (NP-59, NP-64) or the port is missing.
    """
    if flow.port is None and flow.protocol is not Protocol.ICMP:
        raise query_error(f"{flow.protocol.value} needs a port", code="NP-1")
    return in_full(partial(_answer, snapshot, flow), snapshot.semantics)


def _answer(snapshot: Snapshot, flow: Flow, ledger: Ledger) -> Answer:
    pairs = ends(snapshot, flow, ledger)
    return of_families(flow, [_in_one_family(snapshot, flow, *pair, ledger) for pair in pairs])


def _in_one_family(
    snapshot: Snapshot, flow: Flow, source: End, destination: End, ledger: Ledger
) -> Answer:
    # NP-58, IMP-4
    if _same_pod(source, destination) and ledger.option("self_traffic") == "allow":
        return decided(flow, True, Cause.SELF, source.family)
    # NP-1, NP-2: both sides must let the connection be opened; replies are nobody's question
    outward = Side(Direction.EGRESS, source, destination, flow.protocol, flow.port, snapshot.nodes)
    inward = Side(Direction.INGRESS, destination, source, flow.protocol, flow.port, snapshot.nodes)
    egress, ingress = _decision(snapshot, outward, ledger), _decision(snapshot, inward, ledger)
    return Answer(flow, egress, ingress, source.family)


def _same_pod(source: End, destination: End) -> bool:
    one, other = source.network_pod, destination.network_pod
    return one is not None and other is not None and one.identity == other.identity


def _decision(snapshot: Snapshot, side: Side, ledger: Ledger) -> Decision:
    pod, inward = side.subject.network_pod, side.direction is Direction.INGRESS
    # NP-3, NP-62
    if pod is None:
        return Decision(side.direction, True, Cause.NOT_A_SUBJECT)
    own = _is_own_node(snapshot, pod, side.peer)
    # NP-60, IMP-19 for what comes in; IMP-8 for what goes out
    if own and ledger.option("node_local_ingress" if inward else "egress_to_own_node") == "allow":
        return Decision(side.direction, True, Cause.OWN_NODE)
    # IMP-9
    other = inward and side.peer.node is not None and not own
    if other and ledger.option("ingress_from_other_nodes") == "allow":
        return Decision(side.direction, True, Cause.OTHER_NODE)
    decision = decide_by_tiers(snapshot, side, ledger)
    if inward and own is None and not decision.allowed:
        ledger.note(allowed_on_one_node(pod))
    return decision


def _is_own_node(snapshot: Snapshot, pod: Pod, peer: End) -> bool | None:
    """Whether `peer` is the node that `pod` runs on, by name or by any address; None: not known."""
    known = host_addresses(snapshot, pod)
    if peer.address in known or (peer.node and pod.node and peer.node.name == pod.node):
        return True
    # What is no node, another name, or none of the node's addresses
    if peer.node is None or (peer.node.name and pod.node) or (peer.address and known):
        return False
    return None
