"""Hypothesis strategies for anything valid: labels, ports, names and blocks from all there are.

What `clusters` draws decides something in nearly every example, as everything in it comes from
small pools. Here next to nothing matches by chance; what is at the far end of what may be written
comes instead.
"""

from __future__ import annotations

from ipaddress import ip_network

from hypothesis import strategies as st

from netsim.sets.addresses import address_of
from netsim.testing.clusters import PROTOCOLS, Manifest, optional

names = st.from_regex(r"[a-z]([-a-z0-9]{0,20}[a-z0-9])?", fullmatch=True)
label_values = st.from_regex(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,10}[A-Za-z0-9])?)?", fullmatch=True)
label_keys = st.one_of(
    st.from_regex(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,10}[A-Za-z0-9])?", fullmatch=True),
    names.map(lambda name: f"example.com/{name}"),
)
labels = st.dictionaries(label_keys, label_values, max_size=3)
ports = st.integers(1, 65535)
# With a letter, at most fifteen long, no two dashes together.
port_names = st.from_regex(r"[a-z]([a-z0-9]{0,6}(-[a-z0-9]{1,5})?)?", fullmatch=True)


@st.composite
def _requirements(draw: st.DrawFn) -> Manifest:
    operator = draw(st.sampled_from(("In", "NotIn", "Exists", "DoesNotExist")))
    item: Manifest = {"key": draw(label_keys), "operator": operator}
    if operator in {"In", "NotIn"}:
        item["values"] = draw(st.lists(label_values, min_size=1, max_size=3))
    return item


selectors = optional(matchLabels=labels, matchExpressions=st.lists(_requirements(), max_size=2))


@st.composite
def blocks(draw: st.DrawFn) -> Manifest:
    """An ipBlock of any length, with some of the halves of its halves excepted."""
    width, version = draw(st.sampled_from(((32, 4), (128, 6))))
    length = draw(st.integers(0, width))
    first = draw(st.integers(0, (1 << length) - 1)) << (width - length)
    if width == 128 and first >> 32 == 0xFFFF:  # IPv4 in IPv6 form isn't valid
        first = 0
    block = ip_network(f"{address_of(first, version)}/{length}")
    inside = list(block.subnets(new_prefix=min(length + 2, width)))[1:]
    excepts = draw(st.lists(st.sampled_from(inside), max_size=2)) if inside else []
    return {
        "ipBlock": {"cidr": str(block), **({"except": [*map(str, excepts)]} if excepts else {})}
    }


peers = st.one_of(
    st.fixed_dictionaries({"podSelector": selectors}),
    st.fixed_dictionaries({"namespaceSelector": selectors}),
    st.fixed_dictionaries({"podSelector": selectors, "namespaceSelector": selectors}),
    blocks(),
)


@st.composite
def _port_entries(draw: st.DrawFn) -> Manifest:
    entry: Manifest = draw(optional(protocol=st.sampled_from(PROTOCOLS)))
    match draw(st.integers(0, 3)):
        case 1:
            entry["port"] = draw(ports)
        case 2:
            entry["port"] = draw(port_names)
        case 3:
            first, last = sorted((draw(ports), draw(ports)))
            entry |= {"port": first, "endPort": last}
    return entry


def _rules(field: str) -> st.SearchStrategy[list[Manifest]]:
    rule = optional(
        **{field: st.lists(peers, max_size=3), "ports": st.lists(_port_entries(), max_size=3)}
    )
    return st.lists(rule, max_size=3)


@st.composite
def undirected_policies(draw: st.DrawFn, namespaces: tuple[str, ...] = ()) -> Manifest:
    """A valid NetworkPolicy, of one of these namespaces, or of any."""
    types = draw(st.sampled_from((None, ["Ingress"], ["Egress"], ["Ingress", "Egress"])))
    spec: Manifest = {"podSelector": draw(selectors), "ingress": draw(_rules("from"))}
    spec["egress"] = draw(_rules("to"))
    if types:
        spec["policyTypes"] = types
    where = draw(st.sampled_from(namespaces) if namespaces else names)
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": draw(names), "namespace": where},
        "spec": spec,
    }


@st.composite
def _pods(draw: st.DrawFn, namespaces: tuple[str, ...], number: int) -> Manifest:
    declared = draw(st.lists(port_names, max_size=2, unique=True))
    numbers = draw(st.lists(ports, min_size=len(declared), max_size=len(declared), unique=True))
    container = {
        "name": "c",
        "ports": [
            {"name": name, "containerPort": port}
            for name, port in zip(declared, numbers, strict=True)
        ],
    }
    address = draw(st.one_of(st.none(), st.ip_addresses(v=4), st.ip_addresses(v=6)))
    usable = address and not (
        address.is_loopback
        or address.is_unspecified
        or address.is_link_local
        or address.is_multicast
        or getattr(address, "ipv4_mapped", None)
    )
    status: Manifest = {"phase": "Running"}
    if usable:
        status["podIPs"] = [{"ip": str(address)}]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"pod-{number}",
            "namespace": draw(st.sampled_from(namespaces)),
            "labels": draw(labels),
        },
        "spec": {"containers": [container]},
        "status": status,
    }


@st.composite
def undirected_clusters(draw: st.DrawFn) -> list[Manifest]:
    """Namespaces of any name and labels, pods in them, policies for anybody; at least one pod."""
    spaces = tuple(draw(st.lists(names, min_size=1, max_size=3, unique=True)))
    declared = [
        {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": name, "labels": draw(labels)},
        }
        for name in spaces
        if draw(st.booleans())
    ]
    pods = [draw(_pods(spaces, number)) for number in range(draw(st.integers(1, 4)))]
    policies = draw(
        st.lists(
            undirected_policies(spaces),
            max_size=3,
            unique_by=lambda each: (each["metadata"]["namespace"], each["metadata"]["name"]),
        )
    )
    return [*declared, *pods, *policies]
