"""How long compiling and all pairs take, beside a bare parse of the same bytes.

python -m benchmarks.bench_reach [SIZE …]          sizes of benchmarks.clusters, then their growth
python -m benchmarks.bench_reach SHAPE[=SIZE] …    hard shapes of benchmarks.shapes
python -m benchmarks.bench_reach FOLDER …          manifests that are there
"""

from __future__ import annotations

import json
import math
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import linear_regression
from typing import Any

from benchmarks.clusters import SIZES, write_cluster
from benchmarks.processes import TooLongError, bare_parse, best_of, bytes_of, run
from benchmarks.shapes import SHAPES, write_shape

GROWING = ("quarter", "half", "real")
ROUNDS = 3
MOST_SECONDS = 120.0
Measure = dict[str, Any]


def measure(folder: Path, rounds: int = 1, parsed: Path | None = None) -> Measure:
    """Everything, beside a bare parse of `parsed` (or of the same): the best of the rounds.

    The steps inside the process are each the best one's, too.
    """
    bare, whole, found = [], [], []
    for _ in range(rounds):
        bare.append(bare_parse(parsed or folder))
        try:
            whole.append(
                run([sys.executable, "-m", "benchmarks.phases", str(folder)], MOST_SECONDS)
            )
        except TooLongError as error:
            return {"limit": str(error)}
        found.append(json.loads(whole[-1].printed))
        if "limit" in found[-1]:
            return {**found[-1]}
    seconds = {step: min(each["seconds"][step] for each in found) for step in found[0]["seconds"]}
    engine = seconds["compile"] + seconds["pairs"] + seconds["checksum"]
    parse_seconds, whole_seconds = best_of(bare).seconds, best_of(whole).seconds
    return {
        **found[0],
        "seconds": seconds,
        "bytes": bytes_of(folder),
        "rounds": rounds,
        "parse_seconds": round(parse_seconds, 3),
        "whole_seconds": round(whole_seconds, 3),
        "engine_seconds": round(engine, 3),
        "whole_ratio": round(whole_seconds / parse_seconds, 3),
        "engine_ratio": round(engine / parse_seconds, 3),
        "engine_mib": round(found[0]["peak_mib"]["checksum"] - found[0]["held_mib"]["load"], 1),
        "python": platform.python_version(),
    }


def growth(measures: Sequence[Measure]) -> Measure:
    """The exponents that fit: time is as size ** exponent, in classes."""
    sizes = [math.log(each["classes"]) for each in measures]
    seconds = [each["seconds"] for each in measures]

    def fitted(steps: Sequence[str]) -> float:
        times = [math.log(sum(each[step] for step in steps)) for each in seconds]
        return round(linear_regression(sizes, times).slope, 2)

    return {
        "benchmark": "reach-growth",
        "classes": [each["classes"] for each in measures],
        "compile_exponent": fitted(["compile"]),
        "reach_exponent": fitted(["pairs", "checksum"]),
    }


def measured(name: str, rounds: int = 1) -> Measure:
    """The measure of a size, of a shape (`ports`, `ports=500`) or of a folder."""
    shape, _, size = name.partition("=")
    if name in SIZES:
        return {"benchmark": "reach", "size": name, **_written(_cluster(name), rounds)}
    if shape in SHAPES:
        return {"benchmark": "reach-shape", "size": name, **_written(_shape(shape, size), rounds)}
    return {"benchmark": "reach", "size": name, **measure(Path(name), rounds)}


def _written(write: Callable[[Path], None], rounds: int) -> Measure:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        return measure(Path(folder), rounds)


def _cluster(name: str) -> Callable[[Path], None]:
    return lambda folder: write_cluster(folder, SIZES[name])


def _shape(name: str, size: str) -> Callable[[Path], None]:
    shape = SHAPES[name]
    return lambda folder: write_shape(folder, shape, int(size) if size else shape.size)


def lines(names: Sequence[str], rounds: int = 1) -> Iterator[Measure]:
    """The measure of each name; and how they grow, if they are sizes of one kind of cluster."""
    found = []
    for name in names:
        found.append(measured(name, rounds))
        yield found[-1]
    grown = [each for each in found if each["benchmark"] == "reach" and "limit" not in each]
    if len(grown) == len(names) > 2:
        yield growth(grown)


def main(args: Sequence[str]) -> None:
    for line in lines(args or GROWING):
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
