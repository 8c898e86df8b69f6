"""What passes in two versions between any two, by compiling all of both: what a difference is of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address, ip_network
from itertools import product

import netsim
from netsim import Difference
from netsim.engine.flows import OutsideFlows
from netsim.engine.level import Level
from netsim.engine.parties import Party
from netsim.model.cluster import Address, Node, Pod
from netsim.model.snapshot import Snapshot
from netsim.sets.traffic import NOTHING, TrafficSet

_ELSEWHERE = ("203.0.113.7/32", "2001:db8::7/128")

# Who sends and who gets: names, addresses outside, and DNS names.
Cell = tuple[str | Address, str | Address]
Cells = dict[Cell, TrafficSet]
# What passed before and what passes after, where that is other.
Changes = dict[Cell, tuple[TrafficSet, TrafficSet]]


def edges_of(blocks: Iterable[str]) -> list[Address]:
    """The first and the last address of each block, and those beside them."""
    found: set[Address] = set()
    for block in map(ip_network, (*blocks, *_ELSEWHERE)):
        for edge, step in product((int(block[0]), int(block[-1])), (-1, 0, 1)):
            if 0 <= edge + step < 1 << block.max_prefixlen:
                found.add(type(block[0])(edge + step))
    return sorted((each for each in found if not each.is_loopback), key=lambda each: each.packed)


@dataclass(frozen=True, eq=False)
class AllCells:
    """Every cell of one version at pod level, as the engine has it when it compiles the whole."""

    snapshot: Snapshot

    @cached_property
    def reachability(self) -> netsim.Reachability:
        return netsim.compile_snapshot(self.snapshot).reach()

    @cached_property
    def parties(self) -> dict[str, Party]:
        """The endpoints by name."""
        found = {party.name: party for party in self.reachability.parties(Level.POD)}
        assert len(found) == len(self.reachability.parties(Level.POD))
        return found

    @cached_property
    def taken(self) -> frozenset[Address]:
        """Every address that is somebody's."""
        pods = {
            address
            for pod in self.snapshot.pods
            for address in (*(() if pod.finished else pod.addresses), *pod.host_addresses)
        }
        nodes = {address for node in self.snapshot.nodes.values() for address in node.addresses}
        return frozenset(pods | nodes)

    def inside(self, sources: Iterable[str], destinations: Iterable[str]) -> Cells:
        """What passes from each to each, another than itself."""
        found: Cells = {}
        for source, destination in product(sources, destinations):
            one, other = self.parties[source], self.parties[destination]
            if source != destination or one.several:
                found[source, destination] = self.reachability.between(one.number, other.number)
        return found

    def outside(
        self, names: Iterable[str], addresses: Iterable[Address], beside: Iterable[AllCells] = ()
    ) -> Cells:
        """What passes from each to each address, and from there.

        They are asked about in the IP versions that it has here or `beside`, in other versions.
        """
        found: Cells = {}
        wanted = list(addresses)
        for name in names:
            party = self.parties[name]
            known = frozenset[int]().union(*(each.versions(name) for each in (self, *beside)))
            versions = known or self.reachability.versions(party.number)
            sent = self.reachability.marked_sent_outside(party)
            received = self.reachability.marked_received_from_outside(party)
            for address in wanted:
                met = address.version in versions
                found[name, address] = _at(address, sent) if met else NOTHING
                found[address, name] = _at(address, received) if met else NOTHING
        return found

    def to_names(self, names: Iterable[str], domains: Iterable[str]) -> Cells:
        """What passes from each to what is reached under each DNS name."""
        return {
            (name, domain): self.reachability.marked_sent_to(domain, self.parties[name])[0]
            for name, domain in product(names, domains)
        }

    def versions(self, name: str) -> frozenset[int]:
        """The IP versions of the addresses of an endpoint, known or configured; else none."""
        endpoint = self.parties[name].members[0]
        known = frozenset(each.version for each in self._addresses(endpoint))
        if known or isinstance(endpoint, Node) or endpoint.host_network:
            return known
        return frozenset(cidr.version for cidr in self.snapshot.semantics.pod_cidrs)

    def _addresses(self, endpoint: Pod | Node) -> tuple[Address, ...]:
        if isinstance(endpoint, Node) or not endpoint.host_network:
            return endpoint.addresses
        node = self.snapshot.nodes.get(endpoint.node)
        known = node.addresses if node else ()
        return (*endpoint.addresses, *known, *endpoint.host_addresses)


def _at(address: Address, flows: Iterable[OutsideFlows]) -> TrafficSet:
    found = [each for each in flows if _is_in(address, each.cidrs)]
    assert len(found) < 2
    return found[0].traffic if found else NOTHING


def _is_in(address: Address, cidrs: Iterable[str]) -> bool:
    return any(address in ip_network(cidr) for cidr in cidrs)


def expanded(name: str, addresses: Iterable[Address]) -> Iterator[str | Address]:
    """A name as it is; a CIDR as those of `addresses` that are in it."""
    if not is_cidr(name):
        yield name
        return
    network = ip_network(name)
    yield from (each for each in addresses if each in network)


def is_cidr(name: str) -> bool:
    """Whether a name of a difference is a block of addresses."""
    first, _, last = name.rpartition("/")
    return last.isdigit() and ("." in first or ":" in first) and _is_address(first)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


class Whole:
    """Two versions in full: what is other between endpoints of both, and at some addresses."""

    def __init__(self, old: Snapshot, new: Snapshot, edges: Iterable[Address]) -> None:
        self.old, self.new = AllCells(old), AllCells(new)
        self.both = sorted(self.old.parties.keys() & self.new.parties.keys())
        taken = self.old.taken | self.new.taken
        self.edges = [each for each in edges if each not in taken]
        domains = {*self.old.reachability.domains, *self.new.reachability.domains}
        self.domains = sorted(domains)
        self._alone = {name for name in self.both if not self._is_several(name)}

    @cached_property
    def changed(self) -> Changes:
        """Every cell that is other."""
        before, after = self.of(self.old), self.of(self.new)
        found = {cell: (before.get(cell, NOTHING), after[cell]) for cell in after}
        return {cell: pair for cell, pair in found.items() if pair[0] != pair[1]}

    def of(self, version: AllCells) -> Cells:
        """The cells of one of these versions, or of one between them."""
        cells = version.inside(self.both, self.both)
        cells |= version.outside(self.both, self.edges, (self.old, self.new))
        cells |= version.to_names(self.both, self.domains)
        return {cell: each for cell, each in cells.items() if not self._is_itself(cell)}

    def cells(self, sources: Iterable[str], destinations: Iterable[str]) -> list[Cell]:
        """Each of these with each of those, as they are named in a difference."""
        ours, theirs = (
            [each for name in names for each in expanded(name, self.edges)]
            for names in (sources, destinations)
        )
        return [cell for cell in product(ours, theirs) if not self._is_itself(cell)]

    def said(self, difference: Difference) -> Changes:
        """What a difference at pod level says, cell by cell."""
        found: Changes = {}
        for pair in difference.pairs():
            for cell in self.cells([pair.source], [pair.destination]):
                assert cell not in found, cell
                found[cell] = pair.before, pair.after
        return found

    def _is_itself(self, cell: Cell) -> bool:
        return cell[0] == cell[1] and cell[0] in self._alone

    def _is_several(self, name: str) -> bool:
        return self.old.parties[name].several and self.new.parties[name].several
