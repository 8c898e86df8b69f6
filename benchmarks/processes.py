"""Whole processes, timed, and what they are measured against: a bare parse of the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Timer

# What netsim can't be faster than with these parsers, if it built plain values with them.
BARE_PARSE = """
import sys, json, pathlib, yaml
folder, documents = pathlib.Path(sys.argv[1]), 0
for path in sorted(folder.rglob("*.yaml")):
    for document in yaml.load_all(path.read_bytes(), Loader=yaml.CSafeLoader):
        documents += 1
for path in sorted(folder.rglob("*.json")):
    documents += len(json.loads(path.read_bytes())["items"])
print(documents)
"""

LOOP = 10_000_000


@dataclass(frozen=True, slots=True)
class Run:
    """One process: wall-clock seconds, its largest resident set in MiB, and what it printed.

    `processor` are the seconds that it had a processor for.
    """

    seconds: float
    peak: float
    printed: bytes
    processor: float


class TooLongError(Exception):
    """A process was ended because it took longer than it may."""


def run(command: list[str], most_seconds: float = 3600) -> Run:
    """Run a command to its end. Exits if it failed: a measure of that would mean nothing.

    Raises TooLongError if it takes more than `most_seconds`.
    """
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=_environment()) as process:
        alarm = Timer(most_seconds, process.kill)
        alarm.start()
        printed = process.stdout.read() if process.stdout else b""
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        alarm.cancel()
    if seconds >= most_seconds:
        raise TooLongError(f"more than {most_seconds:.0f} s")
    # 1 is an answer, denied; but a crash ends with 1 too, and says nothing on stdout.
    if process.returncode not in (0, 1) or not printed:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10  # ru_maxrss: bytes there, KiB here
    return Run(seconds, usage.ru_maxrss / unit, printed, usage.ru_utime + usage.ru_stime)


def _environment() -> dict[str, str]:
    """Bytecode is kept, as in an installed netsim, whatever this process was told."""
    others = {key: text for key, text in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**others, "PYTHONPYCACHEPREFIX": _bytecode().name}


@cache
def _bytecode() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="netsim-bytecode-")


def bare_parse(folder: Path) -> Run:
    """Parse every manifest of a folder and do nothing with it: YAML by CSafeLoader, JSON by json."""
    return run([sys.executable, "-c", BARE_PARSE, str(folder)])


def best_of(runs: Sequence[Run]) -> Run:
    """The shortest one: whatever else a machine does only makes a process longer."""
    return min(runs, key=lambda each: each.seconds)


def bytes_of(folder: Path) -> int:
    """The size of the manifests in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def loop_seconds() -> float:
    """What a loop of so many turns takes, to compare machines by."""
    start = time.process_time()
    total = 0
    for number in range(LOOP):
        total += number
    return time.process_time() - start
