"""Edits in words, and where they stand in both versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from netsim.changes.edits import Edit, LabelEdit, NamespaceEdit, NodeEdit, PodEdit, PolicyEdit
from netsim.dialects.networkpolicy.syntax import NetworkPolicy, Rule
from netsim.errors import Location
from netsim.model.cluster import Pod
from netsim.model.flow import Direction
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
        case PolicyEdit(old, new):
            policy = edit.either
            what = f"{policy.kind} {policy.namespace}/{policy.name}"
            field = _field(old, new) if old and new else ""
            return f"{what}: {field} changed" if field else f"{what} {action(edit)}"
        case LabelEdit():
            return f"{edit.whom}: {_label(edit)}"
        case NamespaceEdit():
            return f"namespace {edit.new.name}: {_label(edit)}"
        case PodEdit():
            return f"{edit.whom}: {', '.join(_FIELDS[name] for name in edit.fields)} changed"
        case NodeEdit():
            return f"{edit.new}: addresses changed"
    assert_never(edit)


def action(edit: Edit) -> str:
    """`added`, `removed` or `changed`."""
    match edit:
        case PolicyEdit(old=before, new=after):
            pass
        case LabelEdit(before=before, after=after) | NamespaceEdit(before=before, after=after):
            pass
        case _:
            return "changed"
    return "added" if before is None else "removed" if after is None else "changed"


def places(edit: Edit) -> Places:
    """Where it stands, down to the field that differs. Costs a reading of each document."""
    match edit:
        case PolicyEdit(old, new):
            path = _path(old, new) if old and new else ()
            return Places(_in_policy(old, path), _in_policy(new, path))
        case LabelEdit():
            path = ("metadata", "labels", edit.key)
            return Places(_in_pod(edit.old, path), _in_pod(edit.new, path))
        case PodEdit():
            path = ("spec", "containers") if edit.fields == ("ports",) else ("spec",)
            return Places(_in_pod(edit.old, path), _in_pod(edit.new, path))
        case NamespaceEdit():
            path = ("metadata", "labels", edit.key)
        case NodeEdit():
            path = ("status", "addresses")
    return Places(_place(edit.old.origin, path), _place(edit.new.origin, path))


def _place(origin: Origin, path: Path) -> Location | None:
    return None if origin is NOWHERE else origin.locate(path)


def _in_policy(policy: NetworkPolicy | None, path: Path) -> Location | None:
    return _place(policy.origin, path) if policy else None


def _in_pod(pod: Pod, path: Path) -> Location | None:
    """A place in a pod's own manifest, or in the template of the workload that makes it."""
    for template in _TEMPLATES:
        if pod.origin.locate(template) != pod.origin.locate(template[:-1]):
            return _place(pod.origin, template + path)
    return _place(pod.origin, path)


def _label(edit: LabelEdit | NamespaceEdit) -> str:
    before, after = (f"{edit.key}={value}" for value in (edit.before, edit.after))
    if edit.before is None:
        return f"label {after} added"
    return f"label {before} removed" if edit.after is None else f"label {before} is now {after}"


def _field(old: NetworkPolicy, new: NetworkPolicy) -> str:
    """The field that differs, as Kubernetes writes it under `spec`; empty if several do."""
    text = ""
    for step in _path(old, new)[1:]:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def _path(old: NetworkPolicy, new: NetworkPolicy) -> Path:
    """The innermost field of a policy that has all that differs between two."""
    found: list[Path] = []
    if old.labels != new.labels:
        found.append(("metadata", "labels"))
    if old.subject != new.subject:
        found.append(("spec", "podSelector"))
    if old.directions != new.directions:
        found.append(("spec", "policyTypes"))
    for direction in Direction:
        if old.rules(direction) != new.rules(direction):
            rules = _rules_path(old.rules(direction), new.rules(direction), direction)
            found.append(("spec", direction.value, *rules))
    return _common(found)


def _rules_path(old: Sequence[Rule], new: Sequence[Rule], direction: Direction) -> Path:
    """The one rule that differs, and in it the one field; empty where more does."""
    if len(old) != len(new):
        return ()
    differing = [at for at, (one, other) in enumerate(zip(old, new, strict=True)) if one != other]
    if len(differing) > 1:
        return ()
    at = differing[0]
    if old[at].ports == new[at].ports:
        return at, "from" if direction is Direction.INGRESS else "to"
    return (at, "ports") if old[at].peers == new[at].peers else (at,)


def _common(paths: Sequence[Path]) -> Path:
    """The steps that all begin with."""
    found = paths[0] if paths else ()
    for path in paths[1:]:
        same = 0
        while same < min(len(found), len(path)) and found[same] == path[same]:
            same += 1
        found = found[:same]
    return found
