"""How long suites take to check, and what the pytest plugin costs where it isn't used.

python -m benchmarks.bench_check suite [SIZE [ROUNDS]]       1,000 expectations, beside loading
python -m benchmarks.bench_check quantified [SIZE]           about everybody, after all pairs
python -m benchmarks.bench_check plugin [ROUNDS]             pytest --collect-only with and without
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import netsim
from benchmarks.clusters import SIZES, write_cluster
from benchmarks.expectations import Item, expectations, quantified, suite_text
from benchmarks.processes import LOOP, bare_parse, loop_seconds, run
from netsim.source.collector import collector_off
from netsim.suites.reading import suites_of

EXPECTATIONS = 1000
ROUNDS = 15  # one differs from the next by a tenth
_LOAD = "import sys, netsim; print(len(netsim.load(sys.argv[1]).pods))"
_COLLECT = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]


def measured_suite(size: str, rounds: int = ROUNDS) -> dict[str, Any]:
    """Whole processes in turn: `netsim check`, one that loads the same, a bare parse."""
    with tempfile.TemporaryDirectory() as folder:
        manifests, suite = Path(folder, "manifests"), Path(folder, "suite.yaml")
        manifests.mkdir()
        write_cluster(manifests, SIZES[size])
        program = netsim.compile_snapshot(netsim.load(manifests))
        suite.write_text(suite_text(expectations(program, EXPECTATIONS)))
        command = [sys.executable, "-m", "netsim", "check", str(suite), "-f", str(manifests)]
        load = [sys.executable, "-c", _LOAD, str(manifests)]
        found = [(run(command), run(load), bare_parse(manifests)) for _ in range(rounds)]
    seconds = [round(median(each.seconds for each in runs), 3) for runs in zip(*found, strict=True)]
    return {
        "benchmark": "check",
        "size": size,
        "expectations": EXPECTATIONS,
        "load_ratio": round(median(one.seconds / two.seconds for one, two, _ in found), 2),
        "parse_ratio": round(median(one.seconds / two.seconds for one, _, two in found), 2),
        "check_seconds": seconds[0],
        "load_seconds": seconds[1],
        "parse_seconds": seconds[2],
    }


def measured_quantified(size: str) -> dict[str, Any]:
    """Each expectation about everybody, in a process that has computed all pairs."""
    with tempfile.TemporaryDirectory() as folder:
        write_cluster(Path(folder), SIZES[size])
        program = netsim.compile_snapshot(netsim.load(folder))
        with collector_off():
            reach = program.reach()
            reach.pairs()
            reach.checksum()
            items = quantified(program)
            first = _seconds(program, items)
            alone = [_seconds(program, [item]) for item in items]
    return {
        "benchmark": "quantified",
        "size": size,
        "expectations": len(items),
        "slowest": round(max(alone), 3),
        "all_seconds": round(sum(alone), 3),
        "first_seconds": round(first, 3),
        "loop_turns": LOOP,
        "loop_seconds": round(loop_seconds(), 3),
    }


def _seconds(program: netsim.Program, items: list[Item]) -> float:
    """Processor time: of one process it is what a quiet machine takes."""
    suites = suites_of(suite_text(items))
    start = time.process_time()
    netsim.check(program, *suites)
    return time.process_time() - start


def measured_plugin(rounds: int = 3 * ROUNDS) -> dict[str, Any]:
    """What a project that doesn't use it pays, in milliseconds, by the least of several runs."""
    with tempfile.TemporaryDirectory() as folder:
        test = Path(folder, "test_one.py")
        test.write_text("def test_one():\n    pass\n")
        command = [*_COLLECT, str(test)]
        run(command)  # makes the bytecode
        pairs = [(run(command), run([*command, "-p", "no:netsim"])) for _ in range(rounds)]
    # The least processor time of both: the difference is less than what one run and the next differ by.
    used, unused = (min(each.processor for each in runs) for runs in zip(*pairs, strict=True))
    return {
        "benchmark": "plugin",
        "size": "one test",
        "milliseconds": round(1000 * (used - unused), 1),
        "collect_seconds": round(unused, 3),
    }


def main(args: list[str]) -> None:
    kind, *rest = args or ["suite"]
    if kind == "plugin":
        line = measured_plugin(*map(int, rest))
    elif kind == "quantified":
        line = measured_quantified(rest[0] if rest else "real")
    else:
        line = measured_suite(rest[0] if rest else "thousand", *map(int, rest[1:]))
    print(json.dumps(line))


if __name__ == "__main__":
    main(sys.argv[1:])
