"""Valid cluster policies to the syntax that all APIs of the tiers share."""

from __future__ import annotations

from typing import Any

from netsim.dialects.tiers.api import Api
from netsim.dialects.tiers.checks import without_nulls
from netsim.dialects.tiers.syntax import (
    AnyPort,
    DomainsPeer,
    NamespacesPeer,
    NetworksPeer,
    NodesPeer,
    Peer,
    PodsPeer,
    Rule,
    Subject,
    TierPolicy,
    UnusablePeer,
)
from netsim.labels.selector import Selector
from netsim.model.tiers import Tier
from netsim.schema.addresses import network_of
from netsim.schema.metadata import labels_of, name_of
from netsim.schema.remembered import built_once
from netsim.schema.selectors import selector_faults, selector_of
from netsim.source.origin import Origin

Value = dict[str, Any]

_ANY_PORT = AnyPort()


class _UnusableError(ValueError):
    """A selector that selects nothing, and why."""


def tier_policy(
    value: Value, origin: Origin, api: Api, kind: str, tier: Tier, priority: int
) -> TierPolicy:
    """The policy of a valid object."""
    spec = value["spec"]
    return TierPolicy(
        kind,
        name_of(value),
        tier,
        priority,
        _subject(spec["subject"]),
        _rules(spec.get("ingress"), "from", api),
        _rules(spec.get("egress"), "to", api),
        labels_of(value),
        origin,
    )


def _rules(rules: list[Value] | None, peers: str, api: Api) -> tuple[Rule, ...]:
    """ANP-12: missing, null and empty have no effect."""
    return tuple([_rule(rule, peers, api) for rule in rules or ()])


@built_once
def _rule(rule: Value, peers: str, api: Api) -> Rule:
    entries = rule.get(api.ports_field)
    return Rule(
        api.actions[rule["action"]],
        tuple(map(_peer, rule[peers])),
        _ANY_PORT if entries is None else tuple(map(api.port, entries)),  # ANP-18
        rule.get("name") or "",
        api.ports_field,
    )


def _subject(subject: Value) -> Subject:
    try:
        return _pods(subject)
    except _UnusableError as unusable:
        return UnusablePeer(str(unusable))


def _peer(peer: Value) -> Peer:
    try:
        return _usable_peer(peer)
    except _UnusableError as unusable:
        return UnusablePeer(str(unusable))


def _usable_peer(peer: Value) -> Peer:
    """What only one channel has comes last: in the other it may stand beside the rest, unread."""
    if peer.get("namespaces") is not None or peer.get("pods") is not None:
        return _pods(peer)
    if networks := peer.get("networks"):
        return NetworksPeer(tuple(map(network_of, networks)))
    if (nodes := peer.get("nodes")) is not None:
        return NodesPeer(_selector(nodes))
    names = (name.lower().removesuffix(".") for name in peer["domainNames"])
    return DomainsPeer(tuple(names))


def _pods(selecting: Value) -> NamespacesPeer | PodsPeer:
    if (pods := selecting.get("pods")) is not None:
        return PodsPeer(_selector(pods.get("namespaceSelector")), _selector(pods["podSelector"]))
    return NamespacesPeer(_selector(selecting["namespaces"]))


def _selector(selector: Value | None) -> Selector:
    kept = without_nulls(selector or {})
    if faults := selector_faults(kept):
        raise _UnusableError(f"a selector that can't be used: {faults[0].message}")
    return selector_of(kept)
