"""One version of a cluster, namespace by namespace, so that what is alike in two is shared.

Versions are values: one with other objects is a new one, which has all other namespaces, with
what was found out about them, in common with the old.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress
from operator import is_not

from netsim.changes.space import Space
from netsim.changes.tiers import Tiers, in_place
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.labels.index import LabelIndex
from netsim.labels.selector import Selector
from netsim.model.cluster import Address, Node, Pod
from netsim.model.directory import known_nodes
from netsim.model.semantics import Semantics
from netsim.model.snapshot import Snapshot
from netsim.sets.bitset import members


class Population:
    """The pods, nodes and namespaces of a version, whatever its policies.

    `spaces` are those of the first version that had them, with its policies. `declared` are the
    names of the nodes that have a manifest.
    """

    def __init__(
        self, spaces: Mapping[str, Space], nodes: Mapping[str, Node], declared: frozenset[str]
    ) -> None:
        self.spaces, self._nodes, self._declared = spaces, nodes, declared
        self._known: dict[Selector, list[str]] = {}

    def selected(self, namespaces: Selector) -> list[str]:
        """The names of the namespaces that a selector matches."""
        known = self._known.get(namespaces)
        if known is None:
            names = list(self.spaces)
            known = [names[at] for at in members(self._labels.select(namespaces))]
            self._known[namespaces] = known
        return known

    @cached_property
    def addressed(self) -> list[Pod]:
        """The pods whose own address is known."""
        return [pod for pod in self._pods if pod.addresses and not pod.host_network]

    @cached_property
    def unaddressed(self) -> list[Pod]:
        """The pods whose own address is not known (NP-43)."""
        return [pod for pod in self._pods if not pod.addresses and not pod.host_network]

    @cached_property
    def hosts(self) -> list[Pod | Node]:
        """The nodes, and the pods that have their addresses (NP-63)."""
        return [*self._nodes.values(), *(pod for pod in self._pods if pod.host_network)]

    def nodes_at(self, addresses: Iterable[Address]) -> dict[str, Node]:
        """The nodes that a manifest gives one of these addresses, by name."""
        at = self._nodes_at
        return {node.name: node for address in addresses for node in at.get(address, ())}

    def having(self, addresses: Iterable[Address]) -> list[Pod | Node]:
        """The pods and nodes that have one of these addresses, be it that of a pod's node (NP-63)."""
        wanted = frozenset(addresses)
        having = (end for end in self.addressed if not wanted.isdisjoint(end.addresses))
        hosts = (end for end in self.hosts if not wanted.isdisjoint(_on_host(end)))
        return [*having, *hosts]

    @cached_property
    def _nodes_at(self) -> dict[Address, list[Node]]:
        found: dict[Address, list[Node]] = {}
        for name, node in self._nodes.items():
            for address in node.addresses if name in self._declared else ():
                found.setdefault(address, []).append(node)
        return found

    @cached_property
    def addresses(self) -> frozenset[Address]:
        """Every address that a pod or a node has."""
        pods = {address for pod in self._pods for address in (*pod.addresses, *pod.host_addresses)}
        nodes = {address for node in self._nodes.values() for address in node.addresses}
        return frozenset(pods | nodes)

    @property
    def _pods(self) -> Iterator[Pod]:
        return (pod for space in self.spaces.values() for pod in space.pods)

    @cached_property
    def _labels(self) -> LabelIndex:
        labels = [space.namespace.labels for space in self.spaces.values()]
        return LabelIndex(labels, frozenset(key for each in labels for key in each))


def _on_host(end: Pod | Node) -> tuple[Address, ...]:
    """The addresses of a node, or of a pod that has those of its node."""
    return end.addresses if isinstance(end, Node) else (*end.addresses, *end.host_addresses)


@dataclass(frozen=True, eq=False)
class Version:
    """All namespaces by name, and the nodes, those included of which only pods speak.

    `declared` are the names of the nodes that have a manifest: of the others nobody knows the
    labels (ANP-16). `tiers` has the policies that are in no namespace. `told` are addresses of nodes that pods tell which have finished, and so are in no namespace.
    `edited` are the namespaces with other policies than the population had first, or had once.
    """

    spaces: Mapping[str, Space]
    nodes: Mapping[str, Node]
    declared: frozenset[str]
    tiers: Tiers
    semantics: Semantics
    told: frozenset[Address]
    population: Population
    edited: frozenset[str] = frozenset()

    def with_spaces(self, spaces: Mapping[str, Space]) -> Version:
        """The same with these namespaces instead of those of the same names.

        It keeps what is known of namespaces and pods, if only policies are others.
        """
        every = {**self.spaces, **spaces}
        if all(space.differs_in_policies(self.spaces.get(name)) for name, space in spaces.items()):
            return replace(self, spaces=every, edited=self.edited.union(spaces))
        population = Population(every, self.nodes, self.declared)
        return replace(self, spaces=every, population=population, edited=frozenset())

    def with_nodes(self, nodes: Mapping[str, Node], declared: frozenset[str]) -> Version:
        """The same with these nodes."""
        population = Population(self.spaces, nodes, declared)
        found = replace(self, nodes=nodes, declared=declared, population=population)
        return replace(found, edited=frozenset())

    def with_tiers(self, policies: Iterable[TierPolicy]) -> Version:
        """The same with these policies of the whole cluster. It keeps what is known of all else."""
        tiers = self.tiers.with_policies(policies)
        return self if tiers is self.tiers else replace(self, tiers=tiers)

    def selected(self, namespaces: str | Selector) -> Iterator[Space]:
        """The namespaces of a name, or that a selector matches."""
        names = (
            [namespaces] if isinstance(namespaces, str) else self.population.selected(namespaces)
        )
        return (self.spaces[name] for name in names if name in self.spaces)

    def ip_versions(self, endpoint: Pod | Node) -> frozenset[int]:
        """Those of its addresses, known or configured; none where nobody knows (NP-43)."""
        addresses = endpoint.addresses
        if isinstance(endpoint, Pod) and endpoint.host_network:
            node = self.nodes.get(endpoint.node)
            known = node.addresses if node else ()
            addresses = (*addresses, *known, *endpoint.host_addresses)
        elif isinstance(endpoint, Pod) and not addresses:
            return frozenset(cidr.version for cidr in self.semantics.pod_cidrs)
        return frozenset(address.version for address in addresses)

    @property
    def owned(self) -> frozenset[Address]:
        """Every address that is a pod's or a node's: none of them is outside (NP-42)."""
        addresses = self.population.addresses
        return self.told | addresses if self.told else addresses


