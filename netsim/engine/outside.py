"""Traffic with addresses that are nobody's in the cluster. Cut by the rules of one class alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, IPv6Network

from netsim.compiler.tables import Border, Tables
from netsim.model.rules import AddressSet, Anyone
from netsim.sets.addresses import Network, span
from netsim.sets.intervals import Interval, overlaid, without

_EVERYWHERE: dict[int, Network] = {4: IPv4Network("0.0.0.0/0"), 6: IPv6Network("::/0")}
# A rule's peers, and the port atoms that it opens to all of them.
_Open = tuple[AddressSet | Anyone, int]
# Port atoms -> IP version -> the numbers of the addresses that have exactly these.
Pieces = dict[int, dict[int, list[Interval]]]


class Outside:
    """What classes may send to the outside (egress) or get from it (ingress).

    Answers are sets of port atoms. An address that a pod or node has is not outside: ask for
    that endpoint instead (NP-42).
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._known: dict[tuple[tuple[int, ...], tuple[_Open, ...] | None], Pieces] = {}

    def sent(self, source: int) -> Pieces:
        """Port atoms -> IP version -> the numbers of the addresses that get exactly these."""
        return self._cut(self._tables.egress, source)

    def received(self, destination: int) -> Pieces:
        """Port atoms -> IP version -> the numbers of the addresses that may send exactly these."""
        return self._cut(self._tables.ingress, destination)

    def _cut(self, border: Border, number: int) -> Pieces:
        versions = tuple(sorted(self._tables.versions[number] or _EVERYWHERE))  # NP-41
        rules = tuple(self._rules(border, number)) if self._isolated(border, number) else None
        found = self._known.get((versions, rules))
        if found is None:
            found = self._known[versions, rules] = self._pieces(versions, rules)
        return found

    def _pieces(self, versions: Iterable[int], rules: Iterable[_Open] | None) -> Pieces:
        """Every version's addresses with what `rules` open to them; None opens everything."""
        always = self._tables.snapshot.semantics.icmp == "allow"  # IMP-3
        common = self._tables.atoms.icmp if always else 0
        if rules is None:  # NP-3, NP-6
            common, rules = self._tables.atoms.everything, ()
        found: Pieces = {}
        for version in versions:
            whole = span(_EVERYWHERE[version])
            layers = [(whole, common)]
            for peers, atoms in rules:
                layers += [(interval, atoms) for interval in intervals_of(peers, version)]
            for piece, atoms in overlaid(whole, layers):
                found.setdefault(atoms, {}).setdefault(version, []).append(piece)
        return found

    def _isolated(self, border: Border, number: int) -> bool:
        block, bit = self._tables.universe.place(number)
        return bool(border.isolated.get(block, 0) >> bit & 1)

    def _rules(self, border: Border, number: int) -> Iterator[_Open]:
        """The rules that may open something to or from an address, with what they open."""
        block, bit = self._tables.universe.place(number)
        for gate in border.gates_of[number]:
            for peers, atoms, where in border.gates[gate].rules:
                if atoms and (where is None or where.get(block, 0) >> bit & 1):
                    yield peers, atoms


def intervals_of(peers: AddressSet | Anyone, version: int) -> list[Interval]:
    """The addresses of one IP version that `peers` holds."""
    if isinstance(peers, Anyone):
        return [span(_EVERYWHERE[version])]
    if peers.cidr.version != version:
        return []
    return without(span(peers.cidr), map(span, peers.excepts))
