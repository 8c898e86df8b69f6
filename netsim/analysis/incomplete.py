"""What a snapshot lacks and could change a verdict (DESIGN 4, DEC-3)."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

from netsim.analysis.cuts import selects_namespaces
from netsim.model.cluster import Pod, WorkloadKind
from netsim.model.directory import Named, kind_of
from netsim.model.endpoints import AddressRange, DnsName, Name, Selection, parse_endpoint
from netsim.model.flow import Domain, Endpoint
from netsim.model.snapshot import LeftOut, Policy, Snapshot

_WORKLOADS = {kind.value for kind in WorkloadKind}
# Kinds that workloads make, with names that begin with theirs.
_MADE = {"pod", "replicaset", "job"}
# Kinds that decide nothing between pods.
_HARMLESS = {"service", "endpoints", "endpointslice"}
_NODE = "node"


class QuestionEnd(NamedTuple):
    """One end of a question: its text, and what that stands for.

    `namespace` is that of names that give none; empty: any.
    """

    text: str
    named: Named
    namespace: str = ""

    def namespaces(self) -> set[str]:
        return {item.namespace for item in self.named.members if isinstance(item, Pod)}


def lacking(
    snapshot: Snapshot, ends: Sequence[QuestionEnd], policies: Sequence[Policy]
) -> tuple[str, ...]:
    """A line for each object left out that could change the verdict.

    `policies` are those of the namespaces of either end.
    """
    if not snapshot.left_out:
        return ()
    by_namespace = selects_namespaces(policies)
    return tuple(_line(item) for item in snapshot.left_out if _matters(item, ends, by_namespace))


def unmodelled(snapshot: Snapshot, ends: Sequence[QuestionEnd]) -> tuple[str, ...]:
    """A note for each object in the namespaces of either end that may run pods unseen."""
    namespaces = set().union(*(end.namespaces() for end in ends))
    return tuple(
        f"{item.kind} `{item.namespace}/{item.name}` may run pods that netsim does not model"
        for item in snapshot.unmodelled
        if item.namespace in namespaces
    )


def _matters(item: LeftOut, ends: Sequence[QuestionEnd], by_namespace: bool) -> bool:
    kind = item.kind.lower()
    if kind in _HARMLESS:
        return False
    if kind in _WORKLOADS:
        return any(_may_name(end, item) for end in ends)
    if kind == _NODE:
        return any(_may_be_a_node(end) for end in ends)
    namespaces = set().union(*(end.namespaces() for end in ends))
    if kind == "namespace":
        selected = any(end.text.startswith("ns{") for end in ends)
        return selected or (by_namespace and item.name in {"", *namespaces})
    # A policy of these namespaces; or one of all, an unknown one, a document that nobody can read
    return not item.namespace or item.namespace in namespaces


def _may_name(end: QuestionEnd, item: LeftOut) -> bool:
    """Whether the text of `end` could have meant the pods of `item` too."""
    match parse_endpoint(end.text):
        case Name((name,)) if any(isinstance(each, Domain) for each in end.named.members):
            return item.name in ("", name)
        case Name(parts):
            if item.namespace and not _may_be_in(end, parts, item.namespace):
                return False
            of_workload = end.named.workload is not None or not end.named.members
            made = item.kind.lower() in _MADE and of_workload
            return item.name in ("", parts[-1]) or (made and item.name.startswith(f"{parts[-1]}-"))
        case Selection(namespace):
            return not namespace or item.namespace in ("", namespace)
        case AddressRange() | DnsName(address=IPv4Address() | IPv6Address()):
            return item.kind.lower() == WorkloadKind.POD.value
        case _:
            return False


def _may_be_in(end: QuestionEnd, parts: tuple[str, ...], namespace: str) -> bool:
    """Whether a name could be of something in a namespace; it may have found nothing, or another."""
    kind = kind_of(parts[0]) if len(parts) == 2 else ""
    if namespace in end.namespaces():
        return True
    if kind == _NODE:
        return False
    if len(parts) > 1 and not kind:
        return namespace == parts[0]
    return not end.namespace or namespace == end.namespace


def _may_be_a_node(end: QuestionEnd) -> bool:
    if not end.named.members:  # perhaps it was left out
        match parse_endpoint(end.text):
            case Name((kind, _)):
                return kind_of(kind) == _NODE
    return any(map(_is_perhaps_a_node, end.named.members))


def _is_perhaps_a_node(member: Endpoint) -> bool:
    match member:
        case Pod():
            return member.host_network
        case Domain():
            return member.address is not None
    return True


def _line(item: LeftOut) -> str:
    name = f"{item.namespace}/{item.name}" if item.namespace else item.name
    named = f"{item.kind} `{name}`" if item.name else f"a {item.kind} without a name"
    what = named if item.kind else "a document that can't be read"
    place = f" ({item.diagnostic.location})" if item.diagnostic.location else ""
    return f"{what} was left out{place}"
