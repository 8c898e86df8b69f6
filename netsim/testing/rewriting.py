"""The manifests of policies written anew, with one thing other than before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from netsim.manifests.object_texts import object_text
from netsim.model.snapshot import Policy
from netsim.testing.documents import Manifest, manifest_of
from netsim.testing.edit_values import Apply, Delete
from netsim.testing.yaml_text import yaml_text

# What rules call their peers, by direction, in every API.
PEERS_FIELDS = {"ingress": "from", "egress": "to"}
# The specs that may stand in the place of one, with what is said of each.
Variants = Callable[[Manifest], Iterator[tuple[Manifest, str]]]


def removals(policy: Policy) -> Iterator[Delete]:
    """A policy deleted."""
    yield Delete(object_text((policy.kind, policy.namespace, policy.name)))


def rewritten(policy: Policy, verb: str, variants: Variants) -> Iterator[Apply]:
    """A policy with each variant of its spec; none where its manifest isn't known."""
    manifest = manifest_of(policy.origin)
    if manifest is None or not isinstance(manifest.get("spec"), dict):
        return
    name = f"{policy.namespace}/{policy.name}" if policy.namespace else policy.name
    for spec, said in variants(manifest["spec"]):
        text = yaml_text({**manifest, "spec": spec})
        yield Apply(text, f"{verb} {policy.kind.lower()} {name}: {said}")


def rules_in(spec: Manifest) -> Iterator[tuple[str, int, Manifest]]:
    """The rules that are written out, with their direction and place."""
    for direction in PEERS_FIELDS:
        for at, rule in enumerate(spec.get(direction) or ()):
            if rule:
                yield direction, at, rule


def with_rule(spec: Manifest, direction: str, at: int, fields: dict[str, Any]) -> Manifest:
    """The spec with fields of one rule replaced; None takes one away."""
    found = deepcopy(spec)
    rule = found[direction][at]
    for name, value in fields.items():
        del rule[name]
        if value is not None:
            rule[name] = value
    return found


def without_rule(spec: Manifest, direction: str, at: int) -> Manifest:
    """The spec without one rule."""
    return spec | {direction: [*spec[direction][:at], *spec[direction][at + 1 :]]}
