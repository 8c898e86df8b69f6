"""Whose pods are whose: live pods and their workloads, templates and the pods they stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from netsim.labels.labels import Labels
from netsim.manifests.workload_faults import MOST_NUMBERED
from netsim.manifests.workloads import JOB_INDEX_LABEL, Controller, Standing
from netsim.model.cluster import Pod, WorkloadKind, WorkloadRef

POD_NAME_LABEL = "statefulset.kubernetes.io/pod-name"
POD_INDEX_LABEL = "apps.kubernetes.io/pod-index"
_HASH_LABEL = "pod-template-hash"
_REPLICA_SET = WorkloadKind.REPLICA_SET.value
_CRON_JOB = WorkloadKind.CRON_JOB.value
# What another workload makes as a rule; then that one is the workload of the pods.
_MADE = (_REPLICA_SET, WorkloadKind.JOB.value)

Controllers = Mapping[WorkloadRef, Controller | Standing]


def workload_of(pod: Pod, controllers: Controllers) -> WorkloadRef | None:
    """The workload of a live pod whose `workload` is its direct owner (WL-12)."""
    owner = pod.workload
    if owner is None or owner.kind not in _MADE:
        return owner
    if controller := controllers.get(owner):
        return controller.owner or owner
    if owner.kind == _REPLICA_SET:
        ending = f"-{pod.labels.get(_HASH_LABEL, '')}"
        if len(ending) > 1 and owner.name.endswith(ending):
            name = owner.name.removesuffix(ending)
            return WorkloadRef(owner.namespace, WorkloadKind.DEPLOYMENT.value, name)
    return owner


def without_pods(controllers: Controllers, live: Iterable[Pod]) -> list[Controller | Standing]:
    """The workloads whose templates stand for pods, as the input has nothing made of them.

    `live` are pods whose `workload` is their direct owner. What a workload makes is pods (WL-8),
    a Deployment's ReplicaSets, a CronJob's Jobs: these don't stand for pods beside their owner.
    """
    with_pods: set[WorkloadRef | None] = set()
    for pod in live:
        with_pods.add(pod.workload)
        workload = workload_of(pod, controllers)
        # The finished pods of a CronJob have no say: its next run makes new ones.
        if not (pod.finished and workload and workload.kind == _CRON_JOB):
            with_pods.add(workload)
    return [
        controller
        for ref, controller in controllers.items()
        if ref not in with_pods and not (ref.kind in _MADE and controller.owner in controllers)
    ]


def pods_of(controller: Controller | Standing, index_matters: Callable[[], bool]) -> Iterable[Pod]:
    """The pods of one workload: none, one for all, or one for each number.

    `index_matters` says whether a selector of this snapshot asks for the index of a Job's pods:
    those of an Indexed Job are told apart only then (WL-5).
    """
    if isinstance(controller, Standing):
        return controller.pods
    if controller.workload.replicas == 0:
        return []
    pod = controller.pod
    if not controller.numbers:
        return [pod]
    if not controller.indexed:
        return _numbered(controller, (POD_NAME_LABEL, POD_INDEX_LABEL))
    if index_matters():
        return _numbered(controller, (JOB_INDEX_LABEL,))
    return [replace(pod, labels=pod.labels.with_unknown([JOB_INDEX_LABEL]))]


def _numbered(controller: Controller, keys: tuple[str, ...]) -> list[Pod]:
    """One pod a number, with its number (and name) under `keys`, and one for those beyond."""
    pod, numbers = controller.pod, controller.numbers
    found = []
    for number in numbers[:MOST_NUMBERED]:
        name = f"{pod.name}-{number}"
        labels = Labels({**pod.labels, **{key: _text(key, name, number) for key in keys}})
        found.append(replace(pod, name=name, labels=labels, replicas=1))
    if others := numbers[MOST_NUMBERED:]:
        labels = pod.labels.with_unknown(keys)
        name = f"{pod.name}-{others[0]}"
        found.append(replace(pod, name=name, labels=labels, replicas=len(others)))
    return found


def _text(key: str, name: str, number: int) -> str:
    return name if key == POD_NAME_LABEL else str(number)
