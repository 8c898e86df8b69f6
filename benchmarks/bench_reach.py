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
from benchmarks.processes import TooLongError, bare_parse, bytes_of, run
from benchmarks.shapes import SHAPES, write_shape

GROWING = ("thousand", "two-thousand", "four-thousand")
MOST_SECONDS = 120.0
Measure = dict[str, Any]


def measure(folder: Path) -> Measure:
    """Everything once, and a bare parse before it."""
    parsed = bare_parse(folder)
    try:
        whole = run([sys.executable, "-m", "benchmarks.phases", str(folder)], MOST_SECONDS)
    except TooLongError as error:
        return {"limit": str(error)}
    found: Measure = json.loads(whole.printed)
    if "limit" in found:
        return found
    seconds, peak = found["seconds"], found["peak_mib"]
    engine = seconds["compile"] + seconds["pairs"] + seconds["checksum"]
    return {
        **found,
        "bytes": bytes_of(folder),
        "parse_seconds": round(parsed.seconds, 3),
        "whole_seconds": round(whole.seconds, 3),
        "engine_seconds": round(engine, 3),
        "whole_ratio": round(whole.seconds / parsed.seconds, 3),
        "engine_ratio": round(engine / parsed.seconds, 3),
        "engine_mib": round(peak["checksum"] - peak["load"], 1),
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


def measured(name: str) -> Measure:
    """The measure of a size, of a shape (`ports`, `ports=500`) or of a folder."""
    shape, _, size = name.partition("=")
    if name in SIZES:
        return {"benchmark": "reach", "size": name, **_written(_cluster(name))}
    if shape in SHAPES:
        return {"benchmark": "reach-shape", "size": name, **_written(_shape(shape, size))}
    return {"benchmark": "reach", "size": name, **measure(Path(name))}


def _written(write: Callable[[Path], None]) -> Measure:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        return measure(Path(folder))


def _cluster(name: str) -> Callable[[Path], None]:
    return lambda folder: write_cluster(folder, SIZES[name])


def _shape(name: str, size: str) -> Callable[[Path], None]:
    shape = SHAPES[name]
    return lambda folder: write_shape(folder, shape, int(size) if size else shape.size)


def lines(names: Sequence[str]) -> Iterator[Measure]:
    """The measure of each name; and how they grow, if they are sizes of one kind of cluster."""
    found = []
    for name in names:
        found.append(measured(name))
        yield found[-1]
    if len(names) > 2 and all(name in SIZES for name in names):
        yield growth(found)


def main(args: Sequence[str]) -> None:
    for line in lines(args or GROWING):
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
