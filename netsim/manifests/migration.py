"""AdminNetworkPolicy and BaselineAdminNetworkPolicy manifests as ClusterNetworkPolicies (ANP-2).

What both APIs have is written in other words. Where v1alpha2 has less room, a rule becomes several
that stand one after the other, and a policy several with priorities next to each other: no other
policy may stand between, or beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from netsim.dialects.tiers.lower import lower
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.errors import Diagnostic, FaultType, InputError
from netsim.manifests.assemble import assemble
from netsim.manifests.intake import taken
from netsim.manifests.judge import judge
from netsim.manifests.migrated_names import MigratedNames
from netsim.manifests.migrated_rules import MOST, Place, RulesError, migrated_rules
from netsim.model.flow import Direction
from netsim.model.inventory import Key
from netsim.model.rules import NoTraffic
from netsim.model.snapshot import Snapshot
from netsim.model.tiers import Tier
from netsim.schema.fault import Fault, diagnostics, quoted
from netsim.source.collector import collector_off
from netsim.source.documents import take_text

Manifest = dict[str, Any]

OLD_KINDS = ("AdminNetworkPolicy", "BaselineAdminNetworkPolicy")
_NEW = {"apiVersion": "policy.networking.k8s.io/v1alpha2", "kind": "ClusterNetworkPolicy"}
_LAST = 1000
# What is of one object of one cluster alone.
_OWN = ("uid", "deletionTimestamp", "deletionGracePeriodSeconds")


@dataclass(frozen=True, slots=True)
class Migrated:
    """The new manifests, and notes on what is other in them."""

    manifests: tuple[Manifest, ...]
    notes: tuple[Diagnostic, ...]


def migrated(old: Sequence[tuple[TierPolicy, Manifest]], others: Iterable[TierPolicy]) -> Migrated:
    """The old policies as ClusterNetworkPolicies, beside those that there are already.

    Raises InputError, with what to do, if one can't be written so that it means the same.
    """
    work = _Work([policy for policy, _ in old], tuple(others))
    for policy, manifest in sorted(old, key=lambda each: each[0].order):
        work.add(policy, manifest)
    if work.errors:
        raise InputError(work.errors)
    return Migrated(tuple(work.manifests), tuple(work.notes))


@dataclass(slots=True)
class _Work:
    """What has been migrated so far. `used` has the tier and priority of each policy."""

    old: Sequence[TierPolicy]
    others: Sequence[TierPolicy]
    manifests: list[Manifest] = field(default_factory=list)
    notes: list[Diagnostic] = field(default_factory=list)
    errors: list[Diagnostic] = field(default_factory=list)
    names: MigratedNames = field(init=False)
    used: list[TierPolicy] = field(default_factory=list)
    given: dict[tuple[Tier, int], TierPolicy] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = MigratedNames(self.old, self.others)
        self.used += [*self.old, *self.others]

    def add(self, policy: TierPolicy, manifest: Manifest) -> None:
        """Migrate one policy, in as many as it takes."""
        try:
            rules = {each: self._rules(policy, manifest, each) for each in Direction}
        except RulesError as error:
            self.errors += diagnostics([error.fault], policy.origin)
            return
        parts = max(1, *(-(-len(each) // MOST) for each in rules.values()))
        first = self._first_priority(policy, parts, rules)
        if first is None:
            return
        names = self.names.give(policy, parts)
        for part, name in enumerate(names):
            cut = slice(part * MOST, (part + 1) * MOST)
            spec: Manifest = {
                "tier": str(policy.tier),
                "priority": first + part,
                "subject": manifest["spec"]["subject"],
            }
            spec |= {each.value: rules[each][cut] for each in Direction if rules[each][cut]}
            self.manifests.append({**_NEW, "metadata": _metadata(manifest, name), "spec": spec})
            self.given[policy.tier, first + part] = policy
        self._tell(policy, names, first)

    def _rules(
        self, policy: TierPolicy, manifest: Manifest, direction: Direction
    ) -> list[Manifest]:
        found: list[Manifest] = []
        written = manifest["spec"].get(direction.value) or ()
        for at, (rule, said) in enumerate(zip(policy.rules(direction), written, strict=True)):
            place = Place(direction, at)
            rules, faults = migrated_rules(rule, said, place)
            found += rules
            self.notes += diagnostics(faults, policy.origin)
        return found

    def _first_priority(
        self, policy: TierPolicy, parts: int, rules: dict[Direction, list[Manifest]]
    ) -> int | None:
        """The priority of the first part; None, and an error, if there is no room for all."""
        last = policy.tier is Tier.BASELINE
        first = policy.priority - (parts - 1) * last
        if parts == 1:
            return first
        wanted = range(first, first + parts)
        taken_by = [
            each
            for each in self.used
            if each is not policy and each.tier is policy.tier and each.priority in wanted
        ]
        taken_by += [
            other
            for (tier, at), other in self.given.items()
            if tier is policy.tier and at in wanted
        ]
        if not taken_by and first >= 0 and wanted[-1] <= _LAST:
            return first
        direction = max(rules, key=lambda each: len(rules[each]))
        number = len(rules[direction])
        message = (
            f"{policy.kind} {quoted(policy.name)} comes to {number} {direction.value} rules; a "
            f"ClusterNetworkPolicy has {MOST}, so it must become {parts} with the priorities "
            f"{first} to {first + parts - 1}, {_why(taken_by)}"
        )
        help = "keep these priorities free of others, or write fewer rules with more peers in each"
        fault = Fault(FaultType.TOO_MANY, message, help, ("spec", direction.value), "ANP-30")
        self.errors += diagnostics([fault], policy.origin)
        return None

    def _tell(self, policy: TierPolicy, names: Sequence[str], first: int) -> None:
        faults: list[Fault] = []
        if names[0] != policy.name:
            message = f"becomes {quoted(names[0])}: another one is called {quoted(policy.name)}"
            if other := self.names.passed(policy, names[0]):
                turned = "after" if policy.order < other.order else "before"
                message += (
                    f"; of one priority the name decides, so that it is asked {turned} "
                    f"{other.kind} {quoted(other.name)} now"
                )
            faults.append(_note(message, "metadata", "name"))
        if len(names) > 1:
            listed = ", ".join(map(quoted, names))
            message = f"becomes {len(names)} policies, {listed}: each has room for {MOST} rules"
            faults.append(_note(message, "spec"))
        if policy.tier is Tier.BASELINE:
            last = first + len(names) - 1
            which = f"priority {last}" if first == last else f"priorities {first} to {last}"
            message = (
                f"gets {which} of tier Baseline, the last: it had none, as there is but "
                "one, and what is to be asked before it can have a lower number"
            )
            faults.append(_note(message, "spec"))
        self.notes += diagnostics(faults, policy.origin)


def _why(taken_by: Sequence[TierPolicy]) -> str:
    if not taken_by:
        return f"and the largest is {_LAST}"
    other = taken_by[0]
    place = other.origin.locate(("spec", "priority"))
    return f"and {other.kind} {quoted(other.name)} ({place}) has one of these"


def _note(message: str, *path: str) -> Fault:
    return Fault(FaultType.NOT_MODELLED, message, "", path, "ANP-2").as_note()


def _metadata(manifest: Manifest, name: str) -> Manifest:
    found = {key: value for key, value in manifest["metadata"].items() if key not in _OWN}
    if found.get("name"):
        found["name"] = name
    return found


def with_migrated(before: Snapshot, keys: Sequence[Key], text: str, name: str) -> Snapshot:
    """The snapshot with the objects of a text in the place of others, and all else as it is."""
    standing = [
        each for each in before.policies if (each.kind, each.namespace, each.name) not in keys
    ]
    with collector_off():
        reading = take_text(text, partial(judge, semantics=before.semantics), name)
        intake = taken(reading, before.semantics, keep_going=False, standing=standing)
        return assemble(before, intake, keys)


def is_same_walk(old: Snapshot, new: Snapshot) -> bool:
    """Whether the tiers ask the same, in the same order: then nothing changes, whatever pods there are."""
    return _walk(old) == _walk(new)


def _walk(snapshot: Snapshot) -> list[list[Any]]:
    """Of each direction and tier what is asked, in order: what says the same one after the other, as one."""
    policies = [each for each in snapshot.policies if isinstance(each, TierPolicy)]
    found: dict[object, list[Any]] = {
        (direction, tier): [] for direction in Direction for tier in Tier
    }
    for rule in lower(policies, snapshot.semantics):
        live = [part for part in rule.traffic if not isinstance(part, NoTraffic)]
        matched = {(peer, part) for peer in rule.peers for part in live}
        said = found[rule.direction, rule.tier]
        if said and said[-1][:2] == [rule.subject, rule.action]:
            said[-1][2] |= matched
        elif matched:
            said.append([rule.subject, rule.action, matched])
    return list(found.values())
