"""fixtures/invariants: each ready-made invariant with a cluster that breaks it and one that doesn't."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from netsim.testing import Counterexample, Invariant
from netsim.testing.change import change_of
from netsim.testing.naming import invariant_named

FOLDER = Path(__file__).parent.parent / "fixtures" / "invariants"


@dataclass(frozen=True)
class InvariantFile:
    """One line of invariants.csv."""

    text: str
    least: int
    tried: int

    @property
    def name(self) -> str:
        return self.text.partition("=")[0]

    @property
    def violated(self) -> Path:
        return FOLDER / self.name / "violated.yaml"

    @property
    def holds(self) -> Path:
        return FOLDER / self.name / "holds.yaml"

    @property
    def invariant(self) -> Invariant:
        return invariant_named(self.text)

    def __str__(self) -> str:
        return self.name


def _read() -> list[InvariantFile]:
    with (FOLDER / "invariants.csv").open(encoding="utf-8", newline="") as file:
        return [
            InvariantFile(row["invariant"], int(row["least"]), int(row["tried"]))
            for row in csv.DictReader(file)
        ]


FILES = _read()


def droppable(found: Counterexample) -> list[int]:
    """The edits that could be left out, by number: those without which it is broken all the same."""
    edits = found.edits
    return [at for at in range(len(edits)) if breaks(found, (*edits[:at], *edits[at + 1 :]))]


def breaks(found: Counterexample, edits: tuple[object, ...]) -> bool:
    """Whether these edits break its invariant, too; asked anew, of the plain snapshot."""
    change = change_of(found.change.before, edits)  # type: ignore[arg-type]
    return next(iter(found.invariant.violations(change)), None) is not None
