"""The edits between two versions: one object added, removed or changed, or one of its labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from netsim.changes.pairing import Pairing
from netsim.changes.version import Version, differing, others
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.labels.labels import Labels
from netsim.model.cluster import NAME_LABEL, Namespace, Node, Pod


@dataclass(frozen=True, slots=True)
class PolicyEdit:
    """A policy that was added (no `old`), removed (no `new`) or changed."""

    old: NetworkPolicy | None
    new: NetworkPolicy | None

    @property
    def either(self) -> NetworkPolicy:
        """The new one if there is one."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def namespace(self) -> str:
        return self.either.namespace


@dataclass(frozen=True, slots=True)
class LabelEdit:
    """A label of the pods of one workload, or of one pod; None where it isn't there.

    `units` are the pods, by number in the pairing; `old` and `new` are one of them.
    """

    whom: str
    key: str
    before: str | None
    after: str | None
    units: int
    old: Pod = field(compare=False)
    new: Pod = field(compare=False)


@dataclass(frozen=True, slots=True)
class NamespaceEdit:
    """A label of a namespace; None where it isn't there."""

    key: str
    before: str | None
    after: str | None
    old: Namespace
    new: Namespace


@dataclass(frozen=True, slots=True)
class PodEdit:
    """All that is other of a pod, or of the pods of one workload, but their labels.

    `fields` are the names of what differs, as `ports`.
    """

    whom: str
    fields: tuple[str, ...]
    units: int
    old: Pod = field(compare=False)
    new: Pod = field(compare=False)


@dataclass(frozen=True, slots=True)
class NodeEdit:
    """A node with other addresses, and what its pods know of them."""

    old: Node
    new: Node


Edit = PolicyEdit | LabelEdit | NamespaceEdit | PodEdit | NodeEdit

# What decides who may talk to a pod, besides its labels and its name.
_FIELDS = ("ports", "addresses", "host_network", "node", "host_addresses", "replicas")


def edits_between(pairing: Pairing) -> tuple[Edit, ...]:
    """Every edit to what both versions have, and every policy that came or went.

    In a stable order. That endpoints came or went is no edit: it changes nothing for others.
    """
    old, new = pairing.old.version, pairing.new.version
    names = sorted(differing(old, new))
    return (
        *_policy_edits(old, new, names),
        *_namespace_edits(old, new, names),
        *_pod_edits(pairing),
        *_node_edits(old, new),
    )


def _policy_edits(old: Version, new: Version, names: Iterable[str]) -> Iterator[PolicyEdit]:
    """Those in some namespaces."""
    for name in names:
        ours, theirs = (
            space.policies if (space := each.spaces.get(name)) else () for each in (old, new)
        )
        if ours != theirs:
            yield from _different(ours, theirs)


def _different(old: Iterable[NetworkPolicy], new: Iterable[NetworkPolicy]) -> Iterator[PolicyEdit]:
    ours, theirs = ({policy.name: policy for policy in each} for each in (old, new))
    for name in sorted(others(ours, theirs)):
        one, other = ours.get(name), theirs.get(name)
        if one != other:
            yield PolicyEdit(one, other)


def _namespace_edits(old: Version, new: Version, names: Iterable[str]) -> Iterator[NamespaceEdit]:
    for name in names:
        space, other = old.spaces.get(name), new.spaces.get(name)
        if space and other and space.namespace.labels != other.namespace.labels:
            one, two = space.namespace, other.namespace
            for key, before, after in _labels(one.labels, two.labels):
                yield NamespaceEdit(key, before, after, one, two)


def _pod_edits(pairing: Pairing) -> Iterator[LabelEdit | PodEdit]:
    if pairing.old.version.population is pairing.new.version.population:
        return
    labels: dict[tuple[str, str, str | None, str | None], list[int]] = {}
    others: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for at, unit in enumerate(pairing.units):
        old, new = unit.old, unit.new
        if old is new or not isinstance(old, Pod) or not isinstance(new, Pod):
            continue
        whom = str(new.workload or new)
        for key, before, after in _labels(old.labels, new.labels):
            labels.setdefault((whom, key, before, after), []).append(at)
        if fields := tuple(name for name in _FIELDS if getattr(old, name) != getattr(new, name)):
            others.setdefault((whom, fields), []).append(at)
    for (whom, key, before, after), units in sorted(labels.items(), key=lambda item: str(item[0])):
        yield LabelEdit(whom, key, before, after, *_examples(pairing, units))
    for (whom, fields), units in sorted(others.items()):
        if fields != ("replicas",) and not _of_nodes(pairing, fields, units):
            yield PodEdit(whom, fields, *_examples(pairing, units))


def _examples(pairing: Pairing, units: list[int]) -> tuple[int, Pod, Pod]:
    bits = 0
    for at in units:
        bits |= 1 << at
    first = pairing.units[units[0]]
    assert isinstance(first.old, Pod)
    assert isinstance(first.new, Pod)
    return bits, first.old, first.new


def _of_nodes(pairing: Pairing, fields: tuple[str, ...], units: list[int]) -> bool:
    """Whether all that is other of these pods is what they know of a node that is other too."""
    if fields != ("host_addresses",):
        return False
    old, new = pairing.old.version.nodes, pairing.new.version.nodes
    nodes = {pod.node for at in units if isinstance(pod := pairing.units[at].new, Pod)}
    return all(old.get(name) != new.get(name) for name in nodes)


def _node_edits(old: Version, new: Version) -> Iterator[NodeEdit]:
    for name, node in sorted(old.nodes.items()):
        other = new.nodes.get(name)
        if other and node.addresses != other.addresses:
            yield NodeEdit(node, other)


def _labels(old: Labels, new: Labels) -> Iterator[tuple[str, str | None, str | None]]:
    for key in sorted(old.keys() | new.keys()):
        if key != NAME_LABEL and old.get(key) != new.get(key):
            yield key, old.get(key), new.get(key)
