"""A suite that was learned, and suites as YAML that a person can edit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import assert_never

from netsim.source.yaml_scalar import scalar_text
from netsim.suites.shape import API_VERSION, DIRECTIONS, KIND
from netsim.suites.suite import (
    Allow,
    Claim,
    Deny,
    Ends,
    Expectation,
    Isolated,
    Only,
    Ports,
    ReachAtMost,
    Suite,
)

# So wide a line is written.
_WIDTH = 100
Value = str | bool | int | list[str]


@dataclass(frozen=True, slots=True)
class Section:
    """Expectations that belong together, perhaps none, and what is to be said before them."""

    comment: tuple[str, ...]
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Learned:
    """What holds of a snapshot, in sections; there is at least one expectation."""

    name: str
    sections: tuple[Section, ...]

    @property
    def suite(self) -> Suite:
        """The expectations, in order."""
        claims = (claim for section in self.sections for claim in section.claims)
        return Suite(self.name, tuple(map(Expectation, count(), claims)))

    @property
    def text(self) -> str:
        """It as YAML, from which `load_suites` makes the same suite."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield from ("# What holds now of who may talk to whom: change it to what should hold.",)
        yield f"apiVersion: {API_VERSION}"
        yield f"kind: {KIND}"
        yield f"metadata: {{name: {scalar_text(self.name)}}}"
        yield "expect:"
        for section in self.sections:
            yield ""
            yield from (f"# {line}" for line in section.comment)
            for claim in section.claims:
                yield from _item(claim)


def _item(claim: Claim) -> Iterator[str]:
    """One item of `expect`, in lines that are filled; a field isn't broken if a line holds it."""
    name, fields = _written(claim)
    line = f"- {name}: {{"
    *parts, last = (part for field, value in fields.items() for part in _parts(field, value))
    for part in (*(f"{part}," for part in parts), f"{last}}}"):
        if len(line) + len(part) >= _WIDTH and not line.endswith("{"):
            yield line.rstrip()
            line = "    "
        line += part if line.endswith(("{", "    ")) else f" {part}"
    yield line


def _parts(field: str, value: Value) -> list[str]:
    """A field in as many parts as there may be a line for each of."""
    whole = f"{field}: {_flat(value)}"
    if len(whole) + 6 <= _WIDTH or not isinstance(value, list):
        return [whole]
    first, *others, last = map(_scalar, value)
    return [f"{field}: [{first}", *others, f"{last}]"]


def _flat(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return _scalar(value)
    return f"[{', '.join(map(_scalar, value))}]"


def _scalar(text: str) -> str:
    return text if text.isdecimal() else scalar_text(text)


def _written(claim: Claim) -> tuple[str, Mapping[str, Value]]:
    match claim:
        case Allow():
            return "allow", {**_pairs(claim), **_port(claim.ports, "any"), **_some(claim.some)}
        case Deny():
            return "deny", {**_pairs(claim), **_port(claim.ports), **_some(claim.some)}
        case Only():
            return "only", {**_ends("to", claim.destinations), **_ends("from", claim.sources)} | (
                _port(claim.ports)
            )
        case Isolated():
            names = {directions: name for name, directions in DIRECTIONS.items()}
            direction: dict[str, Value] = {"direction": names[claim.directions]}
            return "isolated", {
                "pods": _one_or_more(claim.pods.texts),
                **({"except": _one_or_more(claim.pods.excepts)} if claim.pods.excepts else {}),
                **(direction if len(claim.directions) == 1 else {}),
            }
        case ReachAtMost():
            return "reach-at-most", {
                **_ends("from", claim.sources),
                "hops": claim.hops,
                **_ends("within", claim.within),
                **_port(claim.ports),
            }
    assert_never(claim)


def _pairs(claim: Allow | Deny) -> dict[str, Value]:
    return {**_ends("from", claim.sources), **_ends("to", claim.destinations)}


def _ends(name: str, ends: Ends) -> dict[str, Value]:
    found: dict[str, Value] = {name: _one_or_more(ends.texts)}
    if ends.excepts:
        found[f"except-{name}"] = _one_or_more(ends.excepts)
    return found


def _port(ports: Ports, everything: str = "") -> dict[str, Value]:
    """Without /tcp, which is what a port means without."""
    texts = [str(port).removesuffix("/tcp") for port in ports.asked]
    # All of TCP; without it, all there is.
    texts = [f"{text}/tcp" if text == "any" else text for text in texts]
    if not texts:
        return {"port": everything} if everything else {}
    return {"port": _one_or_more(texts)}


def _some(some: bool) -> dict[str, Value]:
    return {"some": True} if some else {}


def _one_or_more(texts: Iterable[str]) -> Value:
    found = list(texts)
    return found[0] if len(found) == 1 else found
