"""Hypothesis strategies for edits of a given snapshot: realistic ones, of all kinds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hypothesis import strategies as st

from netsim.errors import hold_type
from netsim.model.cluster import NAME_LABEL
from netsim.model.snapshot import Snapshot
from netsim.testing.asked import Asked, asked_of
from netsim.testing.edit_values import Edit, EditKind, Label, Scale, Scope
from netsim.testing.pod_edits import NEW_NAMESPACE, new_namespace, new_workload, targets
from netsim.testing.single_edits import edits_of_kind

_MOST_LABELS, _MOST_REPLICAS = 3, 5
_Edits = st.SearchStrategy[Edit]


def edits(
    snapshot: Snapshot,
    *,
    kinds: Iterable[EditKind | str] | None = None,
    namespaces: Iterable[str] | None = None,
) -> _Edits:
    """Realistic edits: a pod relabelled, a new team's namespace, a policy added, dropped, loosened …

    Labels are such as selectors ask for, with one that none does; what is new has a name of its
    own. `kinds` (`"policy-removed"` …) and `namespaces` narrow it down. Some edits may be refused
    when they are made, as that of a label that a workload's selector needs: assume otherwise.
    Shrinks to the simplest edit. Drawing costs next to nothing, making the strategy a pass over
    the pods and policies.

    Raises ValueError for a kind that there isn't.
    """
    hold_type(snapshot, Snapshot, "netsim.load(…)")
    scope = Scope()
    if kinds is not None:
        scope = scope.of(map(EditKind, kinds))
    if namespaces is not None:
        scope = scope.within(namespaces)
    return edits_in(snapshot, scope)


def edits_in(snapshot: Snapshot, scope: Scope) -> _Edits:
    """The same in a scope."""
    asked = asked_of(snapshot)
    each = (_of_kind(snapshot, asked, kind, scope) for kind in EditKind if kind in scope.kinds)
    return st.one_of(*(strategy for strategy in each if strategy is not None))


def _of_kind(snapshot: Snapshot, asked: Asked, kind: EditKind, scope: Scope) -> _Edits | None:
    simple = list(edits_of_kind(snapshot, asked, kind, scope))
    if not simple:
        return None
    more: _Edits | None = None
    match kind:
        case EditKind.RELABELLED if asked.labels:
            more = _labels([name for name, _ in targets(snapshot, asked, scope)], asked.labels)
        case EditKind.NAMESPACE_RELABELLED:
            known = {key: each for key, each in asked.namespace_labels.items() if key != NAME_LABEL}
            declared = [name for name, space in snapshot.namespaces.items() if space.declared]
            names = [f"namespace/{name}" for name in declared if scope.has(name)]
            more = _labels(names, known) if known else None
        case EditKind.SCALED:
            scaled = [edit.object for edit in simple if isinstance(edit, Scale)]
            more = st.builds(Scale, st.sampled_from(scaled), st.integers(0, _MOST_REPLICAS))
        case EditKind.WORKLOAD_ADDED if asked.labels:
            inside = [name for name in snapshot.namespaces if scope.has(name)]
            more = st.builds(
                new_workload, st.sampled_from(inside), _given(asked.labels, min_size=1)
            )
        case EditKind.NAMESPACE_ADDED:
            labels, pod_labels = _given(asked.namespace_labels), _given(asked.labels)
            more = st.builds(new_namespace, st.just(NEW_NAMESPACE), labels, pod_labels)
    return st.one_of(st.sampled_from(simple), more) if more is not None else st.sampled_from(simple)


def _labels(objects: list[str], values: Mapping[str, tuple[str, ...]]) -> _Edits:
    """Labels of objects set or taken away."""
    changes = st.dictionaries(
        st.sampled_from(sorted(values)), st.none(), min_size=1, max_size=_MOST_LABELS
    ).flatmap(
        lambda keys: st.fixed_dictionaries(
            {key: st.sampled_from((*values[key], None)) for key in sorted(keys)}
        )
    )
    return st.builds(Label, st.sampled_from(objects), changes)


def _given(
    values: Mapping[str, tuple[str, ...]], min_size: int = 0
) -> st.SearchStrategy[dict[str, str]]:
    """Labels of something new."""
    known = sorted(key for key in values if key != NAME_LABEL)
    if not known:
        return st.just({})
    keys = st.lists(st.sampled_from(known), min_size=min_size, max_size=_MOST_LABELS, unique=True)
    return keys.flatmap(
        lambda chosen: st.fixed_dictionaries(
            {key: st.sampled_from(values[key]) for key in sorted(chosen)}
        )
    )
