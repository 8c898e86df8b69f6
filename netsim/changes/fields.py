"""Which pairs an edit may change: far fewer than there are, for most edits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netsim.changes.edits import Edit, LabelEdit, NamespaceEdit, NodeEdit, PodEdit, PolicyEdit
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
    """All pairs that edits may change: disjoint fields, and who else has other traffic outside."""

    inside: tuple[Field, ...]
    outside: Field

    def within(self, field: Field) -> Fields:
        """As much of it as is in a field."""
        inside = (
            Field(each.senders & field.senders, each.receivers & field.receivers)
            for each in self.inside
        )
        senders, receivers = self.outside.senders, self.outside.receivers
        outside = Field(senders & field.senders, receivers & field.receivers)
        return Fields(tuple(filter(None, inside)), outside)


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
    coming = Field((ingress.peers | senders) & both, receivers)
    leaving = Field(senders, egress.peers & both & ~receivers)
    return Fields(tuple(filter(None, (coming, leaving))), Field(senders, receivers))


def _units(edit: LabelEdit | NamespaceEdit | PodEdit | NodeEdit, pairing: Pairing) -> int:
    """The units that an edit makes others."""
    match edit:
        case NamespaceEdit():
            first, end = pairing.starts[edit.new.name]
            return (1 << end) - (1 << first)
        case NodeEdit():
            on_it = (pod for pod in pairing.new.version.pods if pod.node == edit.new.name)
            return pairing.new.of([edit.new, *on_it])
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
            spaces = version.selected(peers.namespaces)
            return side.of(pod for space in spaces for pod in space.select(peers.pods))
        case AddressSet():
            found = side.of(pod for pod in version.addressed if _may_have(pod, peers))
            pools = [
                cidr for cidr in version.semantics.pod_cidrs if cidr.version == peers.cidr.version
            ]
            if surely_holds(peers, pools):
                found |= side.of(version.unaddressed)
            return found | side.of(version.hosts)


def _may_have(pod: Pod, block: AddressSet) -> bool:
    return any(address in block.cidr for address in pod.addresses)
