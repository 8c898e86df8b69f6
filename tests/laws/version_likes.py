"""The same policies in other words: renamed, reordered, said twice, split in several."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

Manifest = dict[str, Any]


def rewritten(draw: Random, manifests: list[Manifest]) -> list[Manifest]:
    """Manifests that mean the same, with every policy written in another way."""
    return [
        other
        for each in manifests
        for other in (_rewritten(draw, each) if each["kind"] == "NetworkPolicy" else [each])
    ]


def _rewritten(draw: Random, given: Manifest) -> list[Manifest]:
    policy = copy.deepcopy(given)
    policy["metadata"]["name"] += "-again"
    spec = policy["spec"]
    if not spec.get("policyTypes"):
        spec["policyTypes"] = ["Ingress", *(["Egress"] if spec.get("egress") else [])]
    for direction, field in (("ingress", "from"), ("egress", "to")):
        rules = spec.get(direction, [])
        for rule in rules:
            for part in (field, "ports"):
                rule.get(part, []).reverse()
        if rules and draw.random() < 0.4:
            rules.append(copy.deepcopy(draw.choice(rules)))
        draw.shuffle(rules)
    return _split(policy) if draw.random() < 0.4 else [policy]


def _split(policy: Manifest) -> list[Manifest]:
    """One policy for each rule, and one that only isolates."""
    spec = policy["spec"]
    bare = {key: spec[key] for key in ("podSelector", "policyTypes")}
    parts = [bare]
    for direction in ("ingress", "egress"):
        parts += [{**bare, direction: [rule]} for rule in spec.get(direction, ())]
    name = policy["metadata"]["name"]
    return [
        {**policy, "metadata": {**policy["metadata"], "name": f"{name}-{at}"}, "spec": part}
        for at, part in enumerate(parts)
    ]
