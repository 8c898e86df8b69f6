"""Which pairs an edit may change: far fewer than there are, for most edits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netsim.changes.edits import (
    Edit,
    LabelEdit,
    NamespaceEdit,
    NodeEdit,
    NodeLabelEdit,
    PodEdit,
    PolicyEdit,
    TierEdit,
)
from netsim.changes.owning import perhaps_named
from netsim.changes.pairing import Pairing
from netsim.changes.sides import Side
from netsim.changes.slicing import Field
from netsim.changes.spoken import rules_of_edit, whom
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.labels.selector import Selector
from netsim.model.flow import Direction
from netsim.model.rules import AddressSet, Anyone, DomainSet, PodSet, Rule


@dataclass(slots=True)
class Reach:
    """Whose traffic of one direction may be other, and whom it may be other with.

    `outside` are those whose traffic with addresses outside may be.
    """

    subjects: int = 0
    peers: int = 0
    outside: int = 0


@dataclass(frozen=True, slots=True)
class Fields:
    """All pairs that edits may change, as two disjoint fields, and who else has other traffic outside.

    `subjects` has the senders and receivers that are others, `outside` those of them with other
    traffic outside. `coming` has whoever sends to these receivers, `leaving` the rest of what
    these senders send.
    """

    coming: Field
    leaving: Field
    subjects: Field
    outside: Field

    def within(self, field: Field) -> Fields:
        """As much of it as is in a field."""
        return Fields(
            self.coming & field, self.leaving & field, self.subjects & field, self.outside & field
        )

    def __iter__(self) -> Iterator[tuple[Field, Field]]:
        """Each field that isn't empty, with what of the outside it decides too."""
        senders, receivers = self.subjects.senders, self.subjects.receivers
        if receivers:
            yield self.coming, self.outside
        elif senders:
            yield self.leaving, self.outside
        if receivers and self.leaving:
            yield self.leaving, Field(0, 0)


def fields_of(pairing: Pairing, old: Side, new: Side, edits: Iterable[Edit]) -> Fields:
    """What edits may change that make one side from the other."""
    ingress, egress = Reach(), Reach()
    ways = {Direction.INGRESS: ingress, Direction.EGRESS: egress}
    for edit in edits:
        if isinstance(edit, PolicyEdit):
            for direction, reach in ways.items():
                _add_policy(edit, direction, reach, pairing, old, new)
            if _turns_baseline(old, new):
                _add_shield(edit, ways.values(), pairing, old, new)
        elif isinstance(edit, TierEdit):
            for direction, reach in ways.items():
                _add_tier_policy(edit, direction, reach, pairing, old, new)
        elif units := _units(edit, pairing):
            for each in (ingress, egress):
                each.subjects |= units
                each.outside |= units
                each.peers = pairing.everyone
    both = pairing.in_both
    receivers, senders = ingress.subjects & both, egress.subjects & both
    return Fields(
        Field((ingress.peers | senders) & both, receivers),
        Field(senders, egress.peers & both & ~receivers),
        Field(senders, receivers),
        Field(egress.outside & both, ingress.outside & both),
    )


def _units(
    edit: LabelEdit | NamespaceEdit | PodEdit | NodeEdit | NodeLabelEdit, pairing: Pairing
) -> int:
    """The units that an edit makes others."""
    match edit:
        case NamespaceEdit():
            first, end = pairing.starts.of[edit.new.name]
            return (1 << end) - (1 << first)
        case NodeEdit() | NodeLabelEdit():
            pods = (pod for space in pairing.new.version.spaces.values() for pod in space.pods)
            here = (pod for pod in pods if pod.node == edit.new.name)
            return pairing.new.of([edit.new, *here]) | _of_addresses(edit, pairing)
    return edit.units


def _of_addresses(edit: NodeEdit | NodeLabelEdit, pairing: Pairing) -> int:
    """Whoever else has an address of the node, where rules ask whose it is (ANP-16)."""
    found, sides = 0, (pairing.old, pairing.new)
    if any(side.version.tiers.nodes for side in sides):
        for side in sides:
            having = side.version.population.having((*edit.old.addresses, *edit.new.addresses))
            found |= side.of(having)
    return found


