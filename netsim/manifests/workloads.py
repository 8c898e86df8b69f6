"""The kinds that make pods from a template (WL-1..WL-7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from netsim.labels.labels import NO_LABELS, Labels
from netsim.labels.selector import Selector
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
from netsim.model.cluster import ContainerPort, Pod, Workload, WorkloadKind, WorkloadRef
from netsim.model.semantics import Semantics
from netsim.schema.fault import Fault
from netsim.schema.kinds import ObjectKind
from netsim.schema.metadata import labels_of, metadata_faults, name_of, namespace_of
from netsim.schema.names import dns_subdomain
from netsim.schema.remembered import built_once, judged_once
from netsim.schema.selectors import selector_of
from netsim.schema.shape import Shape
from netsim.source.origin import Origin

Value = dict[str, Any]

JOB_INDEX_LABEL = "batch.kubernetes.io/job-completion-index"
_JOB_NAME_LABELS = ("batch.kubernetes.io/job-name", "job-name")
# Labels that live pods have, with a value that nobody knows offline (WL-7).
_TEMPLATE_HASH = ("pod-template-hash",)
_REVISION_HASH = ("controller-revision-hash",)
_DAEMON_SET_LABELS = (*_REVISION_HASH, "pod-template-generation")
_NUMBERED = (WorkloadKind.STATEFUL_SET.value,)
_JOB_UIDS = ("batch.kubernetes.io/controller-uid", "controller-uid")


@dataclass(frozen=True, slots=True)
class PodLabels:
    """The labels of a workload's pods: those of its template, `own` that it sets whatever the
    template says, and `unknown` keys that get a value where the template gives none (WL-7)."""

    template: Labels
    own: Labels = NO_LABELS
    unknown: tuple[str, ...] = ()

    def all(self) -> Labels:
        """The labels of a pod."""
        labels = self.template | self.own if self.own else self.template
        return labels.with_unknown(self.unknown) if self.unknown else labels


NO_POD_LABELS = PodLabels(NO_LABELS)


@dataclass(frozen=True, slots=True)
class Controller:
    """A workload as declared, and the pod that stands for all of its pods (WL-3).

    `numbers` are the ordinals of a StatefulSet (WL-4) or the indexes of an Indexed Job (WL-5).
    `owner` is what made the workload itself: the Deployment of a ReplicaSet, the CronJob of a Job.
    `selector` is None where one is made for it, from whatever labels it has.
    """

    workload: Workload
    pod: Pod
    owner: WorkloadRef | None = None
    numbers: range = range(0)
    labels: PodLabels = NO_POD_LABELS
    selector: Selector | None = None

    @property
    def indexed(self) -> bool:
        """Whether it is an Indexed Job, whose pods differ by their index alone."""
        return bool(self.numbers) and self.workload.ref.kind == WorkloadKind.JOB.value

    def relabelled(self, template: Labels) -> Controller:
        """The same workload, with these labels in its template."""
        labels = replace(self.labels, template=template)
        return replace(self, labels=labels, pod=replace(self.pod, labels=labels.all()))

    def scaled(self, replicas: int) -> Controller:
        """The same workload, of a kind that counts its pods, with so many of them."""
        start, numbered = self.numbers.start, self.workload.ref.kind in _NUMBERED
        return replace(
            self,
            workload=replace(self.workload, replicas=replicas),
            pod=replace(self.pod, replicas=replicas),
            numbers=range(start, start + replicas) if numbered else self.numbers,
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """A workload of which only the pods are known that stand for it: nobody has its manifest."""

    workload: Workload
    pods: tuple[Pod, ...] = ()
    owner: WorkloadRef | None = None


@dataclass(frozen=True, slots=True)
class _Made:
    """What the spec of a workload says of its pods: that much, many workloads have alike."""

    labels: PodLabels
    of_pod: Labels
    ports: tuple[ContainerPort, ...]
    node: str
    host_network: bool
    selector: Selector | None


@built_once
def _made(spec: Value, kind: WorkloadKind, unknown: tuple[str, ...]) -> _Made:
    template = spec["template"]
    labels = PodLabels(labels_of(template), unknown=unknown)
    pod = template["spec"]
    return _Made(
        labels,
        labels.all(),
        container_ports(pod),
        pod.get("nodeName") or "",
        bool(pod.get("hostNetwork")),
        _selector(kind, spec),
    )


def _selector(kind: WorkloadKind, spec: Value) -> Selector | None:
    written = spec.get("selector")
    if kind is WorkloadKind.REPLICATION_CONTROLLER and written:
        written = {"matchLabels": written}  # its selector is a map of labels
    return selector_of(written) if written else None


def _controller(
    kind: WorkloadKind,
    value: Value,
    origin: Origin,
    made: _Made,
    replicas: int | None,
    numbers: range = range(0),
) -> Controller:
    ref = WorkloadRef(namespace_of(value), kind.value, name_of(value))
    pod = Pod(
        namespace=ref.namespace,
        name=ref.name,
        labels=made.of_pod,
        ports=made.ports,
        node=made.node,
        host_network=made.host_network,
        workload=ref,
        replicas=replicas,
        template=True,
        origin=origin,
    )
    workload = Workload(ref, replicas, origin)
    return Controller(workload, pod, owner_of(value), numbers, made.labels, made.selector)


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
    made = _made(spec, kind, unknown)
    return _controller(kind, value, origin, made, _number(spec, "replicas", 1))


def _build_stateful_set(value: Value, origin: Origin, semantics: Semantics) -> Controller:
    spec = value["spec"]
    replicas, start = _number(spec, "replicas", 1), _number(spec.get("ordinals") or {}, "start", 0)
    made = _made(spec, WorkloadKind.STATEFUL_SET, _REVISION_HASH)
    numbers = range(start, start + replicas)
    return _controller(WorkloadKind.STATEFUL_SET, value, origin, made, replicas, numbers)


def _build_daemon_set(value: Value, origin: Origin, semantics: Semantics) -> Controller:
    made = _made(value["spec"], WorkloadKind.DAEMON_SET, _DAEMON_SET_LABELS)
    return _controller(WorkloadKind.DAEMON_SET, value, origin, made, None)


def _build_job(value: Value, origin: Origin, semantics: Semantics) -> Controller:
    spec = value["spec"]
    made = _made(spec, WorkloadKind.JOB, ())
    if not spec.get("manualSelector"):
        own = Labels(dict.fromkeys(_JOB_NAME_LABELS, name_of(value)))
        labels = replace(made.labels, own=own, unknown=_JOB_UIDS)
        made = replace(made, labels=labels, of_pod=labels.all())
    indexed = spec.get("completionMode") == "Indexed"
    numbers = range(_number(spec, "completions", 1) if indexed else 0)
    return _controller(WorkloadKind.JOB, value, origin, made, _pods_at_once(spec), numbers)


def _build_cron_job(value: Value, origin: Origin, semantics: Semantics) -> Controller:
    """WL-6: the Jobs of a CronJob have names that hang on the time."""
    spec = value["spec"]["jobTemplate"]["spec"]
    index = (JOB_INDEX_LABEL,) if spec.get("completionMode") == "Indexed" else ()
    unknown = (*_JOB_NAME_LABELS, *_JOB_UIDS, *index)
    made = _made(spec, WorkloadKind.CRON_JOB, unknown)
    return _controller(WorkloadKind.CRON_JOB, value, origin, made, _pods_at_once(spec))


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
    in_spec = judged_once(spec_faults)

    def validate(value: Value, semantics: Semantics) -> list[Fault]:
        found = metadata_faults(value, dns_subdomain)
        return found + [fault.inside("spec") for fault in in_spec(value.get("spec") or {})]

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
