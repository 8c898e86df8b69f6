"""What the API server refuses in the spec of a workload: counts, selector, template (WL-2..WL-6)."""

from __future__ import annotations

from typing import Any

from netsim.errors import FaultType
from netsim.labels.labels import Labels
from netsim.manifests.podspec import template_faults
from netsim.schema.fault import Fault, quoted
from netsim.schema.metadata import labels_of, template_metadata_faults
from netsim.schema.selectors import selector_faults, selector_of

Value = dict[str, Any]

# So many numbered pods of one workload are modelled one by one. One more stands for all others,
# its number unknown (WL-7): a manifest may ask for 2**31 replicas.
MOST_NUMBERED = 1000

_AT_LABELS = ("template", "metadata", "labels")


def replicated_faults(spec: Value) -> list[Fault]:
    """The faults of the spec of a Deployment or ReplicaSet."""
    return _negative(spec, "replicas") + _selector_faults(spec) + _template_faults(spec)


def stateful_set_faults(spec: Value) -> list[Fault]:
    """The faults of the spec of a StatefulSet, and a note where it is very large (WL-4)."""
    start = _negative(spec.get("ordinals") or {}, "start")
    found = replicated_faults(spec) + [fault.inside("ordinals") for fault in start]
    return found + most_numbered(spec.get("replicas") or 0)


def most_numbered(replicas: int) -> list[Fault]:
    """A note where so many pods aren't modelled one by one, the path from the spec inwards."""
    if replicas <= MOST_NUMBERED:
        return []
    message = f"pods after the first {MOST_NUMBERED} are modelled as one, its ordinal unknown"
    return [_note("WL-4", "replicas", message)]


def daemon_set_faults(spec: Value) -> list[Fault]:
    """The faults of the spec of a DaemonSet, whose selector isn't demanded, but finds nothing."""
    selector = spec.get("selector")
    if selector is None:
        return [_no_match(), *_template_faults(spec)]
    found = _inside_selector(selector) or _match_faults(spec, selector)
    return found + _template_faults(spec)


def replication_controller_faults(spec: Value) -> list[Fault]:
    """The faults of the spec of a ReplicationController, whose selector is a map of labels.

    Where it is missing, the labels of the template are taken.
    """
    labels = _template_labels(spec)
    pairs = spec.get("selector") or labels
    found = _negative(spec, "replicas")
    if not pairs:
        message = "must be given, or the template must have labels"
        found.append(_fault(FaultType.REQUIRED, "WL-2", "selector", message))
    elif any(labels.get(key) != (value or "") for key, value in pairs.items()):
        found.append(_no_match())
    return found + _template_faults(spec)


def job_faults(spec: Value) -> list[Fault]:
    """The faults of the spec of a Job; without `manualSelector` a selector is made for it."""
    found = _negative(spec, "parallelism") + _negative(spec, "completions")
    mode = spec.get("completionMode") or "NonIndexed"
    if mode not in ("NonIndexed", "Indexed"):
        message = f"{quoted(mode)} is no completion mode: NonIndexed or Indexed"
        found.append(_fault(FaultType.NOT_SUPPORTED, "WL-5", "completionMode", message))
    elif mode == "Indexed" and spec.get("completions") is None:
        message = "must be given for an Indexed Job"
        found.append(_fault(FaultType.REQUIRED, "WL-5", "completions", message))
    return found + _job_selector_faults(spec) + _template_faults(spec)


def cron_job_faults(spec: Value) -> list[Fault]:
    """The faults of the spec of a CronJob, and a note where it is suspended (WL-3)."""
    job = (spec.get("jobTemplate") or {}).get("spec") or {}
    found = [fault.inside("jobTemplate", "spec") for fault in job_faults(job)]
    if spec.get("suspend"):
        found.append(_note("WL-3", "suspend", "its pods are modelled as if it ran"))
    return found


def _negative(spec: Value, field: str) -> list[Fault]:
    if (spec.get(field) or 0) >= 0:
        return []
    message = f"must not be negative, as `{spec[field]}` is"
    return [_fault(FaultType.INVALID, "WL-3", field, message)]


def _selector_faults(spec: Value) -> list[Fault]:
    """The faults of a selector that must be given."""
    selector = spec.get("selector")
    if selector is None:
        message = "must be given: the labels that all pods of the template have"
        return [_fault(FaultType.REQUIRED, "WL-2", "selector", message), _no_match()]
    if found := _inside_selector(selector):
        # The API server reads the selector once more to use it, and complains once more.
        message = "is no valid selector"
        return [*found, _fault(FaultType.INVALID, "WL-2", "selector", message)]
    return _match_faults(spec, selector)


def _job_selector_faults(spec: Value) -> list[Fault]:
    selector = spec.get("selector")
    if selector is not None:
        found = _inside_selector(selector)
        matches = found or selector_of(selector).matches(_template_labels(spec))
        return found if matches else [_no_match()]
    if not spec.get("manualSelector"):
        return []
    message = "must be given where `manualSelector` is true"
    return [_fault(FaultType.REQUIRED, "WL-5", "selector", message), _no_match()]


def _inside_selector(selector: Value) -> list[Fault]:
    return [fault.inside("selector") for fault in selector_faults(selector)]


def _match_faults(spec: Value, selector: Value) -> list[Fault]:
    if not (selector.get("matchLabels") or selector.get("matchExpressions")):
        return [_fault(FaultType.INVALID, "WL-2", "selector", "must not be empty")]
    return [] if selector_of(selector).matches(_template_labels(spec)) else [_no_match()]


def _template_faults(spec: Value) -> list[Fault]:
    template = spec.get("template") or {}
    metadata, pod = template.get("metadata") or {}, template.get("spec") or {}
    found = [fault.inside("template", "metadata") for fault in template_metadata_faults(metadata)]
    return found + [fault.inside("template", "spec") for fault in template_faults(pod)]


def _template_labels(spec: Value) -> Labels:
    return labels_of(spec.get("template") or {})


def _no_match() -> Fault:
    message = "the selector of the workload does not match the labels of its template"
    help = "a workload must find its own pods: make `spec.selector` a part of these labels"
    return Fault(FaultType.INVALID, message, help, _AT_LABELS, "WL-2")


def _fault(type: FaultType, code: str, field: str, message: str) -> Fault:
    return Fault(type, message, path=(field,), code=code)


def _note(code: str, field: str, message: str) -> Fault:
    return _fault(FaultType.NOT_MODELLED, code, field, message).as_note()
