"""A cluster's own words: everything that `kubectl get -o yaml` prints is accepted and understood."""

from __future__ import annotations

import json
from functools import cache
from ipaddress import ip_address
from pathlib import Path

import pytest
import yaml

import netsim
from netsim.errors import Severity
from netsim.model.cluster import ContainerPort, ContainerRole, Pod, WorkloadRef

DUMP = Path(__file__).parent / "dumps" / "cluster.yaml"


@cache
def _snapshot() -> netsim.Snapshot:
    return netsim.load(DUMP)


def _pod(name: str) -> Pod:
    (pod,) = (item for item in _snapshot().pods if item.name == name)
    return pod


def test_nothing_is_refused_or_doubted() -> None:
    found = _snapshot().diagnostics
    assert [item for item in found if item.severity is not Severity.NOTE] == []
    assert [item.code for item in found] == ["NP-35", "NP-35"]  # kube-system, monitoring


def test_every_object_is_read() -> None:
    assert _snapshot().summary.read == {
        "Namespace": 2,
        "Node": 1,
        "Pod": 3,
        "Deployment": 1,
        "ReplicaSet": 1,
        "StatefulSet": 1,
        "DaemonSet": 1,
        "Job": 1,
        "CronJob": 1,
        "Service": 1,
    }


def test_which_pods_there_are() -> None:
    """WL-4, WL-8, WL-12: the Deployment has its live pod, the CronJob its next run."""
    assert [(str(pod), str(pod.workload or "")) for pod in _snapshot().pods] == [
        ("kube-system/kube-proxy-worker-1", ""),
        ("monitoring/daemonset/node-exporter", "monitoring/daemonset/node-exporter"),
        ("shop/cronjob/backup", "shop/cronjob/backup"),
        ("shop/backup-29498400-q8z4r", "shop/cronjob/backup"),
        ("shop/db-1", "shop/statefulset/db"),
        ("shop/db-2", "shop/statefulset/db"),
        ("shop/web-6d4cf56db6-x2v7k", "shop/deployment/web"),
    ]


def test_a_running_pod() -> None:
    node = tuple(map(ip_address, ("172.18.0.3", "fc00:f853:ccd:e793::3")))
    assert _pod("web-6d4cf56db6-x2v7k") == Pod(
        namespace="shop",
        name="web-6d4cf56db6-x2v7k",
        labels=_pod("web-6d4cf56db6-x2v7k").labels,
        addresses=(ip_address("10.244.1.7"), ip_address("fd00:10:244:1::7")),
        ports=(
            ContainerPort("http", 8080),
            ContainerPort("metrics", 9090),
            ContainerPort("http-envoy-prom", 15090, role=ContainerRole.SIDECAR),
        ),
        node="worker-1",
        host_addresses=node,
        workload=WorkloadRef("shop", "deployment", "web"),
    )


def test_pods_that_are_not_ordinary() -> None:
    """NP-62, NP-64"""
    assert _pod("kube-proxy-worker-1").host_network
    assert _pod("backup-29498400-q8z4r").finished


def test_the_same_dump_as_json() -> None:
    value = yaml.safe_load(DUMP.read_text())
    found, expected = netsim.loads(json.dumps(value)), _snapshot()
    assert (found.pods, found.workloads) == (expected.pods, expected.workloads)
    assert (found.namespaces, found.nodes) == (expected.namespaces, expected.nodes)


@pytest.mark.parametrize("path", ["spec", "spec/containers/0", "metadata"])
def test_a_misspelt_field_in_a_dump_is_found(path: str) -> None:
    """DEC-10"""
    value = yaml.safe_load(DUMP.read_text())["items"][3]
    inner = value
    for step in path.split("/"):
        inner = inner[int(step) if step.isdigit() else step]
    inner["mispelt"] = 1
    with pytest.raises(netsim.InputError, match="unknown field `mispelt`"):
        netsim.loads(json.dumps(value))
