"""How many questions a second a compiled program answers: one core, random pairs of all pods.

python -m benchmarks.bench_flows [SIZE | FOLDER [FLOWS]]
"""

from __future__ import annotations

import gc
import json
import platform
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import netsim
from benchmarks.clusters import SIZES, write_cluster
from netsim import Program
from netsim.model.cluster import Pod

FLOWS = 1_000_000
ROUNDS = 3
ONE_BY_ONE = 2_000
PORTS = (80, 443, 5432, 8080, 9090)
Measure = dict[str, Any]


def measure(folder: Path, flows: int = FLOWS) -> Measure:
    """Every way to ask, over different flows in each round; the best of the rounds."""
    program = netsim.compile_snapshot(netsim.load(folder))
    asked = _Asked(program, flows)
    few = min(flows, ONE_BY_ONE)
    prepared = _seconds(lambda: program.ids([]))
    return {
        "benchmark": "flows",
        "pods": sum(item.count for item in program.reach().classes),
        "classes": len(program.reach().classes),
        "flows": flows,
        "verdict_microseconds": _each(few, lambda: asked.one_by_one(program.verdict, few)),
        "allows_cold_microseconds": _each(few, lambda: asked.one_by_one(program.allows, few)),
        "allows_warm_microseconds": _each(flows, lambda: asked.repeated(flows)),
        "prepare_seconds": round(prepared, 3),
        "by_name_per_second": round(flows / _best(asked.by_name)),
        "by_id_per_second": round(flows / _best(asked.by_id)),
        "python": platform.python_version(),
    }


class _Asked:
    """Questions about random pairs, never the same twice but by chance."""

    def __init__(self, program: Program, flows: int) -> None:
        self._program, self._flows = program, flows
        self._random = random.Random(1)
        members = (each for item in program.reach().classes for each in item.members)
        self._names = [str(each) for each in members if isinstance(each, Pod)]

    def one_by_one(self, ask: Callable[[str, str, int], object], count: int) -> float:
        questions = self._questions(count)
        return _seconds(lambda: [ask(*question[:3]) for question in questions])

    def repeated(self, count: int) -> float:
        allows, (source, destination, port, _) = self._program.allows, self._questions(1)[0]
        return _seconds(lambda: [allows(source, destination, port) for _ in range(count)])

    def by_name(self) -> float:
        questions = self._questions(self._flows)
        return _seconds(lambda: self._program.allows_many(questions))

    def by_id(self) -> float:
        import numpy as np

        ids = self._program.ids(self._names)
        generator = np.random.default_rng(self._random.randrange(1 << 32))
        sources, destinations = generator.choice(ids, (2, self._flows))
        ports = generator.choice(PORTS, self._flows)
        return _seconds(lambda: self._program.allows_ids(sources, destinations, ports))

    def _questions(self, count: int) -> list[tuple[str, str, int, str]]:
        sources, destinations = (self._random.choices(self._names, k=count) for _ in range(2))
        ports = self._random.choices(PORTS, k=count)
        asked = zip(sources, destinations, ports, strict=True)
        return [(source, destination, port, "TCP") for source, destination, port in asked]


def _each(count: int, seconds: Callable[[], float]) -> float:
    """The microseconds that one of `count` takes."""
    return round(_best(seconds) / count * 1e6, 2)


def _best(seconds: Callable[[], float]) -> float:
    return min(seconds() for _ in range(ROUNDS))


def _seconds(work: Callable[[], object]) -> float:
    """The processor time of one call."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def measured(size: str, flows: int = FLOWS) -> Measure:
    """The measure of a size of `benchmarks.clusters`, or of a folder."""
    if size not in SIZES:
        return {"size": size, **measure(Path(size), flows)}
    with tempfile.TemporaryDirectory() as folder:
        write_cluster(Path(folder), SIZES[size])
        return {"size": size, **measure(Path(folder), flows)}


def main(args: list[str]) -> None:
    size = args[0] if args else "real"
    print(json.dumps(measured(size, int(args[1]) if len(args) > 1 else FLOWS)))


if __name__ == "__main__":
    main(sys.argv[1:])
