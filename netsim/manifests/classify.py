"""What kind of thing a document is (DEC-3): read, refused, counted, or no object at all."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from netsim.dialects.registry import DIALECTS, kinds_of
from netsim.errors import FaultType
from netsim.manifests.cluster import NAMESPACE, NODE, POD
from netsim.manifests.other_kinds import (
    group_of,
    is_foreign_policy,
    is_product_group,
    meant_kind,
)
from netsim.manifests.services import SERVICE
from netsim.manifests.workloads import WORKLOAD_KINDS
from netsim.schema.fault import Fault, quoted
from netsim.schema.kinds import ObjectKind, api_version_and_kind, header_faults

_POLICY_KINDS = kinds_of(DIALECTS)
_CLUSTER_KINDS: tuple[ObjectKind[Any], ...] = (NAMESPACE, NODE, POD, SERVICE, *WORKLOAD_KINDS)

# (apiVersion, kind) -> a kind that netsim reads.
KINDS: dict[tuple[str, str], ObjectKind[Any]] = {
    **{(kind.api_version, kind.kind): kind for kind in _CLUSTER_KINDS},
    **_POLICY_KINDS,
}


# Kinds that a misspelt one may have meant, with their apiVersions.
_API_VERSIONS = {kind: version for version, kind in KINDS}
POLICY_NAMES = frozenset(kind for _, kind in _POLICY_KINDS)
CLUSTER_POLICY_NAMES = frozenset(
    kind.kind for kind in _POLICY_KINDS.values() if not kind.namespaced
)
_POLICY_VERSIONS = frozenset(version for version, _ in _POLICY_KINDS)
# What tells that a document without one half of its header is a custom resource.
_CUSTOM = {text for key, kind in KINDS.items() if kind.custom for text in key}
_POLICY_FIELDS = {"podSelector", "policyTypes", "ingress", "egress"}


class Passed(Enum):
    """A document that can't change an answer, and what is said of it."""

    COUNTED = "another kind of object"
    MAY_RUN_PODS = "a kind with a pod template"
    NO_OBJECT = "not a Kubernetes object"


@dataclass(frozen=True, slots=True)
class Refused:
    """A document without which answers could be wrong: all, or those that a `meant` kind decides."""

    fault: Fault
    meant: ObjectKind[Any] | None = None


def classify(value: object, named: bool) -> ObjectKind[Any] | Refused | Passed:
    """The class of one document; `named` where its file was named itself.

    Told by apiVersion and kind alone, in any case: the shape of the rest is judged later.
    """
    if type(value) is dict:
        version, kind = value.get("apiVersion"), value.get("kind")
        if type(version) is str and type(kind) is str and (known := KINDS.get((version, kind))):
            return known
    if not named and _is_no_object(value):
        return Passed.NO_OBJECT
    if header := header_faults(value, custom=_is_custom(value)):
        return Refused(header[0])
    assert isinstance(value, dict)
    version, kind = api_version_and_kind(value)
    if meant := KINDS.get((version, kind)):
        return meant
    return _header_in_another_case(value) or _unread(value, version, kind)


def _is_custom(value: object) -> bool:
    """Whether what there is of a header is that of a custom resource."""
    if type(value) is not dict:
        return False
    texts = (value.get(field) for field in ("apiVersion", "kind"))
    return any(type(text) is str and text in _CUSTOM for text in texts)


def _header_in_another_case(value: dict[str, Any]) -> Refused | None:
    """What keeps an unread object from being passed over: `Kind: List` is nobody's list (DEC-3)."""
    for field in ("apiVersion", "kind"):
        if value.get(field) is None:
            written = next(key for key in value if key.lower() == field.lower() and key != field)
            message = f"unknown field {quoted(written)}"
            help = f"did you mean `{field}`?"
            return Refused(Fault(FaultType.UNKNOWN_FIELD, message, help, (written,), "DEC-3"))
    return None


def _is_no_object(value: object) -> bool:
    """A kustomization, a chart, a CI file: neither typed nor looking like a policy."""
    if type(value) is not dict:
        return True
    if any(key.lower() in ("apiversion", "kind") for key in value):
        return False
    spec = value.get("spec")
    return type(spec) is not dict or not _POLICY_FIELDS & spec.keys()


def _unread(value: dict[str, Any], version: str, kind: str) -> Refused | Passed:
    group = group_of(version)
    may_be_misspelt = version in _POLICY_VERSIONS or not is_product_group(group)
    if may_be_misspelt and (meant := meant_kind(version, kind, _API_VERSIONS, POLICY_NAMES)):
        return _misspelt(version, kind, meant)
    if is_foreign_policy(group, kind):
        product = f"{quoted(kind)} of {quoted(version)}"
        return _refused(f"{product} is not modelled: every verdict could be wrong")
    return Passed.MAY_RUN_PODS if _has_pod_template(value) else Passed.COUNTED


def _refused(message: str) -> Refused:
    help = "with --keep-going netsim answers without it, and says that the answer is incomplete"
    return Refused(Fault(FaultType.NOT_MODELLED, message, help, ("kind",), "DEC-3"))


def _misspelt(version: str, kind: str, meant: str) -> Refused:
    right = _API_VERSIONS[meant]
    if kind != meant:
        message = f"there is no kind {quoted(kind)} in {quoted(version)}"
        help = f"did you mean `{meant}` of `{right}`?"
        fault = Fault(FaultType.NOT_SUPPORTED, message, help, ("kind",), "DEC-3")
    elif version == "extensions/v1beta1":
        message = "`extensions/v1beta1` was removed in Kubernetes 1.16"
        help = f"write `apiVersion: {right}`: the fields are the same"
        fault = Fault(FaultType.NOT_SUPPORTED, message, help, ("apiVersion",), "NP-75")
    else:
        message = f"there is no {quoted(kind)} in {quoted(version)}"
        help = f"did you mean `{right}`?"
        fault = Fault(FaultType.NOT_SUPPORTED, message, help, ("apiVersion",), "DEC-3")
    return Refused(fault, KINDS.get((right, meant)))


def _has_pod_template(value: dict[str, Any]) -> bool:
    inner: object = value
    for field in ("spec", "template", "spec", "containers"):
        inner = inner.get(field) if isinstance(inner, dict) else None
    return bool(inner)
