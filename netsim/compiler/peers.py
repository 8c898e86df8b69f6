"""Whom the peers of a rule are, by the shortest way to say it."""

from __future__ import annotations

from netsim.compiler.classes import Universe
from netsim.compiler.kinds import Kinds, kinds_of
from netsim.compiler.looks import Looks
from netsim.compiler.sets import AddressSets, Holds, PodSets
from netsim.labels.index import LabelIndex
from netsim.labels.labels import NO_LABELS
from netsim.model.flow import Direction
from netsim.model.rules import AddressSet, Anyone, Lowered, Peers, PodSet, PortOfName
from netsim.model.snapshot import Snapshot
from netsim.sets.bitset import of
from netsim.sets.blocks import Places

# Everyone; a set of kinds, for what reaches far; or else classes one by one.
Whom = None | int | Places


class PeerSets:
    """Whom peers are. `kinds` are those of the classes of `universe` that these peers leave."""

    def __init__(
        self,
        universe: Universe,
        looks: Looks,
        lowered: Lowered,
        snapshot: Snapshot,
        pods: PodSets,
        holds: Holds,
    ) -> None:
        self.universe, self.looks = universe, looks
        self.pods = pods
        self._addresses = {
            version: AddressSets(universe, looks, snapshot, version, holds) for version in (4, 6)
        }
        peers = {each: None for rule in lowered.rules for each in rule.peers}
        far = [each for each in peers if self._reaches_far(each)]
        far_sets = [each for each in far if isinstance(each, PodSet)]
        blocks = [each for each in far if isinstance(each, AddressSet)]
        self.kinds = kinds_of(universe, snapshot, far_sets, blocks, _asked_of_destinations(lowered))
        far_pods = _FarPods(self.kinds, universe, far_sets, snapshot)
        self._far: dict[Peers, int] = {each: far_pods.kinds_of(each) for each in far_sets}
        # Blocks that hold nobody but those of unknown address have the very same places.
        known: dict[int, int] = {}
        for block in blocks:
            places = self._addresses[block.cidr.version].places(block)
            if id(places) not in known:
                known[id(places)] = self.kinds.of(universe.numbers(places))
            self._far[block] = known[id(places)]

    def whom(self, peers: Peers, version: int) -> Whom:
        """Whom `peers` names in one IP version."""
        match peers:
            case Anyone():
                return None
            case PodSet():
                far = self._far.get(peers)
                return self.pods.places(peers) if far is None else far
            case AddressSet():
                if peers.cidr.version != version:
                    return {}
                far = self._far.get(peers)
                return self._addresses[version].places(peers) if far is None else far

    def _reaches_far(self, peers: Peers) -> bool:
        match peers:
            case PodSet():
                return self.pods.reaches_far(peers)
            case AddressSet():
                return self._addresses[peers.cidr.version].reaches_far(peers)
        return False


def _asked_of_destinations(lowered: Lowered) -> frozenset[str]:
    """The port names that rules ask of whoever their peers are."""
    return frozenset(
        part.name
        for rule in lowered.rules
        if rule.direction is Direction.EGRESS
        for part in rule.traffic
        if isinstance(part, PortOfName)
    )


class _FarPods:
    """Pods by label, as kinds."""

    def __init__(
        self, kinds: Kinds, universe: Universe, pods: list[PodSet], snapshot: Snapshot
    ) -> None:
        items = [universe.classes[number] for number in kinds.representatives]
        spaces = [
            NO_LABELS if each.is_node else snapshot.namespace(each.namespace).labels
            for each in items
        ]
        keys = frozenset(item.key for each in pods for item in each.pods.requirements)
        self._labels = LabelIndex([each.representative.labels for each in items], keys)
        self._namespaces = LabelIndex(spaces, frozenset(key for each in spaces for key in each))
        self._pods = of(at for at, each in enumerate(items) if not each.is_node)
        self._named: dict[str, int] = {}
        for at, each in enumerate(items):
            self._named[each.namespace] = self._named.get(each.namespace, 0) | 1 << at

    def kinds_of(self, pods: PodSet) -> int:
        """The kinds of these pods."""
        if isinstance(pods.namespaces, str):
            spaces = self._named.get(pods.namespaces, 0)
        else:
            spaces = self._namespaces.select(pods.namespaces)
        return spaces & self._pods & self._labels.select(pods.pods)
