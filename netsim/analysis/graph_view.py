"""The mappings in which networkx looks edges up, over rows and columns: no edge is kept in them."""

from __future__ import annotations

from abc import abstractmethod
from bisect import bisect_left
from collections.abc import Callable, ItemsView, Iterator, Mapping, ValuesView
from functools import cached_property, partial

from netsim.analysis.graph_edges import EdgesBeyond
from netsim.analysis.graph_links import Ends, Links, ascending
from netsim.analysis.graph_nodes import EXTERNAL, Attributes
from netsim.engine.rows import Row
from netsim.sets.bitset import Cells, members


def successors(links: Links) -> Adjacency:
    """Every node with the edges that go out from it."""
    return Adjacency(links, partial(Successors, links, links.sent), links.received)


def predecessors(links: Links) -> Adjacency:
    """Every node with the edges that come in to it."""
    return Adjacency(links, partial(Predecessors, links, links.received), links.sent)


class Adjacency(Mapping[str, Mapping[str, Attributes]]):
    """Every node with its edges in one direction."""

    def __init__(
        self,
        links: Links,
        inside: Callable[[int], Mapping[str, Attributes]],
        beyond: Mapping[str, EdgesBeyond],
    ) -> None:
        self._links = links
        self._inside = inside
        self._beyond: dict[str, Mapping[str, Attributes]] = {
            name: BeyondNeighbours(links, beyond[name]) if name in beyond else {}
            for name in (EXTERNAL, *links.domains)
        }

    def __getitem__(self, name: str) -> Mapping[str, Attributes]:
        found = self._beyond.get(name)
        return self._inside(self._links.places[name]) if found is None else found

    def __iter__(self) -> Iterator[str]:
        yield from self._links.names
        yield from self._beyond

    def __len__(self) -> int:
        return len(self._links.names) + len(self._beyond)


class Neighbours(Mapping[str, Attributes]):
    """The edges of one party in one direction, by their other end. Nothing is read before it is asked for."""

    def __init__(self, links: Links, beyond: Mapping[str, EdgesBeyond], place: int) -> None:
        self._links = links
        self._place = place
        self._party = links.parties[place]
        self._beyond = beyond

    @abstractmethod
    def _ends(self) -> Iterator[Ends]:
        """The other ends inside the cluster, in portions that follow one another.

        It is itself one of them where another of its class would be.
        """

    @abstractmethod
    def _atoms(self, other: int) -> int:
        """What may pass between it and another, or between it and one of its class."""

    @abstractmethod
    def _edge(self, other: int, atoms: int) -> Attributes: ...

    def __getitem__(self, name: str) -> Attributes:
        if name in self._beyond:
            return self._beyond[name].of(self._party)
        other = self._links.places[name]
        if atoms := self._passing(other):
            return self._edge(other, atoms)
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        edges = self._beyond.get(str(name))
        if edges is not None:
            return edges.has(self._party)
        return name in self._links.places and bool(self._passing(self._links.places[str(name)]))

    def __iter__(self) -> Iterator[str]:
        name = self._links.names.__getitem__
        for others, _ in self._others():
            yield from map(name, others)
        yield from self._names_beyond()

    def __len__(self) -> int:
        inside = sum(len(others) for others, _ in self._others())
        return inside + sum(1 for _ in self._names_beyond())

    def _names_beyond(self) -> Iterator[str]:
        return (name for name, edges in self._beyond.items() if edges.has(self._party))

    # Read one after the other: faster than by name.

    def items(self) -> ItemsView[str, Attributes]:
        return _Items(self)

    def values(self) -> ValuesView[Attributes]:
        return _Values(self)

    def each(self) -> Iterator[tuple[str, Attributes]]:
        """Every edge: what `items` goes over."""
        names = self._links.names
        for others, atoms in self._others():
            for other, passing in zip(others, atoms, strict=True):
                yield names[other], self._edge(other, passing)
        for name in self._names_beyond():
            yield name, self._beyond[name].of(self._party)

    def _passing(self, other: int) -> int:
        alone = other == self._place and not self._party.several
        return 0 if alone else self._atoms(other)

    def _others(self) -> Iterator[Ends]:
        if self._party.several:
            return self._ends()
        return (_without(self._place, ends) for ends in self._ends())


class Successors(Neighbours):
    """The edges that go out from a party."""

    @cached_property
    def _row(self) -> Row:
        return self._links.row(self._place)

    def _ends(self) -> Iterator[Ends]:
        """What the row shares with others, with its own blocks in the stead of those."""
        links, own = self._links, self._row.own
        places, atoms = links.ends(self._row.shared)
        done = 0
        for block in sorted(own, key=links.span):
            first, end = links.span(block)
            before = bisect_left(places, first, done)
            if before > done:
                yield places[done:before], atoms[done:before]
            yield links.ends_in(block, own[block])
            done = bisect_left(places, end, before)
        yield places[done:], atoms[done:]

    def _atoms(self, other: int) -> int:
        block, bit = self._links.universe.place(self._links.parties[other].number)
        return _value(self._row.at(block), bit)

    def _edge(self, other: int, atoms: int) -> Attributes:
        return self._links.edge(self._place, other, atoms)


class Predecessors(Neighbours):
    """The edges that come in to a party."""

    @cached_property
    def _column(self) -> Cells:
        return self._links.column(self._place)

    def _ends(self) -> Iterator[Ends]:
        cells = self._column.items()
        if len(cells) == 1:
            ((atoms, bits),) = cells
            places = members(bits)
            yield places, [atoms] * len(places)
        else:
            yield ascending((place, atoms) for atoms, bits in cells for place in members(bits))

    def _atoms(self, other: int) -> int:
        return _value(self._column, other)

    def _edge(self, other: int, atoms: int) -> Attributes:
        return self._links.edge(other, self._place, atoms)


class BeyondNeighbours(Mapping[str, Attributes]):
    """The edges between a node beyond and the parties, in one direction."""

    def __init__(self, links: Links, edges: EdgesBeyond) -> None:
        self._links = links
        self._edges = edges

    def __getitem__(self, name: str) -> Attributes:
        return self._edges.of(self._links.parties[self._links.places[name]])

    def __iter__(self) -> Iterator[str]:
        return (party.name for party in self._links.parties if self._edges.has(party))

    def __len__(self) -> int:
        return sum(map(self._edges.has, self._links.parties))


class _Items(ItemsView[str, Attributes]):
    _mapping: Neighbours

    def __iter__(self) -> Iterator[tuple[str, Attributes]]:
        return self._mapping.each()


class _Values(ValuesView[Attributes]):
    _mapping: Neighbours

    def __iter__(self) -> Iterator[Attributes]:
        return (attributes for _, attributes in self._mapping.each())


def _value(cells: Cells, bit: int) -> int:
    return next((atoms for atoms, bits in cells.items() if bits >> bit & 1), 0)


def _without(place: int, ends: Ends) -> Ends:
    others, atoms = ends
    at = bisect_left(others, place)
    if at == len(others) or others[at] != place:
        return ends
    return [*others[:at], *others[at + 1 :]], [*atoms[:at], *atoms[at + 1 :]]
