"""Many groups of a verdict for people, gathered by why they came out as they did.

deny  egress: isolated, and no rule allows it
  2 pairs: batch/report, shop/api -> 203.0.113.7 443/tcp  (batch/deny-egress and 1 more)
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from netsim.errors import visible
from netsim.model.flow import Decision
from netsim.model.verdict import Group, deciding
from netsim.report.style import Style, counted, listed, more

_Names = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Row:
    """Every source with every destination, on all of the ports; `count` pairs of them."""

    sources: _Names
    destinations: _Names
    ports: _Names
    policies: _Names
    count: int


def group_list(groups: Iterable[Group], style: Style) -> Iterator[str]:
    """A heading for each cause, and under it who is meant, the denied ones first."""
    by_cause: dict[str, list[Group]] = {}
    for group in groups:
        by_cause.setdefault(_heading(group, style), []).append(group)
    for heading, alike in by_cause.items():
        yield heading
        yield from _rows_of(alike, style)


def _heading(group: Group, style: Style) -> str:
    word = style.palette.decision(group.allowed, "allow" if group.allowed else "deny")
    why = "; ".join(f"{side.direction.value}: {side.cause.value}" for side in _sides(group))
    return f"{word}  {why}"


def _sides(group: Group) -> Sequence[Decision]:
    return deciding(group.answer.egress, group.answer.ingress)


def _rows_of(groups: Iterable[Group], style: Style) -> Iterator[str]:
    rows = _joined(map(_row, groups))
    for row in rows[: style.items]:
        ends = f"{listed(row.sources, style)} -> {listed(row.destinations, style)}"
        policies = _policies(row.policies)
        yield f"  {counted(row.count, 'pair')}: {ends} {listed(row.ports, style)}{policies}"
    yield from more(len(rows) - style.items, "  ")


def _row(group: Group) -> _Row:
    policies = {reason.full_name: None for side in _sides(group) for reason in side.reasons}
    return _Row(group.sources, group.destinations, group.ports, tuple(policies), group.count)


def _joined(rows: Iterable[_Row]) -> list[_Row]:
    """Rows that differ in nothing but their sources as one, then by destinations, then by ports."""
    found = _one_each(rows, lambda row: (row.destinations, row.ports))
    found = _one_each(found, lambda row: (row.sources, row.ports))
    return _one_each(found, lambda row: (row.sources, row.destinations))


def _one_each(rows: Iterable[_Row], key: Callable[[_Row], Hashable]) -> list[_Row]:
    found: dict[Hashable, _Row] = {}
    for row in rows:
        alike = found.get(key(row))
        found[key(row)] = row if alike is None else _sum(alike, row)
    return list(found.values())


def _sum(one: _Row, other: _Row) -> _Row:
    # Other ports of the same ends are no more pairs
    more_pairs = other.count if one.ports == other.ports else 0
    return _Row(
        _union(one.sources, other.sources),
        _union(one.destinations, other.destinations),
        _union(one.ports, other.ports),
        _union(one.policies, other.policies),
        one.count + more_pairs,
    )


def _union(one: _Names, other: _Names) -> _Names:
    return tuple(dict.fromkeys(one + other))


def _policies(names: _Names) -> str:
    if not names:
        return ""
    others = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"  ({visible(names[0])}{others})"
