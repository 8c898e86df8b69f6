"""The peers that rules of the tiers can be asked about, in columns: those that no rule tells apart."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from netsim.analysis.survey import Survey
from netsim.compiler.atoms import AddressCuts
from netsim.compiler.strata import Meant
from netsim.engine.matches import is_named
from netsim.engine.recognisable import recognisable_address
from netsim.model.flow import Direction
from netsim.model.rules import AddressSet, Anyone, DomainSet, PodSet, RankedPeers, RankedRule
from netsim.model.tiers import Action
from netsim.sets.apart import told_apart
from netsim.sets.bitset import of
from netsim.sets.intervals import Interval

_BITS = {4: 32, 6: 128}
# What a name below a wildcard begins with: the first that nobody mentions.
_FIRST_LABELS = ("www", "api", "x")
# And a name that no rule is about.
_OTHERS = ("example.com", "example.org", "example.net")


@dataclass(frozen=True, slots=True)
class Column:
    """Peers that no rule tells apart: pods and nodes as strata, addresses outside, or DNS names."""

    strata: tuple[int, ...] = ()
    outside: tuple[Interval, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns, those of pods and nodes first; and whom each rule is about, as sets of them.

    `named` are those whom a rule that denies every address names besides, as pods by label.
    """

    items: tuple[Column, ...]
    peers: tuple[Meant, ...]
    named: tuple[int, ...]

    @staticmethod
    def of(
        survey: Survey, rules: Sequence[RankedRule], direction: Direction, version: int
    ) -> Columns:
        """The columns of the rules of one direction in one IP version."""
        spots = _Spots(survey, rules, direction, version)
        meant = [spots.meant(rule.peers) for rule in rules]
        named = [spots.meant(_named(rule)).maybe for rule in rules]
        found: dict[Hashable, list[int]] = {}
        masks = {*named, *(mask for each in meant for mask in each)}
        apart = told_apart(masks, spots.besides)
        for spot, sight in enumerate(apart):
            found.setdefault(sight, []).append(spot)
        firsts = [places[0] for places in found.values()]
        known: dict[int, int] = {}

        def columns(mask: int) -> int:
            if mask not in known:
                known[mask] = of(at for at, spot in enumerate(firsts) if mask >> spot & 1)
            return known[mask]

        peers = tuple(Meant(*map(columns, each)) for each in meant)
        items = tuple(map(spots.column, found.values()))
        return Columns(items, peers, tuple(map(columns, named)))


def denies_everything(rule: RankedRule) -> bool:
    """Whether a rule denies all addresses of an IP version as addresses."""
    return rule.action is Action.DENY and any(
        isinstance(each, AddressSet) and each.cidr.prefixlen == 0 for each in rule.peers
    )


def _named(rule: RankedRule) -> Iterator[RankedPeers]:
    if denies_everything(rule):
        yield from (each for each in rule.peers if isinstance(each, PodSet))


class _Spots:
    """Strata, then addresses outside that are alike to all blocks, then names, each a number."""

    def __init__(
        self, survey: Survey, rules: Sequence[RankedRule], direction: Direction, version: int
    ) -> None:
        self._strata, self._version = survey.strata, version
        items = self._strata.items
        peers = dict.fromkeys(each for rule in rules for each in rule.peers)
        blocks = [each for each in peers if isinstance(each, AddressSet)]
        self._cuts = AddressCuts.of(blocks, version)
        # What comes in from outside is no peer of any rule (ANP-13).
        outward = direction is Direction.EGRESS
        self._outside = list(_atoms(self._cuts, version, survey)) if outward else []
        self._names = _names(peers) if outward else []
        self._first_name = len(items) + len(self._outside)
        declared = [() if not outward else survey.ports.declared(item) for item in items]
        self.besides: list[Hashable] = [
            (bool(item.is_node), survey.versions(at), declared[at]) for at, item in enumerate(items)
        ]
        self.besides += ["outside"] * len(self._outside) + ["name"] * len(self._names)
        self._known: dict[RankedPeers, Meant] = {}

    def column(self, spots: Sequence[int]) -> Column:
        """The column of some spots, which are of one sort."""
        count = len(self._strata.items)
        if spots[0] < count:
            return Column(strata=tuple(spots))
        if spots[0] < self._first_name:
            return Column(outside=tuple(self._outside[at - count][1] for at in spots))
        return Column(names=tuple(self._names[at - self._first_name] for at in spots))

    def meant(self, peers: Iterable[RankedPeers]) -> Meant:
        """Whom peers are about together."""
        given = surely = maybe = 0
        for each in peers:
            found = self._known.get(each)
            if found is None:
                found = self._known[each] = self._meant(each)
            given, surely, maybe = given | found.given, surely | found.surely, maybe | found.maybe
        return Meant(given, surely, maybe)

    def _meant(self, peers: RankedPeers) -> Meant:
        inside = self._strata.meant(peers, self._version)
        beyond = self._beyond(peers) << len(self._strata.items)
        return Meant(inside.given | beyond, inside.surely | beyond, inside.maybe | beyond)

    def _beyond(self, peers: RankedPeers) -> int:
        """Those that are outside.

        A name stands for an address that nobody knows; as one that is known it is among the others.
        """
        addresses, names = len(self._outside), len(self._names)
        match peers:
            case Anyone():
                return (1 << addresses + names) - 1
            case DomainSet():
                named = of(at for at, name in enumerate(self._names) if is_named(peers, name))
                return named << addresses
            case AddressSet() if peers.cidr.version == self._version:
                spans = self._cuts.atoms(peers)
                held = of(
                    at
                    for at, (atom, _) in enumerate(self._outside)
                    if any(first <= atom < end for first, end in spans)
                )
                whole = peers.cidr.prefixlen == 0
                return held | ((1 << names) - 1) << addresses if whole else held
        return 0


def _atoms(cuts: AddressCuts, version: int, survey: Survey) -> Iterator[tuple[int, Interval]]:
    """The atoms of addresses, by number, in which some address is nobody's (NP-42, NP-59)."""
    ends = (*cuts.cuts[1:], 1 << _BITS[version])
    for atom, (first, end) in enumerate(zip(cuts.cuts, ends, strict=True)):
        if first < end and recognisable_address({version: [(first, end - 1)]}, survey.owned):
            yield atom, (first, end - 1)


def _names(peers: Iterable[RankedPeers]) -> list[str]:
    """The names that rules mention, one below each wildcard that they don't, and any other (ANP-17)."""
    mentioned = dict.fromkeys(each.name for each in peers if isinstance(each, DomainSet))
    found = [name for name in mentioned if not name.startswith("*")]
    wildcards = [name.removeprefix("*") for name in mentioned if name.startswith("*")]
    for wildcard in wildcards:
        nearer = [each for each in wildcards if each != wildcard and each.endswith(wildcard)]
        found.append(
            next(
                name
                for first in _first_labels()
                if (name := first + wildcard) not in mentioned
                and not any(name.endswith(each) for each in nearer)
            )
        )
    others = (name for name in _other_names() if not any(name.endswith(each) for each in wildcards))
    return [*found, next(name for name in others if name not in mentioned)]


def _other_names() -> Iterator[str]:
    yield from _OTHERS
    yield from (f"{first}.example" for first in _first_labels())


def _first_labels() -> Iterator[str]:
    yield from _FIRST_LABELS
    number = 0
    while True:
        number += 1
        yield f"x{number}"
