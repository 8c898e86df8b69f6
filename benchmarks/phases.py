"""One process from manifests to everything: how long each step takes, and what it holds.

python -m benchmarks.phases FOLDER
"""

from __future__ import annotations

import atexit
import gc
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import netsim
from netsim.errors import LimitError
from netsim.source.collector import collector_off

T = TypeVar("T")
STATM = Path("/proc/self/statm")


UNIT = 1 << 20 if sys.platform == "darwin" else 1 << 10  # ru_maxrss: bytes there, KiB here


class Watch:
    """By the name of a step: seconds, and the resident set in MiB after it and at its largest."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.peak: dict[str, float] = {}
        self.held: dict[str, float] = {}

    def time(self, name: str, step: Callable[[], T]) -> T:
        """Take a step."""
        start = time.perf_counter()
        found = step()
        self.seconds[name] = round(time.perf_counter() - start, 4)
        largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / UNIT
        self.peak[name] = round(largest, 1)
        self.held[name] = round(_resident() or largest, 1)
        return found


def _resident() -> float:
    """The resident set in MiB at this moment; 0 where the system doesn't tell."""
    if not STATM.exists():
        return 0
    return int(STATM.read_text().split()[1]) * resource.getpagesize() / (1 << 20)


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
        "held_mib": watch.held,
    }


if __name__ == "__main__":
    atexit.register(gc.freeze)  # as the command line does
    print(json.dumps(phases(sys.argv[1])))