def _turns_baseline(old: Side, new: Side) -> bool:
    """Whether a NetworkPolicy of one direction has a say in the other (IMP-11)."""
    pod = new.version.semantics.baseline_scope == "pod"
    return pod and any(side.version.tiers.has_baseline for side in (old, new))


def _add_shield(
    edit: PolicyEdit, ways: Iterable[Reach], pairing: Pairing, old: Side, new: Side
) -> None:
    """Add whom a NetworkPolicy governs, in both directions."""
    policies = [each for each in (edit.old, edit.new) if each]
    subjects = _subjects(policies, old) | _subjects(policies, new)
    for reach in ways if subjects else ():
        reach.subjects |= subjects
        reach.outside |= subjects
        reach.peers = pairing.everyone


def _add_tier_policy(
    edit: TierEdit, direction: Direction, reach: Reach, pairing: Pairing, old: Side, new: Side
) -> None:
    """Add whom the policy governs, and whom those of its rules are about that are other."""
    rules = rules_of_edit(edit, direction, old, new)
    if not rules:
        return
    subjects = 0
    for side in (new,) if old.has_endpoints_of(new) else (old, new):
        for subject in {rule.subject for rule in rules}:
            subjects |= perhaps_named(side, subject)
    reach.subjects |= subjects
    for peers in {each for rule in rules for each in rule.peers}:
        reach.peers |= whom(peers, new, pairing)
        # ANP-13: whoever is outside is no peer of what comes in, and no selector's of what goes out
        if isinstance(peers, AddressSet | Anyone | DomainSet):
            reach.outside |= subjects


def _add_policy(
    edit: PolicyEdit, direction: Direction, reach: Reach, pairing: Pairing, old: Side, new: Side
) -> None:
    """Add whom the policy governs, and whom it speaks of where it is other.

    That is everyone if some pod is, or was, isolated by this policy alone.
    """
    written = [
        (each, side)
        for each, side in ((edit.old, old), (edit.new, new))
        if each and direction in each.directions
    ]
    if not written:
        return
    policies = [policy for policy, _ in written]
    same = len(written) == 2 and _subject(policies[0]) == _subject(policies[1])
    rules = _rules_of_one(written, same, direction)
    if same and not rules:
        return
    isolated = True
    subjects = 0
    for side in (new,) if old.has_endpoints_of(new) else (old, new):
        found = _subjects(policies, side)
        subjects |= found
        isolated = isolated and (same or _isolated(found, direction, (old, new)))
    reach.subjects |= subjects
    if not isolated:
        reach.peers = pairing.everyone
    spoken = {peers for rule in rules for peers in rule.peers}
    if not isolated or not all(isinstance(peers, PodSet) for peers in spoken):
        reach.outside |= subjects
    for peers in spoken if isolated else ():
        reach.peers |= whom(peers, new, pairing)


def _subject(policy: NetworkPolicy) -> tuple[str, Selector]:
    return policy.namespace, policy.subject


def _subjects(policies: Iterable[NetworkPolicy], side: Side) -> int:
    """The pods that some of these policies select."""
    found = 0
    for policy in policies:
        for space in side.version.selected(policy.namespace):
            found |= side.at(space, space.places(policy.subject))
    return found


def _isolated(units: int, direction: Direction, sides: Iterable[Side]) -> bool:
    """Whether some policy surely isolates each of these pods in each version."""
    return all(
        not places & ~space.isolated(direction)
        for side in sides
        for space, places in side.places(units)
    )


def _rules_of_one(
    written: list[tuple[NetworkPolicy, Side]], same: bool, direction: Direction
) -> list[Rule]:
    """The rules of these; those that one version has and the other hasn't, for the `same` subject."""
    policies = [policy for policy, _ in written]
    if same and policies[0].rules(direction) is policies[1].rules(direction):
        return []
    rules = [
        side.version.spaces[policy.namespace].lowered(policy, direction).rules
        for policy, side in written
    ]
    if same:
        said = [{_said(rule) for rule in each} for each in rules]
        return [rule for at in (0, 1) for rule in rules[at] if _said(rule) not in said[1 - at]]
    return [rule for each in rules for rule in each]


def _said(rule: Rule) -> tuple[object, ...]:
    return rule.peers, rule.traffic
