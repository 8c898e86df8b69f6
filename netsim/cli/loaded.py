"""Two snapshots to compare, and what a reader must know of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from netsim.analysis.incomplete import lacking, unmodelled
from netsim.analysis.scope import scope_of
from netsim.errors import Diagnostic
from netsim.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Loaded:
    """Both versions, what of them was left out and could change the answer, and notes."""

    old: Snapshot
    new: Snapshot
    incomplete: tuple[str, ...]
    notes: tuple[str, ...]


def loaded_of(old: Snapshot, new: Snapshot) -> Loaded:
    """Both, and what is lacking in either."""
    return Loaded(old, new, _of_both(old, new, _lacking), _of_both(old, new, _unmodelled))


def unsaid(now: Sequence[Diagnostic], before: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Those of `now` that don't say the same as one of `before` does of another copy of a file."""
    known = {_said(each) for each in before}
    return [each for each in now if _said(each) not in known]


def _said(diagnostic: Diagnostic) -> tuple[str, str, str, str]:
    return diagnostic.code, diagnostic.path, diagnostic.message, diagnostic.help


def _of_both(
    old: Snapshot, new: Snapshot, of: Callable[[Snapshot], Iterator[str]]
) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*of(old), *of(new))))


def _lacking(snapshot: Snapshot) -> Iterator[str]:
    if snapshot.left_out:
        scope = scope_of(snapshot)
        yield from lacking(snapshot, scope.ends, scope.governing(snapshot.policies))


def _unmodelled(snapshot: Snapshot) -> Iterator[str]:
    if snapshot.unmodelled:
        yield from unmodelled(snapshot, scope_of(snapshot).ends)
