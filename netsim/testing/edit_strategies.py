"""Hypothesis strategies for edits of a given snapshot: realistic ones, of all kinds."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as st

from netsim.errors import hold_type
from netsim.model.cluster import NAME_LABEL
from netsim.model.snapshot import Snapshot
from netsim.testing.asked import Asked, Seen
from netsim.testing.edit_values import Edit, EditKind, Label, Scale, Scope
from netsim.testing.pod_edits import NEW_POD, NEW_WORKLOAD, new_namespace, new_workload
from netsim.testing.single_edits import Simple, simple_edits

_MOST_LABELS, _MOST_REPLICAS = 3, 5
# So many are looked at for whether there is any edit of a kind.
_LOOKED_AT = 100
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

    Raises ValueError for a kind that there isn't, and if no such edit can be thought of.
    """
    hold_type(snapshot, Snapshot, "netsim.load(…)")
    scope = Scope()
    if kinds is not None:
        scope = scope.of(map(EditKind, kinds))
    if namespaces is not None:
        scope = scope.within(namespaces)
    found = edits_in(snapshot, scope)
    if found.is_empty:
        raise ValueError("there is no such edit of this snapshot: nothing to draw")
    return found


def edits_in(snapshot: Snapshot, scope: Scope) -> _Edits:
    """The same in a scope."""
    asked = Asked(snapshot)
    simple = [each for each in simple_edits(snapshot, asked, scope) if _has_some(each)]
    return st.one_of(*(_of_kind(snapshot, asked, each) for each in simple))


def _has_some(simple: Simple) -> bool:
    return any(next(iter(simple.of(each)), None) for each in simple.subjects[:_LOOKED_AT])


def _of_kind(snapshot: Snapshot, asked: Asked, simple: Simple) -> _Edits:
    """Simple edits, and others with any labels that are asked for, or any number of replicas."""
    subjects = st.sampled_from(simple.subjects)
    plain = subjects.flatmap(lambda subject: _one_of(tuple(simple.of(subject))))
    match simple.kind:
        case EditKind.RELABELLED:
            return plain | subjects.flatmap(
                lambda target: _labels(target.object, asked.seen_in(target.pod.namespace))
            )
        case EditKind.NAMESPACE_RELABELLED:
            return plain | subjects.flatmap(
                lambda space: _labels(f"namespace/{space.name}", asked.namespaces)
            )
        case EditKind.SCALED:
            return plain.flatmap(_scaled)
        case EditKind.WORKLOAD_ADDED:
            name = asked.unused(NEW_WORKLOAD)
            return plain | subjects.flatmap(
                lambda target: st.builds(
                    new_workload,
                    st.just(name),
                    st.just(target.pod.namespace),
                    _given(asked.seen_in(target.pod.namespace), min_size=1),
                    st.just(target.pod.ports),
                )
            )
        case EditKind.NAMESPACE_ADDED:
            return plain | st.builds(
                new_namespace,
                subjects,
                _given(asked.namespaces),
                st.just(asked.unused(NEW_POD)),
                _given(asked.pods),
            )
    return plain


def _scaled(edit: Edit) -> _Edits:
    assert isinstance(edit, Scale)
    return st.builds(Scale, st.just(edit.object), st.integers(0, _MOST_REPLICAS))


def _one_of(edits: tuple[Edit, ...]) -> _Edits:
    return st.sampled_from(edits) if edits else st.nothing()


def _labels(object: str, seen: Seen) -> _Edits:
    """Labels of an object set or taken away."""
    known = sorted(key for key in seen.labels if key != NAME_LABEL)
    if not known:
        return st.nothing()
    keys = st.lists(st.sampled_from(known), min_size=1, max_size=_MOST_LABELS, unique=True)
    changes = keys.flatmap(
        lambda chosen: st.fixed_dictionaries(
            {key: st.sampled_from((*seen.labels[key], None)) for key in sorted(chosen)}
        )
    )
    return st.builds(Label, st.just(object), changes)


def _given(seen: Seen, min_size: int = 0) -> st.SearchStrategy[dict[str, str]]:
    """Labels of something new; none where none are asked for."""
    known = sorted(key for key in seen.labels if key != NAME_LABEL)
    if not known:
        return st.nothing() if min_size else st.just({})
    keys = st.lists(st.sampled_from(known), min_size=min_size, max_size=_MOST_LABELS, unique=True)
    return keys.flatmap(
        lambda chosen: st.fixed_dictionaries(
            {key: st.sampled_from(seen.labels[key]) for key in sorted(chosen)}
        )
    )
