"""The policies of a generated namespace: defaults, DNS, scraping, and rules of every common form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

Manifest = dict[str, Any]
Peer = dict[str, Any]

NAME = "app.kubernetes.io/name"
COMPONENT = "app.kubernetes.io/component"
BLOCKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("203.0.113.0/24", ("203.0.113.128/25",)),
    ("198.51.100.0/24", ()),
    ("192.0.2.0/24", ("192.0.2.16/28", "192.0.2.64/26")),
    ("192.168.0.0/16", ("192.168.100.0/24",)),
    ("0.0.0.0/0", ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")),
)
POLICIES_PER_WORKLOAD = 1.5


@dataclass(frozen=True, slots=True)
class Port:
    name: str
    number: int
    protocol: str = "TCP"


@dataclass(frozen=True, slots=True)
class Workload:
    name: str
    component: str
    ports: tuple[Port, ...]
    labels: Mapping[str, str]

    @property
    def identity(self) -> dict[str, str]:
        """The labels that its Deployment and its Service select by."""
        return {NAME: self.name, COMPONENT: self.component}


@dataclass(frozen=True, slots=True)
class Team:
    """A namespace with its own labels, and what runs in it."""

    name: str
    labels: Mapping[str, str]
    workloads: tuple[Workload, ...]


def policies(team: Team, teams: Sequence[Team], random: Random) -> Iterator[Manifest]:
    """The namespace's policies: its defaults, then rules for its workloads in turn."""
    defaults = list(_defaults(team, random))
    yield from defaults
    rules = round(POLICIES_PER_WORKLOAD * len(team.workloads)) - len(defaults)
    for turn in range(rules):
        workload = team.workloads[turn % len(team.workloads)]
        direction = random.choice(("ingress", "egress"))
        peers = [
            _peer(team, random.choice(teams), random) for _ in range(random.choice((1, 1, 2, 3)))
        ]
        rule: Manifest = {"from" if direction == "ingress" else "to": peers}
        if random.random() < 0.95:
            rule["ports"] = _ports(random.choice(workload.ports), random)
        subject = {"matchLabels": {NAME: workload.name}}
        yield _policy(team, f"{workload.name}-{direction}-{turn}", subject, {direction: [rule]})


def _defaults(team: Team, random: Random) -> Iterator[Manifest]:
    if random.random() < 0.15 or "team" not in team.labels:
        return
    if random.random() < 0.5:
        yield _policy(team, "default-deny-ingress", {}, {"ingress": []})
    else:
        yield _policy(team, "default-deny-all", {}, {"ingress": [], "egress": []})
        yield _policy(team, "allow-dns", {}, {"egress": [_dns()]})
    scrape = {"from": [_in("monitoring", "prometheus")], "ports": [{"port": "metrics"}]}
    yield _policy(team, "allow-scrape", {}, {"ingress": [scrape]})
    if team.labels["env"] == "dev":
        yield _policy(team, "allow-own", {}, {"ingress": [{"from": [{"podSelector": {}}]}]})


def _policy(
    team: Team, name: str, subject: Manifest, rules: Mapping[str, list[Manifest]]
) -> Manifest:
    types = [direction.capitalize() for direction in rules]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": team.name},
        "spec": {"podSelector": subject, "policyTypes": types, **rules},
    }


def _dns() -> Manifest:
    ports = [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]
    return {"to": [_in("kube-system", "coredns")], "ports": ports}


def _in(namespace: str, name: str) -> Peer:
    return {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
        "podSelector": {"matchLabels": {NAME: name}},
    }


def _peer(own: Team, other: Team, random: Random) -> Peer:
    component = random.choice(own.workloads).component
    team = {"team": other.labels.get("team", "none")}
    cidr, excepts = random.choice(BLOCKS)
    forms: list[tuple[int, Peer]] = [
        (25, {"podSelector": {"matchLabels": {COMPONENT: component}}}),
        (
            10,
            {"podSelector": {"matchExpressions": [_expression(COMPONENT, "In", component, "api")]}},
        ),
        (5, {"podSelector": {}}),
        (15, _in(other.name, component)),
        (10, {"namespaceSelector": {"matchLabels": team}}),
        (10, {"namespaceSelector": {"matchLabels": team}, "podSelector": _not("version", "v1")}),
        (5, {"namespaceSelector": {"matchExpressions": [_expression("pci", "DoesNotExist")]}}),
        (5, {"namespaceSelector": {}, "podSelector": {"matchLabels": {"exposure": "public"}}}),
        (15, {"ipBlock": {"cidr": cidr, **({"except": list(excepts)} if excepts else {})}}),
    ]
    weights = [weight for weight, _ in forms]
    return random.choices([peer for _, peer in forms], weights)[0]


def _not(key: str, value: str) -> Manifest:
    return {"matchExpressions": [_expression(key, "NotIn", value), _expression(key, "Exists")]}


def _expression(key: str, operator: str, *values: str) -> Manifest:
    return {"key": key, "operator": operator, **({"values": list(values)} if values else {})}


def _ports(port: Port, random: Random) -> list[Manifest]:
    forms: list[list[Manifest]] = [
        [{"protocol": port.protocol, "port": port.name}],
        [{"protocol": port.protocol, "port": port.number}],
        [{"protocol": port.protocol, "port": port.number, "endPort": port.number + 99}],
        [{"protocol": "TCP"}, {"protocol": "UDP", "port": 8125}],
    ]
    return random.choices(forms, (30, 45, 15, 5))[0]
