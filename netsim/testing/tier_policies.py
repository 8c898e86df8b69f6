"""Hypothesis strategies for the policies of the whole cluster, in each API that has them.

Labels, names, ports and addresses come from the pools of `clusters`, so that they match what is
there; priorities are few, so that policies of one rank meet and one stands in another's shadow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from netsim.testing.clusters import (
    CIDRS,
    PORT_NAMES,
    PORTS,
    PROTOCOLS,
    Manifest,
    namespace_selectors,
    selectors,
)

PRIORITIES = (7, 7, 0, 1000)
# How many there are together.
MANY_OR_NONE, SEVERAL = (2, 3, 4, 1, 0), (2, 3, 4)
# Names to ask about: each is met by some of the patterns, the last by none.
DOMAINS = ("example.com", "api.example.com", "a.api.example.com", "example.org")
DOMAIN_PATTERNS = ("example.com", "*.example.com", "api.example.com", "*.API.example.com.")
# Besides the blocks of NetworkPolicies: single pods, a node, what has host bits.
NETWORKS = (
    *CIDRS,
    "0.0.0.0/0",
    "10.0.0.1/32",
    "10.0.1.2/32",
    "192.168.0.1/32",
    "10.0.1.77/25",
    "fd00::/112",
    "fd00::1:2/128",
)
# The API server takes it, but there is no such operator (ANP-33).
_UNUSABLE = {"matchExpressions": [{"key": "app", "operator": "Equals", "values": ["web"]}]}


@dataclass(frozen=True, slots=True)
class Api:
    """How one API writes what all of them say. `numbers` has protocol, first and last port.

    `allow` is the word for the action; `domains` whether there are domainNames, and Pass beside
    them; `reversed` whether a range may end before it begins.
    """

    version: str
    kind: str
    allow: str
    ports_field: str
    numbers: Callable[[str, int, int], Manifest]
    named: str
    passes: bool = True
    domains: bool = True
    reversed: bool = False


def _numbers_of_protocols(protocol: str, first: int, last: int) -> Manifest:
    ports = {"number": first} if first == last else {"range": {"start": first, "end": last}}
    return {protocol.lower() or "tcp": {"destinationPort": ports}}


def _numbers_of_ports(protocol: str, first: int, last: int) -> Manifest:
    said = {"protocol": protocol} if protocol else {}  # else TCP (ANP-20)
    if first == last:
        return {"portNumber": {**said, "port": first}}
    return {"portRange": {**said, "start": first, "end": last}}


_GROUP = "policy.networking.k8s.io"
CLUSTER = Api(
    f"{_GROUP}/v1alpha2",
    "ClusterNetworkPolicy",
    "Accept",
    "protocols",
    _numbers_of_protocols,
    "destinationNamedPort",
)
ADMIN = Api(
    f"{_GROUP}/v1alpha1",
    "AdminNetworkPolicy",
    "Allow",
    "ports",
    _numbers_of_ports,
    "namedPort",
    reversed=True,
)
BASELINE = Api(
    f"{_GROUP}/v1alpha1",
    "BaselineAdminNetworkPolicy",
    "Allow",
    "ports",
    _numbers_of_ports,
    "namedPort",
    passes=False,
    domains=False,
    reversed=True,
)
APIS = (CLUSTER, ADMIN, BASELINE)
TIER_KINDS = frozenset(api.kind for api in APIS)


@dataclass(frozen=True, slots=True)
class Pools:
    """The selectors that policies are drawn with: of namespaces, of pods, of nodes."""

    namespaces: st.SearchStrategy[Manifest]
    pods: st.SearchStrategy[Manifest]
    nodes: st.SearchStrategy[Manifest]


_everything: st.SearchStrategy[Manifest] = st.just({})
USUAL = Pools(
    st.one_of(_everything, namespace_selectors),
    st.one_of(_everything, selectors),
    st.one_of(_everything, selectors),
)


@st.composite
def _seldom_unusable(draw: st.DrawFn, usual: st.SearchStrategy[Manifest]) -> Manifest:
    return _UNUSABLE if draw(st.integers(0, 19)) == 19 else draw(usual)


def _pod_peers(pools: Pools) -> st.SearchStrategy[Manifest]:
    both = {"namespaceSelector": pools.namespaces, "podSelector": _seldom_unusable(pools.pods)}
    return st.one_of(
        st.fixed_dictionaries({"namespaces": _seldom_unusable(pools.namespaces)}),
        st.fixed_dictionaries({"pods": st.fixed_dictionaries(both)}),
    )


@st.composite
def _subjects(draw: st.DrawFn, pools: Pools) -> Manifest:
    """Everybody, half of the time."""
    return {"namespaces": {}} if draw(st.booleans()) else draw(_pod_peers(pools))


_networks = st.lists(st.sampled_from(NETWORKS), min_size=1, max_size=2, unique=True)
_network_peers = _networks.map(lambda drawn: {"networks": drawn})
_names = st.lists(st.sampled_from(DOMAIN_PATTERNS), min_size=1, max_size=2, unique=True)
_domain_peers = _names.map(lambda drawn: {"domainNames": drawn})


@st.composite
def _peers(draw: st.DrawFn, api: Api, field: str, action: str, pools: Pools) -> list[Manifest]:
    kinds = [_pod_peers(pools)]
    if field == "to":
        nodes = _seldom_unusable(pools.nodes).map(lambda drawn: {"nodes": drawn})
        kinds.append(st.one_of(_network_peers, _network_peers, nodes))
        if api.domains and action == api.allow:  # ANP-17: of no other action
            kinds.append(_domain_peers)
    return draw(st.lists(st.one_of(*kinds), min_size=1, max_size=2))


@st.composite
def _port_entries(draw: st.DrawFn, api: Api, named: bool) -> Manifest:
    """One item of the list of ports: a number, a range, a name."""
    form = draw(
        st.sampled_from(("number", "range", "name", "name") if named else ("number", "range"))
    )
    if form == "name":
        return {api.named: draw(st.sampled_from(PORT_NAMES))}
    protocol = draw(st.sampled_from((*PROTOCOLS, "")))
    if form == "number":
        port = draw(st.sampled_from((80, *PORTS)))
        return api.numbers(protocol, port, port)
    ends = st.lists(st.sampled_from(PORTS), min_size=2, max_size=2, unique=True)
    turned = api.reversed and draw(st.integers(0, 5)) == 5
    return api.numbers(protocol, *sorted(draw(ends), reverse=turned))


@st.composite
def _rules(draw: st.DrawFn, api: Api, field: str, pools: Pools) -> Manifest:
    """One rule of the ingress (`from`) or egress (`to`) of an API."""
    actions = (api.allow, "Deny", "Pass") if api.passes else (api.allow, "Deny")
    action = draw(st.sampled_from(actions))
    rule: Manifest = {"action": action, field: draw(_peers(api, field, action, pools))}
    if draw(st.booleans()):
        # ANP-30: a name is of pods alone
        named = all(each.keys() <= {"namespaces", "pods"} for each in rule[field])
        rule[api.ports_field] = draw(st.lists(_port_entries(api, named), min_size=1, max_size=2))
    return rule


_BOTH = ("ingress", "egress")
_DIRECTIONS = (("ingress",), ("egress",), *[_BOTH] * 5, ())
_FIELDS = {"ingress": "from", "egress": "to"}


@st.composite
def _policies(draw: st.DrawFn, api: Api, name: str, pools: Pools) -> Manifest:
    spec: Manifest = {}
    if api is CLUSTER:
        spec["tier"] = draw(st.sampled_from(("Admin", "Baseline")))
    if api is not BASELINE:
        spec["priority"] = draw(st.sampled_from(PRIORITIES))
    spec["subject"] = draw(_subjects(pools))
    for direction in draw(st.sampled_from(_DIRECTIONS)):
        rules = st.lists(_rules(api, _FIELDS[direction], pools), min_size=1, max_size=3)
        spec[direction] = draw(rules)
    head = {"apiVersion": api.version, "kind": api.kind, "metadata": {"name": name}}
    return {**head, "spec": spec}


def cluster_network_policies(number: int = 0, pools: Pools = USUAL) -> st.SearchStrategy[Manifest]:
    """Valid ClusterNetworkPolicies, of either tier."""
    return _policies(CLUSTER, f"tier-{number}", pools)


def admin_network_policies(number: int = 0, pools: Pools = USUAL) -> st.SearchStrategy[Manifest]:
    """Valid AdminNetworkPolicies."""
    return _policies(ADMIN, f"tier-{number}", pools)


def baseline_admin_network_policies(pools: Pools = USUAL) -> st.SearchStrategy[Manifest]:
    """Valid BaselineAdminNetworkPolicies; there is one name for them (ANP-22)."""
    return _policies(BASELINE, "default", pools)


_TOGETHER = ((CLUSTER,), (CLUSTER,), (ADMIN, BASELINE), APIS)


@st.composite
def tier_policies(
    draw: st.DrawFn, pools: Pools = USUAL, counts: Sequence[int] = MANY_OR_NONE
) -> list[Manifest]:
    """One of these numbers together: of one version of the API, or of both.

    There are fewer where several of the kind would come that there is but one of.
    """
    apis = draw(st.sampled_from(_TOGETHER))
    drawn: dict[tuple[str, str], Manifest] = {}
    for _ in range(draw(st.sampled_from(counts))):
        api = draw(st.sampled_from(apis))
        # Policies of two kinds may have one name.
        number = sum(kind == api.kind for kind, _ in drawn)
        name = "default" if api is BASELINE else f"tier-{number}"
        drawn[api.kind, name] = draw(_policies(api, name, pools))
    return [*drawn.values()]
