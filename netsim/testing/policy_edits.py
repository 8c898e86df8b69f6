"""Realistic edits of NetworkPolicies: written, deleted, loosened, tightened."""

from __future__ import annotations

from collections.abc import Iterator

from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.labels.selector import EVERYTHING, Operator, Requirement, Selector
from netsim.testing.asked import Asked, elsewhere
from netsim.testing.documents import Manifest
from netsim.testing.edit_values import Apply
from netsim.testing.rewriting import PEERS_FIELDS, rewritten, rules_in, with_rule, without_rule
from netsim.testing.yaml_text import yaml_text

_TYPES = {"ingress": "Ingress", "egress": "Egress"}
# Whom new policies allow, besides anybody, nobody and those that others allow.
_TEMPLATES: dict[str, list[Manifest]] = {
    "own-namespace": [{"podSelector": {}}],
    "any-address": [{"ipBlock": {"cidr": "0.0.0.0/0"}}, {"ipBlock": {"cidr": "::/0"}}],
}


def loosenings(policy: NetworkPolicy) -> Iterator[Apply]:
    """A policy without the peers or the ports of a rule, an except, or one of its directions."""
    return rewritten(policy, "loosen", _loosened)


def tightenings(policy: NetworkPolicy) -> Iterator[Apply]:
    """A policy without one of its rules, or one of the peers of a rule."""
    return rewritten(policy, "tighten", _tightened)


def new_policies(namespace: str, asked: Asked) -> Iterator[Apply]:
    """Policies for all pods of a namespace, of what people write first."""
    for direction, field in PEERS_FIELDS.items():
        for name, peers in _TEMPLATES.items():
            yield _new(asked, namespace, direction, name, [{field: peers}])
        yield _new(asked, namespace, direction, "all", [{}])
        yield _new(asked, namespace, direction, "nobody", [])
    for number, pods in enumerate(asked.seen_in(namespace).selectors, 1):
        rules = [{"from": [_peer(None, pods)]}]
        yield _new(asked, namespace, "ingress", f"pods-{number}", rules)
    for number, (namespaces, pods) in enumerate(elsewhere(asked.of(namespace)), 1):
        rules = [{"from": [_peer(namespaces, pods)]}]
        yield _new(asked, namespace, "ingress", f"others-{number}", rules)


def _loosened(spec: Manifest) -> Iterator[tuple[Manifest, str]]:
    for direction, at, rule in rules_in(spec):
        field = PEERS_FIELDS[direction]
        for name in (field, "ports"):
            if rule.get(name):
                yield (
                    with_rule(spec, direction, at, {name: None}),
                    f"{direction}[{at}] without {name}",
                )
        for number, peer in enumerate(rule.get(field) or ()):
            wider = _wider(peer)
            if wider:
                peers = [*rule[field][:number], wider, *rule[field][number + 1 :]]
                said = f"{direction}[{at}].{field}[{number}] without except"
                yield with_rule(spec, direction, at, {field: peers}), said
    types = spec.get("policyTypes") or ()
    for direction, word in _TYPES.items():
        if len(types) > 1 and word in types:
            left = [each for each in types if each != word]
            without = {key: value for key, value in spec.items() if key != direction}
            yield without | {"policyTypes": left}, f"no longer for {word}"


def _wider(peer: Manifest) -> Manifest | None:
    block = peer.get("ipBlock") or {}
    return {"ipBlock": {"cidr": block["cidr"]}} if block.get("except") else None


def _tightened(spec: Manifest) -> Iterator[tuple[Manifest, str]]:
    for direction, at, rule in rules_in(spec):
        field = PEERS_FIELDS[direction]
        yield without_rule(spec, direction, at), f"without {direction}[{at}]"
        peers = rule.get(field) or ()
        for number in range(len(peers) if len(peers) > 1 else 0):
            left = [*peers[:number], *peers[number + 1 :]]
            said = f"{direction}[{at}] without {field}[{number}]"
            yield with_rule(spec, direction, at, {field: left}), said


def _new(asked: Asked, namespace: str, direction: str, name: str, rules: list[Manifest]) -> Apply:
    called = asked.unused(f"new-{direction}-{name}")
    manifest = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": called, "namespace": namespace},
        "spec": {"podSelector": {}, "policyTypes": [_TYPES[direction]], direction: rules},
    }
    return Apply(yaml_text(manifest), f"add networkpolicy {namespace}/{called}")


def _peer(namespaces: Selector | None, pods: Selector) -> Manifest:
    found = {} if namespaces is None else {"namespaceSelector": _selector(namespaces)}
    return found if namespaces and pods == EVERYTHING else found | {"podSelector": _selector(pods)}


def _selector(selector: Selector) -> Manifest:
    """A selector as a manifest writes it."""
    items = selector.requirements
    if all(item.operator is Operator.IN and len(item.values) == 1 for item in items):
        labels = {item.key: item.values[0] for item in items}
        if len(labels) == len(items):
            return {"matchLabels": labels} if labels else {}
    return {"matchExpressions": [*map(_requirement, items)]}


def _requirement(item: Requirement) -> Manifest:
    values = {"values": [*item.values]} if item.values else {}
    return {"key": item.key, "operator": item.operator.value, **values}
