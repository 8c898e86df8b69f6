"""The parts that generated policies are made of."""

from __future__ import annotations

from typing import Any

Manifest = dict[str, Any]


def policy(namespace: str, name: str, subject: Manifest, **rules: list[Manifest]) -> Manifest:
    written = {direction: listed for direction, listed in rules.items() if listed}
    types = [direction.capitalize() for direction in rules]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"podSelector": subject, **written, "policyTypes": types},
    }


def with_ports(rule: Manifest, ports: list[Manifest]) -> Manifest:
    return {**rule, "ports": ports} if ports else rule


def both(namespaces: Manifest, pods: Manifest) -> Manifest:
    return {"namespaceSelector": namespaces, "podSelector": pods}


def named(name: str) -> Manifest:
    return labelled(**{"kubernetes.io/metadata.name": name})


def labelled(**labels: str) -> Manifest:
    return {"matchLabels": labels}


def selector(labels: dict[str, str], *expressions: Manifest) -> Manifest:
    return {**(labelled(**labels) if labels else {}), "matchExpressions": [*expressions]}


def one_of(key: str, *values: str) -> Manifest:
    return {"key": key, "operator": "In", "values": [*values]}


def none_of(key: str, *values: str) -> Manifest:
    return {"key": key, "operator": "NotIn", "values": [*values]}


def port_entry(protocol: str, first: int | str, last: int | None = None) -> Manifest:
    entry: Manifest = {"protocol": protocol, "port": first}
    return entry if last is None else {**entry, "endPort": last}
