"""The scenarios of fixtures/cases: reading them, and all the flows that one asserts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations, product
from pathlib import Path
from typing import Any

import yaml

from netsim import Semantics

ROOT = Path(__file__).parent.parent
CASES = ROOT / "fixtures" / "cases"
FILES = sorted(CASES.rglob("*.yaml"))


@dataclass(frozen=True, slots=True)
class Probe:
    """One flow and what must come out; `port` is a number, or the name of a container port.

    `destination` is as `netsim can` takes it: `api.example.com@203.0.113.7` is an address that is
    reached under a name.
    """

    source: str
    destination: str
    port: int | str
    protocol: str
    allowed: bool

    def keys(self) -> dict[str, object]:
        """The question as `--flows` takes it."""
        return {
            "from": self.source,
            "to": self.destination,
            "port": self.port,
            "protocol": self.protocol,
        }

    def __str__(self) -> str:
        word = "allow" if self.allowed else "deny"
        return f"{self.source} -> {self.destination} {self.port}/{self.protocol}: {word}"


@dataclass(frozen=True, slots=True)
class Step:
    """One snapshot, and every flow that is asserted about it."""

    manifests: str
    probes: tuple[Probe, ...]


def read_case(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8") as stream:
        case = yaml.load(stream, Loader=yaml.CSafeLoader)
    assert isinstance(case, dict)
    return case


def semantics_of(case: dict[str, Any]) -> Semantics:
    return Semantics(**case.get("options", {}))


def steps_of(case: dict[str, Any]) -> list[Step]:
    return [Step(step["manifests"], tuple(_probes(step))) for step in case.get("steps") or [case]]


def _probes(step: dict[str, Any]) -> Iterator[Probe]:
    for probe in step.get("probes", ()):
        domain = probe.get("domain")
        to = f"{domain}@{probe['to']}" if domain else probe["to"]
        allowed = probe["expect"] == "allow"
        yield Probe(probe["from"], to, probe["port"], probe["protocol"], allowed)
    for matrix in step.get("matrix", ()):
        yield from _cells(matrix)


def _cells(matrix: dict[str, Any]) -> Iterator[Probe]:
    """Every ordered pair of different pods, port and protocol; the pairs listed are the exceptions."""
    listed = "allowed" if "allowed" in matrix else "denied"
    exceptions = set(matrix[listed])
    pairs = permutations(matrix["pods"], 2)
    for (source, destination), port, protocol in product(
        pairs, matrix["ports"], matrix["protocols"]
    ):
        is_exception = f"{source} -> {destination}" in exceptions
        yield Probe(source, destination, port, protocol, is_exception == (listed == "allowed"))
