"""Invariants by name, as the command line has them: `no-external-to=prod`, `needs-label=db,role=x`.

NAME[=ARG[,ARG]]: an argument is an endpoint text, the name of a namespace, labels or a path; commas
inside braces and parentheses are its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from netsim.errors import QueryError, query_error
from netsim.model.nearest import did_you_mean
from netsim.source.flows import read_flows
from netsim.testing.invariants import Invariant
from netsim.testing.ready import (
    defence_in_depth,
    isolated_tenant,
    needs_label,
    new_namespace_cannot_reach,
    new_pod_cannot_reach,
    no_external_to,
    nothing_closes,
    nothing_opens,
)

_COMMA = re.compile(r",(?![^{(]*[})])")


@dataclass(frozen=True, slots=True)
class Named:
    """A ready-made invariant: what it is called with, in words, and how it is made of that."""

    form: str
    said: str
    make: Callable[..., Invariant]
    least: int
    most: int


def _with_list(make: Callable[..., Invariant]) -> Callable[..., Invariant]:
    """One that takes flows, with the path of a file that lists them instead."""
    return lambda path="": make(*(_flows(path) if path else ()))


READY: dict[str, Named] = {
    "isolated-tenant": Named(
        "NS,TO", "no edit inside namespace NS changes what can reach TO", isolated_tenant, 2, 2
    ),
    "new-pod-cannot-reach": Named(
        "[TO]", "a new pod without labels can't reach TO, or anything", new_pod_cannot_reach, 0, 1
    ),
    "new-namespace-cannot-reach": Named(
        "TO[,LABEL]",
        "a pod in a new namespace can't reach TO, unless that gets LABEL",
        new_namespace_cannot_reach,
        1,
        2,
    ),
    "needs-label": Named(
        "TO,LABEL", "relabelling a pod never opens TO to it unless it gets LABEL", needs_label, 2, 2
    ),
    "no-external-to": Named(
        "TO", "no edit lets addresses outside the cluster reach TO", no_external_to, 1, 1
    ),
    "defence-in-depth": Named(
        "TO",
        "removing any one policy never lets addresses outside the cluster reach TO",
        defence_in_depth,
        1,
        1,
    ),
    "nothing-opens": Named(
        "[FILE]", "nothing opens but the flows in FILE", _with_list(nothing_opens), 0, 1
    ),
    "nothing-closes": Named(
        "[FILE]", "nothing closes but the flows in FILE", _with_list(nothing_closes), 0, 1
    ),
}


def invariant_named(text: str) -> Invariant:
    """The ready-made invariant that a text names.

    Raises QueryError with the nearest right one if there is none, or if its arguments don't fit.
    """
    name, equals, rest = text.partition("=")
    known = READY.get(name)
    if known is None:
        help = did_you_mean(name, READY)
        raise query_error(f"there is no invariant `{name}`", help=help, code="USAGE")
    arguments = [each.strip() for each in _COMMA.split(rest)] if equals else []
    if not known.least <= len(arguments) <= known.most or not all(arguments):
        message = f"`{text}` is not how `{name}` is written"
        raise query_error(message, help=f"write {form_of(name)}: {known.said}", code="USAGE")
    return known.make(*arguments)


def form_of(name: str) -> str:
    """How a ready-made invariant is written: `needs-label=TO,LABEL`, `nothing-opens[=FILE]`."""
    form = READY[name].form
    return f"{name}[={form[1:]}" if form.startswith("[") else f"{name}={form}"


def _flows(path: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for line in read_flows(path, None):
        if line.fault:
            raise _faulty(path, line.number, line.fault)
        port = "" if line.port is None else str(line.port)
        if line.protocol and "/" not in port:
            port = f"{port or 'any'}/{line.protocol}"
        ends = line.source, line.destination
        found.append((*ends, port) if port else ends)
    return found


def _faulty(path: str, number: int, fault: str) -> QueryError:
    return query_error(f"{path}:{number}: {fault}", code="FLOWS")
