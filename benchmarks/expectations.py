"""Suites for the clusters of the benchmarks, by seed: most expectations hold, a few fail."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

import netsim
from netsim.suites.reading import suites_of

Item = dict[str, dict[str, Any]]
# Of so many expectations one fails.
_FAILING = 100
# So many are drawn for one that is taken.
_DRAWN = 8
QUANTIFIED: tuple[Item, ...] = (
    {"deny": {"from": "*", "to": "{}/*"}},
    {"deny": {"from": "external", "to": "*"}},
    {"deny": {"from": "*", "to": "external"}},
    {"isolated": {"pods": "*", "direction": "ingress"}},
    {"only": {"from": "{}/*", "to": "{}/*", "port": 8080}},
    {"reach-at-most": {"from": "{}/*", "hops": 2, "within": "{}/*"}},
    {"allow": {"from": "*", "to": "*", "port": 8080, "some": True}},
)


def suite_text(items: list[Item], name: str = "benchmark") -> str:
    """A suite of these expectations, one a line."""
    lines = [f"- {json.dumps(item)}" for item in items]
    head = "apiVersion: netsim.dev/v1", "kind: Suite", f"metadata: {{name: {name}}}", "expect:"
    return "\n".join((*head, *lines)) + "\n"


def quantified(program: netsim.Program, seed: int = 1) -> list[Item]:
    """One of each sort about everybody, and about the namespaces of two workloads."""
    names = _names(program)
    chosen = [name.split("/")[0] for name in Random(seed).sample(names, 2)]

    def put(value: object) -> object:
        return value.format(chosen[0]) if isinstance(value, str) and "{}" in value else value

    return [
        {claim: {field: put(value) for field, value in fields.items()}}
        for item in QUANTIFIED
        for claim, fields in item.items()
    ]


def expectations(program: netsim.Program, count: int, seed: int = 1) -> list[Item]:
    """So many of every sort, about the workloads and namespaces of a cluster."""
    names, draw = _names(program), Random(seed)
    drawn = [_KINDS[at % len(_KINDS)](draw, names) for at in range(count * _DRAWN)]
    [found] = netsim.check(program, *suites_of(suite_text(drawn)))
    holding = [item for item, each in zip(drawn, found.outcomes, strict=True) if each.holds]
    failing = [item for item, each in zip(drawn, found.outcomes, strict=True) if not each.holds]
    taken = holding[: count - count // _FAILING] + failing[: count // _FAILING]
    draw.shuffle(taken)
    return taken


def _names(program: netsim.Program) -> list[str]:
    return sorted(map(str, program.snapshot.workloads))


def _space(name: str) -> str:
    return f"{name.split('/')[0]}/*"


def _allow(draw: Random, names: list[str]) -> Item:
    return {"allow": {"from": draw.choice(names), "to": draw.choice(names), "port": 8080}}


def _deny(draw: Random, names: list[str]) -> Item:
    return {"deny": {"from": draw.choice(names), "to": _space(draw.choice(names))}}


def _deny_space(draw: Random, names: list[str]) -> Item:
    return {"deny": {"from": _space(draw.choice(names)), "to": draw.choice(names), "port": 8080}}


def _deny_everyone(draw: Random, names: list[str]) -> Item:
    to = draw.choice(names)
    return {"deny": {"from": "*", "to": to, "except-from": _space(to)}}


def _deny_outside(draw: Random, names: list[str]) -> Item:
    return {"deny": {"from": "external", "to": draw.choice(names)}}


def _isolated(draw: Random, names: list[str]) -> Item:
    return {"isolated": {"pods": draw.choice(names), "direction": "ingress"}}


_KINDS: tuple[Callable[[Random, list[str]], Item], ...] = (
    _allow,
    _deny,
    _deny_space,
    _deny_everyone,
    _deny_outside,
    _isolated,
)
