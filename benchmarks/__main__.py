"""Run every benchmark and write the table of benchmarks/README.md: `make bench`."""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import bench_can, bench_flows, bench_reach
from benchmarks.shapes import SHAPES

README = Path(__file__).parent / "README.md"
TABLE = re.compile(r"(?<=<!-- table -->\n).*(?=<!-- end -->)", re.DOTALL)
CPU_FILE = Path("/proc/cpuinfo")
Line = dict[str, Any]


def main() -> None:
    found = []
    for line in _lines():
        print(json.dumps(line), flush=True)
        found.append(line)
    text = README.read_text(encoding="utf-8")
    README.write_text(TABLE.sub(lambda _: written(found), text), encoding="utf-8")


def _lines() -> Iterator[Line]:
    yield bench_can.measured("thousand")
    yield from bench_reach.lines(bench_reach.GROWING)
    yield bench_reach.measured("twenty-thousand")
    yield from bench_reach.lines([*SHAPES])
    yield bench_flows.measured("twenty-thousand")


def written(lines: list[Line]) -> str:
    """The lines as the tables of the README."""
    by_kind: dict[str, list[Line]] = {}
    for line in lines:
        by_kind.setdefault(line["benchmark"], []).append(line)
    parts = [
        f"{_machine()}, {datetime.now(tz=UTC):%Y-%m-%d}.\n",
        *map(_can, by_kind.get("can", [])),
        *map(_flows, by_kind.get("flows", [])),
        _sizes(by_kind.get("reach", [])),
        *map(_growth, by_kind.get("reach-growth", [])),
        _shapes(by_kind.get("reach-shape", [])),
    ]
    return "\n".join(parts) + "\n"


def _machine() -> str:
    names = re.findall(r"model name\s*: (.*)", CPU_FILE.read_text()) if CPU_FILE.exists() else []
    name = names[0] if names else platform.processor() or platform.machine()
    return (
        f"{name}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    )


def _can(line: Line) -> str:
    return (
        f"One question of the size `{line['size']}`, the whole process: {line['ratio']} of a bare "
        f"parse ({line['netsim_seconds']} s, {line['netsim_peak_mib']} MiB).\n"
    )


def _flows(line: Line) -> str:
    return (
        f"Questions about random pairs of the size `{line['size']}`: {line['by_name_per_second']:,} a "
        f"second by name and {line['by_id_per_second']:,} by number, both once {line['prepare_seconds']} s "
        f"have made them ready; one alone, yes or no, {line['allows_cold_microseconds']} µs, repeated "
        f"{line['allows_warm_microseconds']} µs, with its reasons {line['verdict_microseconds']} µs.\n"
    )


def _sizes(lines: list[Line]) -> str:
    head = ("size", "pods", "policies", "parse s", "whole", "engine", "engine s", "engine MiB")
    return _table(head, [_limited(line) or _size(line) for line in lines])


def _size(line: Line) -> tuple[object, ...]:
    return (
        line["size"],
        line["pods"],
        line["policies"],
        line["parse_seconds"],
        line["whole_ratio"],
        line["engine_ratio"],
        line["engine_seconds"],
        line["engine_mib"],
    )


def _growth(line: Line) -> str:
    return (
        f"From {line['classes'][0]} to {line['classes'][-1]} classes compiling grows as "
        f"n^{line['compile_exponent']}, all pairs as n^{line['reach_exponent']}.\n"
    )


def _shapes(lines: list[Line]) -> str:
    head = ("shape", "classes", "policies", "compile s", "all pairs s", "peak MiB")
    return _table(head, [_limited(line) or _shape(line) for line in lines])


def _shape(line: Line) -> tuple[object, ...]:
    seconds = line["seconds"]
    return (
        line["size"],
        line["classes"],
        line["policies"],
        round(seconds["compile"], 2),
        round(seconds["pairs"] + seconds["checksum"], 2),
        line["peak_mib"]["checksum"],
    )


def _limited(line: Line) -> tuple[object, ...]:
    return (line["size"], line["limit"]) if "limit" in line else ()


def _table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    filled = [(*row, *("" for _ in head[len(row) :])) for row in rows]
    listed = [head, tuple("---" for _ in head), *filled]
    return "".join(f"| {' | '.join(map(str, row))} |\n" for row in listed)


if __name__ == "__main__":
    main()
