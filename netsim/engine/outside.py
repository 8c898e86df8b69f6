"""Traffic with addresses that are nobody's in the cluster. Cut by the rules of one class alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, IPv6Network

from netsim.compiler.tables import Border, Tables
from netsim.model.cluster import Address
from netsim.model.rules import AddressSet, Anyone
from netsim.sets.addresses import Network, address_of, span
from netsim.sets.intervals import Interval, cut

_EVERYWHERE: dict[int, Network] = {4: IPv4Network("0.0.0.0/0"), 6: IPv6Network("::/0")}


class Outside:
    """What classes may send to the outside (egress) or get from it (ingress).

    Answers are sets of port atoms. An address that a pod or node has is not outside: ask for
    that endpoint instead (NP-42).
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def sent(self, source: int) -> dict[int, dict[int, list[Interval]]]:
        """Port atoms -> IP version -> the numbers of the addresses that get exactly these."""
        return self._cut(self._tables.egress, source)

    def received(self, destination: int) -> dict[int, dict[int, list[Interval]]]:
        """Port atoms -> IP version -> the numbers of the addresses that may send exactly these."""
        return self._cut(self._tables.ingress, destination)

    def _passing(self, border: Border, number: int, address: Address) -> int:
        known = self._tables.versions[number]
        if known and address.version not in known:  # NP-41
            return 0
        if not self._isolated(border, number):  # NP-3, NP-6
            return self._tables.atoms.everything
        always = self._tables.snapshot.semantics.icmp == "allow"  # IMP-3
        found = self._tables.atoms.icmp if always else 0
        for peers, atoms in self._rules(border, number):
            if isinstance(peers, Anyone) or _holds(peers, address):
                found |= atoms
        return found

    def _cut(self, border: Border, number: int) -> dict[int, dict[int, list[Interval]]]:
        found: dict[int, dict[int, list[Interval]]] = {}
        for version in sorted(self._tables.versions[number] or _EVERYWHERE):
            rules = [peers for peers, _ in self._rules(border, number)]
            for piece in cut(span(_EVERYWHERE[version]), _starts(rules, version)):
                atoms = self._passing(border, number, address_of(piece[0], version))
                if atoms:
                    found.setdefault(atoms, {}).setdefault(version, []).append(piece)
        return found

    def _isolated(self, border: Border, number: int) -> bool:
        block, bit = self._tables.universe.place(number)
        return bool(border.isolated.get(block, 0) >> bit & 1)

    def _rules(self, border: Border, number: int) -> Iterator[tuple[AddressSet | Anyone, int]]:
        """The rules that may open something to or from an address, with what they open."""
        block, bit = self._tables.universe.place(number)
        for gate in border.gates_of[number]:
            for peers, atoms, where in border.gates[gate].rules:
                # A name is declared by the destination: by this class, if that is its ingress.
                inward = border is self._tables.ingress
                if where is None or (inward and where.get(block, 0) >> bit & 1):
                    yield peers, atoms


def _holds(block: AddressSet, address: Address) -> bool:
    return address in block.cidr and not any(address in hole for hole in block.excepts)


def _starts(rules: Iterable[AddressSet | Anyone], version: int) -> set[int]:
    """Where the pieces begin that blocks of one IP version cut the addresses into."""
    starts: set[int] = set()
    for peers in rules:
        if isinstance(peers, AddressSet) and peers.cidr.version == version:
            for network in [peers.cidr, *peers.excepts]:
                first, last = span(network)
                starts |= {first, last + 1}
    return starts
