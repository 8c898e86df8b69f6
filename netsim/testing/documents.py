"""The manifests of objects that were loaded, read again, and what edits make of them."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache
from typing import Any

from netsim.manifests.object_texts import find_key
from netsim.model.snapshot import Snapshot
from netsim.source.chunks import Chunk
from netsim.source.documents import read_text
from netsim.source.origin import FileOrigin, Origin, Path
from netsim.testing.edit_values import Apply, Delete, Edit, Label, Scale
from netsim.testing.yaml_text import yaml_text

Manifest = dict[str, Any]

_TEMPLATES = (
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "ReplicationController",
    "Job",
)
# What the API server writes into an object, and wouldn't take back.
_SERVERS = ("managedFields", "resourceVersion", "generation", "creationTimestamp", "selfLink")
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def manifest_of(origin: Origin) -> Manifest | None:
    """The manifest that an object comes from, as a copy; None where it comes from no text."""
    if not isinstance(origin, FileOrigin):
        return None
    value = _values(origin.chunk).get(origin.inside)
    return _cleaned(deepcopy(value)) if isinstance(value, dict) else None


def applied_text(edit: Edit, before: Snapshot) -> str:
    """The manifests to apply for an edit, as YAML; empty for a deletion, and where none is known."""
    match edit:
        case Apply(manifest):
            return manifest
        case Delete():
            return ""
        case Label(object, labels):
            found = _named(before, object)
            for holder in _labelled(found) if found else ():
                now = holder.setdefault("labels", {}) or {}
                kept = {key: value for key, value in now.items() if key not in labels}
                kept |= {key: value for key, value in labels.items() if value is not None}
                holder["labels"] = kept
        case Scale(object, replicas):
            found = _named(before, object)
            if found:
                found["spec"]["replicas"] = replicas
    return yaml_text(found) if found else ""


@lru_cache(maxsize=8)
def _values(chunk: Chunk) -> dict[Path, object]:
    """The values of the objects in a document, by where they are in it."""
    documents = read_text(chunk.text, chunk.file).documents
    return {
        each.origin.inside: each.value for each in documents if isinstance(each.origin, FileOrigin)
    }


def _named(before: Snapshot, text: str) -> Manifest | None:
    read = before.inventory.find(find_key(before, text)) if before.inventory else None
    return manifest_of(read.origin) if read else None


def _labelled(manifest: Manifest) -> Iterator[Manifest]:
    """The metadata that has the labels of the pods of a workload, or of the object itself."""
    kind = manifest["kind"]
    if kind == "CronJob":
        yield manifest["spec"]["jobTemplate"]["spec"]["template"].setdefault("metadata", {})
    elif kind in _TEMPLATES:
        yield manifest["spec"]["template"].setdefault("metadata", {})
    else:
        yield manifest["metadata"]


def _cleaned(manifest: Manifest) -> Manifest:
    metadata = manifest.get("metadata")
    if isinstance(metadata, dict):
        for key in _SERVERS:
            metadata.pop(key, None)
        if annotations := metadata.get("annotations"):
            annotations.pop(_LAST_APPLIED, None)
            if not annotations:
                del metadata["annotations"]
    return manifest
