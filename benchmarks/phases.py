"""One process from manifests to everything: how long each step takes, and what it holds.

python -m benchmarks.phases FOLDER
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import netsim
from netsim.errors import LimitError
from netsim.source.collector import collector_off

T = TypeVar("T")


class Watch:
    """Seconds and the largest resident set in MiB, by the name of a step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.peak: dict[str, float] = {}

    def time(self, name: str, step: Callable[[], T]) -> T:
        """Take a step."""
        start = time.perf_counter()
        found = step()
        self.seconds[name] = round(time.perf_counter() - start, 4)
        unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
        largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.peak[name] = round(largest / unit, 1)
        return found


def phases(folder: str) -> dict[str, object]:
    """Load, compile, count all pairs and hash every cell, which computes every row."""
    watch = Watch()
    load, compile_snapshot = netsim.load, netsim.compile_snapshot  # imported here, not in a step
    snapshot = watch.time("load", lambda: load(folder))
    try:
        program = watch.time("compile", lambda: compile_snapshot(snapshot))
        with collector_off():
            reachability = program.reach()
            pairs = watch.time("pairs", reachability.pairs)
            checksum = watch.time("checksum", reachability.checksum)
    except LimitError as error:
        return {"limit": str(error), "seconds": watch.seconds, "peak_mib": watch.peak}
    return {
        "pods": sum(item.count for item in reachability.classes),
        "classes": len(reachability.classes),
        "policies": len(snapshot.policies),
        "pairs": pairs,
        "checksum": checksum,
        "seconds": watch.seconds,
        "peak_mib": watch.peak,
    }


if __name__ == "__main__":
    print(json.dumps(phases(sys.argv[1])))
