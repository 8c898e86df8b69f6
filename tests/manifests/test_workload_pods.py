"""Which pods a workload stands for (WL-1..WL-7, WL-9)."""

from __future__ import annotations

import pytest
from manifest_texts import cron_job, read, remarks, workload

from netsim.errors import Severity
from netsim.model.cluster import ContainerPort, ContainerRole, Pod, Protocol, WorkloadRef

JOB_LABELS = {"batch.kubernetes.io/job-name", "job-name"}
UIDS = {"batch.kubernetes.io/controller-uid", "controller-uid"}
INDEX = "batch.kubernetes.io/job-completion-index"
POD_NAME, POD_INDEX = "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index"


def _pods(text: str) -> tuple[Pod, ...]:
    return read(text).pods


def _known(pod: Pod) -> dict[str, str]:
    return {key: value for key, value in pod.labels.items() if key not in pod.labels.unknown}


# Kind -> the text of the one pod, and the labels whose values nobody knows offline (WL-7).
REPRESENTED = {
    "Deployment": ("a/deployment/w", {"pod-template-hash"}),
    "ReplicaSet": ("a/replicaset/w", {"pod-template-hash"}),
    "ReplicationController": ("a/replicationcontroller/w", set()),
    "DaemonSet": ("a/daemonset/w", {"controller-revision-hash", "pod-template-generation"}),
    "Job": ("a/job/w", UIDS),
}


@pytest.mark.parametrize("kind", REPRESENTED)
def test_one_pod_stands_for_all_of_a_workload(kind: str) -> None:
    """WL-1, WL-3, WL-7, WL-9"""
    text, unknown = REPRESENTED[kind]
    (pod,) = _pods(workload(kind))
    assert str(pod) == text
    assert (pod.name, pod.template, pod.finished) == ("w", True, False)
    assert pod.workload == WorkloadRef("a", kind.lower(), "w")
    assert pod.labels.unknown == unknown


def test_a_pod_has_the_labels_of_the_template_alone() -> None:
    """WL-2: not those of the workload; and the template's namespace is nobody's."""
    text = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: w, namespace: a, labels: {tier: front}}
spec:
  selector: {matchLabels: {app: w}}
  template:
    metadata: {labels: {app: w, empty: }, namespace: elsewhere}
    spec:
      nodeName: n1
      hostNetwork: true
      containers: [{name: c, ports: [{containerPort: 80, name: web}, {containerPort: 53, protocol: UDP}]}]
      initContainers:
      - {name: proxy, restartPolicy: Always, ports: [{containerPort: 15000}]}
      - {name: setup, ports: [{containerPort: 1}]}
