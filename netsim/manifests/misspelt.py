"""Kinds and groups that are almost right (DEC-3, class 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_FARTHEST = 2  # DEC-3
_SHORTEST = 7  # shorter kinds (Pod, Job, Node) have too many neighbours with a meaning of their own


def group_of(api_version: str) -> str:
    """The API group; empty for the core group, whose apiVersion is a version alone."""
    return api_version.rpartition("/")[0]


def meant_kind(
    api_version: str, kind: str, known: Mapping[str, str], policies: Iterable[str]
) -> str | None:
    """Which of the `known` kinds (kind -> apiVersion) was meant; None where it is another kind.

    Of policy kinds nobody else's are expected. A workload kind in a group that isn't Kubernetes'
    own may be another product's (Knative's Service), and so may one that looks like it (CronTab).
    """
    group = group_of(api_version)
    near = {name for name in known if distance(kind.lower(), name.lower()) <= _FARTHEST}
    for name in sorted(near, key=lambda name: distance(kind, name)):
        same_group = group == group_of(known[name])
        in_kubernetes = _is_kubernetes_group(group) and (name == kind or len(name) >= _SHORTEST)
        if name in policies or same_group or in_kubernetes:
            return name
    return None


def distance(one: str, other: str) -> int:
    """The edit distance: inserted, lost and replaced characters. More than 2 is told as 3."""
    if abs(len(one) - len(other)) > _FARTHEST:
        return _FARTHEST + 1
    row = list(range(len(other) + 1))
    for index, char in enumerate(one, 1):
        above, row = row, [index]
        for column, other_char in enumerate(other, 1):
            replaced = above[column - 1] + (char != other_char)
            row.append(min(replaced, above[column] + 1, row[-1] + 1))
    return min(row[-1], _FARTHEST + 1)


def _is_kubernetes_group(group: str) -> bool:
    return "." not in group or group.endswith(".k8s.io")
