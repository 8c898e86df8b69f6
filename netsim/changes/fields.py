"""Which pairs an edit may change: far fewer than there are, for most edits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netsim.changes.edits import Edit, LabelEdit, NamespaceEdit, NodeEdit, PodEdit, PolicyEdit
from netsim.changes.owning import named
from netsim.changes.pairing import Pairing
from netsim.changes.sides import Side
from netsim.changes.slicing import Field
from netsim.compiler.pools import surely_holds
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.labels.selector import Selector
from netsim.model.cluster import Pod
from netsim.model.flow import Direction
from netsim.model.rules import AddressSet, Anyone, Peers, PodSet, Rule


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
    for edit in edits:
        if isinstance(edit, PolicyEdit):
            _add_policy(edit, Direction.INGRESS, ingress, pairing, old, new)
            _add_policy(edit, Direction.EGRESS, egress, pairing, old, new)
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


def _units(edit: LabelEdit | NamespaceEdit | PodEdit | NodeEdit, pairing: Pairing) -> int:
    """The units that an edit makes others."""
    match edit:
        case NamespaceEdit():
            first, end = pairing.starts.of[edit.new.name]
            return (1 << end) - (1 << first)
        case NodeEdit():
            pods = (pod for space in pairing.new.version.spaces.values() for pod in space.pods)
            return pairing.new.of([edit.new, *(pod for pod in pods if pod.node == edit.new.name)])
    return edit.units


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
        reach.peers |= _whom(peers, new, pairing)


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


def _whom(peers: Peers, side: Side, pairing: Pairing) -> int:
    """The units that peers may name: these, and maybe more."""
    version = side.version
    match peers:
        case Anyone():
            return pairing.everyone
        case PodSet():
            return named(side, peers)
        case AddressSet():
            found = side.of(pod for pod in version.population.addressed if _may_have(pod, peers))
            pools = [
                cidr for cidr in version.semantics.pod_cidrs if cidr.version == peers.cidr.version
            ]
            if surely_holds(peers, pools):
                found |= side.of(version.population.unaddressed)
            return found | side.of(version.population.hosts)


def _may_have(pod: Pod, block: AddressSet) -> bool:
    return any(address in block.cidr for address in pod.addresses)
