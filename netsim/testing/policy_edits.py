"""Realistic edits of policies: written, deleted, loosened, tightened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from typing import Any

from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.labels.selector import EVERYTHING, Operator, Requirement, Selector
from netsim.testing.asked import Asked
from netsim.testing.documents import Manifest, manifest_of
from netsim.testing.edit_values import Apply, Delete, Edit, EditKind, Scope
from netsim.testing.yaml_text import yaml_text

_PEERS = {"ingress": "from", "egress": "to"}
_TYPES = {"ingress": "Ingress", "egress": "Egress"}
# Whom new policies allow, besides anybody, nobody and those that others allow.
_TEMPLATES: dict[str, list[Manifest]] = {
    "own-namespace": [{"podSelector": {}}],
    "any-address": [{"ipBlock": {"cidr": "0.0.0.0/0"}}, {"ipBlock": {"cidr": "::/0"}}],
}
_Variants = Callable[[Manifest], Iterator[tuple[Manifest, str]]]


def policy_edits(
    asked: Asked, kind: EditKind, namespaces: Iterable[str], scope: Scope
) -> Iterator[Edit]:
    """The edits of one of the kinds that are about policies, the simplest first."""
    if kind is EditKind.POLICY_ADDED:
        for namespace in namespaces:
            yield from _added(asked, namespace)
        return
    for policy in asked.policies:
        if scope.has(policy.namespace):
            match kind:
                case EditKind.POLICY_REMOVED:
                    yield Delete(f"{policy.namespace}/networkpolicy/{policy.name}")
                case EditKind.POLICY_LOOSENED:
                    yield from _rewritten(policy, "loosen", _loosened)
                case EditKind.POLICY_TIGHTENED:
                    yield from _rewritten(policy, "tighten", _tightened)


def _rewritten(policy: NetworkPolicy, verb: str, variants: _Variants) -> Iterator[Edit]:
    manifest = manifest_of(policy.origin)
    if manifest is None or not isinstance(manifest.get("spec"), dict):
        return
    for spec, said in variants(manifest["spec"]):
        text = yaml_text({**manifest, "spec": spec})
        yield Apply(text, f"{verb} networkpolicy {policy.namespace}/{policy.name}: {said}")


def _loosened(spec: Manifest) -> Iterator[tuple[Manifest, str]]:
    for direction, at, rule in _rules(spec):
        field = _PEERS[direction]
        for name in (field, "ports"):
            if rule.get(name):
                yield (
                    _with_rule(spec, direction, at, {name: None}),
                    f"{direction}[{at}] without {name}",
                )
        for number, peer in enumerate(rule.get(field) or ()):
            wider = _wider(peer)
            if wider:
                peers = [*rule[field][:number], wider, *rule[field][number + 1 :]]
                said = f"{direction}[{at}].{field}[{number}] without except"
                yield _with_rule(spec, direction, at, {field: peers}), said
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
    for direction, at, rule in _rules(spec):
        field = _PEERS[direction]
        rules = [*spec[direction][:at], *spec[direction][at + 1 :]]
        yield spec | {direction: rules}, f"without {direction}[{at}]"
        peers = rule.get(field) or ()
        for number in range(len(peers) if len(peers) > 1 else 0):
            left = [*peers[:number], *peers[number + 1 :]]
            said = f"{direction}[{at}] without {field}[{number}]"
            yield _with_rule(spec, direction, at, {field: left}), said


def _rules(spec: Manifest) -> Iterator[tuple[str, int, Manifest]]:
    """The rules that are written out, with their direction and place."""
    for direction in _PEERS:
        for at, rule in enumerate(spec.get(direction) or ()):
            if rule:
                yield direction, at, rule


def _with_rule(spec: Manifest, direction: str, at: int, fields: dict[str, Any]) -> Manifest:
    """The spec with fields of one rule replaced; None takes one away."""
    found = deepcopy(spec)
    rule = found[direction][at]
    for name, value in fields.items():
        del rule[name]
        if value is not None:
            rule[name] = value
    return found


def _added(asked: Asked, namespace: str) -> Iterator[Edit]:
    """New policies for all pods of a namespace, of what people write first."""
    for direction, field in _PEERS.items():
        for name, peers in _TEMPLATES.items():
            yield _new(namespace, direction, name, [{field: peers}])
        yield _new(namespace, direction, "all", [{}])
        yield _new(namespace, direction, "nobody", [])
    for number, pods in enumerate(asked.pods, 1):
        yield _new(namespace, "ingress", f"pods-{number}", [{"from": [_peer(None, pods)]}])
    for number, (namespaces, pods) in enumerate(asked.elsewhere, 1):
        peers = [_peer(namespaces, pods)]
        yield _new(namespace, "ingress", f"others-{number}", [{"from": peers}])


def _new(namespace: str, direction: str, name: str, rules: list[Manifest]) -> Apply:
    called = f"new-{direction}-{name}"
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
