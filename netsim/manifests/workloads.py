"""The kinds that make pods from a template (WL-1..WL-7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from netsim.labels.labels import Labels
from netsim.manifests import shapes
from netsim.manifests.cluster import owner_of
from netsim.manifests.podspec import container_ports
from netsim.manifests.workload_faults import (
    cron_job_faults,
    daemon_set_faults,
    job_faults,
    replicated_faults,
    replication_controller_faults,
    stateful_set_faults,
)
from netsim.model.cluster import Pod, Workload, WorkloadKind, WorkloadRef
from netsim.model.semantics import Semantics
from netsim.schema.fault import Fault
from netsim.schema.kinds import ObjectKind
from netsim.schema.metadata import labels_of, metadata_faults, name_of, namespace_of
from netsim.schema.names import dns_subdomain
from netsim.schema.shape import Shape
from netsim.source.origin import Origin

Value = dict[str, Any]

JOB_INDEX_LABEL = "batch.kubernetes.io/job-completion-index"
_JOB_NAME_LABELS = ("batch.kubernetes.io/job-name", "job-name")
# Labels that live pods have, with a value that nobody knows offline (WL-7).
_TEMPLATE_HASH = ("pod-template-hash",)
_REVISION_HASH = ("controller-revision-hash",)
_DAEMON_SET_LABELS = (*_REVISION_HASH, "pod-template-generation")
_JOB_UIDS = ("batch.kubernetes.io/controller-uid", "controller-uid")


@dataclass(frozen=True, slots=True)
class Controller:
    """A workload as declared, and the pod that stands for all of its pods (WL-3).

    `numbers` are the ordinals of a StatefulSet (WL-4) or the indexes of an Indexed Job (WL-5).
    `owner` is what made the workload itself: the Deployment of a ReplicaSet, the CronJob of a Job.
    """

    workload: Workload
    pod: Pod
    owner: WorkloadRef | None = None
    numbers: range = range(0)

    @property
    def indexed(self) -> bool:
        """Whether it is an Indexed Job, whose pods differ by their index alone."""
        return bool(self.numbers) and self.workload.ref.kind == WorkloadKind.JOB.value


def _controller(
    kind: WorkloadKind,
    value: Value,
    origin: Origin,
    spec: Value,
    labels: Labels,
    replicas: int | None,
    numbers: range = range(0),
) -> Controller:
    """`spec` is the one that has the template; for a CronJob it is its Job's."""
    ref = WorkloadRef(namespace_of(value), kind.value, name_of(value))
    pod_spec = spec["template"]["spec"]
    pod = Pod(
        namespace=ref.namespace,
        name=ref.name,
        labels=labels,
        ports=container_ports(pod_spec),
        node=pod_spec.get("nodeName") or "",
        host_network=bool(pod_spec.get("hostNetwork")),
        workload=ref,
        replicas=replicas,
        template=True,
        origin=origin,
    )
    return Controller(Workload(ref, replicas, origin), pod, owner_of(value), numbers)


def _build_deployment(value: Value, origin: Origin, semantics: Semantics) -> Controller:
    return _replicated(WorkloadKind.DEPLOYMENT, value, origin, _TEMPLATE_HASH)


def _build_replica_set(value: Value, origin: Origin, semantics: Semantics) -> Controller:
    return _replicated(WorkloadKind.REPLICA_SET, value, origin, _TEMPLATE_HASH)


def _build_replication_controller(value: Value, origin: Origin, semantics: Semantics) -> Controller:
    return _replicated(WorkloadKind.REPLICATION_CONTROLLER, value, origin, ())


def _replicated(
    kind: WorkloadKind, value: Value, origin: Origin, unknown: tuple[str, ...]
) -> Controller:
    spec = value["spec"]
    labels = labels_of(spec["template"]).with_unknown(unknown)
    return _controller(kind, value, origin, spec, labels, _number(spec, "replicas", 1))


def _build_stateful_set(value: Value, origin: Origin, semantics: Semantics) -> Controller:
    spec = value["spec"]
    replicas, start = _number(spec, "replicas", 1), _number(spec.get("ordinals") or {}, "start", 0)
    labels = labels_of(spec["template"]).with_unknown(_REVISION_HASH)
    numbers = range(start, start + replicas)
    return _controller(WorkloadKind.STATEFUL_SET, value, origin, spec, labels, replicas, numbers)


def _build_daemon_set(value: Value, origin: Origin, semantics: Semantics) -> Controller:
    spec = value["spec"]
    labels = labels_of(spec["template"]).with_unknown(_DAEMON_SET_LABELS)
    return _controller(WorkloadKind.DAEMON_SET, value, origin, spec, labels, None)


def _build_job(value: Value, origin: Origin, semantics: Semantics) -> Controller:
    spec = value["spec"]
    labels = labels_of(spec["template"])
    if not spec.get("manualSelector"):
        labels = (labels | dict.fromkeys(_JOB_NAME_LABELS, name_of(value))).with_unknown(_JOB_UIDS)
    indexed = spec.get("completionMode") == "Indexed"
    numbers = range(_number(spec, "completions", 1) if indexed else 0)
    return _controller(WorkloadKind.JOB, value, origin, spec, labels, _pods_at_once(spec), numbers)


def _build_cron_job(value: Value, origin: Origin, semantics: Semantics) -> Controller:
    """WL-6: the Jobs of a CronJob have names that hang on the time."""
    spec = value["spec"]["jobTemplate"]["spec"]
    labels = labels_of(spec["template"]).with_unknown((*_JOB_NAME_LABELS, *_JOB_UIDS))
    if spec.get("completionMode") == "Indexed":
        labels = labels.with_unknown([JOB_INDEX_LABEL])
    return _controller(WorkloadKind.CRON_JOB, value, origin, spec, labels, _pods_at_once(spec))


def _pods_at_once(job: Value) -> int:
    """How many pods of a Job run at once at most; none while it is suspended (WL-3)."""
    if job.get("suspend"):
        return 0
    parallelism = _number(job, "parallelism", 1)
    return min(parallelism, _number(job, "completions", parallelism))


def _number(spec: Value, field: str, default: int) -> int:
    written = spec.get(field)
    return default if written is None else int(written)


def _kind(
    api_version: str,
    kind: str,
    shape: Shape,
    spec_faults: Callable[[Value], list[Fault]],
    build: Callable[[Value, Origin, Semantics], Controller],
) -> ObjectKind[Controller]:
    def validate(value: Value, semantics: Semantics) -> list[Fault]:
        found = metadata_faults(value, dns_subdomain)
        return found + [fault.inside("spec") for fault in spec_faults(value.get("spec") or {})]

    return ObjectKind(api_version, kind, True, shape, validate, build)


WORKLOAD_KINDS = (
    _kind("apps/v1", "Deployment", shapes.DEPLOYMENT, replicated_faults, _build_deployment),
    _kind("apps/v1", "StatefulSet", shapes.STATEFUL_SET, stateful_set_faults, _build_stateful_set),
    _kind("apps/v1", "DaemonSet", shapes.DAEMON_SET, daemon_set_faults, _build_daemon_set),
    _kind("apps/v1", "ReplicaSet", shapes.REPLICA_SET, replicated_faults, _build_replica_set),
    _kind(
        "v1",
        "ReplicationController",
        shapes.REPLICATION_CONTROLLER,
        replication_controller_faults,
        _build_replication_controller,
    ),
    _kind("batch/v1", "Job", shapes.JOB, job_faults, _build_job),
    _kind("batch/v1", "CronJob", shapes.CRON_JOB, cron_job_faults, _build_cron_job),
)
