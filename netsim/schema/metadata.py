"""The metadata that every object has: its shape, its validation (VAL-2..4), its names."""

from __future__ import annotations

from typing import Any
from zlib import crc32

from netsim.errors import FaultType
from netsim.labels.labels import Labels
from netsim.schema.fault import Fault, quoted
from netsim.schema.labels import label_faults, labels_from
from netsim.schema.names import NameRule, dns_label, generated, qualified_name
from netsim.schema.shape import (
    ANYTHING,
    BOOLEAN,
    INT64,
    STRING,
    TIME,
    list_of,
    map_of,
    struct,
)

DEFAULT_NAMESPACE = "default"

OBJECT_META = struct(
    name=STRING,
    generateName=STRING,
    namespace=STRING,
    selfLink=STRING,
    uid=STRING,
    resourceVersion=STRING,
    generation=INT64,
    creationTimestamp=TIME,
    deletionTimestamp=TIME,
    deletionGracePeriodSeconds=INT64,
    labels=map_of(STRING),
    annotations=map_of(STRING),
    ownerReferences=list_of(
        struct(
            apiVersion=STRING,
            kind=STRING,
            name=STRING,
            uid=STRING,
            controller=BOOLEAN,
            blockOwnerDeletion=BOOLEAN,
        )
    ),
    finalizers=list_of(STRING),
    managedFields=list_of(
        struct(
            manager=STRING,
            operation=STRING,
            apiVersion=STRING,
            time=TIME,
            fieldsType=STRING,
            fieldsV1=ANYTHING,
            subresource=STRING,
        )
    ),
)

_NAME_CODES = {"name": "VAL-2", "namespace": "VAL-3", "generateName": "DEC-23"}
_WITH_FAULTS = frozenset({"generateName", "annotations", "ownerReferences", "finalizers"})
_GENERATED_BASE = 58  # the API server keeps so much of a generateName and adds five characters
_ANNOTATION_BYTES = 256 * 1024
_STANDARD_FINALIZERS = ("kubernetes", "orphan", "foregroundDeletion")


def namespace_of(value: dict[str, Any]) -> str:
    """The namespace of a namespaced object, `default` where none is written (DEC-21)."""
    return (value.get("metadata") or {}).get("namespace") or DEFAULT_NAMESPACE


def name_of(value: dict[str, Any]) -> str:
    """The name of a valid object; one made of its generateName and its content (DEC-23)."""
    metadata = value["metadata"]
    return metadata.get("name") or _synthetic_name(metadata["generateName"], value)


def labels_of(value: dict[str, Any]) -> Labels:
    """The labels of an object of the right shape."""
    return labels_from((value.get("metadata") or {}).get("labels"))


def metadata_faults(value: dict[str, Any], name_rule: NameRule) -> list[Fault]:
    """What is wrong with the metadata of a namespaced object, in the order of VAL-1."""
    metadata = value.get("metadata") or {}
    namespace = metadata.get("namespace") or DEFAULT_NAMESPACE
    if _is_plain(metadata, name_rule) and not dns_label(namespace):
        return []
    found = _name_faults(metadata, name_rule)
    found += _complaints(dns_label, namespace, "namespace")
    return _in_metadata(found + _other_faults(metadata))


def cluster_metadata_faults(value: dict[str, Any], name_rule: NameRule) -> list[Fault]:
    """The same for a cluster-scoped object, whose namespace the API server drops (VAL-3)."""
    metadata = value.get("metadata") or {}
    found = _name_faults(metadata, name_rule)
    if namespace := metadata.get("namespace"):
        message = f"objects of this kind have no namespace: {quoted(namespace)} is ignored"
        found.append(_invalid(message, "VAL-3", "namespace").as_warning())
    return _in_metadata(found + _other_faults(metadata))


def template_metadata_faults(metadata: dict[str, Any]) -> list[Fault]:
    """What is wrong with the metadata of a pod template, from it inwards: names don't count."""
    found = label_faults(metadata.get("labels"), "labels", "VAL-4")
    if annotations := metadata.get("annotations"):
        found += _annotation_faults(annotations)
    return found


def _is_plain(metadata: dict[str, Any], rule: NameRule) -> bool:
    """Whether it has a valid name and labels, if any, and no field that has faults of its own.

    Most metadata is such: then nothing has to be listed.
    """
    if not _WITH_FAULTS.isdisjoint(metadata):
        return False
    name, labels = metadata.get("name") or "", metadata.get("labels")
    return bool(name) and not rule(name) and not (labels and label_faults(labels, "labels", ""))


