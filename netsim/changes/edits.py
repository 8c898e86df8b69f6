"""The edits between two versions: one object added, removed or changed, or one of its labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from netsim.changes.pairing import Pairing
from netsim.changes.version import Version, differing
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.labels.labels import Labels
from netsim.model.cluster import NAME_LABEL, Namespace, Node, Pod


@dataclass(frozen=True, slots=True)
class PolicyEdit:
    """A NetworkPolicy that was added (no `old`), removed (no `new`) or changed."""

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

    @property
    def full_name(self) -> str:
        """As a reason has it: `shop/api`."""
        return f"{self.namespace}/{self.either.name}"


@dataclass(frozen=True, slots=True)
class TierEdit:
    """A policy of the whole cluster that was added (no `old`), removed (no `new`) or changed."""

    old: TierPolicy | None
    new: TierPolicy | None

    @property
    def either(self) -> TierPolicy:
        """The new one if there is one."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def full_name(self) -> str:
        """As a reason has it: the name alone."""
        return self.either.name


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
    """A node with other addresses, and what its pods know of them.

    `manifest` is whether it has one, in the old version and in the new: where that is other its
    labels are told, or are not, with it.
    """

    old: Node
    new: Node
    manifest: tuple[bool, bool] = (True, True)


@dataclass(frozen=True, slots=True)
class NodeLabelEdit:
    """A label of a node that some rule asks for (ANP-16); None where it isn't there."""

    key: str
    before: str | None
    after: str | None
    old: Node
    new: Node


Edit = PolicyEdit | TierEdit | LabelEdit | NamespaceEdit | PodEdit | NodeEdit | NodeLabelEdit
_Key = TypeVar("_Key", str, tuple[str, str])
_Policy = TypeVar("_Policy", NetworkPolicy, TierPolicy)

# What decides who may talk to a pod, besides its labels and its name.
_FIELDS = ("ports", "addresses", "host_network", "node", "host_addresses", "replicas")


def edits_between(pairing: Pairing) -> tuple[Edit, ...]:
    """Every edit to what both versions have, and every policy that came or went.

    In a stable order. That endpoints came or went is no edit: it changes nothing for others.
    """
    old, new = pairing.old.version, pairing.new.version
    names = sorted(differing(old, new))
    return (
        *_tier_edits(old, new),
        *_policy_edits(old, new, names),
        *_namespace_edits(old, new, names),
        *_pod_edits(pairing),
        *_node_edits(old, new),
    )


def _tier_edits(old: Version, new: Version) -> Iterator[TierEdit]:
    """Those of the whole cluster, by kind and name."""
    if old.tiers is new.tiers:
        return
    for one, other in _different(
        {(each.kind, each.name): each for each in old.tiers.policies},
        {(each.kind, each.name): each for each in new.tiers.policies},
    ):
        yield TierEdit(one, other)


def _policy_edits(old: Version, new: Version, names: Iterable[str]) -> Iterator[PolicyEdit]:
    """Those in some namespaces."""
    for name in names:
        ours, theirs = (
            space.policies if (space := each.spaces.get(name)) else () for each in (old, new)
        )
        if ours != theirs:
            for one, other in _different(_by_name(ours), _by_name(theirs)):
                yield PolicyEdit(one, other)


def _by_name(policies: Iterable[NetworkPolicy]) -> dict[str, NetworkPolicy]:
    return {policy.name: policy for policy in policies}


def _different(
    old: Mapping[_Key, _Policy], new: Mapping[_Key, _Policy]
) -> Iterator[tuple[_Policy | None, _Policy | None]]:
    """Those of one name that aren't equal, by name."""
    names = old.keys() | new.keys()
    for key in sorted(key for key in names if old.get(key) is not new.get(key)):
        one, other = old.get(key), new.get(key)
        if one != other:
            yield one, other


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


def _node_edits(old: Version, new: Version) -> Iterator[NodeEdit | NodeLabelEdit]:
    asked = old.tiers.node_keys | new.tiers.node_keys
    for name, node in sorted(old.nodes.items()):
        other = new.nodes.get(name)
        if other is None or other is node:
            continue
        manifest = name in old.declared, name in new.declared
        told_alike = manifest[0] == manifest[1]
        if node.addresses != other.addresses or (asked and not told_alike):
            yield NodeEdit(node, other, manifest)
        for key, before, after in _labels(node.labels, other.labels) if told_alike else ():
            if key in asked:
                yield NodeLabelEdit(key, before, after, node, other)


def _labels(old: Labels, new: Labels) -> Iterator[tuple[str, str | None, str | None]]:
    for key in sorted(old.keys() | new.keys()):
        if key != NAME_LABEL and old.get(key) != new.get(key):
            yield key, old.get(key), new.get(key)
