"""Realistic edits of the policies of the whole cluster: as of NetworkPolicies, and moved.

An ALLOW that says more, or a DENY that says less, can only open: whatever else matches, a flow
that was allowed before is allowed still. Loosened and tightened policies keep to that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netsim.dialects.tiers.syntax import TierPolicy
from netsim.model.tiers import Tier
from netsim.testing.asked import Asked
from netsim.testing.documents import Manifest, manifest_of
from netsim.testing.edit_values import Apply
from netsim.testing.rewriting import PEERS_FIELDS, rewritten, rules_in, with_rule, without_rule
from netsim.testing.yaml_text import yaml_text

_DENY, _PASS = "Deny", "Pass"
_PORTS_FIELDS = ("protocols", "ports")
_LARGEST = 1000  # ANP-2
# The kind of which there is but one (ANP-22), which has neither a priority nor Pass.
_SINGLE = "BaselineAdminNetworkPolicy"
_ALL_PODS: Manifest = {"namespaces": {}}


def loosenings(policy: TierPolicy) -> Iterator[Apply]:
    """An action that lets more pass, an ALLOW for more traffic, a DENY for less or none."""
    return rewritten(policy, "loosen", lambda spec: _loosened(spec, policy))


def tightenings(policy: TierPolicy) -> Iterator[Apply]:
    """An action that lets less pass, a DENY for more traffic, an ALLOW for less or none."""
    return rewritten(policy, "tighten", lambda spec: _tightened(spec, policy))


def moves(policy: TierPolicy, asked: Asked) -> Iterator[Apply]:
    """A policy first and last in its tier, just before and after each other, and in the other tier."""
    return rewritten(policy, "move", lambda spec: _moved(spec, policy, asked.tiers))


def new_tier_policies(asked: Asked) -> Iterator[Apply]:
    """Policies for all pods that come first, or last; of those APIs alone that are in use."""
    kinds = {policy.kind: policy for policy in asked.tiers if policy.kind != _SINGLE}
    for kind, policy in sorted(kinds.items()):
        manifest = manifest_of(policy.origin)
        if manifest is not None:
            yield from _new(kind, manifest, _allow_of(policy), asked)


def _loosened(spec: Manifest, policy: TierPolicy) -> Iterator[tuple[Manifest, str]]:
    allow = _allow_of(policy)
    for direction, at, rule in rules_in(spec):
        action = rule["action"]
        for other in _actions(policy)[_actions(policy).index(action) + 1 :]:
            if _may_say(rule, other, allow):
                yield _acting(spec, direction, at, other)
        if action == allow:
            yield from _without_ports(spec, direction, at, rule)
        if action == _DENY:
            yield from _with_fewer(spec, direction, at, rule)


def _tightened(spec: Manifest, policy: TierPolicy) -> Iterator[tuple[Manifest, str]]:
    allow = _allow_of(policy)
    for direction, at, rule in rules_in(spec):
        action = rule["action"]
        for other in _actions(policy)[: _actions(policy).index(action)]:
            if _may_say(rule, other, allow):
                yield _acting(spec, direction, at, other)
        if action == _DENY:
            yield from _without_ports(spec, direction, at, rule)
        if action == allow:
            yield from _with_fewer(spec, direction, at, rule)


def _moved(
    spec: Manifest, policy: TierPolicy, policies: Iterable[TierPolicy]
) -> Iterator[tuple[Manifest, str]]:
    if "priority" in spec:
        beside = {
            other.priority + step
            for other in policies
            if other.tier is policy.tier and other != policy
            for step in (-1, 0, 1)
        }
        for priority in sorted({0, _LARGEST, *beside} - {policy.priority}):
            if 0 <= priority <= _LARGEST:
                yield spec | {"priority": priority}, f"priority {priority}"
    if "tier" in spec:
        other = Tier.BASELINE if policy.tier is Tier.ADMIN else Tier.ADMIN
        yield spec | {"tier": str(other)}, f"tier {other}"


def _new(kind: str, manifest: Manifest, allow: str, asked: Asked) -> Iterator[Apply]:
    tiers = (("Admin", 0), ("Baseline", _LARGEST)) if "tier" in manifest["spec"] else (("", 0),)
    for tier, priority in tiers:
        for direction, field in PEERS_FIELDS.items():
            for action in (allow, _DENY, _PASS):
                words = filter(None, ("new", tier.lower(), direction, action.lower()))
                name = asked.unused("-".join(words))
                spec: Manifest = {"tier": tier} if tier else {}
                spec |= {"priority": priority, "subject": _ALL_PODS}
                spec[direction] = [{"action": action, field: [_ALL_PODS]}]
                made = {"apiVersion": manifest["apiVersion"], "kind": kind}
                text = yaml_text({**made, "metadata": {"name": name}, "spec": spec})
                yield Apply(text, f"add {kind.lower()} {name}")


def _allow_of(policy: TierPolicy) -> str:
    """What the API of a policy calls it to allow."""
    return "Accept" if policy.kind == "ClusterNetworkPolicy" else "Allow"


def _actions(policy: TierPolicy) -> tuple[str, ...]:
    """Those of its API, from the strictest on."""
    allow = _allow_of(policy)
    return (_DENY, allow) if policy.kind == _SINGLE else (_DENY, _PASS, allow)


def _may_say(rule: Manifest, action: str, allow: str) -> bool:
    """ANP-17: domainNames are for what is allowed."""
    return action == allow or not any("domainNames" in peer for peer in rule.get("to") or ())


def _acting(spec: Manifest, direction: str, at: int, action: str) -> tuple[Manifest, str]:
    return with_rule(spec, direction, at, {"action": action}), f"{direction}[{at}] says {action}"


def _without_ports(
    spec: Manifest, direction: str, at: int, rule: Manifest
) -> Iterator[tuple[Manifest, str]]:
    for field in _PORTS_FIELDS:
        if rule.get(field):
            said = f"{direction}[{at}] without {field}"
            yield with_rule(spec, direction, at, {field: None}), said


def _with_fewer(
    spec: Manifest, direction: str, at: int, rule: Manifest
) -> Iterator[tuple[Manifest, str]]:
    """Without the rule, and without each of its peers if there are several."""
    yield without_rule(spec, direction, at), f"without {direction}[{at}]"
    field = PEERS_FIELDS[direction]
    peers = rule[field]
    for number in range(len(peers) if len(peers) > 1 else 0):
        left = [*peers[:number], *peers[number + 1 :]]
        said = f"{direction}[{at}] without {field}[{number}]"
        yield with_rule(spec, direction, at, {field: left}), said
