"""Traffic with addresses that are nobody's in the cluster. Cut by the rules of one class alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, IPv6Network
from typing import TYPE_CHECKING

from netsim.compiler.tables import Border, Tables
from netsim.model.flow import Direction
from netsim.model.rules import AddressSet, Anyone
from netsim.sets.addresses import Network, span
from netsim.sets.intervals import Interval, overlaid, without

if TYPE_CHECKING:
    from netsim.engine.beyond import Ruled

_EVERYWHERE: dict[int, Network] = {4: IPv4Network("0.0.0.0/0"), 6: IPv6Network("::/0")}
# A rule's peers, and the port atoms that it opens to all of them.
_Open = tuple[AddressSet | Anyone, int]
# Port atoms -> IP version -> the numbers of the addresses that have exactly these.
Pieces = dict[int, dict[int, list[Interval]]]


class Outside:
    """What classes may send to the outside (egress) or get from it (ingress).

    Answers are sets of port atoms. An address that a pod or node has is not outside: ask for
    that endpoint instead (NP-42). They are about both IP versions, whichever a class has (NP-41).
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._known: dict[tuple[tuple[_Open, ...] | None, int], Pieces] = {}
        self._ruled: dict[tuple[int, bool], Ruled] = {}

    def sent(self, source: int) -> Pieces:
        """Port atoms -> IP version -> the numbers of the addresses that get exactly these."""
        return self._cut(self._tables.egress, source, self._ruled_by(source))

    def received(self, destination: int) -> Pieces:
        """Port atoms -> IP version -> the numbers of the addresses that may send exactly these."""
        return self._cut(self._tables.ingress, destination, None)

    def sent_to(self, name: str, source: int) -> tuple[int, int, int]:
        """What a class may send to what is reached under a DNS name, its address not being known.

        As it is taken, at least, and at most: whatever its address is. For a name with `*.` it is
        what goes to names below it that nobody mentions (ANP-17).
        """
        from netsim.compiler.walk import Reading  # few ask about names

        found = dict.fromkeys(Reading, 0)
        ruled = self._ruled_by(source)
        for version in sorted(self._tables.versions[source]) or (4,):
            to_all, to_some = self._given(source, version)
            for reading in Reading:
                given = to_some if reading is Reading.MOST else to_all
                if ruled:
                    given = ruled.named(name, version, given, reading)
                found[reading] |= given
        return found[Reading.GIVEN], found[Reading.LEAST], found[Reading.MOST]

    def _given(self, source: int, version: int) -> tuple[int, int]:
        """What NetworkPolicies let out to every address of an IP version, and to any."""
        if not self._isolated(self._tables.egress, source):
            return self._tables.atoms.everything, self._tables.atoms.everything
        to_all = to_some = self._always
        whole = [span(_EVERYWHERE[version])]
        for peers, atoms in self._rules(self._tables.egress, source):
            intervals = intervals_of(peers, version)
            to_all |= atoms if intervals == whole else 0
            to_some |= atoms if intervals else 0
        return to_all, to_some

    def _ruled_by(self, source: int) -> Ruled | None:
        """The rules of the tiers around NetworkPolicy that govern a class."""
        overlay = next(iter(self._tables.relations.values())).outward
        group = overlay.group_of[source] if overlay else None
        if overlay is None or group is None or not overlay.beyond[group]:
            return None
        from netsim.engine.beyond import Ruled  # few clusters have such rules

        block, bit = self._tables.universe.place(source)
        shielded = self._tables.shielded[Direction.EGRESS].get(block, 0) >> bit & 1
        key = group, bool(shielded)
        found = self._ruled.get(key)
        if found is None:
            everything = self._tables.atoms.everything
            rules, reading = overlay.beyond[group], overlay.reading
            found = self._ruled[key] = Ruled(rules, reading, bool(shielded), everything)
        return found

    def _cut(self, border: Border, number: int, ruled: Ruled | None) -> Pieces:
        rules = tuple(self._rules(border, number)) if self._isolated(border, number) else None
        key = rules, id(ruled)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._pieces(rules, ruled)
        return found

    def _pieces(self, rules: Iterable[_Open] | None, ruled: Ruled | None) -> Pieces:
        """Every version's addresses with what `rules` open to them; None opens everything."""
        common = self._always
        if rules is None:  # NP-3, NP-6
            common, rules = self._tables.atoms.everything, ()
        found: Pieces = {}
        for version in _EVERYWHERE:
            whole = span(_EVERYWHERE[version])
            layers = [(whole, common)]
            for peers, atoms in rules:
                layers += [(interval, atoms) for interval in intervals_of(peers, version)]
            laid = overlaid(whole, layers)
            if ruled:
                laid = ruled.pieces(_EVERYWHERE[version], laid)
            for piece, atoms in laid:
                found.setdefault(atoms, {}).setdefault(version, []).append(piece)
        return found

    @property
    def _always(self) -> int:
        """What no NetworkPolicy shuts (IMP-3)."""
        always = self._tables.snapshot.semantics.icmp == "allow"
        return self._tables.atoms.icmp if always else 0

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