def version_of(snapshot: Snapshot) -> Version:
    """A snapshot as a version. Costs a pass over its pods and policies."""
    pods: dict[str, list[Pod]] = {}
    for pod in snapshot.pods:
        if not pod.finished:
            pods.setdefault(pod.namespace, []).append(pod)
    policies: dict[str, list[NetworkPolicy]] = {}
    for policy in snapshot.policies:
        if isinstance(policy, NetworkPolicy):
            policies.setdefault(policy.namespace, []).append(policy)
    names = sorted({*snapshot.namespaces, *pods, *policies})
    spaces = {
        name: Space(
            snapshot.namespace(name),
            tuple(pods.get(name, ())),
            tuple(policies.get(name, ())),
            snapshot.semantics,
        )
        for name in names
    }
    nodes, declared = known_nodes(snapshot), frozenset(snapshot.nodes)
    tiers = Tiers(_around(snapshot), snapshot.semantics)
    population = Population(spaces, nodes, declared)
    told = _told(snapshot)
    return Version(spaces, nodes, declared, tiers, snapshot.semantics, told, population)


def _around(snapshot: Snapshot) -> tuple[TierPolicy, ...]:
    """The policies of the tiers around NetworkPolicy."""
    return tuple(in_place(each for each in snapshot.policies if isinstance(each, TierPolicy)))


def _told(snapshot: Snapshot) -> frozenset[Address]:
    finished = (pod.host_addresses for pod in snapshot.pods if pod.finished)
    return frozenset(address for each in finished for address in each)


def version_after(version: Version, before: Snapshot, after: Snapshot) -> Version:
    """The version of a snapshot that was made from another one, whose version is known.

    Costs what was changed, if `netsim.edit` has changed it; else as much as `version_of`.
    """
    if before.inventory is None or after.inventory is None:
        return version_of(after)
    changed = set(others(before.inventory.contents, after.inventory.contents))
    changed.update(others(before.namespaces, after.namespaces))
    changed.discard("")
    if not changed <= after.namespaces.keys():
        return version_of(after)  # a namespace is gone
    spaces = {name: _space_after(version.spaces.get(name), name, after) for name in changed}
    found = version.with_spaces(spaces)
    if before.inventory.of("") is not after.inventory.of(""):
        found = found.with_tiers(_around(after))
    # Pods that have finished are in no namespace, but they tell of nodes.
    told_alike = before.nodes == after.nodes and all(
        before.inventory.of(name).pods == after.inventory.of(name).pods for name in changed
    )
    if told_alike and found.population is version.population:
        return found
    found = replace(found, told=_told(after))
    return found.with_nodes(known_nodes(after), frozenset(after.nodes))


def differing(old: Version, new: Version) -> list[str]:
    """The namespaces that the two have not the very same of."""
    if old.population is not new.population:
        return others(old.spaces, new.spaces)
    edited = old.edited | new.edited
    return [name for name in edited if old.spaces.get(name) is not new.spaces.get(name)]


def others(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """The names under which the two have not the very same object."""
    if old is new:
        return []
    if list(old) == list(new):
        return list(compress(new, map(is_not, old.values(), new.values())))
    found = [name for name, each in new.items() if old.get(name) is not each]
    if len(new) - len(found) < len(old):  # some may be gone
        found += [name for name in old if name not in new]
    return found


def _space_after(old: Space | None, name: str, snapshot: Snapshot) -> Space:
    assert snapshot.inventory
    contents = snapshot.inventory.of(name)
    built = (read.built for read in contents.objects.values())
    policies = sorted(
        (each for each in built if isinstance(each, NetworkPolicy)), key=lambda each: each.name
    )
    namespace = snapshot.namespace(name)
    # Those of the old one haven't finished.
    if old and old.namespace == namespace and old.pods == contents.pods:
        return old.with_policies(policies)
    pods = tuple(pod for pod in contents.pods if not pod.finished)
    if old and old.namespace == namespace and old.pods == pods:
        return old.with_policies(policies)
    return Space(namespace, pods, tuple(policies), snapshot.semantics)
