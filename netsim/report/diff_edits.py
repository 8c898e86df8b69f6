"""Edits in words, and where they stand in both versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from netsim.changes.edits import (
    Edit,
    LabelEdit,
    NamespaceEdit,
    NodeEdit,
    NodeLabelEdit,
    PodEdit,
    PolicyEdit,
    TierEdit,
)
from netsim.errors import Location
from netsim.model.cluster import Pod
from netsim.model.snapshot import Policy
from netsim.report.diff_fields import field_of, tier_field_of
from netsim.source.origin import NOWHERE, Origin, Path

# The fields of a pod as its manifest calls them.
_FIELDS = {
    "ports": "ports",
    "addresses": "podIPs",
    "host_network": "hostNetwork",
    "node": "nodeName",
    "host_addresses": "hostIPs",
    "replicas": "replicas",
}
_TEMPLATES: tuple[Path, ...] = (("spec", "template"), ("spec", "jobTemplate", "spec", "template"))


@dataclass(frozen=True, slots=True)
class Places:
    """Where an edit stands in the old version and in the new; None where it stands in none."""

    old: Location | None
    new: Location | None


def edit_text(edit: Edit) -> str:
    """What was edited and how: `NetworkPolicy shop/api: ingress[0].ports changed`."""
    match edit:
        case PolicyEdit() | TierEdit():
            field = _field(_path(edit))
            what = f"{edit.either.kind} {edit.full_name}"
            return f"{what}: {field} changed" if field else f"{what} {action(edit)}"
        case LabelEdit():
            return f"{edit.whom}: {_label(edit)}"
        case NamespaceEdit():
            return f"namespace {edit.new.name}: {_label(edit)}"
        case PodEdit():
            return f"{edit.whom}: {', '.join(_FIELDS[name] for name in edit.fields)} changed"
        case NodeEdit(manifest=(before, after)) if before != after:
            return f"{edit.new}: manifest {'removed' if before else 'added'}"
        case NodeEdit():
            return f"{edit.new}: addresses changed"
        case NodeLabelEdit():
            return f"{edit.new}: {_label(edit)}"
    assert_never(edit)


def action(edit: Edit) -> str:
    """`added`, `removed` or `changed`."""
    match edit:
        case PolicyEdit(old=before, new=after) | TierEdit(old=before, new=after):
            pass
        case LabelEdit(before=before, after=after) | NamespaceEdit(before=before, after=after):
            pass
        case NodeLabelEdit(before=before, after=after):
            pass
        case NodeEdit(manifest=(had, has)) if had != has:
            return "removed" if had else "added"
        case _:
            return "changed"
    return "added" if before is None else "removed" if after is None else "changed"


def places(edit: Edit) -> Places:
    """Where it stands, down to the field that differs. Costs a reading of each document."""
    match edit:
        case PolicyEdit(old, new) | TierEdit(old, new):
            path = _path(edit)
            return Places(_in_policy(old, path), _in_policy(new, path))
        case LabelEdit():
            path = ("metadata", "labels", edit.key)
            return Places(_in_pod(edit.old, path), _in_pod(edit.new, path))
        case PodEdit():
            path = ("spec", "containers") if edit.fields == ("ports",) else ("spec",)
            return Places(_in_pod(edit.old, path), _in_pod(edit.new, path))
        case NamespaceEdit() | NodeLabelEdit():
            path = ("metadata", "labels", edit.key)
        case NodeEdit(manifest=(before, after)):
            path = ("status", "addresses") if before == after else ()
    return Places(_place(edit.old.origin, path), _place(edit.new.origin, path))


def _place(origin: Origin, path: Path) -> Location | None:
    return None if origin is NOWHERE else origin.locate(path)


def _in_policy(policy: Policy | None, path: Path) -> Location | None:
    return _place(policy.origin, path) if policy else None


def _in_pod(pod: Pod, path: Path) -> Location | None:
    """A place in a pod's own manifest, or in the template of the workload that makes it."""
    for template in _TEMPLATES:
        if pod.origin.locate(template) != pod.origin.locate(template[:-1]):
            return _place(pod.origin, template + path)
    return _place(pod.origin, path)


def _label(edit: LabelEdit | NamespaceEdit | NodeLabelEdit) -> str:
    before, after = (f"{edit.key}={value}" for value in (edit.before, edit.after))
    if edit.before is None:
        return f"label {after} added"
    return f"label {before} removed" if edit.after is None else f"label {before} is now {after}"


def _field(path: Path) -> str:
    """A field as Kubernetes writes it, under `spec`; empty for all of it."""
    text = ""
    for step in path[1:]:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def _path(edit: PolicyEdit | TierEdit) -> Path:
    """The innermost field that has all that differs of a policy that was changed."""
    match edit:
        case PolicyEdit(old, new) if old and new:
            return field_of(old, new)
        case TierEdit(old, new) if old and new:
            return tier_field_of(old, new)
    return ()
