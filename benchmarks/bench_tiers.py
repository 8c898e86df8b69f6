"""What policies of the whole cluster cost: compiling and all pairs with them, and without.

python -m benchmarks.bench_tiers [SIZE …]
"""

from __future__ import annotations

import json
import platform
import shlex
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.bench_reach import ROUNDS
from benchmarks.clusters import SIZES, write_cluster
from benchmarks.processes import best_of, run
from benchmarks.tiers import POLICIES, RULES, write_tiers

STEPS = ("compile", "pairs", "checksum")
Measure = dict[str, Any]


def measured(size: str, rounds: int = ROUNDS) -> Measure:
    """A cluster with the policies beside the same without: the best of the rounds, taken in turn.

    The steps inside the processes are each the best one's, too.
    """
    with tempfile.TemporaryDirectory() as alone, tempfile.TemporaryDirectory() as ruled:
        for folder in (alone, ruled):
            write_cluster(Path(folder), SIZES[size])
        write_tiers(Path(ruled))
        turns = [(_phases(alone), _phases(ruled)) for _ in range(rounds)]
        listings = {folder: _listing(folder) for folder in (alone, ruled)}
        counts = {folder: _summary(folder) for folder in (alone, ruled)}
    without, with_them = (_best(each) for each in zip(*turns, strict=True))
    return {
        "benchmark": "tiers",
        "size": size,
        "policies": POLICIES,
        "rules": RULES,
        "rounds": rounds,
        "pods": with_them["pods"],
        "classes": with_them["classes"],
        "pairs": with_them["pairs"],
        "checksum": with_them["checksum"],
        "seconds": with_them["seconds"],
        "seconds_alone": without["seconds"],
        "engine_ratio": round(_engine(with_them) / _engine(without), 2),
        "whole_ratio": round(with_them["whole"] / without["whole"], 2),
        "engine_seconds": round(_engine(with_them), 3),
        "engine_seconds_alone": round(_engine(without), 3),
        "whole_seconds": round(with_them["whole"], 3),
        "whole_seconds_alone": round(without["whole"], 3),
        "listing": listings[ruled],
        "listing_alone": listings[alone],
        "summary_seconds": counts[ruled],
        "summary_seconds_alone": counts[alone],
        "engine_mib": round(with_them["peak_mib"]["checksum"] - with_them["held_mib"]["load"], 1),
        "python": platform.python_version(),
    }


def _phases(folder: str) -> Measure:
    whole = run([sys.executable, "-m", "benchmarks.phases", folder])
    return {**json.loads(whole.printed), "run": whole}


def _listing(folder: str) -> Measure:
    """Every pair as JSON, once. What is written goes through a pipe: it may be more than memory holds."""
    python = shlex.quote(sys.executable)
    command = f"{python} -m netsim reach -f {shlex.quote(folder)} -o json | wc -c"
    whole = run(["sh", "-c", command])
    return {
        "seconds": round(whole.seconds, 2),
        "mib": round(whole.peak),
        "written_mb": round(int(whole.printed) / 1e6),
    }


def _summary(folder: str) -> float:
    """The pairs in numbers, once."""
    found = run([sys.executable, "-m", "netsim", "reach", "-f", folder, "--summary"])
    return round(found.seconds, 2)


def _best(found: tuple[Measure, ...]) -> Measure:
    steps = {step: min(each["seconds"][step] for each in found) for step in found[0]["seconds"]}
    whole = best_of([each["run"] for each in found]).seconds
    return {**found[0], "seconds": steps, "whole": whole}


def _engine(found: Measure) -> float:
    return float(sum(found["seconds"][step] for step in STEPS))


def main(args: list[str]) -> None:
    for size in args or ("quarter", "real"):
        print(json.dumps(measured(size)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
