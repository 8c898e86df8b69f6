"""The rules of both directions as what each source may send, in one IP version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from netsim.compiler.classes import Universe
from netsim.compiler.opened import Opened, Ports
from netsim.compiler.peers import PeerSets
from netsim.compiler.tables import Opening, Relation
from netsim.model.flow import Direction
from netsim.model.rules import Lowered, Peers, PodSet
from netsim.model.semantics import Semantics
from netsim.sets.bitset import Cells, members, restricted, union
from netsim.sets.blocks import Places, put

# What sources may send, by block of destinations; and the places of near ones, as a key.
_Row = dict[int, Cells]
_Frozen = frozenset[tuple[int, int]]

_NONE: Cells = {}


@dataclass(slots=True, eq=False, repr=False)
class Half:
    """The rules of one direction by subject and peers, and the classes that they isolate.

    `subjects` has the places of each subject, `containing` for each class the numbers of those
    that it is in.
    """

    isolated: dict[int, int]
    rules: dict[PodSet, dict[Peers, list[Opened]]]
    subjects: list[Places]
    containing: tuple[tuple[int, ...], ...]

    @staticmethod
    def of(lowered: Lowered, direction: Direction, peers: PeerSets, ports: Ports) -> Half:
        """The half of `lowered` in one direction."""
        isolated: dict[int, int] = {}
        for isolation in lowered.isolations:
            if isolation.direction is direction:
                for block, bits in peers.pods.places(isolation.subject).items():
                    isolated[block] = isolated.get(block, 0) | bits
        rules: dict[PodSet, dict[Peers, list[Opened]]] = {}
        for rule in lowered.rules:
            if rule.direction is direction:
                by_peers = rules.setdefault(rule.subject, {})
                opened = ports.opened(rule.traffic)
                for whom in rule.peers:
                    by_peers.setdefault(whom, []).append(opened)
        subjects = [peers.pods.places(subject) for subject in rules]
        return Half(isolated, rules, subjects, containing(peers.universe, subjects))


@dataclass(slots=True, eq=False, repr=False)
class Relations:
    """Makes the relation of each IP version from the two halves."""

    universe: Universe
    peers: PeerSets
    ports: Ports
    semantics: Semantics
    ingress: Half
    egress: Half
    known: dict[tuple[int, Opened], Cells] = field(default_factory=dict)

    def relation(self, version: int) -> Relation:
        """The relation of one IP version."""
        base, near, far = self._by_source(version)
        return Relation(
            base,
            tuple(near.values()),
            containing(self.universe, [dict(places) for places in near]),
            tuple(far.items()),
            tuple(self._opening(rules, version) for rules in self.egress.rules.values()),
            self.egress.containing,
        )

    @property
    def _always(self) -> int:
        """What no policy shuts (IMP-3)."""
        return self.ports.atoms.icmp if self.semantics.icmp == "allow" else 0

    def _by_source(self, version: int) -> tuple[_Row, dict[_Frozen, _Row], dict[int, _Row]]:
        """Ingress by source: what anyone may send, and what more each set of peers may."""
        base: _Row = {}
        far: dict[int, _Row] = {}
        near: dict[_Frozen, _Row] = {}
        rows: dict[Peers, _Row] = {}
        ingress = self.ingress
        for governed, by_peers in zip(ingress.subjects, ingress.rules.values(), strict=True):
            for peers, opened in by_peers.items():
                row = rows.get(peers)
                if row is None:
                    whom = self.peers.whom(peers, version)
                    if whom is None:
                        row = base
                    elif isinstance(whom, int):
                        row = far.setdefault(whom, {})
                    else:
                        row = near.setdefault(frozenset(whom.items()), {})
                    rows[peers] = row
                self._put(row, governed, opened)
        self._open_the_rest(base)
        self._open_to_nodes(far)
        return base, near, far

    def _open_the_rest(self, base: _Row) -> None:
        """NP-3: nothing is shut to classes that no policy isolates."""
        for block, everyone in enumerate(self.universe.everyone):
            isolated = self.ingress.isolated.get(block, 0)
            put(base, {block: everyone & ~isolated}, self.ports.atoms.everything)
            put(base, {block: isolated}, self._always)

    def _open_to_nodes(self, far: dict[int, _Row]) -> None:
        """IMP-9: nothing is shut to nodes, where an option says so; IMP-19 may except their own."""
        options = self.semantics
        if options.ingress_from_other_nodes == "allow" and options.node_local_ingress == "allow":
            classes = enumerate(self.universe.classes)
            nodes = self.peers.kinds.of(at for at, item in classes if item.is_node)
            pods = self.universe.pods
            put(far.setdefault(nodes, {}), pods, self.ports.atoms.everything)

    def _put(self, row: _Row, places: Places, opened: Iterable[Opened]) -> None:
        """Put what is opened to destinations at `places` into a row."""
        for block, bits in places.items():
            cells = row.get(block, _NONE)
            for each in opened:
                cells = self.ports.added(cells, each, block, bits)
            if cells:
                row[block] = cells

    def _opening(self, rules: dict[Peers, list[Opened]], version: int) -> Opening:
        kinds: Cells = {}
        blocks: dict[int, Cells] = {}
        for peers, opened in rules.items():
            whom = self.peers.whom(peers, version)
            if whom is None:
                whom = self.peers.kinds.everything
            if isinstance(whom, int):
                for each in opened:
                    kinds = union(kinds, self._to_kinds(whom, each))
            else:
                self._put(blocks, whom, opened)
        return Opening(kinds, blocks)

    def _to_kinds(self, whom: int, opened: Opened) -> Cells:
        """What is opened to some kinds. The same mapping for the same, as it is for many subjects."""
        found = self.known.get((whom, opened))
        if found is None:
            found = self.known[whom, opened] = restricted(self.ports.to_kinds(opened), whom)
        return found


def containing(universe: Universe, sets: list[Places]) -> tuple[tuple[int, ...], ...]:
    """For each class the numbers of the sets that it is in."""
    found: list[list[int]] = [[] for _ in universe.classes]
    for number, places in enumerate(sets):
        for block, bits in places.items():
            start = universe.starts[block]
            for bit in members(bits):
                found[start + bit].append(number)
    return tuple(map(tuple, found))
