"""Edits of manifests by seed: a version and what to do to it, so that undoing is leaving out.

Each edit changes one thing alone and no two the same, so that any of them can be made without
the others and in any order. `said` is what a person calls it, and what `edit_text` calls what
netsim found.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from depth import TIERS
from odd_clusters import (
    NODES,
    SPACES,
    VALUES,
    declared,
    node,
    odd_cluster,
    peer,
    policy,
    port,
    rule,
    selector,
)
from odd_tiers import odd_tiers

Manifest = dict[str, Any]
Key = tuple[str, str, str]

CONTROLLERS = ("Deployment", "StatefulSet", "DaemonSet", "Job")
SPACE_LABELS = {"team": ("x", "y", "z"), "env": ("", "prod")}
NODE_LABELS = {"zone": ("1", "2"), "edge": ("",)}
TIER_KINDS = ("ClusterNetworkPolicy", "AdminNetworkPolicy", "BaselineAdminNetworkPolicy")


@dataclass(frozen=True)
class ManifestEdit:
    """One change to the object of a key; it has none of that name where it comes."""

    key: Key
    said: str
    change: Callable[[Manifest | None], Manifest | None]


def key_of(manifest: Manifest) -> Key:
    metadata = manifest["metadata"]
    return manifest["kind"], metadata.get("namespace", ""), metadata["name"]


def edited(manifests: Iterable[Manifest], edits: Iterable[ManifestEdit]) -> list[Manifest]:
    """The manifests with these edits, each left as it was given."""
    found: dict[Key, Manifest | None] = {key_of(each): each for each in manifests}
    for edit in edits:
        found[edit.key] = edit.change(copy.deepcopy(found.get(edit.key)))
    return [each for each in found.values() if each is not None]


def odd_edits(seed: int) -> tuple[list[Manifest], list[ManifestEdit]]:
    """A cluster, and one to seven edits that can be told apart by what netsim finds."""
    draw = Random(seed)
    cluster = [_settled(each) for each in odd_cluster(seed)]
    twin = draw.choice([each for each in cluster if each["kind"] == "NetworkPolicy"])
    cluster.append(_named(twin, "twin"))
    edits: dict[str, ManifestEdit] = {}
    for _ in range(draw.choice((1, 2, 3, 4, 5, 7))):
        for edit in _some(draw, cluster):
            edits.setdefault(edit.said, edit)
    return cluster, list(edits.values())


def odd_versions(seed: int) -> tuple[list[Manifest], list[Manifest]]:
    """Two versions that share much, and differ in anything: what comes, goes and moves included."""
    draw = Random(seed)
    old = odd_cluster(seed)
    if draw.random() < 0.4:
        cluster, edits = odd_edits(seed)
        return cluster, [*edited(cluster, edits), *_moved(draw, cluster)]
    return old, mixed(draw, old, odd_cluster(seed + 1_000_003))


def mixed(draw: Random, old: list[Manifest], other: list[Manifest]) -> list[Manifest]:
    """One cluster with something of another: objects, and what is said of them."""
    others = {key_of(each): each for each in other}
    new = list(_mixed(draw, old, others))
    known = {key_of(each) for each in new}
    return [
        *new,
        *(each for key, each in others.items() if key not in known and draw.random() < 0.1),
    ]


def _mixed(draw: Random, old: list[Manifest], others: dict[Key, Manifest]) -> Iterator[Manifest]:
    for each in old:
        fate = draw.random()
        twin = others.get(key_of(each))
        alike = [other for other in others.values() if other["kind"] == each["kind"]]
        if fate < 0.05:
            continue
        if fate < 0.2 and twin:
            yield twin
        elif fate < 0.4 and alike:
            yield _like(each, draw.choice(alike))
        else:
            yield each


def _like(one: Manifest, other: Manifest) -> Manifest:
    """One object with what another says, under its own name."""
    if one["kind"] in ("Pod", "Namespace"):
        labels = other["metadata"].get("labels", {})
        return {**one, "metadata": {**one["metadata"], "labels": labels}}
    return {**other, "metadata": one["metadata"]}


def _moved(draw: Random, cluster: list[Manifest]) -> list[Manifest]:
    """A copy of a pod in another namespace, with an address of its own."""
    if draw.random() < 0.5:
        return []
    found = copy.deepcopy(draw.choice([each for each in cluster if each["kind"] == "Pod"]))
    found["metadata"] |= {"namespace": draw.choice(SPACES), "name": "moved"}
    found["status"].pop("podIPs", None)
    return [found]


def _settled(manifest: Manifest) -> Manifest:
    """An object that says nothing of addresses of nodes, unless it is one."""
    if manifest["kind"] != "Pod":
        return manifest
    gone = {"hostIP", "hostIPs"} | ({"podIPs"} if manifest["spec"].get("hostNetwork") else set())
    status = {key: value for key, value in manifest["status"].items() if key not in gone}
    return {**manifest, "status": status}


def _some(draw: Random, cluster: list[Manifest]) -> list[ManifestEdit]:
    """One edit, or two: a policy renamed, one added twice, or two alike that go, or get stricter."""
    policies = [each for each in cluster if each["kind"] == "NetworkPolicy"]
    match draw.choice(("one", "one", "one", "rename", "twice", "both")):
        case "both":
            twin = policies[-1]
            alike = [each for each in policies if each["spec"] is twin["spec"]]
            made = _tightened(draw, twin) if draw.random() < 0.7 else None
            return [
                _written(key_of(each), made and _named(made, each["metadata"]["name"]))
                for each in alike
            ]
        case "rename":
            old = draw.choice(policies)
            kept = old if draw.random() < 0.6 else _loosened(draw, old)
            return [_written(key_of(old), None), _as(draw, kept, draw.choice("kz"))]
        case "twice":
            added = policy(draw, 30)
            return [_as(draw, added, name) for name in "lm"]
    return [_edit(draw, cluster)]


def _as(draw: Random, given: Manifest, name: str) -> ManifestEdit:
    """A policy under another name, which stands before or after all others."""
    made = _named(given, f"{draw.choice(('a', 'z'))}-{name}")
    return _written(key_of(made), made)


def _named(given: Manifest, name: str) -> Manifest:
    return {**given, "metadata": {**given["metadata"], "name": name}}


def _written(key: Key, made: Manifest | None) -> ManifestEdit:
    return ManifestEdit(key, _policy_text(key), lambda _: made)


def _edit(draw: Random, cluster: list[Manifest]) -> ManifestEdit:
    by_kind: dict[str, list[Manifest]] = {}
    for each in cluster:
        by_kind.setdefault(each["kind"], []).append(each)
    pods, policies = by_kind["Pod"], by_kind["NetworkPolicy"]
    templates = [each for kind in CONTROLLERS for each in by_kind.get(kind, ())]
    if TIERS and draw.random() < 0.4:
        return _edit_of_tiers(draw, by_kind)
    chance = draw.random()
    if chance < 0.35:
        return _policy_edit(draw, draw.choice(policies))
    if chance < 0.6:
        return _label_edit(draw, draw.choice([*pods, *templates]))
    if chance < 0.8:
        return _namespace_edit(draw, draw.choice(by_kind["Namespace"]))
    if chance < 0.92:
        return _pod_edit(draw, draw.choice([*pods, *templates]))
    return _node_edit(draw, draw.choice(tuple(NODES)))


def _edit_of_tiers(draw: Random, by_kind: dict[str, list[Manifest]]) -> ManifestEdit:
    """A policy of the whole cluster comes, goes or says something else, or a node is relabelled."""
    nodes = by_kind.get("Node", [])
    policies = [each for kind in TIER_KINDS for each in by_kind.get(kind, ())]
    if nodes and draw.random() < 0.2:
        return _label_of(draw, draw.choice(nodes), NODE_LABELS, "node")
    if not policies or draw.random() < 0.2:
        added = [*odd_tiers(draw.randrange(1 << 30)), *policies]
        if found := [each for each in added if each["kind"] != TIER_KINDS[-1]]:
            made = _named(draw.choice(found), f"tier-{draw.randint(20, 22)}")
            return ManifestEdit(key_of(made), _tier_text(made), lambda _: made)
        return _label_of(draw, draw.choice(by_kind["Namespace"]), SPACE_LABELS, "namespace")
    given = draw.choice(policies)
    changed = _changed_tier(draw, given) if draw.random() < 0.8 else None
    return ManifestEdit(key_of(given), _tier_text(given), lambda _: changed)


def _tier_text(given: Manifest) -> str:
    return f"{given['kind'].lower()}/{given['metadata']['name']}"


def _changed_tier(draw: Random, given: Manifest) -> Manifest:
    """With another priority, tier, action or order of rules, or with fewer rules or peers."""
    spec = copy.deepcopy(given["spec"])
    rules = [rule for each in ("ingress", "egress") for rule in spec.get(each, ())]
    what = draw.choice(("priority", "tier", "action", "order", "fewer", "peers", "subject"))
    if what == "priority" and "priority" in spec:
        spec["priority"] = draw.choice([each for each in (1, 5, 9) if each != spec["priority"]])
    elif what == "tier" and "tier" in spec:
        spec["tier"] = "Baseline" if spec["tier"] == "Admin" else "Admin"
    elif what == "subject" or not rules:
        spec["subject"] = {"namespaces": {} if draw.random() < 0.5 else selector(draw, 0.3)}
    elif what == "order":
        for each in ("ingress", "egress"):
            spec.get(each, []).reverse()
    elif what == "fewer":
        each = draw.choice([each for each in ("ingress", "egress") if spec.get(each)])
        spec[each].pop(draw.randrange(len(spec[each])))
    else:
        _turn(draw.choice(rules), what)
    return {**given, "spec": spec}


def _turn(rule: Manifest, what: str) -> None:
    """Another action, or fewer peers."""
    if what == "peers":
        field = "from" if "from" in rule else "to"
        rule[field] = rule[field][:1]
    elif rule["action"] != "Deny":
        rule["action"] = "Deny"
        for each in rule.get("to", ()):  # which only what is allowed may have
            each |= {"networks": ["10.0.0.0/8"]} if each.pop("domainNames", None) else {}


def _policy_edit(draw: Random, given: Manifest) -> ManifestEdit:
    key = key_of(given)
    match draw.choice(("drop", "add", "rule", "less", "peer", "ports", "subject", "types")):
        case "drop":
            return _written(key, None)
        case "add":
            added = policy(draw, draw.randint(20, 22))
            return _written(key_of(added), added)
        case "rule":
            made = _loosened(draw, given)
        case "less":
            made = _tightened(draw, given)
        case "subject":
            made = _with_spec(given, podSelector=selector(draw, 0.3))
        case "types":
            types = draw.choice((["Ingress"], ["Egress"], ["Ingress", "Egress"]))
            made = _with_spec(given, policyTypes=types)
        case part:
            made = _in_a_rule(draw, given, part)
    return _written(key, made)


def _policy_text(key: Key) -> str:
    return f"policy {key[1]}/{key[2]}"


def _with_spec(given: Manifest, **fields: Any) -> Manifest:
    return {**given, "spec": {**given["spec"], **fields}}


def _loosened(draw: Random, given: Manifest) -> Manifest:
    direction, field = draw.choice((("ingress", "from"), ("egress", "to")))
    rules = [*given["spec"].get(direction, ()), rule(draw, field)]
    return _with_spec(given, **{direction: rules})


def _tightened(draw: Random, given: Manifest) -> Manifest:
    direction = draw.choice(("ingress", "egress"))
    rules = list(given["spec"].get(direction, ()))
    if rules:
        rules.pop(draw.randrange(len(rules)))
    return _with_spec(given, **{direction: rules})


def _in_a_rule(draw: Random, given: Manifest, part: str) -> Manifest:
    """Another peer, or other ports, in some rule."""
    made = copy.deepcopy(given)
    written = [
        (each, "from" if direction == "ingress" else "to")
        for direction in ("ingress", "egress")
        for each in made["spec"].get(direction, ())
    ]
    if written:
        chosen, field = draw.choice(written)
        if part == "peer":
            chosen[field] = [*chosen.get(field, ())[:1], peer(draw)]
        else:
            chosen["ports"] = [port(draw) for _ in range(draw.randint(0, 2))]
    return made


def _label_edit(draw: Random, given: Manifest) -> ManifestEdit:
    label = draw.choice(tuple(VALUES))
    value = _another(draw, given, label, VALUES[label])
    return ManifestEdit(
        key_of(given),
        f"label {label} of {_whom(given)}",
        lambda now: now and _relabelled(now, label, value),
    )


def _namespace_edit(draw: Random, given: Manifest) -> ManifestEdit:
    return _label_of(draw, given, SPACE_LABELS, "namespace")


def _label_of(
    draw: Random, given: Manifest, labels: dict[str, tuple[str, ...]], word: str
) -> ManifestEdit:
    """A label of what is in no namespace."""
    label = draw.choice(tuple(labels))
    value = _another(draw, given, label, labels[label])
    said = f"label {label} of {word} {given['metadata']['name']}"
    return ManifestEdit(key_of(given), said, lambda now: now and _relabelled(now, label, value))


def _another(draw: Random, given: Manifest, label: str, values: tuple[str, ...]) -> str | None:
    now = _holder(given)["metadata"].get("labels", {}).get(label)
    return draw.choice([value for value in (*values, None) if value != now])


def _holder(manifest: Manifest) -> Manifest:
    """What has the labels of pods, or of a namespace."""
    found: Manifest = manifest["spec"]["template"] if manifest["kind"] in CONTROLLERS else manifest
    return found


def _relabelled(manifest: Manifest, label: str, value: str | None) -> Manifest:
    labels = _holder(manifest)["metadata"].setdefault("labels", {})
    labels.pop(label, None)
    if value is not None:
        labels[label] = value
    return manifest


def _whom(manifest: Manifest) -> str:
    kind, namespace, name = key_of(manifest)
    return f"{namespace}/{name}" if kind == "Pod" else f"{namespace}/{kind.lower()}/{name}"


def _pod_edit(draw: Random, given: Manifest) -> ManifestEdit:
    """Other ports, the host's network, another node, another address."""
    what = draw.choice(("ports", "host", "node", "addresses"))
    ports, on = declared(draw), draw.choice((*NODES, ""))
    last = draw.randint(20, 200)

    def change(now: Manifest | None) -> Manifest | None:
        if now is None:
            return None
        spec = now["spec"]["template"]["spec"] if now["kind"] in CONTROLLERS else now["spec"]
        host = spec.get("hostNetwork", False)
        match what:
            case "ports" if not host:
                spec["containers"][0]["ports"] = ports
            case "host":
                _on_host(now, spec, not host)
            case "node":
                spec["nodeName"] = on
            case "addresses" if now["kind"] == "Pod" and not host:
                now["status"]["podIPs"] = [{"ip": f"10.0.0.{last}"}]
        return now

    return ManifestEdit(key_of(given), f"pod {_whom(given)}", change)


def _on_host(manifest: Manifest, spec: Manifest, host: bool) -> None:
    spec |= {"containers": [{"name": "c0", "ports": []}], "hostNetwork": host}
    spec.pop("initContainers", None)
    if manifest["kind"] == "Pod":
        manifest["status"].pop("podIPs", None)


def _node_edit(draw: Random, name: str) -> ManifestEdit:
    """A node comes, goes, or has another address."""
    given = node(name)
    key, said = key_of(given), f"node {name}"
    match draw.choice(("come", "go", "address", "address")):
        case "come":
            return ManifestEdit(key, said, lambda now: _on_node(now, given))
        case "go":
            return ManifestEdit(key, said, lambda _: None)
    address = draw.choice(("192.168.0.1", "192.168.0.77", "fd00:1::77"))
    addresses = [{"type": "InternalIP", "address": address}]
    other = {**given, "status": {"addresses": addresses}}
    return ManifestEdit(key, said, lambda now: _on_node(now, other))


def _on_node(now: Manifest | None, given: Manifest) -> Manifest:
    """A node as given, but for the labels that it has."""
    return {**given, "metadata": now["metadata"]} if now else given
