"""The innermost field that has all that differs between two policies of one name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.dialects.networkpolicy.syntax import Rule as NetworkPolicyRule
from netsim.dialects.tiers.syntax import Rule, TierPolicy
from netsim.model.flow import Direction
from netsim.source.origin import Path

_Rule = TypeVar("_Rule", NetworkPolicyRule, Rule)
_LABELS = ("metadata", "labels")


def field_of(old: NetworkPolicy, new: NetworkPolicy) -> Path:
    """The field of a NetworkPolicy; empty for the whole of it."""
    found: list[Path] = []
    if old.labels != new.labels:
        found.append(_LABELS)
    if old.subject != new.subject:
        found.append(("spec", "podSelector"))
    if old.directions != new.directions:
        found.append(("spec", "policyTypes"))
    for direction in Direction:
        ours, theirs = old.rules(direction), new.rules(direction)
        if ours != theirs:
            path = _rules_path(ours, theirs, direction, _differing)
            found.append(("spec", direction.value, *path))
    return _common(found)


def tier_field_of(old: TierPolicy, new: TierPolicy) -> Path:
    """The field of a policy of the whole cluster; empty for the whole of it."""
    found: list[Path] = []
    if old.labels != new.labels:
        found.append(_LABELS)
    whole = ("tier", "priority", "subject")
    found += [("spec", name) for name in whole if getattr(old, name) != getattr(new, name)]
    for direction in Direction:
        ours, theirs = old.rules(direction), new.rules(direction)
        if ours != theirs:
            path = _rules_path(ours, theirs, direction, _differing_in_tier)
            found.append(("spec", direction.value, *path))
    return _common(found)


def _rules_path(
    old: Sequence[_Rule],
    new: Sequence[_Rule],
    direction: Direction,
    fields: Callable[[_Rule, _Rule, Direction], Iterator[str]],
) -> Path:
    """The one rule that differs, and in it the one field; empty where more does."""
    if len(old) != len(new):
        return ()
    differing = [at for at, (one, other) in enumerate(zip(old, new, strict=True)) if one != other]
    if len(differing) > 1:
        return ()
    at = differing[0]
    names = list(fields(old[at], new[at], direction))
    return (at, names[0]) if len(names) == 1 else (at,)


def _differing(
    old: NetworkPolicyRule, new: NetworkPolicyRule, direction: Direction
) -> Iterator[str]:
    if old.peers != new.peers:
        yield _peers_field(direction)
    if old.ports != new.ports:
        yield "ports"


def _differing_in_tier(old: Rule, new: Rule, direction: Direction) -> Iterator[str]:
    if old.name != new.name:
        yield "name"
    if old.action is not new.action:
        yield "action"
    if old.peers != new.peers:
        yield _peers_field(direction)
    if old.ports != new.ports:
        yield new.ports_field


def _peers_field(direction: Direction) -> str:
    return "from" if direction is Direction.INGRESS else "to"


def _common(paths: Sequence[Path]) -> Path:
    """The steps that all begin with."""
    found = paths[0] if paths else ()
    for path in paths[1:]:
        same = 0
        while same < min(len(found), len(path)) and found[same] == path[same]:
            same += 1
        found = found[:same]
    return found
