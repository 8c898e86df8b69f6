"""What expectations are judged on: a compiled snapshot, its names, and all that may be true of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from netsim.analysis.program import Program
from netsim.compiler.atoms import PortAtoms
from netsim.engine.outside import Outside
from netsim.engine.reach import Reachability
from netsim.engine.roll import Roll
from netsim.errors import QueryError
from netsim.model.cluster import Address, Pod
from netsim.model.directory import Directory, Named
from netsim.model.endpoints import NewPod, parse_endpoint
from netsim.model.flow import Endpoint
from netsim.model.snapshot import Policy
from netsim.sets.bitset import of
from netsim.suites.crowd import Crowds
from netsim.suites.outcome import Breach
from netsim.suites.placing import NOBODY_PLACED, Placing, placing_of
from netsim.suites.view import Across, Hit, View
from netsim.suites.witness import Flow

if TYPE_CHECKING:
    from netsim.analysis.query import Questions


class Ground:
    """A snapshot made ready for many expectations. Names without a namespace are of `namespace`.

    Pods of `new` texts are compiled with the rest, and only these texts mean them. So are those
    of `placing`, instead of the ones that texts mean.
    """

    def __init__(
        self,
        reach: Reachability,
        directory: Directory,
        namespace: str,
        placing: Placing = NOBODY_PLACED,
    ) -> None:
        self.snapshot = reach.tables.snapshot
        self.namespace, self.placing = namespace, placing
        self.directory, self._reach = directory, reach
        own = directory is reach.directory
        self.roll = reach.roll if own else Roll(reach.tables, directory)
        self.crowds = Crowds(directory, self.roll, placing, namespace)

    def named(self, text: str) -> Named:
        """Whom a text means; nobody where it means nothing."""
        try:
            return self.directory.find(text, self.namespace)
        except QueryError:
            return Named()

    def with_policies(self, policies: Iterable[Policy]) -> Ground:
        """The same endpoints with other policies. They are compiled when first asked about."""
        program = Program(replace(self.snapshot, policies=tuple(policies)))
        return Ground(program.reach(), self.directory, self.namespace)

    @cached_property
    def placed(self) -> Ground:
        """The same with a pod that may be on each node as one pod on each of them (WL-13).

        Costs a compile where there is any such pod.
        """
        if not self.roll.has_floats:
            return self
        placing = placing_of(self.snapshot, self.roll, self.directory.nodes.values())
        reach = Program(placing.snapshot(self.snapshot)).reach()
        return Ground(reach, self.directory, self.namespace, placing)

    @cached_property
    def questions(self) -> Questions:
        """Who answers with reasons, which is imported where something fails."""
        from netsim.analysis.query import Questions
        from netsim.engine.explain import explainer

        return Questions(self.snapshot, self.directory, explainer)

    @property
    def atoms(self) -> PortAtoms:
        """The port atoms of the snapshot."""
        return self._reach.tables.atoms

    @cached_property
    def view(self) -> View:
        """The relation as it is taken to be."""
        return self._view(self._reach)

    @cached_property
    def least(self) -> View:
        """The least that may pass, whatever is true of what nobody knows (NP-43, WL-7, NP-35)."""
        least, _ = self._reach.least_and_most
        return self.view if least is self._reach else self._view(least)

    @cached_property
    def most(self) -> View:
        """The most that may pass, to addresses that rules about DNS names may be about, too (ANP-17)."""
        _, most = self._reach.least_and_most
        if most.domains:
            return self._named_anywhere(most)
        return self.view if most is self._reach else self._view(most)

    @cached_property
    def bounds(self) -> tuple[View, ...]:
        """Both, as far as they are other than `view`."""
        return tuple(view for view in (self.least, self.most) if view is not self.view)

    def _named_anywhere(self, reach: Reachability) -> View:
        from netsim.engine.beyond import named_anywhere  # few clusters have such rules

        return self._view(reach, Outside(named_anywhere(reach.tables)))

    def _view(self, reach: Reachability, outside: Outside | None = None) -> View:
        end = outside or reach.outside
        return View(reach.tables, reach.sweep, end, self._reach.versions, self._owned)

    @cached_property
    def _owned(self) -> frozenset[Address]:
        return frozenset(self.directory.owned())

    def assumptions(self, hits: Iterable[Hit], classes: Iterable[int] = ()) -> tuple[str, ...]:
        """What these pairs may hang on, and what these classes may be taken for, each once."""
        assumed, universe = self._reach.assumed(), self._reach.universe
        assumed.add_outside(of(classes))
        for hit in hits:
            if isinstance(hit, Across):
                assumed.add_outside(1 << hit.number)
                if not hit.incoming:
                    assumed.add_passed_over(1 << hit.number, hit.wish.atoms)
            else:
                assumed.add(hit.found.sources, universe.classes_at(hit.found.places))
        return assumed.texts()

    def number(self, endpoint: Endpoint) -> int | None:
        """The class of a pod or node, whether or not it answers for it."""
        if isinstance(endpoint, Pod):
            return self.roll.number(endpoint)
        found = self.roll.member(endpoint)
        return found.number if found else None

    def breach(self, flow: Flow, path: tuple[str, ...] = ()) -> Breach:
        """A flow with the verdict on it."""
        one, other = flow.ends(self.directory)
        ask = partial(self.questions.about, one, other, flow.asked)
        port = str(flow.asked)
        return Breach(one.text, other.text, port, path, allowed=flow.allowed, _ask=ask)


def ground_of(program: Program, texts: Iterable[str], namespace: str = "") -> Ground:
    """The ground for expectations that speak of these texts."""
    snapshot = program.snapshot
    directory = program.reach().directory
    made = tuple(_made(texts, directory, namespace))
    if made:
        program = Program(replace(snapshot, pods=(*snapshot.pods, *made)))
    return Ground(program.reach(), directory, namespace)


def _made(texts: Iterable[str], directory: Directory, namespace: str) -> Iterator[Pod]:
    """The pods that don't exist, and that some text means."""
    for text in dict.fromkeys(texts):
        if isinstance(parse_endpoint(text), NewPod):
            try:
                found = directory.find(text, namespace).members
            except QueryError:
                continue  # said of the expectation that has it
            yield from (each for each in found if isinstance(each, Pod))
