"""The edges of a graph, read from rows and columns; their ends are places among its parties."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property, partial

from netsim.analysis.graph_columns import Columns
from netsim.analysis.graph_edges import DomainEdges, EdgesBeyond, OutsideEdges, SharedEdges
from netsim.analysis.graph_nodes import EXTERNAL, Attributes, pods_of
from netsim.engine.level import Level
from netsim.engine.reach import Reachability
from netsim.engine.rows import Row
from netsim.sets.bitset import Cells, members
from netsim.sets.blocks import Blocks

# The other ends of a party, ascending, and the port atoms that may pass between it and each.
Ends = tuple[Sequence[int], Sequence[int]]


class Links:
    """Every edge of a graph. `parties` are its nodes but for those beyond: what is outside, and names.

    `sent` and `received` have the edges with these, by name, in the order of the nodes.
    """

    def __init__(self, reachability: Reachability, level: Level) -> None:
        self.universe = reachability.universe
        self.parties = reachability.parties(level)
        self.names = [party.name for party in self.parties]
        self.places = {name: place for place, name in enumerate(self.names)}
        self._shared = SharedEdges()
        self.domains = reachability.domains
        self.sent: dict[str, EdgesBeyond] = {
            EXTERNAL: OutsideEdges(reachability.sent_to_external),
            **{
                name: DomainEdges(partial(reachability.marked_sent_to, name), self._shared)
                for name in self.domains
            },
        }
        # A name is where traffic goes to, not where it comes from.
        self.received: dict[str, EdgesBeyond] = {
            EXTERNAL: OutsideEdges(reachability.received_from_external)
        }
        self._reachability = reachability
        self._row = reachability.marks.passing_row
        self._pods = [pods_of(party) for party in self.parties]
        self._of_class: list[list[int]] = [[] for _ in reachability.classes]
        self._spans: dict[int, tuple[int, int]] = {}
        for place, party in enumerate(self.parties):
            self._of_class[party.number].append(place)
            block, _ = self.universe.place(party.number)
            first, _ = self._spans.get(block, (place, place))
            self._spans[block] = first, place + 1
        self._edges: dict[tuple[int, int], Attributes] = {}
        self._kept = _Kept()

    def row(self, place: int) -> Row:
        """What a party may send, by class, marked."""
        return self._row(self.parties[place].number)

    def column(self, place: int) -> Cells:
        """What a party may get, by the place of who sends it."""
        return self._columns.column(self.parties[place].number)

    @cached_property
    def _columns(self) -> Columns:
        bits = [sum(1 << place for place in places) for places in self._of_class]
        return Columns(self.universe, self._row, bits)

    def edge(self, source: int, destination: int, atoms: int) -> Attributes:
        """The attributes of an edge over which these atoms may pass."""
        weight = self._pods[source] * (self._pods[destination] - (source == destination))
        found = self._edges.get((atoms, weight))
        if found is None:
            traffic, hanging = self._reachability.marked_traffic(atoms)
            found = self._shared.of(traffic, weight, bool(hanging))
            self._edges[atoms, weight] = found
        return found

    def span(self, block: int) -> tuple[int, int]:
        """The first place of a block, and the one after its last."""
        return self._spans[block]

    def ends(self, blocks: Blocks) -> Ends:
        """The parties that something may be sent to, where these blocks say what."""
        return self._kept.ends(id(blocks), blocks, lambda: self._read(blocks)) if blocks else _NONE

    def ends_in(self, block: int, cells: Cells) -> Ends:
        """Those of one block."""
        key = block, tuple(cells.items())
        return self._kept.ends(key, None, lambda: self._read({block: cells})) if cells else _NONE

    def _read(self, blocks: Blocks) -> Ends:
        starts = self.universe.starts
        return ascending(
            (place, atoms)
            for block, cells in blocks.items()
            for atoms, bits in cells.items()
            for bit in members(bits)
            for place in self._of_class[starts[block] + bit]
        )


class _Kept:
    """Ends that were read lately: many parties have the same."""

    _MOST = 1_000_000  # of them in all: about 16 MB

    def __init__(self) -> None:
        self._found: dict[Hashable, tuple[object, Ends]] = {}
        self._number = 0

    def __reduce__(self) -> tuple[type[_Kept], tuple[()]]:
        return _Kept, ()  # a copy owns other objects: ids say nothing there

    def ends(self, key: Hashable, owner: object, read: Callable[[], Ends]) -> Ends:
        """What `read` gives. Where `key` is an id, `owner` is kept with it, so that it stays its own."""
        found = self._found.get(key)
        if found is not None:
            return found[1]
        ends = read()
        if self._number > self._MOST:
            self._found.clear()
            self._number = 0
        self._found[key] = owner, ends
        self._number += len(ends[0])
        return ends


def ascending(found: Iterable[tuple[int, int]]) -> Ends:
    """Ends from pairs of a place and atoms."""
    ordered = sorted(found)
    return [place for place, _ in ordered], [atoms for _, atoms in ordered]


_NONE: Ends = (), ()
