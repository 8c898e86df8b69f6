"""Clusters of any size that look like a company's: the same bytes for the same size and seed.

Each has three infrastructure namespaces (where there are more than three) and those of teams, ten
kinds of workload over and over, a Service for each, and policies of every common form. No ipBlock
touches the pod network, so an answer doesn't turn on whether ipBlocks match pods.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import yaml

from benchmarks.parts import Manifest
from benchmarks.policies import COMPONENT, NAME, Policies, Port, Team, Workload

TEAMS = (
    *("payments", "checkout", "catalog", "search", "identity", "ledger"),
    *("shipping", "notify", "fraud", "media", "risk", "reports"),
)
REGULATED = ("payments", "ledger", "fraud")
ENVIRONMENTS = ("prod", "staging", "dev")
NAMESPACE_NAME = "kubernetes.io/metadata.name"
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
        "coredns": (Port("dns", 53, "UDP"), Port("dns-tcp", 53), Port("metrics", 9153)),
        "metrics-server": (Port("https", 4443),),
        "controller": (Port("metrics", 10257),),
    },
    "monitoring": {
        "prometheus": (Port("web", 9090),),
        "grafana": (Port("http", 3000),),
        "alertmanager": (Port("web", 9093), Port("mesh-udp", 9094, "UDP")),
    },
    "ingress-nginx": {
        "controller": (Port("http", 80), Port("https", 443), Port("metrics", 10254)),
        "default-backend": (Port("http", 8080),),
    },
}
TIERS = {"frontend": "edge", "gateway": "edge", "db": "data", "cache": "data", "queue": "data"}


@dataclass(frozen=True, slots=True)
class Size:
    """How many namespaces, workloads in each, pods and (about) policies for each workload."""

    namespaces: int
    workloads: int
    replicas: int = 1
    policies: float = 1.5


SIZES = {
    "tiny": Size(2, 5),
    "small": Size(10, 10),
    "thousand": Size(100, 10),
    "ten-thousand": Size(1000, 10),
    # 100,000 pods, 20,000 Deployments, Services and policies, 34 MB of YAML in 3,000 files; and
    # what it grows from.
    "quarter": Size(250, 20, replicas=5, policies=1),
    "half": Size(500, 20, replicas=5, policies=1),
    "real": Size(1000, 20, replicas=5, policies=1),
}
# Path in the folder -> the manifests in that file.
Files = dict[str, list[Manifest]]


def write_cluster(folder: Path, size: Size, seed: int = 1) -> None:
    """Write the cluster as files that `netsim -f FOLDER` reads."""
    write_files(folder, cluster(size, seed))


def write_files(folder: Path, files: Files) -> None:
    """Write these files, each in the place of one that is there."""
    for name, manifests in files.items():
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as stream:
            yaml.dump_all(manifests, stream, Dumper=_Dumper, sort_keys=False, explicit_start=True)


def write_list(folder: Path, size: Size, seed: int = 1) -> None:
    """Write the cluster as the one indented list that `kubectl get -o json` prints."""
    items = [manifest for file in cluster(size, seed).values() for manifest in file]
    listed = {"apiVersion": "v1", "items": items, "kind": "List", "metadata": {}}
    with (folder / "cluster.json").open("w", encoding="utf-8") as stream:
        json.dump(listed, stream, indent=4)


def cluster(size: Size, seed: int = 1) -> Files:
    """The manifests of a cluster."""
    random = Random(seed)
    teams = [*_teams(size, random)]
    for team in teams:
        team.workloads = tuple(_workload(team, index, random) for index in range(size.workloads))
    policies = Policies(teams, random).written(size.policies)
    files = {"namespaces": [_namespace(team) for team in teams]}
    for team in teams:
        files[f"workloads/{team.name}"] = [_deployment(team, each, size) for each in team.workloads]
        files[f"services/{team.name}"] = [_service(team, each) for each in team.workloads]
        if policies[team.name]:
            files[f"policies/{team.name}"] = policies[team.name]
    return files


def _teams(size: Size, random: Random) -> Iterator[Team]:
    infrastructure = [*INFRASTRUCTURE] if size.namespaces > len(INFRASTRUCTURE) else []
    for name in infrastructure:
        yield Team(name, {NAMESPACE_NAME: name, "purpose": "infra"})
    for index in range(size.namespaces - len(infrastructure)):
        yield _team(index, random)


def _team(index: int, random: Random) -> Team:
    team = TEAMS[index % len(TEAMS)]
    environment = ENVIRONMENTS[index // len(TEAMS) % len(ENVIRONMENTS)]
    turn = index // (len(TEAMS) * len(ENVIRONMENTS))
    name = f"{team}-{environment}-{turn}" if turn else f"{team}-{environment}"
    labels = {NAMESPACE_NAME: name, "team": team, "env": environment}
    if team in REGULATED:
        labels["pci"] = "true"
    if random.random() < 0.3:
        labels["istio-injection"] = "enabled"
    denies_ingress = random.random() < 0.85
    denies_egress = denies_ingress and random.random() < 0.5
    return Team(name, labels, denies_ingress, denies_egress)


def _workload(team: Team, index: int, random: Random) -> Workload:
    components = INFRASTRUCTURE.get(team.name, ROLES)
    component = [*components][index % len(components)]
    turn = index // len(components)
    name = f"{component}-{turn}" if turn else component
    labels = {
        NAME: name,
        COMPONENT: component,
        "tier": TIERS.get(component, "app" if team.owned else "infra"),
        "version": f"v{random.randint(1, 3)}",
    }
    if team.owned:
        labels["team"] = team.labels["team"]
    if random.random() < 0.15:
        labels["exposure"] = "public"
    random.getrandbits(32)  # the hash in its pods' names, which no manifest of a Deployment has
    return Workload(name, component, components[component], labels)


def _namespace(team: Team) -> Manifest:
    metadata = {"name": team.name, "labels": team.labels}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def _deployment(team: Team, workload: Workload, size: Size) -> Manifest:
    ports = [
        {"name": port.name, "containerPort": port.number, "protocol": port.protocol}
        for port in workload.ports
    ]
    image = f"registry.example/{workload.component}:1"
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": workload.name, "namespace": team.name, "labels": workload.labels},
        "spec": {
            "replicas": size.replicas,
            "selector": {"matchLabels": {NAME: workload.name}},
            "template": {
                "metadata": {"labels": workload.labels},
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
        "spec": {"selector": {NAME: workload.name}, "ports": ports},
    }


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True
