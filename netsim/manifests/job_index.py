"""Whether a policy asks for the index of a Job's pods: only then are they told apart (WL-5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass

from netsim.labels.selector import Selector
from netsim.manifests.change import Change, of_kinds
from netsim.manifests.classify import POLICY_NAMES
from netsim.manifests.workloads import JOB_INDEX_LABEL


def index_matters(policies: Iterable[object]) -> bool:
    """Whether a selector of any of them has the key. Costs a walk through all of them."""
    return any(
        requirement.key == JOB_INDEX_LABEL
        for selector in _selectors(list(policies))
        for requirement in selector.requirements
    )


def index_matters_after(
    before: bool | None, changes: Iterable[Change], policies: Iterable[object]
) -> bool | None:
    """The same, from what it was before these changes; None stays: nobody had to know."""
    if before is None or not (changes := of_kinds(changes, POLICY_NAMES)):
        return before
    if index_matters(change.now.built for change in changes if change.now):
        return True
    if before and index_matters(change.before.built for change in changes if change.before):
        return index_matters(policies)
    return before


def _selectors(value: object) -> Iterator[Selector]:
    if isinstance(value, Selector):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _selectors(item)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _selectors(getattr(value, part.name))
