"""A flow that shows what was found of rules: one that people recognise, and that the reference confirms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from netsim.analysis.flows import Expansion
from netsim.analysis.survey import Survey
from netsim.analysis.tier_grid import Grid, Group
from netsim.engine.explain import decider
from netsim.engine.recognisable import recognisable_address, recognisable_port
from netsim.model.cluster import Node, Pod
from netsim.model.flow import Answer, Cause, Decision, Direction, Domain, Endpoint, Flow
from netsim.model.rules import RankedRule
from netsim.reference.decide import decide
from netsim.sets.traffic import TrafficSet

# So many columns are tried, so many members looked at for good ones, and so many of these tried.
_COLUMNS, _LOOKED_AT, _TRIED = 8, 64, 2


@dataclass(frozen=True, slots=True)
class Witness:
    """A flow, what comes of it, and the cell that it is of."""

    flow: Flow
    allowed: bool
    cell: int


class Witnesses:
    """Finds flows in cells of grids over one survey."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._expansion = Expansion(survey.snapshot, survey.directory)
        self._decide = decider(survey.snapshot)

    def of(
        self,
        grid: Grid,
        group: Group,
        cells: int,
        holds: Callable[[Decision], bool],
        classes: Iterable[int] | None = None,
    ) -> Witness | None:
        """A flow in some cells of a group whose decision `holds`; None where none was met.

        `classes` are those that its subject is to be of.
        """
        subjects = self._best(self._classes(group.strata) if classes is None else classes)
        for column in grid.columns_of(cells)[:_COLUMNS]:
            atoms = grid.atoms_at(cells, column)
            traffic = self._traffic(atoms)
            for subject in subjects:
                for peer in self._peers(grid, column, subject):
                    flow = _flow(grid.direction, subject, peer, traffic)
                    # The reference takes its time, and is asked only for what will be told.
                    if any(map(holds, _decisions(self._decide(flow), grid))):
                        return self._confirmed(grid, flow, column, holds)
        return None

    def _confirmed(
        self, grid: Grid, flow: Flow, column: int, holds: Callable[[Decision], bool]
    ) -> Witness:
        answer = decide(self._expansion.around(flow), flow)
        assert any(map(holds, _decisions(answer, grid))), flow
        return Witness(flow, answer.allowed, self._cell(grid, flow, column))

    def _traffic(self, atoms: Iterable[int]) -> TrafficSet:
        found = 0
        for atom in atoms:
            found |= self._survey.ports.fine[atom]
        return self._survey.atoms.traffic(found)

    def _cell(self, grid: Grid, flow: Flow, column: int) -> int:
        held = self._survey.atoms.holding(flow.protocol, flow.port)
        fine = self._survey.ports.fine
        return next(grid.cell(at, column) for at, atoms in enumerate(fine) if atoms & held)

    def _classes(self, strata: Iterable[int]) -> Iterator[int]:
        return (number for stratum in strata for number in self._survey.classes[stratum])

    def _best(self, classes: Iterable[int]) -> list[Pod | Node]:
        """Of the members of some classes the best known."""
        items = self._survey.universe.classes
        found = islice((one for number in classes for one in items[number].members), _LOOKED_AT)
        return sorted(found, key=_rank)[:_TRIED]

    def _peers(self, grid: Grid, column: int, subject: Endpoint) -> Iterator[Endpoint]:
        """The best known peers of a column that aren't the subject itself."""
        of = grid.columns[column]
        if of.names:
            yield Domain(of.names[0])
        elif of.outside:
            address = recognisable_address({grid.version: of.outside}, self._survey.owned)
            if address:
                yield address
        else:
            for peer in self._best(self._classes(of.strata)):
                if other := self._another(peer, subject):
                    yield other

    def _another(self, peer: Pod | Node, subject: Endpoint) -> Endpoint | None:
        """The peer; of a template that the subject is of, another replica."""
        if not (isinstance(peer, Pod) and isinstance(subject, Pod)):
            return peer
        if peer.identity != subject.identity:
            return peer
        if peer.replicas == 1:  # IMP-4: itself is asked about only where policies have a say
            return peer if self._survey.snapshot.semantics.self_traffic == "policy" else None
        return replace(peer, replica=peer.replica + 1, addresses=(), host_addresses=())


def decided_by(rule: RankedRule) -> Callable[[Decision], bool]:
    """Whether a rule is what a policy says in a decision."""

    def holds(decision: Decision) -> bool:
        return any(
            (step.kind, step.policy, step.reasons[0].rule) == (ref.kind, ref.policy, ref.rule)
            for step in decision.steps
            if step.reasons
        )

    ref = rule.ref
    return holds


def denied_by(rule: RankedRule) -> Callable[[Decision], bool]:
    """Whether a rule is what denies it."""
    decided = decided_by(rule)
    return lambda decision: decision.cause is Cause.TIER_DENY and decided(decision)


def _rank(endpoint: Pod | Node) -> tuple[int, str]:
    """Pods come before templates, nodes after both."""
    if isinstance(endpoint, Pod):
        return int(endpoint.template), str(endpoint)
    return 2, str(endpoint)


def _flow(direction: Direction, subject: Endpoint, peer: Endpoint, traffic: TrafficSet) -> Flow:
    ends = (subject, peer) if direction is Direction.EGRESS else (peer, subject)
    return Flow(*ends, *recognisable_port(traffic, ends[1]))


def _decisions(answer: Answer, grid: Grid) -> Iterator[Decision]:
    """What the side of the subject says; where IP versions disagree, in that of the grid."""
    for each in (answer, *answer.others):
        if each.family is None or each.family.value == grid.version:
            yield each.egress if grid.direction is Direction.EGRESS else each.ingress
