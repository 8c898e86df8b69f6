"""What a snapshot says, in one form for equal content, and the hash of that."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from hashlib import sha256

from netsim.model.snapshot import LeftOut, Snapshot

# Part of what is hashed: a change of the form must change every hash.
_FORM = "netsim content 1"


def content_hash(snapshot: Snapshot) -> str:
    """SHA-256, in hex, of all that answers hang on; equal for the same objects and options.

    Where objects are written, in which file and order, doesn't count; the order of the rules of
    a policy does, and so do rules written twice: reasons tell them by number.
    """
    parts: dict[str, Iterable[object]] = {
        "semantics": [snapshot.semantics],
        "namespaces": snapshot.namespaces.values(),
        "nodes": snapshot.nodes.values(),
        "workloads": snapshot.workloads.values(),
        "pods": snapshot.pods,
        "policies": snapshot.policies,
        "left out": map(_name, snapshot.left_out),
        "unmodelled": map(_name, snapshot.unmodelled),
    }
    digest = sha256(_FORM.encode())
    for name, values in parts.items():
        lines = sorted(json.dumps(_plain(value), sort_keys=True) for value in values)
        digest.update(f"\n{name} {len(lines)}\n".encode())
        digest.update("\n".join(lines).encode())
    return digest.hexdigest()


def _name(item: LeftOut) -> tuple[str, str, str]:
    return item.kind, item.namespace, item.name


def _plain(value: object) -> object:
    """A value as JSON has them. What its equality leaves out, as where it is written, is left out."""
    match value:
        case None | bool() | int() | str():
            return value
        case Enum():
            return _plain(value.value)
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case tuple():
            return [_plain(each) for each in value]
        case frozenset():
            return sorted((_plain(each) for each in value), key=json.dumps)
    if is_dataclass(value):
        compared = (field.name for field in fields(value) if field.compare)
        return [type(value).__name__, *(_plain(getattr(value, name)) for name in compared)]
    return str(value)  # addresses and networks
