"""Policies of the tiers around NetworkPolicy in few words, and flows as the reference answers them.

cluster(pod("a/web", ip="10.0.1.1"), cnp(ingress="{action: Deny, from: [{namespaces: {}}]}"))
"""

from __future__ import annotations

from ipaddress import ip_address

import netsim
from netsim import Answer, Direction, Flow, Protocol, Reason, Snapshot
from netsim.model.flow import Domain, Endpoint

EVERYBODY = "{namespaces: {}}"
_GROUP = "apiVersion: policy.networking.k8s.io"


def cnp(
    name: str = "p",
    *,
    ingress: str = "",
    egress: str = "",
    subject: str = EVERYBODY,
    tier: str = "Admin",
    priority: int = 10,
) -> str:
    """A ClusterNetworkPolicy; `ingress` and `egress` are rules in flow style, without brackets."""
    rank = f"tier: {tier}, priority: {priority}"
    spec = f"{{{rank}, subject: {subject}, ingress: [{ingress}], egress: [{egress}]}}"
    kind = "kind: ClusterNetworkPolicy"
    return f"{_GROUP}/v1alpha2\n{kind}\nmetadata: {{name: {name}}}\nspec: {spec}"


def anp(
    name: str = "p",
    *,
    ingress: str = "",
    egress: str = "",
    subject: str = EVERYBODY,
    priority: int = 10,
) -> str:
    """An AdminNetworkPolicy."""
    rules = f"subject: {subject}, ingress: [{ingress}], egress: [{egress}]"
    spec = f"{{priority: {priority}, {rules}}}"
    kind = "kind: AdminNetworkPolicy"
    return f"{_GROUP}/v1alpha1\n{kind}\nmetadata: {{name: {name}}}\nspec: {spec}"


def banp(*, ingress: str = "", egress: str = "", subject: str = EVERYBODY) -> str:
    """A BaselineAdminNetworkPolicy; there is one name for it."""
    spec = f"{{subject: {subject}, ingress: [{ingress}], egress: [{egress}]}}"
    kind = "kind: BaselineAdminNetworkPolicy"
    return f"{_GROUP}/v1alpha1\n{kind}\nmetadata: {{name: default}}\nspec: {spec}"


def answered(
    snapshot: Snapshot, source: str, destination: str, traffic: int | str = "80/tcp"
) -> Answer:
    """The answer of the reference; `traffic` is a TCP port, `53/udp`, or `icmp`."""
    port, _, protocol = str(traffic).rpartition("/")
    if not port and protocol.isdigit():
        port, protocol = protocol, "tcp"
    ends = _end(snapshot, source), _end(snapshot, destination)
    flow = Flow(*ends, Protocol(protocol.upper()), int(port) if port else None)
    return netsim.decide_by_reference(snapshot, flow)


def passes(
    snapshot: Snapshot, source: str, destination: str, traffic: int | str = "80/tcp"
) -> bool:
    return answered(snapshot, source, destination, traffic).allowed


def places(reasons: tuple[Reason, ...]) -> list[tuple[str, int | None, int | None, int | None]]:
    return [(item.policy, item.rule, item.peer, item.port) for item in reasons]


def decided_by(answer: Answer, direction: Direction) -> list[tuple[str, str | None]]:
    """The steps of one side: each policy that was asked, and what it said."""
    decision = answer.egress if direction is Direction.EGRESS else answer.ingress
    return [(step.policy, step.action and step.action.value) for step in decision.steps]


def _end(snapshot: Snapshot, text: str) -> Endpoint:
    """`ns/pod`, `node/name`, an address, or a name with or without the address behind it."""
    named: dict[str, Endpoint] = {str(each): each for each in snapshot.pods}
    named |= {str(each): each for each in snapshot.nodes.values()}
    if text in named:
        return named[text]
    name, _, address = text.rpartition("@")
    if name:
        return Domain(name, ip_address(address))
    try:
        return ip_address(text)
    except ValueError:
        return Domain(text)
