"""How long one question takes, beside a bare parse of the same files: whole processes, in pairs.

python -m benchmarks.bench_can [SIZE [ROUNDS]]
python -m benchmarks.bench_can FOLDER SOURCE DESTINATION PORT [ROUNDS]
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.clusters import SIZES, write_cluster

ROUNDS = 7
QUESTION = ("payments-prod/frontend", "checkout-prod/api", "8080")
# What netsim can't be faster than with this parser, if it built plain values with it.
BARE_PARSE = """
import sys, pathlib, yaml
documents = 0
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.yaml")):
    for document in yaml.load_all(path.read_bytes(), Loader=yaml.CSafeLoader):
        documents += 1
print(documents)
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One process: wall-clock seconds, and its largest resident set in MiB."""

    seconds: float
    peak: float


def measure(folder: Path, question: tuple[str, ...], rounds: int) -> dict[str, object]:
    """Ask and parse in turn, `rounds` times each; ratios are taken inside a round."""
    ask = [sys.executable, "-m", "netsim", "can", "-f", str(folder), *question]
    parse = [sys.executable, "-c", BARE_PARSE, str(folder)]
    pairs = [(_run(ask), _run(parse)) for _ in range(rounds)]
    return {
        "benchmark": "can",
        "bytes": sum(path.stat().st_size for path in folder.rglob("*.yaml")),
        "rounds": rounds,
        "ratio": round(median(asked.seconds / parsed.seconds for asked, parsed in pairs), 3),
        "netsim_seconds": round(median(asked.seconds for asked, _ in pairs), 3),
        "parse_seconds": round(median(parsed.seconds for _, parsed in pairs), 3),
        "netsim_peak_mib": round(max(asked.peak for asked, _ in pairs), 1),
        "parse_peak_mib": round(max(parsed.peak for _, parsed in pairs), 1),
        "python": platform.python_version(),
    }


def _run(command: list[str]) -> Run:
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        answered = process.stdout is not None and process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    # 1 is an answer, denied; but a crash ends with 1 too, and says nothing on stdout.
    if process.returncode not in (0, 1) or not answered:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10  # ru_maxrss: bytes there, KiB here
    return Run(seconds, usage.ru_maxrss / unit)


def main(args: list[str]) -> None:
    if len(args) >= 4:
        folder, *question = args[:4]
        rounds = int(args[4]) if len(args) > 4 else ROUNDS
        print(json.dumps({"size": folder, **measure(Path(folder), tuple(question), rounds)}))
        return
    size = args[0] if args else "thousand"
    with tempfile.TemporaryDirectory() as folder:
        write_cluster(Path(folder), SIZES[size])
        rounds = int(args[1]) if len(args) > 1 else ROUNDS
        print(json.dumps({"size": size, **measure(Path(folder), QUESTION, rounds)}))


if __name__ == "__main__":
    main(sys.argv[1:])
