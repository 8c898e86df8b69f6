"""Run every benchmark and write the tables of benchmarks/README.md: `make bench`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from benchmarks import (
    bench_can,
    bench_check,
    bench_diff,
    bench_flows,
    bench_reach,
    bench_tiers,
    bench_whole,
)
from benchmarks.bench_reach import GROWING, ROUNDS
from benchmarks.shapes import SHAPES
from benchmarks.table import Line, written

README = Path(__file__).parent / "README.md"
TABLE = re.compile(r"(?<=<!-- table -->\n).*(?=<!-- end -->)", re.DOTALL)


def main() -> None:
    found = []
    for line in _lines():
        print(json.dumps(line), flush=True)
        found.append(line)
    text = README.read_text(encoding="utf-8")
    README.write_text(TABLE.sub(lambda _: written(found), text), encoding="utf-8")


def _lines() -> Iterator[Line]:
    yield bench_can.measured("thousand")
    yield bench_whole.measured_listing("thousand")
    yield bench_whole.measured_listing("ten-thousand")
    yield from bench_reach.lines(["thousand", "ten-thousand"], ROUNDS)
    yield from bench_reach.lines(GROWING, ROUNDS)
    yield bench_whole.measured_list("real")
    yield bench_diff.measured_many("thousand")
    yield bench_diff.measured_file("real")
    yield from bench_reach.lines([*SHAPES])
    yield bench_flows.measured("real")
    yield bench_diff.measured_update("real")
    yield bench_tiers.measured("quarter")
    yield bench_tiers.measured("real")
    yield bench_check.measured_suite("thousand")
    yield bench_check.measured_quantified("real")
    yield bench_check.measured_plugin()


if __name__ == "__main__":
    main()
