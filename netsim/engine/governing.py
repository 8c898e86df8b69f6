"""Which policies may govern a pod, found by what their subjects ask for and not one by one."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import cached_property

from netsim.dialects.networkpolicy.lower import READ_UNDER, lower
from netsim.dialects.networkpolicy.syntax import (
    AnyPort,
    NetworkPolicy,
    PortEntry,
    PortRange,
)
from netsim.labels.labels import Labels
from netsim.labels.selector import Operator, Selector
from netsim.model.cluster import Pod, Protocol
from netsim.model.flow import Direction
from netsim.model.rules import Lowered, PodSet, Rule
from netsim.model.semantics import Semantics
from netsim.model.snapshot import Policy


class GoverningPolicy:
    """A policy, and the neutral rules that it comes to; lowered when first asked."""

    def __init__(self, policy: NetworkPolicy, semantics: Semantics) -> None:
        self.policy = policy
        self._semantics = semantics
        self._rules: dict[Hashable, dict[Direction, list[Rule]]] = {}

    @cached_property
    def subjects(self) -> dict[Direction, PodSet]:
        """Whom it isolates, by direction."""
        return {each.direction: each.subject for each in self._plain.isolations}

    @cached_property
    def hinges(self) -> tuple[str, ...]:
        """The options under which it would come to other rules."""
        if not any(_is_read_under_options(entry) for entry in self._entries()):
            return ()
        return tuple(
            name
            for name in READ_UNDER
            if any(
                lower([self.policy], other).rules != self._plain.rules
                for other in self._semantics.others(name)
            )
        )

    def _entries(self) -> list[PortEntry]:
        """Everything that stands in a `ports` of it."""
        lists = [rule.ports for rule in self.policy.ingress + self.policy.egress]
        return [entry for ports in lists if not isinstance(ports, AnyPort) for entry in ports]

    @cached_property
    def _plain(self) -> Lowered:
        return lower([self.policy], self._semantics)

    def rules(self, direction: Direction, semantics: Semantics) -> list[Rule]:
        """Its rules of one direction, in the order in which they are written."""
        key = tuple([getattr(semantics, name) for name in self.hinges]) if self.hinges else ()
        found = self._rules.get(key)
        if found is None:
            same = all(
                getattr(semantics, name) == getattr(self._semantics, name) for name in self.hinges
            )
            rules = (self._plain if same else lower([self.policy], semantics)).rules
            found = self._rules[key] = {
                each: [rule for rule in rules if rule.direction is each] for each in Direction
            }
        return found[direction]


def _is_read_under_options(entry: PortEntry) -> bool:
    """Whether another value of one of READ_UNDER may make something else of it."""
    port = entry.port
    is_range = isinstance(port, PortRange) and port.first != port.last
    return is_range or entry.protocol is Protocol.SCTP


class PolicyIndex:
    """The policies of a snapshot by namespace and by what their subjects ask for.

    A namespace is indexed when first asked for, a policy lowered when it may first govern a pod.
    """

    def __init__(self, policies: Iterable[Policy], semantics: Semantics) -> None:
        self._semantics = semantics
        self._policies: dict[str, list[NetworkPolicy]] = {}
        for policy in policies:
            if isinstance(policy, NetworkPolicy):
                self._policies.setdefault(policy.namespace, []).append(policy)
        self._subjects: dict[str, _Subjects] = {}

    def isolating(self, pod: Pod, direction: Direction) -> list[GoverningPolicy]:
        """The policies whose subject a pod is, or may be (WL-7), in the order of REF-3."""
        subjects = self._subjects.get(pod.namespace)
        if subjects is None:
            policies = self._policies.get(pod.namespace, ())
            subjects = self._subjects[pod.namespace] = _Subjects(policies, self._semantics)
        return subjects.of(pod.labels)[direction]


class _Subjects:
    """The policies of one namespace by a label that their subjects must have, if there is one."""

    def __init__(self, policies: Iterable[NetworkPolicy], semantics: Semantics) -> None:
        self._semantics = semantics
        self._policies = sorted(policies, key=lambda policy: policy.name)
        self._anyone: list[int] = []
        self._having: dict[tuple[str, str], list[int]] = {}
        self._asking: dict[str, list[int]] = {}
        for number, policy in enumerate(self._policies):
            self._enter(number, policy.subject)
        self._governing: dict[int, GoverningPolicy] = {}
        self._known: dict[Labels, dict[Direction, list[GoverningPolicy]]] = {}

    def _enter(self, number: int, subject: Selector) -> None:
        listed = [item for item in subject.requirements if item.operator is Operator.IN]
        if not listed:
            self._anyone.append(number)
            return
        fewest = min(listed, key=lambda item: len(item.values))
        self._asking.setdefault(fewest.key, []).append(number)
        for value in fewest.values:
            self._having.setdefault((fewest.key, value), []).append(number)

    def of(self, labels: Labels) -> dict[Direction, list[GoverningPolicy]]:
        """The policies whose subject has, or may have, these labels."""
        found = self._known.get(labels)
        if found is None:
            policies = self._near(labels)
            found = self._known[labels] = {
                direction: [each for each in policies if direction in each.policy.directions]
                for direction in Direction
            }
        return found

    def _near(self, labels: Labels) -> list[GoverningPolicy]:
        numbers = set(self._anyone)
        for pair in labels.items():
            numbers.update(self._having.get(pair, ()))
        for key in labels.unknown:
            numbers.update(self._asking.get(key, ()))
        subjects = ((number, self._policies[number].subject) for number in sorted(numbers))
        return [
            self._at(number)
            for number, subject in subjects
            if subject.matches(labels) or subject.undecidable(labels)
        ]

    def _at(self, number: int) -> GoverningPolicy:
        found = self._governing.get(number)
        if found is None:
            policy = self._policies[number]
            found = self._governing[number] = GoverningPolicy(policy, self._semantics)
        return found
