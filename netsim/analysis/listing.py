"""All pairs, gathered: under each source the destinations that get the same.

Sources that rules treat alike share long lists of destinations; these are written once, so that
a listing grows with the rules and not with the pairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from netsim.analysis.inside import Inside, Insides, MappedInsides, Met, Parts
from netsim.analysis.scope import Scope, Side
from netsim.analysis.sending import (
    Addresses,
    Grant,
    Passing,
    Sending,
    Shared,
    grants_of,
    ordered,
)
from netsim.engine.flows import OutsideFlows
from netsim.engine.level import Level
from netsim.engine.parties import Party
from netsim.engine.reach import Reachability
from netsim.sets.bitset import of

if TYPE_CHECKING:
    from netsim.engine.marked_words import MarkedWords

# So many sources are looked at for pairs that are left out; of more it is said that there may be.
_LOOKED_AT = 200


class Listing:
    """The pairs of a scope with traffic between them. Costs nothing until it is iterated.

    `unsure` takes in those without, too, that may have some if an assumption is wrong: in a large
    cluster in which much isn't known these are many more.
    """

    def __init__(
        self, reachability: Reachability, scope: Scope, level: Level, *, unsure: bool = False
    ) -> None:
        self._reachability = reachability
        self._scope = scope
        self.level = level
        self.parties = reachability.parties(level)
        self.met = Met(self.parties, len(reachability.classes), scope)
        self.sources, self.destinations = self.met.sources, self.met.destinations
        self._parts = Parts(reachability, scope, unsure=unsure)
        self._marks = reachability.marks
        self._assumed = reachability.assumed()
        self._told: set[tuple[Shared, int]] = set()
        self._sent: dict[int, dict[Passing, tuple[str, ...]]] = {}
        self._received: dict[int, list[OutsideFlows]] = {}
        self._names = scope.destinations.domains(reachability.domains)

    @cached_property
    def words(self) -> MarkedWords | None:
        """The rows of all sources as vectors, where that costs less."""
        return self._marks.words([self.parties[at].number for at in self.sources])

    @cached_property
    def _insides(self) -> Insides:
        if not self._scope.names_port and self.words is not None:
            from netsim.analysis.inside_vectors import VectorInsides  # loads numpy

            return VectorInsides(self.words, self.met, self._parts)
        return MappedInsides(self._reachability, self.met, self._parts)

    @property
    def shared(self) -> tuple[Shared, ...]:
        """The shared grants that the sources so far refer to, by number."""
        return self._insides.shared

    def spoken_of(self) -> list[Party]:
        """Everyone that is asked about as a source or a destination, by name."""
        return [self.parties[at] for at in sorted({*self.sources, *self.destinations})]

    def touching(self, place: int) -> bool:
        """Whether a party is of the namespace asked about: then it may meet anyone."""
        return self.met.touching[place]

    def sendings(self) -> Iterator[Sending]:
        """What each source may send, by name; then what comes from outside, by address.

        A source that may send nothing is there if nothing narrows what it is asked about.
        """
        for at in self.sources:
            sending = self._sending(at, self._insides.of(at))
            self._tell(self.parties[at], sending)
            if sending.own or sending.shared or self._scope.everything:
                yield sending
        yield from self.from_outside()

    def tell_outside(self) -> None:
        """Take down what the pairs of all sources with ends outside hang on."""
        if self.has_doubts:
            for at in self.sources:
                self._tell(self.parties[at], self._sending(at, Inside({})))

    def tell(self, sources: int, destinations: int) -> None:
        """Take down what pairs of classes hang on, sets that hang on something each with each."""
        self._assumed.add(sources, destinations)

    @property
    def unsure(self) -> bool:
        """Whether pairs are taken in that may have some traffic if an assumption is wrong."""
        return self._parts.unsure

    @property
    def is_limited(self) -> bool:
        """Whether it is about some of the traffic alone."""
        return self._scope.port is not None

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was taken as given and could change something of the sendings so far, each once."""
        return self._assumed.texts()

    def leaves_out(self) -> bool:
        """Whether there are pairs left out that `unsure` takes in. Looks at so many sources at most."""
        if self._parts.unsure or self._marks.bounds is None:
            return False
        if len(self.sources) > _LOOKED_AT:
            return True
        whole = Listing(self._reachability, self._scope, self.level, unsure=True)
        return any(sending.unsure() for sending in whole.sendings())

    @property
    def has_doubts(self) -> bool:
        """Whether anything in it may hang on an assumption."""
        return self._marks.bounds is not None or bool(self._names)

    def _tell(self, party: Party, sending: Sending) -> None:
        """Take down what the pairs of a source hang on."""
        if not self.has_doubts:
            return
        if own := sending.own_hanging():
            self._assumed.add(1 << party.number, of(self.parties[at].number for at in own))
        if any(grant.assumed and grant.cidrs for grant in sending.own):
            self._assumed.add_outside(1 << party.number)
        for name in (name for grant in sending.own if grant.assumed for name in grant.names):
            self._assumed.add_name(1 << party.number, name)
        if sending.shared and sending.shared.hanging:
            # INVARIANT: whom it is told of for one source, it is told of for all of its class
            key = sending.shared, party.number
            if key not in self._told:
                self._told.add(key)
                gone = self._gone(party, sending.excepted)
                if hanging := sending.shared.hanging_classes & ~gone:
                    self._assumed.add(1 << party.number, hanging)

    def _gone(self, party: Party, excepted: Iterable[int]) -> int:
        """The classes of which all whom a source may meet are excepted, as a set."""
        places = set(excepted)
        members = self.met.members[self._scope.touches(party)]
        numbers = {self.parties[at].number for at in places}
        return of(number for number in numbers if places.issuperset(members[number]))

    def _sending(self, at: int, inside: Inside) -> Sending:
        party, anyone = self.parties[at], self.met.touching[at]
        own, shared, excepted = inside
        cidrs = self._to_outside(party) if anyone else {}
        names = self._to_names(party) if anyone and self._names else {}
        return Sending(party, grants_of(own, cidrs, names), shared, excepted)

    def _to_outside(self, party: Party) -> dict[Passing, tuple[str, ...]]:
        found = self._sent.get(party.number)
        if found is None:
            rows = self._reachability.marked_sent_outside(party)
            found = self._cut(rows, self._scope.destinations, party, None)
            self._sent[party.number] = found
        return found

    def _to_names(self, party: Party) -> dict[Passing, tuple[str, ...]]:
        """The DNS names asked about, by what may be sent to what is reached under them."""
        gathered: dict[Passing, list[str]] = {}
        for name in self._names:
            passing = self._parts.limited(*self._reachability.marked_sent_to(name, party), None)
            if self._parts.is_told(passing):
                gathered.setdefault(passing, []).append(name)
        return {passing: tuple(names) for passing, names in gathered.items()}

    def from_outside(self) -> Iterator[Sending]:
        """What comes from outside, by address."""
        gathered: dict[tuple[str, ...], dict[Passing, list[int]]] = {}
        if self._scope.sources.named.ranges:
            for at in self.destinations:
                if self.met.touching[at]:
                    for passing, cidrs in self._arriving(self.parties[at]).items():
                        gathered.setdefault(cidrs, {}).setdefault(passing, []).append(at)
                        if passing.assumed:
                            self._assumed.add_outside(1 << self.parties[at].number)
        for cidrs in sorted(gathered):
            grants = (
                Grant(each.traffic, tuple(there), assumed=each.assumed)
                for each, there in gathered[cidrs].items()
            )
            yield Sending(Addresses(cidrs), ordered(grants))

    def _arriving(self, party: Party) -> dict[Passing, tuple[str, ...]]:
        """What a party may get from outside, with the addresses that may send it."""
        rows = self._received.get(party.number)
        if rows is None:
            rows = self._reachability.marked_received_from_outside(party)
            self._received[party.number] = rows
        return self._cut(rows, self._scope.sources, party, party)

    def _cut(
        self,
        rows: Iterable[OutsideFlows],
        outside: Side,
        party: Party,
        destination: Party | None,
    ) -> dict[Passing, tuple[str, ...]]:
        """The addresses that `outside` means and a party may meet, by the traffic asked about."""
        gathered: dict[Passing, list[str]] = {}
        if not outside.names_addresses:
            versions = self._reachability.versions(party.number)
            rows = (flows.in_versions(versions) for flows in rows)
        for flows in rows:
            passing = self._parts.limited(flows.traffic, flows.hanging, destination)
            if self._parts.is_told(passing):
                gathered.setdefault(passing, []).extend(flows.cidrs)
        if not outside.text and self._scope.port is None:
            return {passing: tuple(cidrs) for passing, cidrs in gathered.items() if cidrs}
        meant = ((passing, outside.part(cidrs)) for passing, cidrs in gathered.items())
        return {passing: cidrs for passing, cidrs in meant if cidrs}
