"""A first suite from what holds now, in terms that a person would use, to be edited by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netsim.analysis.program import Program
from netsim.errors import hold_type, query_error
from netsim.model.cluster import Pod
from netsim.model.flow import Direction
from netsim.sets.bitset import members, of
from netsim.source.collector import collector_off
from netsim.suites.ground import Ground, ground_of
from netsim.suites.learned import Learned, Section
from netsim.suites.names import Names
from netsim.suites.phrases import About, Phrases
from netsim.suites.relation import Relation
from netsim.suites.strangers import is_on_host
from netsim.suites.suite import Claim, Ends, Isolated
from netsim.suites.whom import Outside, Shares, Whom

_NOTHING = "no policy governs any pod: anyone may reach everyone, and there is nothing to expect"


def learn(program: Program, name: str = "learned") -> Learned:
    """What holds of every pod that some policy governs: who may reach it, and what it may reach.

    Nothing is said of nodes, which are part of what runs the pods, of addresses in `pod_cidrs`
    that no pod has, of DNS names, and of what nobody restricts.
    There is about one expectation for each port and set of destinations that get the same from
    the same: the size goes with the rules, not with the pairs.

    Raises QueryError if no policy governs any pod.
    """
    hold_type(program, Program, "netsim.compile_snapshot(…)")
    with collector_off():
        sections = tuple(_Learner(ground_of(program, ()), program).sections())
    if not any(section.claims for section in sections):
        raise query_error(_NOTHING, help="write NetworkPolicies first")
    return Learned(name, sections)


@dataclass(frozen=True, slots=True)
class _Likeness:
    """What pods must have in common to be spoken of together."""

    shares: Shares
    outside: Outside
    apart: int


class _Learner:
    def __init__(self, ground: Ground, program: Program) -> None:
        reach = program.reach()
        self._roll = ground.roll
        self._names = Names(program.snapshot, ground.directory, reach.universe, ground.roll)
        external = ground.crowds.of_all(["external"])
        self._relation = Relation(reach, self._names.everyone, external)
        self._phrases = Phrases(self._names, self._relation, ground)
        self._strangers = self._names.of_strangers()
        self._hosts, self._floats = (
            of(at for at, pods in self._names.pods.items() if any(map(wanted, pods)))
            for wanted in (is_on_host, self._roll.floats)
        )

    def sections(self) -> Iterator[Section]:
        """Namespace by namespace."""
        received = self._alike(self._relation.received())
        sent = self._alike(self._relation.sent())
        for name in self._names.namespaces:
            classes = self._names.of_space(name)
            yield from self._isolation(name, classes)
            for likeness, some in received.get(name, {}).items():
                yield self._about(likeness, some, Direction.INGRESS)
            for likeness, some in sent.get(name, {}).items():
                section = self._about(likeness, some, Direction.EGRESS)
                if section.claims:
                    yield section

    def _alike(self, shares: dict[int, Shares]) -> dict[str, dict[_Likeness, int]]:
        """By namespace, the classes of which the same is to be said."""
        found: dict[str, dict[_Likeness, int]] = {}
        for number, each in shares.items():
            pods = self._names.pods[number]
            key = _Likeness(each, self._relation.outside(number), self._apart(pods))
            groups = found.setdefault(pods[0].namespace, {})
            groups[key] = groups.get(key, 0) | 1 << number
        return found

    def _apart(self, pods: list[Pod]) -> int:
        """Those whom no class answers for where they meet these."""
        floating, hosted = any(map(self._roll.floats, pods)), any(map(is_on_host, pods))
        return (self._hosts if floating else 0) | (self._floats if hosted else 0)

    def _isolation(self, name: str, classes: int) -> Iterator[Section]:
        """Who is isolated in a namespace, and who is open to anyone."""
        isolated = {each: classes & self._relation.isolated[each] for each in Direction}
        ingress, egress = isolated[Direction.INGRESS], isolated[Direction.EGRESS]
        claims: list[Claim] = []
        if ingress == egress:
            claims += self._isolated(ingress, (Direction.EGRESS, Direction.INGRESS))
        else:
            claims += self._isolated(ingress, (Direction.INGRESS,))
            claims += self._isolated(egress, (Direction.EGRESS,))
        lines = [f"Namespace {name}"]
        if bare := classes & ~self._relation.governed[Direction.INGRESS]:
            whom = _listed(self._names.texts(bare))
            lines.append(f"not isolated: anyone may reach {whom} whose own policies let them")
        yield Section(tuple(lines), tuple(claims))

    def _isolated(self, classes: int, directions: tuple[Direction, ...]) -> Iterator[Claim]:
        if classes:
            yield Isolated(Ends(self._names.texts(classes)), directions)

    def _about(self, likeness: _Likeness, classes: int, direction: Direction) -> Section:
        """What some pods may get, or send."""
        whom = _listed(self._names.texts(classes))
        said = (
            f"Who may reach {whom}" if direction is Direction.INGRESS else f"What {whom} may reach"
        )
        say = self._phrases.received if direction is Direction.INGRESS else self._phrases.sent
        return Section((said,), tuple(say(self._asked(likeness, classes), likeness.shares)))

    def _asked(self, likeness: _Likeness, classes: int) -> About:
        pods = [pod for number in members(classes) for pod in self._names.pods[number]]
        # What it may send to itself isn't asked.
        itself = classes if len(pods) == 1 and pods[0].replicas == 1 else 0
        whole = Whom(self._names.everyone, likeness.outside)
        excepts = (*self._strangers, *self._names.texts(likeness.apart, itself))
        return About(classes, whole, itself, likeness.apart, excepts)


def _listed(texts: tuple[str, ...]) -> str:
    most = 4
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more
