"""Whole processes, beside a bare parse of the same cluster as YAML.

python -m benchmarks.bench_whole list [SIZE]      from one JSON list to all pairs
python -m benchmarks.bench_whole listing [SIZE]   `netsim reach -o json`
"""

from __future__ import annotations

import json
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.bench_reach import ROUNDS, measure
from benchmarks.clusters import SIZES, write_cluster, write_list
from benchmarks.processes import bare_parse, best_of, bytes_of, run

Measure = dict[str, Any]


def measured_list(size: str, rounds: int = ROUNDS) -> Measure:
    """All pairs of a cluster that is written as `kubectl get -o json` would print it."""
    with tempfile.TemporaryDirectory() as texts, tempfile.TemporaryDirectory() as listed:
        write_cluster(Path(texts), SIZES[size])
        write_list(Path(listed), SIZES[size])
        found = measure(Path(listed), rounds, parsed=Path(texts))
    return {"benchmark": "list", "size": size, **found}


def measured_listing(size: str, rounds: int = ROUNDS) -> Measure:
    """`netsim reach -o json`, from manifests to the last byte."""
    with tempfile.TemporaryDirectory() as folder:
        write_cluster(Path(folder), SIZES[size])
        ask = [sys.executable, "-m", "netsim", "reach", "-f", folder, "-o", "json"]
        pairs = [(run(ask), bare_parse(Path(folder))) for _ in range(rounds)]
        bare = best_of([parsed for _, parsed in pairs])
        whole = best_of([asked for asked, _ in pairs])
        return {
            "benchmark": "listing",
            "size": size,
            "bytes": bytes_of(Path(folder)),
            "bytes_written": len(whole.printed),
            "rounds": rounds,
            "parse_seconds": round(bare.seconds, 3),
            "whole_seconds": round(whole.seconds, 3),
            "whole_ratio": round(whole.seconds / bare.seconds, 3),
            "peak_mib": round(whole.peak, 1),
            "python": platform.python_version(),
        }


def main(args: list[str]) -> None:
    measured = {"list": measured_list, "listing": measured_listing}[args[0]]
    size = args[1] if len(args) > 1 else "thousand"
    print(json.dumps(measured(size, int(args[2]) if len(args) > 2 else ROUNDS)))


if __name__ == "__main__":
    main(sys.argv[1:])