"""
    (pod,) = _pods(text)
    assert _known(pod) == {"app": "w", "empty": ""}
    assert (pod.namespace, pod.node, pod.host_network) == ("a", "n1", True)
    assert pod.ports == (
        ContainerPort("web", 80),
        ContainerPort("", 53, Protocol.UDP),
        ContainerPort("", 15000, role=ContainerRole.SIDECAR),
        ContainerPort("", 1, role=ContainerRole.INIT),
    )


@pytest.mark.parametrize(
    ("kind", "spec", "replicas"),
    [
        ("Deployment", "", 1),
        ("Deployment", "replicas: null", 1),
        ("Deployment", "replicas: 3", 3),
        ("Deployment", "replicas: 3.0", 3),
        ("DaemonSet", "", None),
        ("Job", "", 1),
        ("Job", "parallelism: 4", 4),
        ("Job", "parallelism: 4, completions: 2", 2),
        ("Job", "completions: 5", 1),
    ],
)
def test_how_many_pods_one_stands_for(kind: str, spec: str, replicas: int | None) -> None:
    """WL-3"""
    (pod,) = _pods(workload(kind, spec))
    assert pod.replicas == replicas


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("Deployment", "replicas: 0"),
        ("ReplicaSet", "replicas: 0"),
        ("ReplicationController", "replicas: 0"),
        ("StatefulSet", "replicas: 0"),
        ("Job", "suspend: true"),
        ("Job", "parallelism: 0"),
        ("Job", "completions: 0"),
    ],
)
def test_a_workload_without_pods_is_known_all_the_same(kind: str, spec: str) -> None:
    """WL-3"""
    snapshot = read(workload(kind, spec))
    assert snapshot.pods == ()
    assert snapshot.workloads[WorkloadRef("a", kind.lower(), "w")].replicas == 0


def test_a_stateful_set_has_its_pods_one_by_one() -> None:
    """WL-4"""
    first, second = _pods(workload("StatefulSet", "replicas: 2, ordinals: {start: 5}"))
    assert [str(first), str(second)] == ["a/w-5", "a/w-6"]
    assert _known(second) == {"app": "w", POD_NAME: "w-6", POD_INDEX: "6"}
    assert first.labels.unknown == {"controller-revision-hash"}
    assert (first.replicas, first.template) == (1, True)
    assert first.workload == second.workload == WorkloadRef("a", "statefulset", "w")


def test_a_stateful_set_has_one_pod_by_default() -> None:
    """WL-4"""
    assert [pod.name for pod in _pods(workload("StatefulSet"))] == ["w-0"]


def test_the_last_pods_of_a_very_large_stateful_set_are_one() -> None:
    """WL-4: 2**31 replicas are valid. The number of the rest is unknown, and that is said."""
    text = workload("StatefulSet", "replicas: 2147483647")
    pods = _pods(text)
    assert len(pods) == 1001
    (rest,) = (pod for pod in pods if pod.replicas != 1)
    assert (rest.name, rest.replicas) == ("w-1000", 2147483647 - 1000)
    assert rest.labels.unknown == {POD_NAME, POD_INDEX, "controller-revision-hash"}
    assert (
        "6:118: spec.replicas: NotModelled: "
        "pods after the first 1000 are modelled as one, its ordinal unknown"
    ) in remarks(text, Severity.NOTE)


def test_the_pods_of_a_job_have_its_name() -> None:
    """WL-5"""
    (pod,) = _pods(workload("Job"))
    assert _known(pod) == {"app": "w", **dict.fromkeys(JOB_LABELS, "w")}


def test_the_pods_of_a_job_with_its_own_selector_get_no_labels() -> None:
    """WL-5"""
    (pod,) = _pods(workload("Job", "manualSelector: true, selector: {matchLabels: {app: w}}"))
    assert pod.labels == {"app": "w"}


INDEXED = workload("Job", "completionMode: Indexed, completions: 2")
POLICY = """
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: np, namespace: a}
spec: {podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {%s: "1"}}}]}]}
"""


def test_the_pods_of_an_indexed_job_are_one_where_nobody_asks_for_the_index() -> None:
    """WL-5"""
    (pod,) = _pods(INDEXED + POLICY % "app")
    assert pod.labels.unknown == {INDEX, *UIDS}


def test_the_pods_of_an_indexed_job_are_told_apart_by_the_index() -> None:
    """WL-5"""
    pods = _pods(INDEXED + POLICY % INDEX)
    assert {pod.name: pod.labels[INDEX] for pod in pods} == {"w-0": "0", "w-1": "1"}


def test_a_cron_job_names_its_jobs_by_the_time() -> None:
    """WL-6"""
    (pod,) = _pods(cron_job(job_spec="parallelism: 2"))
    assert str(pod) == "a/cronjob/w"
    assert pod.replicas == 2
    assert pod.labels.unknown == JOB_LABELS | UIDS


def test_a_suspended_cron_job_is_kept_with_a_note() -> None:
    """WL-3"""
    text = cron_job("suspend: true")
    assert len(_pods(text)) == 1
    assert "8:3: spec.suspend: NotModelled: its pods are modelled as if it ran" in remarks(
        text, Severity.NOTE
    )
    assert _pods(cron_job(job_spec="suspend: true")) == ()
