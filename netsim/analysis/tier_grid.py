"""What the rules of the tiers can be asked about: cells of a grid, port atoms by columns of peers.

A set of cells is one bit set: the cell of a port atom and a column is bit `atom * width + column`.
So a step of the walk over the rules (ANP-5) is two operations for all peers and ports.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import cached_property
from typing import NamedTuple

from netsim.analysis.survey import Survey
from netsim.analysis.tier_columns import Columns
from netsim.compiler.classes import EndpointClass
from netsim.compiler.strata import Meant
from netsim.compiler.walk import Spread
from netsim.model.flow import Direction
from netsim.model.rules import RankedTraffic
from netsim.sets.apart import told_apart
from netsim.sets.bitset import members, of

_NONE: frozenset[int] = frozenset()


class Asked(NamedTuple):
    """A rule, by its place in the grid: whether it governs a group as it is taken, and for sure."""

    at: int
    given: bool
    surely: bool


class Group(NamedTuple):
    """Subjects, as strata, that the same rules govern; `columns` are those they can deal with."""

    strata: tuple[int, ...]
    item: EndpointClass
    asked: tuple[Asked, ...]
    columns: int


class Grid:
    """The rules of one direction in one IP version, over all that they can be asked about."""

    def __init__(self, survey: Survey, direction: Direction, version: int) -> None:
        self.survey, self.direction, self.version = survey, direction, version
        self.rules = survey.rules[direction]
        found = Columns.of(survey, self.rules, direction, version)
        self.columns, self.peers, self.named = found.items, found.peers, found.named
        self._inward = direction is Direction.INGRESS
        self._spreads: dict[int, int] = {}
        self._traffic: dict[Hashable, tuple[Sequence[RankedTraffic], Spread]] = {}
        self._known: dict[Hashable, int] = {}
        self._shared: dict[int, int] = {}

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.columns)

    @cached_property
    def of_pods(self) -> int:
        """The columns of pods that rules can select."""
        pods = self.survey.pods
        return of(
            at
            for at, column in enumerate(self.columns)
            if column.strata and pods >> column.strata[0] & 1
        )

    @cached_property
    def groups(self) -> list[Group]:
        """The groups of subjects that some rule may govern."""
        survey, items = self.survey, self.survey.strata.items
        subjects = [survey.strata.meant(rule.subject, self.version) for rule in self.rules]
        ports = [survey.ports.declared(item) if self._inward else () for item in items]
        besides = [(survey.versions(at), declared) for at, declared in enumerate(ports)]
        found: dict[int, list[int]] = {}
        masks = {mask for meant in subjects for mask in meant}
        for stratum, sight in enumerate(told_apart(masks, besides)):
            found.setdefault(sight, []).append(stratum)
        groups = (self._group(tuple(strata), subjects) for strata in found.values())
        return [group for group in groups if group.asked and group.columns]

    def _group(self, strata: tuple[int, ...], subjects: Sequence[Meant]) -> Group:
        first = strata[0]
        asked = tuple(
            Asked(at, bool(meant.given >> first & 1), bool(meant.surely >> first & 1))
            for at, meant in enumerate(subjects)
            if meant.maybe >> first & 1
        )
        columns = self._met_by(first, strata) if asked else 0
        return Group(strata, self.survey.strata.items[first], asked, columns)

    def _met_by(self, first: int, strata: tuple[int, ...]) -> int:
        """The columns that have an IP version in common with subjects (NP-41), but for one itself."""
        found, ours = 0, self.survey.versions(first)
        for at, versions in enumerate(self._versions):
            known = [each for each in (ours, versions) if each]
            if versions is None or self.version in (
                frozenset.intersection(*known) if known else (4,)
            ):
                found |= 1 << at
        return found & ~self._itself(strata)

    def _itself(self, strata: tuple[int, ...]) -> int:
        """NP-58, IMP-4: the column of a pod that has no other to talk to in it."""
        alone = self.survey.alone(strata)
        if alone is None or self.survey.snapshot.semantics.self_traffic != "allow":
            return 0
        return of(at for at, column in enumerate(self.columns) if column.strata == strata)

    @cached_property
    def _versions(self) -> list[frozenset[int] | None]:
        """The IP versions of each column; None for what is outside, which is asked in its own."""
        return [
            None
            if column.outside
            else self.survey.versions(column.strata[0])
            if column.strata
            else _NONE
            for column in self.columns
        ]

    def everything(self, group: Group) -> int:
        """All cells that a group can be asked about."""
        return group.columns * self._spread((1 << self.survey.ports.count) - 1)

    def given(self, group: Group, asked: Asked) -> int:
        """The cells that a rule matches, as netsim takes it."""
        return self._cells(group, asked.at, self.peers[asked.at].given) if asked.given else 0

    def surely(self, group: Group, asked: Asked) -> int:
        """Those that it matches whatever is true of what nobody knows."""
        return self._cells(group, asked.at, self.peers[asked.at].surely) if asked.surely else 0

    def maybe(self, group: Group, asked: Asked) -> int:
        """Those that it may match."""
        return self._cells(group, asked.at, self.peers[asked.at].maybe)

    def at_columns(self, columns: int) -> int:
        """All cells of some columns."""
        return columns * self._spread((1 << self.survey.ports.count) - 1)

    def columns_of(self, cells: int) -> list[int]:
        """The columns that have any of these cells."""
        found, whole = 0, (1 << self.width) - 1
        while cells:
            found |= cells & whole
            cells >>= self.width
        return members(found)

    def atoms_at(self, cells: int, column: int) -> list[int]:
        """The port atoms of the cells of one column."""
        count, width = self.survey.ports.count, self.width
        return [atom for atom in range(count) if cells >> atom * width + column & 1]

    def cell(self, atom: int, column: int) -> int:
        """The set of one cell."""
        return 1 << atom * self.width + column

    def _cells(self, group: Group, at: int, columns: int) -> int:
        """Columns by the port atoms of a rule; a name of a port is what the destination declares."""
        declared = self.survey.ports.declared(group.item) if self._inward else ()
        key = at, columns, declared
        found = self._known.get(key)
        if found is None:
            spread = self._ports(self.rules[at].traffic, group.item, declared)
            found = columns * self._spread(of(atom for atom, where in spread if where < 0))
            for atom, where in spread:
                if where >= 0:
                    found |= (columns & where) << atom * self.width
            # Rules that are about the very same have one number between them.
            found = self._known[key] = self._shared.setdefault(found, found)
        return found

    def _ports(
        self, traffic: Sequence[RankedTraffic], item: EndpointClass, declared: Hashable
    ) -> Spread:
        """The port atoms of a rule, with the columns that they are for; -1 stands for all."""
        key = id(traffic), declared
        known = self._traffic.get(key)
        if known is None:
            ports = self.survey.ports
            found = ports.at(traffic, item) if self._inward else ports.spread(traffic, self._items)
            known = self._traffic[key] = traffic, found
        return known[1]

    @cached_property
    def _items(self) -> list[EndpointClass]:
        """One class of each column of pods and nodes: these come first."""
        items = self.survey.strata.items
        return [items[column.strata[0]] for column in self.columns if column.strata]

    def _spread(self, atoms: int) -> int:
        """The first column of each of these port atoms: times columns, their cells."""
        found = self._spreads.get(atoms)
        if found is None:
            found = self._spreads[atoms] = of(atom * self.width for atom in members(atoms))
        return found
