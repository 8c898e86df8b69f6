"""What the tables take as given, because nobody knows it offline (NP-35, NP-43, WL-7)."""

from __future__ import annotations

from collections.abc import Iterator

from netsim.compiler.classes import EndpointClass, Universe
from netsim.compiler.pools import holds_all, holds_none
from netsim.labels.selector import Selector
from netsim.model.cluster import NAME_LABEL, Pod
from netsim.model.remarks import block_text, namespace_not_declared, no_pod_in
from netsim.model.rules import AddressSet, Lowered, PodSet
from netsim.model.semantics import Semantics
from netsim.model.snapshot import Snapshot


def assumptions_of(lowered: Lowered, universe: Universe, snapshot: Snapshot) -> tuple[str, ...]:
    """Each assumption that some pair of endpoints may hang on, once, in a stable order.

    Any of them may be without effect; whether one turns a verdict says the question about it.
    """
    sets = {isolation.subject for isolation in lowered.isolations}
    blocks = set()
    for rule in lowered.rules:
        sets |= {peers for peers in rule.peers if isinstance(peers, PodSet)}
        blocks |= {peers for peers in rule.peers if isinstance(peers, AddressSet)}
    found = [
        *_about_addresses(blocks, universe, snapshot.semantics),
        *_about_labels({each.pods for each in sets}, universe),
        *_about_namespaces({each.namespaces for each in sets}, snapshot),
    ]
    return tuple(sorted(found))


def _about_addresses(
    blocks: set[AddressSet], universe: Universe, semantics: Semantics
) -> Iterator[str]:
    """NP-43: the blocks that may or may not hold a pod whose address isn't known."""
    if not semantics.ipblock_matches_pods or not any(map(_lacks_address, universe.classes)):
        return
    for block in blocks:
        pools = [cidr for cidr in semantics.pod_cidrs if cidr.version == block.cidr.version]
        if (block.cidr.prefixlen or block.excepts) and not (
            pools and (holds_all(block, pools) or holds_none(block, pools))
        ):
            yield no_pod_in(block_text(block.cidr, block.excepts))


def _about_labels(selectors: set[Selector], universe: Universe) -> Iterator[str]:
    """WL-7: the label keys that selectors read a value of, and whose value isn't known."""
    read = {item.key for selector in selectors for item in selector.requirements if item.values}
    pods = (item.representative for item in universe.classes)
    unknown = {key for pod in pods if isinstance(pod, Pod) for key in pod.labels.unknown}
    for key in read & unknown:
        yield f"assuming that no selector has the value of label `{key}`, which is not known offline"


def _about_namespaces(namespaces: set[str | Selector], snapshot: Snapshot) -> Iterator[str]:
    """NP-35: namespaces that aren't in the input, where selectors read more than their names."""
    selectors = [each for each in namespaces if isinstance(each, Selector)]
    if any(item.key != NAME_LABEL for each in selectors for item in each.requirements):
        for namespace in snapshot.namespaces.values():
            if not namespace.declared:
                yield namespace_not_declared(namespace.name)


def _lacks_address(item: EndpointClass) -> bool:
    return not item.is_node and not item.addresses
