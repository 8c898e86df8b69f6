"""How long one question takes, beside a bare parse of the same files: whole processes, in pairs.

python -m benchmarks.bench_can [SIZE [ROUNDS]]
python -m benchmarks.bench_can FOLDER SOURCE DESTINATION PORT [ROUNDS]
"""

from __future__ import annotations

import json
import platform
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.clusters import SIZES, write_cluster
from benchmarks.processes import bare_parse, bytes_of, run

ROUNDS = 7
QUESTION = ("payments-prod/frontend", "checkout-prod/api", "8080")


def measure(folder: Path, question: tuple[str, ...], rounds: int) -> dict[str, object]:
    """Ask and parse in turn, `rounds` times each; ratios are taken inside a round."""
    ask = [sys.executable, "-m", "netsim", "can", "-f", str(folder), *question]
    pairs = [(run(ask), bare_parse(folder)) for _ in range(rounds)]
    return {
        "benchmark": "can",
        "bytes": bytes_of(folder),
        "rounds": rounds,
        "ratio": round(median(asked.seconds / parsed.seconds for asked, parsed in pairs), 3),
        "netsim_seconds": round(median(asked.seconds for asked, _ in pairs), 3),
        "parse_seconds": round(median(parsed.seconds for _, parsed in pairs), 3),
        "netsim_peak_mib": round(max(asked.peak for asked, _ in pairs), 1),
        "parse_peak_mib": round(max(parsed.peak for _, parsed in pairs), 1),
        "python": platform.python_version(),
    }


def measured(size: str, rounds: int = ROUNDS) -> dict[str, object]:
    """The measure of a size of `benchmarks.clusters`."""
    with tempfile.TemporaryDirectory() as folder:
        write_cluster(Path(folder), SIZES[size])
        return {"size": size, **measure(Path(folder), QUESTION, rounds)}


def main(args: list[str]) -> None:
    if len(args) >= 4:
        folder, *question = args[:4]
        rounds = int(args[4]) if len(args) > 4 else ROUNDS
        print(json.dumps({"size": folder, **measure(Path(folder), tuple(question), rounds)}))
        return
    size = args[0] if args else "thousand"
    print(json.dumps(measured(size, int(args[1]) if len(args) > 1 else ROUNDS)))


if __name__ == "__main__":
    main(sys.argv[1:])
