"""Whom the rules of the tiers around NetworkPolicy can be about in a snapshot: pods, nodes, strata of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from netsim.analysis.finding import Place
from netsim.compiler.classes import EndpointClass, Universe, classes_of
from netsim.compiler.looks import looks_of
from netsim.compiler.opened import atoms_of
from netsim.compiler.ranked_ports import RankedPorts
from netsim.compiler.sets import PodSets
from netsim.compiler.strata import Strata
from netsim.dialects.networkpolicy.lower import lower
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.dialects.tiers.lower import lower as lower_tiers
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.model.cluster import Address, Pod
from netsim.model.directory import Directory
from netsim.model.flow import Direction
from netsim.model.rules import Isolation, RankedRule
from netsim.model.snapshot import Snapshot
from netsim.model.tiers import Tier
from netsim.sets.bitset import members, of


class Survey:
    """The classes and strata of a snapshot under all its policies, and its ranked rules.

    `rules` are those of each direction, in the order in which they are asked. Costs a pass over
    pods, policies and their rules.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.policies = {
            (policy.kind, policy.name): policy
            for policy in snapshot.policies
            if isinstance(policy, TierPolicy)
        }
        self._places: dict[tuple[str, str], dict[tuple[Direction, int], Place]] = {}
        plain = (policy for policy in snapshot.policies if isinstance(policy, NetworkPolicy))
        ranked = lower_tiers(self.policies.values(), snapshot.semantics)
        lowered = lower(plain, snapshot.semantics)._replace(ranked=ranked)
        looks = looks_of(lowered)
        self.universe = classes_of(snapshot, looks)
        self.strata = Strata(self.universe, snapshot, ranked)
        self.atoms = atoms_of((*lowered.rules, *ranked), self.universe)
        self.ports = RankedPorts(ranked, self.strata.items, self.atoms)
        self.rules = {
            direction: [rule for rule in ranked if rule.direction is direction]
            for direction in Direction
        }
        pods = PodSets(self.universe, looks, snapshot)
        isolated = {
            direction: _isolated(lowered.isolations, direction, pods, self.universe)
            for direction in Direction
        }
        self._isolated = {each: frozenset(members(bits)) for each, bits in isolated.items()}
        self._shielded = self._isolated
        if snapshot.semantics.baseline_scope == "pod":
            self._shielded = dict.fromkeys(Direction, frozenset().union(*self._isolated.values()))

    @cached_property
    def classes(self) -> list[list[int]]:
        """The classes of each stratum."""
        found: list[list[int]] = [[] for _ in self.strata.items]
        for number, stratum in enumerate(self.strata.of_class):
            found[stratum].append(number)
        return found

    @cached_property
    def pods(self) -> int:
        """The strata of pods that rules can select."""
        return of(at for at, item in enumerate(self.strata.items) if not item.is_node)

    @cached_property
    def owned(self) -> frozenset[Address]:
        """Every address that is a pod's or a node's."""
        return frozenset(self.directory.owned())

    @cached_property
    def directory(self) -> Directory:
        """The names and addresses of the snapshot."""
        return Directory(self.snapshot)

    def place(self, rule: RankedRule) -> Place:
        """Where a rule is written."""
        key = rule.ref.kind, rule.ref.policy
        if key not in self._places:
            self._places[key] = Place.of_rules(self.policies[key])
        return self._places[key][rule.direction, rule.ref.rule]

    def isolating(self, strata: Iterable[int]) -> list[Direction]:
        """The directions in which NetworkPolicies surely isolate some class of these strata."""
        numbers = {number for stratum in strata for number in self.classes[stratum]}
        return [each for each in Direction if self._isolated[each] & numbers]

    def isolates_all(self, strata: Iterable[int], direction: Direction) -> bool:
        """Whether NetworkPolicies surely isolate each class of some strata in this direction."""
        isolated = self._isolated[direction]
        return all(isolated.issuperset(self.classes[stratum]) for stratum in strata)

    def shields(self, direction: Direction, number: int) -> bool:
        """Whether NetworkPolicies surely keep Baseline from a class (ANP-9, IMP-11)."""
        return number in self._shielded[direction]

    def asking(self, strata: Iterable[int], tier: Tier, direction: Direction) -> list[int]:
        """The classes of some strata whose traffic a tier may be asked about."""
        return [
            number
            for stratum in strata
            for number in self.classes[stratum]
            if tier is Tier.ADMIN or not self.shields(direction, number)
        ]

    def versions(self, stratum: int) -> frozenset[int]:
        """The IP versions of a stratum; empty where nobody knows them (NP-41, NP-43)."""
        item = self.strata.items[stratum]
        if item.addresses or not item.has_own_address:
            return frozenset(address.version for address in item.addresses)
        return frozenset(cidr.version for cidr in self.snapshot.semantics.pod_cidrs)

    def alone(self, strata: Iterable[int]) -> EndpointClass | None:
        """The class of the one endpoint that there is in some strata, if there is but one."""
        numbers = [number for stratum in strata for number in self.classes[stratum]]
        if len(numbers) != 1:
            return None
        item = self.universe.classes[numbers[0]]
        only = item.members[0]
        several = isinstance(only, Pod) and only.replicas != 1
        return None if several or len(item.members) > 1 else item


def _isolated(
    isolations: Iterable[Isolation], direction: Direction, pods: PodSets, universe: Universe
) -> int:
    """The classes that are isolated for sure: not by a label whose value nobody knows (WL-7)."""
    asked = [each for each in isolations if each.direction is direction]
    found: dict[int, int] = {}
    for isolation in asked:
        for block, bits in pods.places(isolation.subject).items():
            found[block] = found.get(block, 0) | bits
    isolated = universe.classes_at(found)
    for number, item in _of_unknown_labels(universe):
        if not any(_surely_isolates(each, item) for each in asked):
            isolated &= ~(1 << number)
    return isolated


def _of_unknown_labels(universe: Universe) -> Iterator[tuple[int, EndpointClass]]:
    for number, item in enumerate(universe.classes):
        if item.representative.labels.unknown:
            yield number, item


def _surely_isolates(isolation: Isolation, item: EndpointClass) -> bool:
    labels, pods = item.representative.labels, isolation.subject.pods
    return (
        isolation.subject.namespaces == item.namespace
        and pods.matches(labels)
        and not pods.undecidable(labels)
    )
