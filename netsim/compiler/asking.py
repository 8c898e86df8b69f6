"""Ranked rules as the walk through a tier asks them, by policy: its rules have one subject."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from netsim.compiler.classes import EndpointClass
from netsim.compiler.ranked_ports import RankedPorts
from netsim.compiler.walk import Asked, Spread
from netsim.model.flow import Direction
from netsim.model.rules import PodSet, RankedRule
from netsim.model.tiers import Tier


class Batch(NamedTuple):
    """Rules that follow each other and have one subject and tier: from `first` up to `end`."""

    subject: PodSet
    tier: Tier
    first: int
    end: int


class Governed(NamedTuple):
    """A batch, by number, and whether it governs somebody for sure."""

    batch: int
    surely: bool


def batches_of(rules: Sequence[RankedRule]) -> list[Batch]:
    """The rules of one direction in batches, in their order."""
    return list(_batches(rules))


def _batches(rules: Sequence[RankedRule]) -> Iterator[Batch]:
    first = 0
    for (subject, tier), each in groupby(rules, lambda rule: (rule.subject, rule.tier)):
        end = first + len(list(each))
        yield Batch(subject, tier, first, end)
        first = end


class Asking:
    """The rules of one direction with their peers, as sets of columns that `items` stand for.

    `peers` has for each rule the columns that are meant for sure, and perhaps.
    """

    def __init__(
        self,
        rules: Sequence[RankedRule],
        peers: Sequence[tuple[int, int]],
        items: Sequence[EndpointClass],
        ports: RankedPorts,
    ) -> None:
        self._rules, self._peers, self._items, self._ports = rules, peers, items, ports
        self._batches = batches_of(rules)
        self._has_names = [
            any(
                rule.direction is Direction.INGRESS and ports.has_names(rule.traffic)
                for rule in rules[batch.first : batch.end]
            )
            for batch in self._batches
        ]
        # What is asked of everybody, and of those who declare the same.
        self._of_all: dict[Governed, tuple[Asked, ...]] = {}
        self._of_some: dict[tuple[Governed, Hashable], tuple[Asked, ...]] = {}
        self._known: dict[tuple[int, bool, Spread], Asked] = {}

    def of(
        self, governed: Governed, subject: EndpointClass, declared: Hashable
    ) -> tuple[Asked, ...]:
        """What is asked of a subject, but for what matches nothing in the cluster.

        `declared` is equal for subjects that declare the same under names that rules ask for.
        """
        if not self._has_names[governed.batch]:
            found = self._of_all.get(governed)
            if found is None:
                found = self._of_all[governed] = self._asked(governed, subject)
            return found
        key = governed, declared
        found = self._of_some.get(key)
        if found is None:
            found = self._of_some[key] = self._asked(governed, subject)
        return found

    def _asked(self, governed: Governed, subject: EndpointClass) -> tuple[Asked, ...]:
        batch = self._batches[governed.batch]
        each = [
            self._matching(at, governed.surely, self._spread(self._rules[at], subject))
            for at in range(batch.first, batch.end)
        ]
        return tuple(asked for asked in each if asked.matching or asked.whole)

    def _spread(self, rule: RankedRule, subject: EndpointClass) -> Spread:
        """A port name means what is declared where traffic goes to: by the subject, or by its peers."""
        if rule.direction is Direction.INGRESS:
            return self._ports.at(rule.traffic, subject)
        return self._ports.spread(rule.traffic, self._items)

    def _matching(self, at: int, surely: bool, spread: Spread) -> Asked:
        key = at, surely, spread
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._made(self._rules[at], at, surely, spread)
        return found

    def _made(self, rule: RankedRule, at: int, surely: bool, spread: Spread) -> Asked:
        sure, maybe = self._peers[at]
        sure = sure if surely else 0
        whole = 0
        if self._ports.are_all(rule.traffic):
            whole, sure, maybe = sure, 0, maybe & ~sure
        each = ((atom, sure & columns, maybe & columns) for atom, columns in spread)
        return Asked(rule.action, tuple(each) if maybe else (), whole)
