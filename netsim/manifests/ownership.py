"""Whose pods are whose: live pods, their workloads, and the templates that still stand for pods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from netsim.manifests.workloads import Controller
from netsim.model.cluster import Pod, WorkloadKind, WorkloadRef

_HASH_LABEL = "pod-template-hash"
_REPLICA_SET = WorkloadKind.REPLICA_SET.value
_CRON_JOB = WorkloadKind.CRON_JOB.value
# What another workload makes as a rule; then that one is the workload of the pods.
_MADE = (_REPLICA_SET, WorkloadKind.JOB.value)

Controllers = Mapping[WorkloadRef, Controller]


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


def without_pods(controllers: Controllers, live: Iterable[Pod]) -> list[Controller]:
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
