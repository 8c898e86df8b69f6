"""What a listing is made of: sources, and the destinations of each that get the same."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from netsim.engine.parties import Party
from netsim.sets.bitset import of
from netsim.sets.traffic import TrafficSet


@dataclass(frozen=True, slots=True)
class Addresses:
    """A source outside the cluster: all addresses that may send the same to the same."""

    cidrs: tuple[str, ...]


class Passing(NamedTuple):
    """What may pass, and whether more or less would if an assumption were wrong (NP-43)."""

    traffic: TrafficSet
    assumed: bool


@dataclass(frozen=True, slots=True)
class Grant:
    """What may be sent to all of these: parties, as places in `Listing.parties`, and the outside.

    Places are ascending, CIDRs the fewest that hold these addresses, `names` DNS names that rules
    mention. `assumed` are pairs that hang on an assumption; these are there without traffic, too.
    """

    traffic: TrafficSet
    places: Sequence[int]
    cidrs: tuple[str, ...] = ()
    assumed: bool = False
    names: tuple[str, ...] = ()

    @property
    def outside(self) -> tuple[str, ...]:
        """The CIDRs and the names."""
        return self.cidrs + self.names


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """Grants that several sources have. `number` counts from 0, by the first source of each.

    `hanging` is the set of places, and `hanging_classes` that of classes, to which pairs go that
    hang on an assumption.
    """

    number: int
    grants: tuple[Grant, ...]
    hanging: int
    hanging_classes: int

    @staticmethod
    def of(number: int, grants: tuple[Grant, ...], parties: Sequence[Party]) -> Shared:
        """Shared grants to some of these parties."""
        hanging = [at for grant in grants if grant.assumed for at in grant.places]
        return Shared(number, grants, of(hanging), of({parties[at].number for at in hanging}))

    def passing(self, place: int) -> Passing | None:
        """What a place may get by these grants."""
        for grant in self.grants:
            if _within(place, grant.places):
                return Passing(grant.traffic, grant.assumed)
        return None


@dataclass(frozen=True, slots=True)
class Sending:
    """What one source may send: what its `own` grants say, and what `shared` ones say besides.

    The latter but for `excepted` places. A destination is in one grant only.
    """

    source: Party | Addresses
    own: tuple[Grant, ...]
    shared: Shared | None = None
    excepted: tuple[int, ...] = ()

    def grants(self) -> tuple[Grant, ...]:
        """All that may be sent: a grant for each traffic, everything last; assumed ones after."""
        return tuple(grant for grant in self._all() if grant.traffic)

    def unsure(self) -> Grant | None:
        """Where nothing may be sent, and something may if an assumption is wrong."""
        return next((grant for grant in self._all() if not grant.traffic), None)

    def own_hanging(self) -> list[int]:
        """The places of its own to which pairs go that hang on an assumption."""
        return [at for grant in self.own if grant.assumed for at in grant.places]

    def _all(self) -> tuple[Grant, ...]:
        if self.shared is None:
            return self.own
        places: dict[Passing, tuple[int, ...]] = {}
        excepted = set(self.excepted)
        for grant in self.shared.grants:
            left = tuple(at for at in grant.places if at not in excepted)
            if left:
                places[_passing(grant)] = left
        beyond = {_passing(grant): (grant.cidrs, grant.names) for grant in self.own}
        for grant in self.own:
            both = *places.get(_passing(grant), ()), *grant.places
            places[_passing(grant)] = tuple(sorted(both))
        return ordered(
            _granted(each, there, *beyond.get(each, ((), ()))) for each, there in places.items()
        )


def grants_of(
    parties: dict[int, Passing],
    cidrs: dict[Passing, tuple[str, ...]],
    names: dict[Passing, tuple[str, ...]],
) -> tuple[Grant, ...]:
    """What each party gets, gathered by what it is; and addresses and names outside."""
    gathered: dict[Passing, list[int]] = {passing: [] for passing in (*cidrs, *names)}
    for place, passing in parties.items():
        gathered.setdefault(passing, []).append(place)
    return ordered(
        _granted(each, tuple(sorted(places)), cidrs.get(each, ()), names.get(each, ()))
        for each, places in gathered.items()
    )


def _granted(
    passing: Passing, places: tuple[int, ...], cidrs: tuple[str, ...], names: tuple[str, ...]
) -> Grant:
    return Grant(passing.traffic, places, cidrs, passing.assumed, names)


def _passing(grant: Grant) -> Passing:
    return Passing(grant.traffic, grant.assumed)


def ordered(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    return tuple(sorted(grants, key=_order))


def _order(grant: Grant) -> tuple[bool, bool, object, object]:
    return grant.assumed, grant.traffic.everything, grant.traffic.ports, grant.traffic.portless


def _within(place: int, places: Sequence[int]) -> bool:
    at = bisect_left(places, place)
    return at < len(places) and places[at] == place