def _name_faults(metadata: dict[str, Any], rule: NameRule) -> list[Fault]:
    """VAL-2; generateName is looked at even when a name is given (DEC-23)."""
    name, base = metadata.get("name") or "", metadata.get("generateName") or ""
    if not name and not base:
        message = "must be given (or generateName)"
        return [Fault(FaultType.REQUIRED, message, path=("name",), code="VAL-2")]
    found = _complaints(generated(rule), base, "generateName") if base else []
    return found + _complaints(rule, name or f"{base[:_GENERATED_BASE]}xxxxx", "name")


def _complaints(rule: NameRule, text: str, field: str) -> list[Fault]:
    complaints = rule(text)
    if not complaints:
        return []
    code = _NAME_CODES[field]
    return [_invalid(f"{quoted(text)} {complaint}", code, field) for complaint in complaints]


def _other_faults(metadata: dict[str, Any]) -> list[Fault]:
    found = template_metadata_faults(metadata)
    if owners := metadata.get("ownerReferences"):
        found += _owner_faults(owners)
    if finalizers := metadata.get("finalizers"):
        found += _finalizer_faults(finalizers)
    return found


def _annotation_faults(annotations: dict[str, str | None]) -> list[Fault]:
    found = []
    for key in annotations:
        for complaint in qualified_name(key.lower()):
            fault = _invalid(f"annotation key {quoted(key)}: {complaint}", "VAL-4", "annotations")
            fault.key = key
            found.append(fault)
    size = sum(_bytes(key) + _bytes(value or "") for key, value in annotations.items())
    if size > _ANNOTATION_BYTES:
        message = f"must have at most {_ANNOTATION_BYTES} bytes together, not {size}"
        found.append(Fault(FaultType.TOO_LONG, message, path=("annotations",), code="VAL-4"))
    return found


def _owner_faults(owners: list[dict[str, Any] | None]) -> list[Fault]:
    found: list[Fault] = []
    for index, owner in enumerate(owners):
        found += [fault.inside("ownerReferences", index) for fault in _owner_fault(owner or {})]
    if sum(bool(owner and owner.get("controller")) for owner in owners) > 1:
        message = "only one owner may have `controller: true`"
        found.append(_invalid(message, "VAL-4", "ownerReferences"))
    return found


def _owner_fault(owner: dict[str, Any]) -> list[Fault]:
    found = [
        Fault(FaultType.REQUIRED, "must be given", path=(field,), code="VAL-4")
        for field in ("apiVersion", "kind", "name", "uid")
        if not owner.get(field)
    ]
    version = owner.get("apiVersion") or ""
    if version.count("/") > 1 or version.endswith("/"):
        message = f"{quoted(version)} must be `version` or `group/version`"
        found.append(_invalid(message, "VAL-4", "apiVersion"))
    if (version, owner.get("kind")) == ("v1", "Event"):
        found.append(Fault(FaultType.INVALID, "an Event may not own anything", code="VAL-4"))
    return found


def _finalizer_faults(finalizers: list[str | None]) -> list[Fault]:
    texts = [text or "" for text in finalizers]
    found = [
        _invalid(f"finalizer {quoted(text)}: {complaint}", "VAL-4", "finalizers")
        for text in texts
        for complaint in qualified_name(text)
    ]
    if "orphan" in texts and "foregroundDeletion" in texts:
        message = "may not have both `orphan` and `foregroundDeletion`"
        found.append(_invalid(message, "VAL-4", "finalizers"))
    for index, text in enumerate(texts):
        if "/" not in text and text not in _STANDARD_FINALIZERS:
            message = f"{quoted(text)} must have a prefix, as in `example.com/{text or 'hold'}`"
            found.append(_invalid(message, "VAL-4", "finalizers", index))
    return found


def _invalid(message: str, code: str, *path: str | int) -> Fault:
    return Fault(FaultType.INVALID, message, path=path, code=code)


def _in_metadata(found: list[Fault]) -> list[Fault]:
    return [fault.inside("metadata") for fault in found]


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _synthetic_name(base: str, value: dict[str, Any]) -> str:
    """The base and eight characters that hang on the content alone, whatever the file's order."""
    import json

    content = json.dumps(value, sort_keys=True).encode()
    return f"{base[: _GENERATED_BASE - 3]}{crc32(content):08x}"
