"""The new version without some of the edits that made it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace

from netsim.changes.edits import (
    Edit,
    LabelEdit,
    NamespaceEdit,
    NodeEdit,
    NodeLabelEdit,
    PodEdit,
    PolicyEdit,
    TierEdit,
)
from netsim.changes.pairing import Pairing
from netsim.changes.space import Space
from netsim.changes.tiers import in_place
from netsim.changes.version import Version
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.labels.labels import Labels
from netsim.model.cluster import Address, Node, Pod


def undone(pairing: Pairing, edits: Iterable[Edit]) -> Version:
    """The new version without these edits; all other namespaces are the very same."""
    new = pairing.new.version
    spaces: dict[str, Space] = {}
    every = list(edits)
    readdressed = {edit.new.name for edit in every if isinstance(edit, NodeEdit)}
    for edit in every:
        match edit:
            case PolicyEdit():
                name = edit.namespace
                space = _space(pairing, spaces, name)
                spaces[name] = space.with_policies(_without(space.policies, edit))
            case NamespaceEdit():
                name = edit.new.name
                space = _space(pairing, spaces, name)
                labels = _relabelled(space.namespace.labels, edit.key, edit.before)
                spaces[name] = replace(space, namespace=replace(space.namespace, labels=labels))
            case LabelEdit() | PodEdit():
                _undo_in_pods(pairing, spaces, edit, readdressed)
            case NodeEdit():
                _undo_on_node(pairing, spaces, edit)
            case TierEdit() | NodeLabelEdit():
                pass  # in no namespace
    return _with_nodes(_with_tiers(new.with_spaces(spaces), every), every)


def _with_tiers(version: Version, edits: Iterable[Edit]) -> Version:
    """The version with the old policies of the whole cluster."""
    undone = [edit for edit in edits if isinstance(edit, TierEdit)]
    gone = {id(edit.new) for edit in undone}
    kept = [policy for policy in version.tiers.policies if id(policy) not in gone]
    back = [edit.old for edit in undone if edit.old]
    return version.with_tiers(in_place([*kept, *back])) if undone else version


def _with_nodes(version: Version, edits: Iterable[Edit]) -> Version:
    """The version with the old addresses, labels and manifests of nodes."""
    nodes, declared = dict(version.nodes), set(version.declared)
    undone = [edit for edit in edits if isinstance(edit, NodeEdit | NodeLabelEdit)]
    for edit in undone:
        name = edit.new.name
        node = nodes[name]
        if isinstance(edit, NodeLabelEdit):
            nodes[name] = replace(node, labels=_relabelled(node.labels, edit.key, edit.before))
        elif edit.manifest[0] == edit.manifest[1]:
            nodes[name] = replace(node, addresses=edit.old.addresses)
        else:
            nodes[name] = edit.old
            (declared.add if edit.manifest[0] else declared.discard)(name)
    return version.with_nodes(nodes, frozenset(declared)) if undone else version


def _space(pairing: Pairing, spaces: dict[str, Space], name: str) -> Space:
    """A namespace as far as it is undone. The new version has it unless only its policies were."""
    old, new = pairing.old.version.spaces, pairing.new.version.spaces
    found = spaces.get(name) or new.get(name)
    return found or replace(old[name], pods=(), policies=())


def _without(policies: Iterable[NetworkPolicy], edit: PolicyEdit) -> list[NetworkPolicy]:
    kept = [policy for policy in policies if policy is not edit.new]
    return sorted([*kept, edit.old], key=lambda each: each.name) if edit.old else kept


def _undo_in_pods(
    pairing: Pairing, spaces: dict[str, Space], edit: LabelEdit | PodEdit, nodes: Collection[str]
) -> None:
    """`nodes` are the names of those whose addresses are undone, too."""
    olds = {
        unit.new.identity: unit.old
        for unit in pairing.at(edit.units)
        if isinstance(unit.new, Pod) and isinstance(unit.old, Pod)
    }

    def by(pod: Pod) -> Pod:
        old = olds.get(pod.identity)
        if old is None:
            return pod
        if isinstance(edit, LabelEdit):
            return replace(pod, labels=_relabelled(pod.labels, edit.key, edit.before))
        found = replace(pod, **{name: getattr(old, name) for name in edit.fields})
        if "node" not in edit.fields or found.node in nodes:
            return found
        return replace(found, host_addresses=_on_changed_node(pairing, old))

    _replace_pods(pairing, spaces, edit.new.namespace, by)


def _on_changed_node(pairing: Pairing, pod: Pod) -> tuple[Address, ...]:
    """What a pod of the old version knows of its node as the new version has it."""
    old, new = (side.version.nodes.get(pod.node) for side in (pairing.old, pairing.new))
    if old is None or new is None or old.addresses == new.addresses:
        return pod.host_addresses
    return _told(pairing.new.version, new)


def _undo_on_node(pairing: Pairing, spaces: dict[str, Space], edit: NodeEdit) -> None:
    """What pods on a node know of its addresses goes back with it."""
    name = edit.new.name
    addresses = _told(pairing.old.version, edit.old)
    olds = {
        unit.new.identity: unit.old.host_addresses
        for unit in pairing.units
        if isinstance(unit.new, Pod) and isinstance(unit.old, Pod) and unit.old.node == name
    }

    def by(pod: Pod) -> Pod:
        if pod.node != name:
            return pod
        return replace(pod, host_addresses=olds.get(pod.identity, addresses))

    # A pod whose move is undone as well knows the old node's already.
    for space in {pod.namespace for pod in _pods_on(pairing.new.version, name)}:
        _replace_pods(pairing, spaces, space, by)


def _told(version: Version, node: Node) -> tuple[Address, ...]:
    """What the pods on a node know of its addresses."""
    on_it = (pod.host_addresses for pod in _pods_on(version, node.name))
    return next(on_it, node.addresses)


def _pods_on(version: Version, node: str) -> Iterator[Pod]:
    return (pod for space in version.spaces.values() for pod in space.pods if pod.node == node)


def _replace_pods(
    pairing: Pairing, spaces: dict[str, Space], namespace: str, by: Callable[[Pod], Pod]
) -> None:
    space = _space(pairing, spaces, namespace)
    spaces[namespace] = replace(space, pods=tuple(map(by, space.pods)))


def _relabelled(labels: Labels, key: str, value: str | None) -> Labels:
    others = {each: labels[each] for each in labels if each != key}
    return Labels(others if value is None else {**others, key: value})
