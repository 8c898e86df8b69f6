"""Kinds that hold nothing for netsim, passed over before anything is parsed."""

from __future__ import annotations

import re

_NAMES = """
    APIService CertificateSigningRequest ClusterRole ClusterRoleBinding ConfigMap
    ControllerRevision CSIDriver CSINode CSIStorageCapacity CustomResourceDefinition Event
    FlowSchema HorizontalPodAutoscaler IngressClass Lease LimitRange
    MutatingWebhookConfiguration PersistentVolume PersistentVolumeClaim PodDisruptionBudget
    PodSecurityPolicy PriorityClass PriorityLevelConfiguration ResourceQuota Role RoleBinding
    RuntimeClass Secret ServiceAccount StorageClass ValidatingAdmissionPolicy
    ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration VerticalPodAutoscaler
    VolumeAttachment VolumeSnapshot VolumeSnapshotClass VolumeSnapshotContent
"""
UNUSED_KINDS = frozenset(_NAMES.split())

_KIND = re.compile(r"""^kind:[ \t]+(["']?)(\w+)\1[ \t]*(?:#.*)?\r?$""", re.MULTILINE)
_KIND_LINE = re.compile(r"^kind:", re.MULTILINE)
# A line at column 0 that isn't a plain key, a list item, a comment or blank: a flow collection,
# quoted or merged key, more text of a scalar. Then only a parser knows the kind.
_UNUSUAL_LINE = re.compile(r"^(?![A-Za-z][\w.-]*:(?:\s|$)|-\s|#|\s|\Z)", re.MULTILINE)


def unused_kind(text: str) -> str | None:
    """The kind of a YAML document that needn't be parsed, or None.

    One `kind:` line at column 0 has to name it.
    """
    line = 0 if text.startswith("kind:") else text.find("\nkind:") + 1
    found = _KIND.match(text, line)
    if found is None or found[2] not in UNUSED_KINDS:
        return None
    if len(_KIND_LINE.findall(text)) > 1 or _UNUSUAL_LINE.search(text):
        return None
    return found[2]
