"""Whom the peers of a rule are, by the shortest way to say it."""

from __future__ import annotations

from netsim.compiler.classes import Universe
from netsim.compiler.kinds import Kinds, kinds_of
from netsim.compiler.looks import Looks
from netsim.compiler.sets import AddressSets, Holds, PodSets
from netsim.labels.index import LabelIndex
from netsim.labels.labels import NO_LABELS
from netsim.labels.selector import Selector
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
        versions = {block.cidr.version for block in looks.blocks}
        addresses = {
            version: AddressSets(universe, looks, snapshot, version, holds) for version in versions
        }
        self._whom: dict[Peers, Whom] = {}
        far_sets: list[PodSet] = []
        far_blocks: list[AddressSet] = []
        for each in lowered.peers:
            match each:
                case Anyone():
                    self._whom[each] = None
                case PodSet():
                    if (near := pods.near(each)) is not None:
                        self._whom[each] = near
                    else:
                        far_sets.append(each)
                case AddressSet():
                    if (near := addresses[each.cidr.version].near(each)) is not None:
                        self._whom[each] = near
                    else:
                        far_blocks.append(each)
        names = _asked_of_destinations(lowered)
        self.kinds = kinds_of(universe, snapshot, far_sets, far_blocks, names)
        far_pods = _FarPods(self.kinds, universe, far_sets, snapshot)
        for each in far_sets:
            self._whom[each] = far_pods.kinds_of(each)
        # Blocks that hold nobody but those of unknown address have the very same places.
        known: dict[int, int] = {}
        for block in far_blocks:
            places = addresses[block.cidr.version].places(block)
            if id(places) not in known:
                known[id(places)] = self.kinds.of(universe.numbers(places))
            self._whom[block] = known[id(places)]

    def whom(self, peers: Peers, version: int) -> Whom:
        """Whom `peers`, those of some rule, names in one IP version."""
        if isinstance(peers, AddressSet) and peers.cidr.version != version:
            return {}
        return self._whom[peers]


def _asked_of_destinations(lowered: Lowered) -> frozenset[str]:
    """The port names that rules ask of whoever their peers are."""
    egress = [rule.traffic for rule in lowered.rules if rule.direction is Direction.EGRESS]
    shared = {id(traffic): traffic for traffic in egress}.values()
    return frozenset(
        part.name for traffic in shared for part in traffic if isinstance(part, PortOfName)
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
        wide = {each.namespaces for each in pods if isinstance(each.namespaces, Selector)}
        space_keys = frozenset(item.key for selector in wide for item in selector.requirements)
        self._namespaces = LabelIndex(spaces, space_keys)
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
