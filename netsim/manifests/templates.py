"""Pod templates, and the selectors that must find the pods made of them (WL-2)."""

from __future__ import annotations

from typing import Any

from netsim.errors import FaultType
from netsim.labels.labels import Labels
from netsim.manifests.podspec import template_faults
from netsim.schema.fault import Fault
from netsim.schema.metadata import labels_of, template_metadata_faults
from netsim.schema.selectors import selector_faults, selector_of

Value = dict[str, Any]
_AT_LABELS = ("template", "metadata", "labels")


def replica_set_faults(spec: Value) -> list[Fault]:
    """The faults of a spec that must have a selector: Deployment, ReplicaSet, StatefulSet."""
    selector = spec.get("selector")
    if selector is None:
        message = "must be given: the labels that all pods of the template have"
        found = [_fault(FaultType.REQUIRED, message, "selector"), _no_match()]
    elif found := _inside_selector(selector):
        # The API server reads the selector once more to use it, and complains once more.
        found.append(_fault(FaultType.INVALID, "is no valid selector", "selector"))
    else:
        found = _match_faults(selector, _template_labels(spec))
    return found + _template_faults(spec)


def daemon_set_faults(spec: Value) -> list[Fault]:
    """The faults of a DaemonSet's spec. A missing selector finds no pods, and isn't demanded."""
    selector = spec.get("selector")
    if selector is None:
        found = [_no_match()]
    else:
        found = _inside_selector(selector) or _match_faults(selector, _template_labels(spec))
    return found + _template_faults(spec)


def replication_controller_faults(spec: Value) -> list[Fault]:
    """The faults of a ReplicationController's spec, whose selector is a map of labels.

    Where it is missing, the labels of the template are taken.
    """
    labels = _template_labels(spec)
    pairs = spec.get("selector") or labels
    found = []
    if not pairs:
        message = "must be given, or the template must have labels"
        found.append(_fault(FaultType.REQUIRED, message, "selector"))
    elif any(labels.get(key) != (value or "") for key, value in pairs.items()):
        found.append(_no_match())
    return found + _template_faults(spec)


def job_faults(spec: Value) -> list[Fault]:
    """The faults of a Job's spec. Without `manualSelector` a selector is made for it."""
    selector = spec.get("selector")
    if selector is None:
        found = []
        if spec.get("manualSelector"):
            message = "must be given where `manualSelector` is true"
            found = [_fault(FaultType.REQUIRED, message, "selector"), _no_match()]
    else:
        found = _inside_selector(selector)
        if not found and not selector_of(selector).matches(_template_labels(spec)):
            found = [_no_match()]
    return found + _template_faults(spec)


def _inside_selector(selector: Value) -> list[Fault]:
    return [fault.inside("selector") for fault in selector_faults(selector)]


def _match_faults(selector: Value, labels: Labels) -> list[Fault]:
    if not (selector.get("matchLabels") or selector.get("matchExpressions")):
        return [_fault(FaultType.INVALID, "must not be empty", "selector")]
    return [] if selector_of(selector).matches(labels) else [_no_match()]


def _template_labels(spec: Value) -> Labels:
    return labels_of(spec.get("template") or {})


def _template_faults(spec: Value) -> list[Fault]:
    template = spec.get("template") or {}
    metadata, pod = template.get("metadata") or {}, template.get("spec") or {}
    found = [fault.inside("template", "metadata") for fault in template_metadata_faults(metadata)]
    return found + [fault.inside("template", "spec") for fault in template_faults(pod)]


def _no_match() -> Fault:
    message = "the selector of the workload does not match the labels of its template"
    help = "a workload must find its own pods: make `spec.selector` a part of these labels"
    return Fault(FaultType.INVALID, message, help, _AT_LABELS, "WL-2")


def _fault(type: FaultType, message: str, *path: str) -> Fault:
    return Fault(type, message, path=path, code="WL-2")
