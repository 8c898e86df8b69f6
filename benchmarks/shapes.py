"""Hard shapes of clusters: each is the worst that some part of an engine could be given.

A shape is a function from a size to manifests; the size is about the number of pods or of
policies, and the same size gives the same manifests. `write_shape` writes them as the one
JSON list that `kubectl get -o json` would print.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

Manifest = dict[str, Any]

PODS_PER_NAMESPACE = 20
LARGEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Shape:
    """Manifests by size, and the size that is hard."""

    manifests: Callable[[int], Iterator[Manifest]]
    size: int


def unique_labels(size: int) -> Iterator[Manifest]:
    """Every pod has a label of its own, and a policy that admits one other pod by its label."""
    yield from _namespaces(size)
    for number in range(size):
        yield _pod(number, {"id": f"pod-{number}"})
        other = {"podSelector": _labels(id=f"pod-{(number * 7 + 1) % size}"), **_anywhere()}
        yield _policy(number, _labels(id=f"pod-{number}"), _ingress(other, port=80))


def not_in(size: int) -> Iterator[Manifest]:
    """Every peer is all but a few, in all namespaces but a few."""
    yield from _namespaces(size)
    for number in range(size):
        yield _pod(number, {"app": f"app-{number % PODS_PER_NAMESPACE}"})
        peer = {
            "podSelector": _not("app", f"app-{number % 19}", f"app-{number % 17}"),
            "namespaceSelector": _not("team", f"team-{number % 53}"),
        }
        own = _labels(app=f"app-{number % PODS_PER_NAMESPACE}")
        yield _policy(number, own, _ingress(peer, port=8000 + number % 30))


def select_all(size: int) -> Iterator[Manifest]:
    """Every policy governs its whole namespace and admits every pod there is."""
    yield from _namespaces(size)
    for number in range(size):
        yield _pod(number, {"app": f"app-{number % PODS_PER_NAMESPACE}"})
        peer: Manifest = {"podSelector": {}, "namespaceSelector": {}}
        spec = {**_ingress(peer, port=8000 + number % 50), **_egress(peer, port=8000 + number % 40)}
        yield _policy(number, {}, spec)


def selectors(size: int) -> Iterator[Manifest]:
    """No two policies have a selector in common; each asks for several keys, in a large namespace."""
    yield from _namespaces(size, per_namespace=500)
    for number in range(size):
        labels = {"app": f"app-{number % 250}", "tier": f"t{number % 7}", "zone": f"z{number % 11}"}
        yield _pod(number, labels, per_namespace=500)
        values = [f"app-{(number * step) % 250}" for step in (1, 3, 7)] + [f"other-{number}"]
        peer = {
            "podSelector": {
                "matchExpressions": [
                    {"key": "app", "operator": "In", "values": values},
                    {"key": "zone", "operator": "NotIn", "values": [f"z{number % 11}"]},
                ]
            }
        }
        own = _labels(app=f"app-{number % 250}", tier=f"t{number % 7}")
        yield _policy(number, own, _ingress(peer, port=80), per_namespace=500)


def ports(size: int) -> Iterator[Manifest]:
    """`size` port numbers, ten in each policy, and ranges across them."""
    policies = max(1, size // 10)
    yield from _namespaces(policies)
    for number in range(policies):
        yield _pod(number, {"app": f"app-{number % PODS_PER_NAMESPACE}"})
        first = 1 + number * 10 % (LARGEST_PORT - 100)
        listed = [{"port": first + step} for step in range(9)]
        rule = {
            "from": [{"podSelector": {}, **_anywhere()}],
            "ports": [*listed, {"port": first + 9, "endPort": first + 99}],
        }
        own = _labels(app=f"app-{number % PODS_PER_NAMESPACE}")
        yield _policy(number, own, {"policyTypes": ["Ingress"], "ingress": [rule]})


def cidrs(size: int) -> Iterator[Manifest]:
    """`size` blocks, ten in each policy, half with an exception; some hold pods."""
    policies = max(1, size // 10)
    yield from _namespaces(policies)
    for number in range(policies):
        yield _pod(number, {"app": f"app-{number % PODS_PER_NAMESPACE}"})
        peers = [
            {"ipBlock": _block(number * 10 + step, 24 + step % 6, step % 2 == 1)}
            for step in range(10)
        ]
        rules = [{"to": peers, "ports": [{"port": 443}]}]
        own = _labels(app=f"app-{number % PODS_PER_NAMESPACE}")
        yield _policy(number, own, {"policyTypes": ["Egress"], "egress": rules})


def flat(size: int) -> Iterator[Manifest]:
    """One namespace for all pods, five of each app; a policy for each app, from three others."""
    yield from _namespaces(1)
    apps = max(1, size // 5)
    for number in range(size):
        yield _pod(number, {"app": f"app-{number % apps}"}, per_namespace=size)
    for number in range(apps):
        peers = [
            {"podSelector": _labels(app=f"app-{(number * step + 1) % apps}")} for step in (3, 5, 7)
        ]
        spec = _ingress(*peers, port=8000 + number % 20)
        yield _policy(number, _labels(app=f"app-{number}"), spec, per_namespace=size)


SHAPES = {
    "unique-labels": Shape(unique_labels, 20_000),
    "not-in": Shape(not_in, 20_000),
    "select-all": Shape(select_all, 20_000),
    "selectors": Shape(selectors, 20_000),
    "ports": Shape(ports, 50_000),
    "cidrs": Shape(cidrs, 100_000),
    "flat": Shape(flat, 50_000),
}


def write_shape(folder: Path, shape: Shape, size: int) -> None:
    """Write the shape as the file that `netsim -f FOLDER` reads."""
    listed = {"apiVersion": "v1", "kind": "List", "items": list(shape.manifests(size))}
    (folder / "cluster.json").write_text(json.dumps(listed), encoding="utf-8")


def _namespaces(pods: int, per_namespace: int = PODS_PER_NAMESPACE) -> Iterator[Manifest]:
    for number in range(-(-pods // per_namespace)):
        labels = {"team": f"team-{number % 60}"}
        metadata = {"name": f"ns-{number}", "labels": labels}
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def _pod(number: int, labels: dict[str, str], per_namespace: int = PODS_PER_NAMESPACE) -> Manifest:
    address = str(IPv4Address((10 << 24) + number + 1))
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"pod-{number}",
            "namespace": f"ns-{number // per_namespace}",
            "labels": labels,
        },
        "spec": {"containers": [{"name": "main", "image": "registry.example/main:1"}]},
        "status": {"phase": "Running", "podIPs": [{"ip": address}]},
    }


def _policy(
    number: int, subject: Manifest, spec: Manifest, per_namespace: int = PODS_PER_NAMESPACE
) -> Manifest:
    metadata = {"name": f"policy-{number}", "namespace": f"ns-{number // per_namespace}"}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata,
        "spec": {"podSelector": subject, **spec},
    }


def _ingress(*peers: Manifest, port: int) -> Manifest:
    return {"ingress": [{"from": list(peers), "ports": [{"port": port}]}]}


def _egress(*peers: Manifest, port: int) -> Manifest:
    return {"egress": [{"to": list(peers), "ports": [{"port": port}]}]}


def _labels(**labels: str) -> Manifest:
    return {"matchLabels": labels}


def _not(key: str, *values: str) -> Manifest:
    expression = {"key": key, "operator": "NotIn", "values": sorted(set(values))}
    return {"matchExpressions": [expression]}


def _anywhere() -> Manifest:
    return {"namespaceSelector": {}}


def _block(number: int, prefix: int, with_hole: bool) -> Manifest:
    """The block of that number, none twice; every hundredth lies where pods may be."""
    start = (10 << 24) + (number // 100 << 8) if number % 100 == 0 else (11 << 24) + (number << 8)
    block: Manifest = {"cidr": f"{IPv4Address(start)}/{prefix}"}
    return {**block, "except": [f"{IPv4Address(start + 1)}/32"]} if with_hole else block
