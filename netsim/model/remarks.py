"""What answers say besides: the assumptions and remarks, in one wording for whoever answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from netsim.labels.selector import Selector
from netsim.model.cluster import Address, Pod

NO_IPV6 = "assuming that no pod has an IPv6 address; set pod_cidrs to say otherwise"


def label_not_known(pod: Pod, selector: Selector, matches: bool) -> str:
    """The assumption about a selector that asks for a label whose value nobody knows (WL-7)."""
    verb = "matches" if matches else "does not match"
    keys = sorted({item.key for item in selector.requirements} & pod.labels.unknown)
    which = " and ".join(f"`{key}`" for key in keys)
    return f"assuming that `{pod}` {verb} `{selector}`: the value of its label {which} is not known"


def namespace_not_declared(name: str) -> str:
    """The remark on a selector that asks for labels of a namespace without manifest (NP-35)."""
    return f"namespace `{name}` is not in the input: only its name label is known"


def block_text(cidr: object, excepts: Iterable[object]) -> str:
    """`10.0.0.0/8 except 10.1.0.0/16, 10.2.0.0/16`."""
    holes = ", ".join(map(str, excepts))
    return f"{cidr} except {holes}" if holes else str(cidr)


def no_pod_in(block: str) -> str:
    """The assumption about a block, where a pod's address is not known (NP-43)."""
    return f"assuming that no pod has an address in {block}; set pod_cidrs to say otherwise"


def node_not_in(whose: str, block: str) -> str:
    """The same where it is the address of a node (NP-43)."""
    return f"assuming that {whose} has no address in {block}"


def lacks_family(end: object, family: object) -> str:
    """A note on an end that would need an address of the family of what is outside (NP-41)."""
    return f"`{end}` has no {family} address that is known: this is what policies say"


def domain_not_in(domain: str, block: str) -> str:
    """The same where it is the address behind a DNS name (ANP-17)."""
    return f"assuming that `{domain}` has no address in {block}"


def none_outside_is(domain: str) -> str:
    """The assumption about addresses outside, where a rule opens a DNS name (ANP-17)."""
    return f"assuming that no address outside belongs to `{domain}`"


def node_not_labelled(whose: str, selector: Selector) -> str:
    """The assumption about a selector of nodes, and a node that has no manifest (ANP-16)."""
    return f"assuming that {whose} does not match `{selector}`: its labels are not known"


def no_node_like(selector: Selector) -> str:
    """The same about all nodes that have no manifest."""
    return f"assuming that no node without a manifest matches `{selector}`"


def no_node_in(block: str) -> str:
    """The same about all nodes of which that is so."""
    return f"assuming that no node whose address is not known has one in {block}"


def no_selector_has(key: str) -> str:
    """The assumption about every selector that asks for the unknown value of a label (WL-7)."""
    return f"assuming that no selector has the value of label `{key}`, which is not known offline"


def allowed_on_one_node(pod: Pod) -> str:
    """The remark on a refusal by a pod that may run on the very node that asks (NP-60)."""
    return f"would be allowed if `{pod}` ran on the same node, which is not known (NP-60)"


def asked_as_node(pod: Pod, addresses: Sequence[Address]) -> str:
    """The remark on a pod that no policy governs (NP-62)."""
    node = f"node {pod.node}" if pod.node else "a node that is not known"
    where = str(addresses[0]) if addresses else "address not known"
    return f"`{pod}` uses the host's network: no policy governs it; asked as {node} ({where})"
