"""Hypothesis strategies for small clusters, as the manifests that a user would write.

`clusters()` draws labels, names, ports and addresses from small pools, so that selectors match
and rules decide. What it draws is plain data: lists of manifests that `json.dumps` can write.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Manifest = dict[str, Any]

NAMESPACES = ("a", "b", "c")
NAME_LABEL = "kubernetes.io/metadata.name"
NODES = {"n1": "192.168.0.1", "n2": "192.168.0.2"}
PORTS = (79, 80, 81, 82, 443, 8080)
PORT_NAMES = ("http", "dns", "nobody")
PROTOCOLS = ("TCP", "UDP", "SCTP")
KEYS = ("app", "tier", "env")
VALUES = ("web", "db", "")
CIDRS: dict[str, tuple[str, ...]] = {
    "10.0.0.0/8": ("10.0.1.0/24", "10.0.0.0/9", "10.0.2.1/32"),
    "10.0.1.0/24": ("10.0.1.1/32", "10.0.1.0/25"),
    "10.0.2.1/32": (),
    "192.168.0.0/30": ("192.168.0.2/32",),
    "0.0.0.0/0": ("10.0.0.0/8", "192.168.0.0/16"),
    "fd00::/16": ("fd00::1:0/112", "fd00::2:1/128"),
    "::/0": (),
}
OUTSIDE = ("203.0.113.7", "10.0.1.200", "192.168.0.1", "192.168.0.2", "fd00::9", "2001:db8::1")

# What addresses a pod has: IPv4, IPv6, both, or none that is known.
WITH_ADDRESSES = "446b"
WITH_OR_WITHOUT = "4446bb--"

labels = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), max_size=2)


@st.composite
def mostly(draw: st.DrawFn, usual: st.SearchStrategy[Any], rare: st.SearchStrategy[Any]) -> Any:
    """What is usual, and one time in six something rare."""
    return draw(rare if draw(st.integers(0, 5)) == 5 else usual)


def optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Manifest]:
    """An object in which each of these fields is missing or drawn."""
    return st.fixed_dictionaries({}, optional=fields)


@st.composite
def requirements(draw: st.DrawFn) -> Manifest:
    """One item of matchExpressions."""
    operator = draw(st.sampled_from(("In", "NotIn", "Exists", "DoesNotExist")))
    item: Manifest = {"key": draw(st.sampled_from(KEYS)), "operator": operator}
    if operator in {"In", "NotIn"}:
        item["values"] = draw(st.lists(st.sampled_from(VALUES), min_size=1, max_size=2))
    return item


some_labels = st.builds(
    lambda key, value: {key: value}, st.sampled_from(KEYS[:2]), st.sampled_from(VALUES[:2])
)
selectors = mostly(
    st.one_of(
        st.just({}),
        st.builds(lambda found: {"matchLabels": found}, some_labels),
        st.builds(lambda found: {"matchLabels": found}, some_labels),
        st.builds(lambda found: {"matchExpressions": [found]}, requirements()),
    ),
    optional(matchLabels=labels, matchExpressions=st.lists(requirements(), max_size=2)),
)
namespace_selectors = st.one_of(
    selectors,
    st.sampled_from(NAMESPACES).map(lambda name: {"matchLabels": {NAME_LABEL: name}}),
)


@st.composite
def address_peers(draw: st.DrawFn) -> Manifest:
    """An ipBlock, with some of the exceptions that fit it."""
    cidr = draw(st.sampled_from(tuple(CIDRS)))
    block: Manifest = {"cidr": cidr}
    holes = CIDRS[cidr]
    if holes:
        block |= draw(optional(**{"except": st.lists(st.sampled_from(holes), max_size=2)}))
    return {"ipBlock": block}


peers = st.one_of(
    st.fixed_dictionaries({"podSelector": selectors}),
    st.fixed_dictionaries({"namespaceSelector": namespace_selectors}),
    st.fixed_dictionaries({"podSelector": selectors, "namespaceSelector": namespace_selectors}),
    address_peers(),
)


@st.composite
def port_entries(draw: st.DrawFn) -> Manifest | None:
    """One item of ports: null, a number, a range, a name, a protocol alone."""
    entry: Manifest = draw(optional(protocol=st.sampled_from(PROTOCOLS)))
    match draw(st.integers(0, 4)):
        case 0:
            return draw(st.sampled_from((None, entry)))
        case 1 | 2:
            entry["port"] = draw(st.sampled_from(PORTS))
        case 3:
            entry["port"] = draw(st.sampled_from(PORT_NAMES))
        case _:
            first, last = sorted(draw(st.tuples(st.sampled_from(PORTS), st.sampled_from(PORTS))))
            entry |= {"port": first, "endPort": last}
    return entry


def rules(peers_field: str) -> st.SearchStrategy[list[Manifest | None] | None]:
    """The ingress (`from`) or egress (`to`) of a policy."""
    ports = st.lists(port_entries(), min_size=1, max_size=2)
    usual = st.fixed_dictionaries(
        {peers_field: st.lists(peers, min_size=1, max_size=2)}, optional={"ports": ports}
    )
    fields = {
        peers_field: st.one_of(st.none(), st.lists(peers, max_size=2)),
        "ports": st.one_of(st.none(), st.lists(port_entries(), max_size=2)),
    }
    rare = st.one_of(optional(**fields), st.none())
    listed = st.lists(mostly(usual, rare), min_size=1, max_size=2)
    return mostly(listed, st.one_of(st.none(), st.just([])))


BOTH = ("Ingress", "Egress")
TYPES = (["Ingress"], ["Egress"], [*BOTH], [*BOTH])


@st.composite
def usual_specs(draw: st.DrawFn) -> Manifest:
    """A spec that says what it governs, and which names its types."""
    types = draw(st.sampled_from(TYPES))
    spec: Manifest = {"podSelector": draw(selectors), "policyTypes": types}
    for direction, field in (("Ingress", "from"), ("Egress", "to")):
        if direction in types:
            spec[direction.lower()] = draw(rules(field))
    return spec


specs = mostly(
    usual_specs(),
    st.one_of(
        st.none(),
        optional(
            podSelector=selectors,
            ingress=rules("from"),
            egress=rules("to"),
            policyTypes=st.one_of(st.none(), st.lists(st.sampled_from(BOTH), max_size=2)),
        ),
    ),
)


@st.composite
def network_policies(draw: st.DrawFn, number: int = 0) -> Manifest:
    """A valid NetworkPolicy."""
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": f"policy-{number}", "namespace": draw(st.sampled_from(NAMESPACES))},
        "spec": draw(specs),
    }


@st.composite
def container_ports(draw: st.DrawFn) -> list[Manifest]:
    """The ports of one container; a name occurs once."""
    names = draw(st.lists(st.sampled_from(PORT_NAMES[:2]), unique=True, max_size=2))
    return [
        {
            "name": name,
            "containerPort": draw(st.sampled_from(PORTS)),
            **draw(optional(protocol=st.sampled_from(PROTOCOLS))),
        }
        for name in names
    ]


@st.composite
def pods(draw: st.DrawFn, number: int = 0, families: str = WITH_ADDRESSES) -> Manifest:
    """A running pod with one address a family; now and then on a node, or using its network."""
    host = draw(st.integers(0, 9)) == 0
    node = draw(st.sampled_from(tuple(NODES))) if host or draw(st.booleans()) else ""
    family = draw(st.sampled_from(families))
    addresses = [f"10.0.{number % 3}.{number + 1}"] if family in "4b" else []
    addresses += [f"fd00::{number % 3}:{number + 1}"] if family in "6b" else []
    spec: Manifest = {
        "containers": [
            {"name": f"c{index}", "ports": draw(container_ports())}
            for index in range(draw(st.integers(1, 2)))
        ],
    }
    if draw(st.integers(0, 4)) == 0:
        sidecar = draw(optional(restartPolicy=st.just("Always")))
        spec["initContainers"] = [{"name": "init", "ports": draw(container_ports()), **sidecar}]
    if node:
        spec["nodeName"] = node
    if host:
        # A host port can be taken once; these pods declare none.
        spec = {"containers": [{"name": "agent"}], "nodeName": node, "hostNetwork": True}
        addresses = [NODES[node]]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"pod-{number}",
            "namespace": draw(st.sampled_from(NAMESPACES)),
            "labels": draw(mostly(some_labels, labels)),
        },
        "spec": spec,
        "status": {"phase": "Running", "podIPs": [{"ip": address} for address in addresses]},
    }


@st.composite
def clusters(draw: st.DrawFn, families: str = WITH_ADDRESSES) -> list[Manifest]:
    """Namespaces (not all declared), nodes, two to five pods, up to four policies."""
    declared = draw(st.lists(st.sampled_from(NAMESPACES), unique=True))
    namespaces = [
        {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": n, "labels": draw(some_labels)},
        }
        for n in declared
    ]
    nodes = [
        {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {"name": name},
            "status": {"addresses": [{"type": "InternalIP", "address": address}]},
        }
        for name, address in NODES.items()
    ]
    drawn_pods = [draw(pods(number, families)) for number in range(draw(st.integers(2, 5)))]
    count = draw(st.sampled_from((2, 3, 4, 1, 0)))
    policies = [draw(network_policies(number)) for number in range(count)]
    return [*namespaces, *nodes, *drawn_pods, *policies]


@st.composite
def questions(draw: st.DrawFn, cluster: list[Manifest]) -> tuple[str, str, str, int]:
    """Source and destination texts, protocol and port; at most one end is outside."""
    inside = [
        f"{item['metadata']['namespace']}/{item['metadata']['name']}"
        for item in cluster
        if item["kind"] == "Pod"
    ]
    outside = draw(st.sampled_from(OUTSIDE))
    source, destination = draw(st.sampled_from(inside)), draw(st.sampled_from(inside))
    match draw(st.integers(0, 4)):
        case 0:
            source = outside
        case 1:
            destination = outside
    protocol = draw(st.sampled_from((*PROTOCOLS, "ICMP")))
    return source, destination, protocol, draw(st.sampled_from(PORTS))
