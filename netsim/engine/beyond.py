"""What the tiers around NetworkPolicy change in what may be sent to the outside (ANP-15, ANP-17).

Nothing of what comes in: their rules let in, and keep out, pods alone (ANP-13).
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from netsim.compiler.overlay import Beyond, Overlay
from netsim.compiler.tables import Tables
from netsim.compiler.walk import Asked, Reading, walked
from netsim.engine.matches import is_named
from netsim.model.rules import AddressSet, Anyone, DomainSet
from netsim.model.tiers import Tier
from netsim.sets.addresses import Network, span
from netsim.sets.intervals import Interval

# Addresses in order, each interval with a set of port atoms.
_Laid = Sequence[tuple[Interval, int]]


@dataclass(frozen=True, slots=True)
class Ruled:
    """The rules of one group of subjects, and how they are read.

    `everything` is the set of all port atoms; `is_shielded` says that Baseline has no say.
    """

    rules: tuple[Beyond, ...]
    reading: Reading
    is_shielded: bool
    everything: int
    _known: dict[tuple[tuple[tuple[int, bool], ...], int, Reading], int] = field(
        default_factory=dict
    )

    def pieces(self, whole: Network, given: _Laid) -> list[tuple[Interval, int]]:
        """The addresses of one IP version with what they get, where NetworkPolicies say `given`."""
        first, last = span(whole)
        steps: dict[int, list[tuple[int, bool]]] = {first: [], last + 1: []}
        for number, rule in enumerate(self.rules):
            for start, end in _intervals(rule, whole):
                steps.setdefault(start, []).append((number, True))
                steps.setdefault(end + 1, []).append((number, False))
        levels = {}
        for (start, end), atoms in given:
            levels[start] = atoms
            levels.setdefault(end + 1, 0)
            steps.setdefault(start, [])
            steps.setdefault(end + 1, [])
        return list(self._swept(sorted(steps.items()), levels))

    def _swept(
        self, steps: Sequence[tuple[int, list[tuple[int, bool]]]], levels: dict[int, int]
    ) -> Iterable[tuple[Interval, int]]:
        """Piece by piece: `steps` are where rules begin and end, `levels` where what is given changes."""
        present: list[int] = []
        given = 0
        for (start, changes), (end, _) in pairwise(steps):
            for number, begins in changes:
                if begins:
                    insort(present, number)
                else:
                    del present[bisect_left(present, number)]
            given = levels.get(start, given)
            matching = tuple((number, True) for number in dict.fromkeys(present))
            atoms = self._settled(matching, given, self.reading)
            if atoms:
                yield (start, end - 1), atoms

    def named(self, name: str, version: int, given: int, reading: Reading) -> int:
        """What an endpoint gets that is reached under a name, and whose address nobody knows."""
        matching = []
        for number, rule in enumerate(self.rules):
            sure, maybe = _reached(rule, name, version)
            if sure or (maybe and reading is not Reading.GIVEN):
                matching.append((number, sure))
        return self._settled(tuple(matching), given, reading)

    def _settled(self, matching: tuple[tuple[int, bool], ...], given: int, reading: Reading) -> int:
        """What passes where these rules match, each for sure or perhaps."""
        key = matching, given, reading
        found = self._known.get(key)
        if found is None:
            allowed, denied = self._of_tier(Tier.ADMIN, matching, reading)
            if not self.is_shielded:
                denied |= self._of_tier(Tier.BASELINE, matching, reading)[1]
            found = self._known[key] = allowed | given & ~denied
        return found

    def _of_tier(
        self, tier: Tier, matching: Iterable[tuple[int, bool]], reading: Reading
    ) -> tuple[int, int]:
        """What a tier allows, and what it denies."""
        rules = ((self.rules[number], sure) for number, sure in matching)
        asked = (
            Asked(rule.action, ((0, rule.atoms if sure and rule.surely else 0, rule.atoms),))
            for rule, sure in rules
            if rule.tier is tier
        )
        (allowed,), (denied,) = walked(asked, self.everything, 1).settled(reading)
        return allowed, denied


def named_anywhere(tables: Tables) -> Tables:
    """The same, where every address belongs to each DNS name that a rule is about.

    No more than that may be sent to what is outside, whichever belong to them: only rules that
    allow are about names (ANP-17).
    """
    relations = {
        version: relation._replace(outward=relation.outward and _anywhere(relation.outward))
        for version, relation in tables.relations.items()
    }
    return tables._replace(relations=relations)


def _anywhere(overlay: Overlay) -> Overlay:
    beyond = tuple(tuple(map(_for_everyone, rules)) for rules in overlay.beyond)
    return replace(overlay, beyond=beyond)


def _for_everyone(rule: Beyond) -> Beyond:
    named = any(isinstance(each, DomainSet) for each in rule.peers)
    return rule._replace(peers=(Anyone(),)) if named else rule


def _intervals(rule: Beyond, whole: Network) -> Iterable[Interval]:
    """The addresses of one IP version that a rule is about; some perhaps more than once."""
    for peers in rule.peers:
        if isinstance(peers, AddressSet):
            if peers.cidr.version == whole.version:
                yield span(peers.cidr)
        elif not isinstance(peers, DomainSet):
            yield span(whole)


def _reached(rule: Beyond, name: str, version: int) -> tuple[bool, bool]:
    """Whether a rule is about what is reached under a name: for sure, and perhaps."""
    sure = maybe = False
    for peers in rule.peers:
        if isinstance(peers, DomainSet):
            sure |= is_named(peers, name)
        elif isinstance(peers, AddressSet):
            sure |= peers.cidr.version == version and peers.cidr.prefixlen == 0
            maybe |= peers.cidr.version == version
        else:
            sure = True
    return sure, sure or maybe
