"""The kinds that make pods from a template (WL-1..WL-7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from netsim.errors import FaultType
from netsim.labels.labels import Labels
from netsim.manifests import shapes
from netsim.manifests.pods import owner_of
from netsim.manifests.podspec import container_ports
from netsim.manifests.templates import (
    daemon_set_faults,
    job_faults,
    replica_set_faults,
    replication_controller_faults,
)
from netsim.model.cluster import Pod, Workload, WorkloadKind, WorkloadRef
from netsim.model.semantics import Semantics
from netsim.schema.fault import Fault, quoted
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

# So many numbered pods of one workload are modelled one by one. One more stands for all others,
# its number unknown (WL-7): a manifest may ask for 2**31 replicas.
MOST_NUMBERED = 1000


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


def _validated(
    spec_faults: Callable[[Value], list[Fault]],
) -> Callable[[Value, Semantics], list[Fault]]:
    def validate(value: Value, semantics: Semantics) -> list[Fault]:
        found = metadata_faults(value, dns_subdomain)
        return found + [fault.inside("spec") for fault in spec_faults(value.get("spec") or {})]

    return validate


def _replicated_faults(spec: Value) -> list[Fault]:
    return _negative(spec, "replicas") + replica_set_faults(spec)


def _stateful_set_faults(spec: Value) -> list[Fault]:
    start = _negative(spec.get("ordinals") or {}, "start")
    found = _replicated_faults(spec) + [fault.inside("ordinals") for fault in start]
    if (spec.get("replicas") or 0) > MOST_NUMBERED:
        message = f"pods after the first {MOST_NUMBERED} are modelled as one, its ordinal unknown"
        found.append(_note(message, "replicas", "WL-4"))
    return found


def _replication_controller_faults(spec: Value) -> list[Fault]:
    return _negative(spec, "replicas") + replication_controller_faults(spec)


def _job_faults(spec: Value) -> list[Fault]:
    found = _negative(spec, "parallelism") + _negative(spec, "completions")
    mode = spec.get("completionMode") or "NonIndexed"
    if mode not in ("NonIndexed", "Indexed"):
        message = f"{quoted(mode)} is no completion mode: NonIndexed or Indexed"
        found.append(Fault(FaultType.NOT_SUPPORTED, message, "", ("completionMode",), "WL-5"))
    elif mode == "Indexed" and spec.get("completions") is None:
        message = "must be given for an Indexed Job"
        found.append(Fault(FaultType.REQUIRED, message, "", ("completions",), "WL-5"))
    return found + job_faults(spec)


def _cron_job_faults(spec: Value) -> list[Fault]:
    job = (spec.get("jobTemplate") or {}).get("spec") or {}
    found = [fault.inside("jobTemplate", "spec") for fault in _job_faults(job)]
    if spec.get("suspend"):
        found.append(_note("its pods are modelled as if it ran", "suspend", "WL-3"))
    return found


def _note(message: str, field: str, code: str) -> Fault:
    return Fault(FaultType.NOT_MODELLED, message, path=(field,), code=code).as_note()


def _negative(spec: Value, field: str) -> list[Fault]:
    if (spec.get(field) or 0) >= 0:
        return []
    message = f"must not be negative, as `{spec[field]}` is"
    return [Fault(FaultType.INVALID, message, path=(field,), code="WL-3")]


_Build = Callable[[Value, Origin, Semantics], Controller]


def _kind(
    api_version: str,
    kind: str,
    shape: Shape,
    spec_faults: Callable[[Value], list[Fault]],
    build: _Build,
) -> ObjectKind[Controller]:
    return ObjectKind(api_version, kind, True, shape, _validated(spec_faults), build)


WORKLOAD_KINDS = (
    _kind("apps/v1", "Deployment", shapes.DEPLOYMENT, _replicated_faults, _build_deployment),
    _kind("apps/v1", "StatefulSet", shapes.STATEFUL_SET, _stateful_set_faults, _build_stateful_set),
    _kind("apps/v1", "DaemonSet", shapes.DAEMON_SET, daemon_set_faults, _build_daemon_set),
    _kind("apps/v1", "ReplicaSet", shapes.REPLICA_SET, _replicated_faults, _build_replica_set),
    _kind(
        "v1",
        "ReplicationController",
        shapes.REPLICATION_CONTROLLER,
        _replication_controller_faults,
        _build_replication_controller,
    ),
    _kind("batch/v1", "Job", shapes.JOB, _job_faults, _build_job),
    _kind("batch/v1", "CronJob", shapes.CRON_JOB, _cron_job_faults, _build_cron_job),
)
