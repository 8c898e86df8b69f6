"""Which pairs an edit may change: far fewer than there are, for most edits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netsim.changes.edits import Edit, LabelEdit, NamespaceEdit, NodeEdit, PodEdit, PolicyEdit
from netsim.changes.owning import named
from netsim.changes.pairing import Pairing, Side
from netsim.changes.slicing import Field
from netsim.compiler.pools import surely_holds
from netsim.dialects.networkpolicy.lower import lower
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.model.cluster import Pod
from netsim.model.flow import Direction
from netsim.model.rules import AddressSet, Anyone, Peers, PodSet, Rule


@dataclass(slots=True)
class Reach:
    """Whose traffic of one direction may be other, and whom it may be other with."""

    subjects: int = 0
    peers: int = 0


@dataclass(frozen=True, slots=True)
class Fields:
    """All pairs that edits may change, as two disjoint fields, and who else has other traffic outside.

    `coming` has whoever sends to receivers that are others, `leaving` the rest of what senders
    that are others send; `outside` has these senders and receivers.
    """

    coming: Field
    leaving: Field
    outside: Field

    def within(self, field: Field) -> Fields:
        """As much of it as is in a field."""
        return Fields(self.coming & field, self.leaving & field, self.outside & field)

    def __iter__(self) -> Iterator[tuple[Field, Field]]:
        """Each field that isn't empty, with what of the outside it decides too."""
        senders, receivers = self.outside.senders, self.outside.receivers
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
                each.peers = pairing.everyone
    both = pairing.in_both
    receivers, senders = ingress.subjects & both, egress.subjects & both
    return Fields(
        Field((ingress.peers | senders) & both, receivers),
        Field(senders, egress.peers & both & ~receivers),
        Field(senders, receivers),
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
    written = [each for each in (edit.old, edit.new) if each and direction in each.directions]
    isolated = True
    subjects = 0
    for side in (old, new):
        pods = _subjects(written, side)
        subjects |= side.of(pods)
        isolated = isolated and all(
            _isolated(each, pod, direction) for each in (old, new) for pod in pods
        )
    reach.subjects |= subjects
    if isolated:
        for rule in _rules_of_one(written, direction, new):
            for peers in rule.peers:
                reach.peers |= _whom(peers, new, pairing)
    else:
        reach.peers = pairing.everyone


def _subjects(policies: Iterable[NetworkPolicy], side: Side) -> list[Pod]:
    """The pods that some of these policies select."""
    return [
        pod
        for policy in policies
        for space in side.version.selected(policy.namespace)
        for pod in space.select(policy.subject)
    ]


def _isolated(side: Side, pod: Pod, direction: Direction) -> bool:
    space = side.version.spaces.get(pod.namespace)
    return space is not None and any(
        each.policy.subject.matches(pod.labels) for each in space.governing(pod, direction)
    )


def _rules_of_one(
    policies: list[NetworkPolicy], direction: Direction, side: Side
) -> Iterator[Rule]:
    """The rules that one version of a policy has and the other hasn't, for the same subject."""
    semantics = side.version.semantics
    rules = [
        [rule for rule in lower([policy], semantics).rules if rule.direction is direction]
        for policy in policies
    ]
    if len(rules) == 2 and policies[0].subject == policies[1].subject:
        said = [{(rule.peers, rule.traffic) for rule in each} for each in rules]
        rules = [[rule for rule in rules[at] if _said(rule) not in said[1 - at]] for at in (0, 1)]
    yield from (rule for each in rules for rule in each)


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
