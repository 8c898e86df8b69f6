"""Clusters of any size that look like a company's: the same bytes for the same size and seed.

Each has three infrastructure namespaces and the namespaces of teams, ten kinds of workload over
and over, a Service for each, and about 1.5 policies for each. No ipBlock touches the pod
network, so an answer doesn't turn on whether ipBlocks match pods.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import yaml

from benchmarks.policies import Manifest, Port, Team, Workload, policies

TEAMS = ("payments", "checkout", "catalog", "search", "identity", "ledger", "shipping", "media")
ENVIRONMENTS = ("prod", "staging", "dev")
METRICS = Port("metrics", 9090)
ROLES = {
    "frontend": (Port("http", 8080), METRICS),
    "api": (Port("http", 8080), Port("grpc", 9000), METRICS),
    "worker": (METRICS,),
    "cache": (Port("redis", 6379), Port("metrics", 9121)),
    "db": (Port("postgres", 5432), Port("metrics", 9187)),
    "queue": (Port("amqp", 5672), Port("mgmt", 15672), Port("metrics", 15692)),
    "cron": (METRICS,),
    "gateway": (Port("http", 8080), Port("https", 8443), METRICS),
    "stream": (Port("rtp", 5004, "UDP"), Port("http", 8080), METRICS),
    "batch": (Port("rpc", 7000), METRICS),
}
INFRASTRUCTURE: dict[str, dict[str, tuple[Port, ...]]] = {
    "kube-system": {
        "coredns": (Port("dns", 53, "UDP"), Port("dns-tcp", 53), Port("metrics", 9153))
    },
    "monitoring": {"prometheus": (Port("web", 9090),), "grafana": (Port("http", 3000),)},
    "ingress-nginx": {"controller": (Port("http", 80), Port("https", 443))},
}
TIERS = {"frontend": "edge", "gateway": "edge", "db": "data", "cache": "data", "queue": "data"}


@dataclass(frozen=True, slots=True)
class Size:
    """How many team namespaces, and how many workloads in each."""

    namespaces: int
    workloads: int


SIZES = {
    "tiny": Size(2, 5),
    "small": Size(10, 10),
    "thousand": Size(100, 10),
    "two-thousand": Size(200, 10),
    "four-thousand": Size(400, 10),
    "twenty-thousand": Size(1000, 20),
}


def write_cluster(folder: Path, size: Size, seed: int = 1) -> None:
    """Write the cluster as files that `netsim -f FOLDER` reads."""
    random = Random(seed)
    teams = [_infrastructure(name) for name in INFRASTRUCTURE]
    teams += [_team(index, size.workloads, random) for index in range(size.namespaces)]
    _write(folder / "namespaces.yaml", (_namespace(team) for team in teams))
    for team in teams:
        workloads = team.workloads
        _write(
            folder / "workloads" / f"{team.name}.yaml", (_deployment(team, w) for w in workloads)
        )
        _write(folder / "services" / f"{team.name}.yaml", (_service(team, w) for w in workloads))
        _write(folder / "policies" / f"{team.name}.yaml", policies(team, teams, random))


def _infrastructure(name: str) -> Team:
    workloads = tuple(
        Workload(component, component, ports, {"tier": "infra"})
        for component, ports in INFRASTRUCTURE[name].items()
    )
    return Team(name, {"purpose": "infra"}, workloads)


def _team(index: int, workloads: int, random: Random) -> Team:
    team = TEAMS[index % len(TEAMS)]
    environment = ENVIRONMENTS[index // len(TEAMS) % len(ENVIRONMENTS)]
    turn = index // (len(TEAMS) * len(ENVIRONMENTS))
    name = f"{team}-{environment}-{turn}" if turn else f"{team}-{environment}"
    labels = {"team": team, "env": environment}
    if team in ("payments", "ledger"):
        labels["pci"] = "true"
    return Team(name, labels, tuple(_workload(index, random) for index in range(workloads)))


def _workload(index: int, random: Random) -> Workload:
    component = list(ROLES)[index % len(ROLES)]
    turn = index // len(ROLES)
    labels = {"tier": TIERS.get(component, "app"), "version": f"v{random.randint(1, 3)}"}
    if random.random() < 0.15:
        labels["exposure"] = "public"
    name = f"{component}-{turn}" if turn else component
    return Workload(name, component, ROLES[component], labels)


def _namespace(team: Team) -> Manifest:
    metadata = {"name": team.name, "labels": dict(team.labels)}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def _deployment(team: Team, workload: Workload) -> Manifest:
    labels = {**workload.identity, **workload.labels, **team.labels}
    ports = [
        {"name": port.name, "containerPort": port.number, "protocol": port.protocol}
        for port in workload.ports
    ]
    image = f"registry.example/{workload.component}:1"
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": workload.name, "namespace": team.name, "labels": labels},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": workload.identity},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": "main", "image": image, "ports": ports}]},
            },
        },
    }


def _service(team: Team, workload: Workload) -> Manifest:
    ports = [
        {"name": port.name, "port": port.number, "targetPort": port.name, "protocol": port.protocol}
        for port in workload.ports
    ]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": workload.name, "namespace": team.name},
        "spec": {"selector": workload.identity, "ports": ports},
    }


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


def _write(path: Path, manifests: Iterable[Manifest]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as stream:
        yaml.dump_all(manifests, stream, Dumper=_Dumper, sort_keys=False, explicit_start=True)
