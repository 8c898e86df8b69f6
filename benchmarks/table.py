"""What the benchmarks found, as the tables of benchmarks/README.md."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

CPU_FILE = Path("/proc/cpuinfo")
Line = dict[str, Any]
Cell = object


def written(lines: Iterable[Line]) -> str:
    """The lines as tables: what was aimed at first."""
    by_kind: dict[str, list[Line]] = {}
    for line in lines:
        by_kind.setdefault(line["benchmark"], []).append(line)
    parts = [
        f"{_machine()}, {datetime.now(tz=UTC):%Y-%m-%d}.\n",
        _table(("aim", "measured"), [(aim, tell(by_kind)) for aim, tell in AIMS]),
        *map(_can, by_kind.get("can", [])),
        *map(_flows, by_kind.get("flows", [])),
        _table(SIZE_HEAD, [_limited(line) or _size(line) for line in by_kind.get("reach", [])]),
        *map(_growth, by_kind.get("reach-growth", [])),
        _table(
            SHAPE_HEAD, [_limited(line) or _shape(line) for line in by_kind.get("reach-shape", [])]
        ),
    ]
    return "\n".join(parts) + "\n"


def _machine() -> str:
    names = re.findall(r"model name\s*: (.*)", CPU_FILE.read_text()) if CPU_FILE.exists() else []
    name = names[0] if names else platform.processor() or platform.machine()
    return (
        f"{name}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    )


ByKind = dict[str, list[Line]]
NOT_MEASURED = "not measured"


def _value(kind: str, size: str, tell: Callable[[Line], str]) -> Callable[[ByKind], str]:
    """What to tell of the one line of a kind and size."""

    def told(by_kind: ByKind) -> str:
        found = (line for line in by_kind.get(kind, []) if line.get("size", size) == size)
        line = next(found, None)
        return NOT_MEASURED if line is None else line.get("limit") or tell(line)

    return told


def _steps(line: Line) -> str:
    seconds = line["seconds"]
    return (
        f"{line['engine_ratio']:.2f} of it: {line['engine_seconds']:.2f} s (compile {seconds['compile']:.2f}, "
        f"count {seconds['pairs']:.2f}, hash {seconds['checksum']:.2f})"
    )


def _ratio(line: Line) -> str:
    return f"{line['whole_ratio']:.2f} ({line['whole_seconds']:.2f} s of {line['parse_seconds']:.2f} s)"


def _exact(line: Line) -> str:
    return (
        f"p50 {line['exact_p50']} ms, p90 {line['exact_p90']} ms, p99 {line['exact_p99']} ms "
        f"(of {line['edits']} edits; the first difference takes {line['first_seconds']} s)"
    )


def _caused(line: Line) -> str:
    return (
        f"p50 {line['caused_p50']} ms (a loop of {line['loop_turns']:,} additions takes "
        f"{line['loop_seconds']} s)"
    )


def _of_load_of(what: str) -> Callable[[Line], str]:
    return lambda line: (
        f"{line['load_ratio']} ({line[f'{what}_seconds']} s of {line['load_seconds']} s)"
    )


def _quantified(line: Line) -> str:
    return (
        f"at most {line['slowest']} s, of {line['expectations']} together {line['all_seconds']} s "
        f"(a loop of {line['loop_turns']:,} additions takes {line['loop_seconds']} s)"
    )


def _tiers(line: Line) -> str:
    return (
        f"{line['engine_ratio']:.2f} ({line['engine_seconds']:.2f} s of {line['engine_seconds_alone']:.2f} s); "
        f"the whole process {line['whole_ratio']:.2f} ({line['whole_seconds']:.2f} s of "
        f"{line['whole_seconds_alone']:.2f} s)"
    )


def _tier_listing(line: Line) -> str:
    return f"{_listed(line['listing'])}; alone {_listed(line['listing_alone'])}"


def _tier_summary(line: Line) -> str:
    return f"{line['summary_seconds']} s; alone {line['summary_seconds_alone']} s"


def _listed(listing: Line) -> str:
    return f"{listing['seconds']} s and {listing['mib']} MiB for {listing['written_mb']:,} MB"


def _of_parse(what: str) -> Callable[[Line], str]:
    return lambda line: (
        f"{line[f'{what}_ratio']} ({line[f'{what}_seconds']} s of {line['parse_seconds']} s)"
    )


def _exponents(by_kind: ByKind) -> str:
    return next((_powers(line) for line in by_kind.get("reach-growth", [])), NOT_MEASURED)


def _powers(line: Line) -> str:
    return f"compile n^{line['compile_exponent']}, all pairs n^{line['reach_exponent']}"


def _worst_shape(by_kind: ByKind) -> str:
    lines = by_kind.get("reach-shape", [])
    measured = [line for line in lines if "limit" not in line]
    if not measured:
        return NOT_MEASURED
    slowest = max(measured, key=_shape_seconds)
    largest = max(measured, key=lambda line: float(line["peak_mib"]["checksum"]))
    limited = [f"`{line['size']}`: {line['limit']}" for line in lines if "limit" in line]
    return "; ".join(
        [
            f"at most {_shape_seconds(slowest):.1f} s (`{slowest['size']}`)",
            f"{largest['peak_mib']['checksum']:.0f} MiB (`{largest['size']}`)",
            *limited,
        ]
    )


AIMS: tuple[tuple[str, Callable[[ByKind], str]], ...] = (
    ("`real`: compile and all pairs with exact ports within 2.0 s where a bare parse takes 6.3 s (0.32 of it), best 0.5 s", _value("reach", "real", _steps)),
    ("the same within 300 MiB over the parsed input", _value("reach", "real", lambda line: f"{line['engine_mib']:.0f} MiB")),
    ("`real`, from YAML to all pairs, the whole process: 0.85 of a bare parse, best 0.5", _value("reach", "real", _ratio)),
    ("the same from one indented JSON list: 0.5 of a bare parse of the YAML, best 0.25", _value("list", "real", _ratio)),
    ("`netsim reach -o json` of 1,000 workloads: 1.8 of a bare parse", _value("listing", "thousand", _ratio)),
    ("of 10,000 workloads: 1.8 of a bare parse", _value("listing", "ten-thousand", _ratio)),
    ("`allows_many` by name: 1,000,000 flows a second", _value("flows", "real", lambda line: f"{line['by_name_per_second']:,}")),
    ("`allows_ids`, by number: 2,000,000 flows a second", _value("flows", "real", lambda line: f"{line['by_id_per_second']:,}")),
    ("`allows`, asked again: 2 µs", _value("flows", "real", lambda line: f"{line['allows_warm_microseconds']} µs")),
    ("`real`, one changed policy, after a first difference: what is other within 1 ms (p50) and 20 ms (p99)", _value("update", "real", _exact)),
    ("the same with its cause: 5 ms (p50)", _value("update", "real", _caused)),
    ("`netsim diff` of two `real` that differ in one file: 1.3 of a process that loads one", _value("diff-file", "real", _of_load_of("diff"))),
    ("of two `thousand` that differ in 3 % of the policies: 1.5 of a bare parse of both with --no-blame", _value("diff-many", "thousand", _of_parse("exact"))),
    ("with the edits to blame: 2.5", _value("diff-many", "thousand", _of_parse("caused"))),
    ("`real` with 200 ClusterNetworkPolicies of 25 rules each, compile and all pairs: 3 of `real` alone", _value("tiers", "real", _tiers)),
    ("`netsim reach --summary` of it, the whole process", _value("tiers", "real", _tier_summary)),
    ("`netsim reach -o json` of it: all that is so, which is most pairs", _value("tiers", "real", _tier_listing)),
    ("compile and all pairs of `quarter`, which costs less to begin with", _value("tiers", "quarter", _tiers)),
    ("`netsim check` of 1,000 expectations about `thousand`: 1.5 of a process that loads it", _value("check", "thousand", _of_load_of("check"))),
    ("an expectation about everybody in `real`, after all pairs: 0.5 s", _value("quantified", "real", _quantified)),
    ("the pytest plugin adds 30 ms to `pytest --collect-only` where it isn't used", _value("plugin", "one test", lambda line: f"{line['milliseconds']} ms (of {line['collect_seconds']} s)")),
    ("every hard shape within 10 s after parsing and 2 GB, or a limit that is told", _worst_shape),
    ("n, 2n, 4n: compiling grows no faster than n^1.1", _exponents),
)  # fmt: skip


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


SIZE_HEAD = ("size", "pods", "policies", "parse s", "whole", "engine", "engine s", "engine MiB")
SHAPE_HEAD = ("shape", "pods", "classes", "policies", "compile s", "all pairs s", "peak MiB")


def _size(line: Line) -> tuple[Cell, ...]:
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
    classes = ", ".join(f"{each:,}" for each in line["classes"])
    return f"Of {classes} classes: {_powers(line)}.\n"


def _shape(line: Line) -> tuple[Cell, ...]:
    seconds = line["seconds"]
    return (
        line["size"],
        line["pods"],
        line["classes"],
        line["policies"],
        round(seconds["compile"], 2),
        round(seconds["pairs"] + seconds["checksum"], 2),
        line["peak_mib"]["checksum"],
    )


def _shape_seconds(line: Line) -> float:
    return float(line["engine_seconds"])


def _limited(line: Line) -> tuple[Cell, ...]:
    return (line["size"], line["limit"]) if "limit" in line else ()


def _table(head: tuple[str, ...], rows: list[tuple[Cell, ...]]) -> str:
    filled = [(*row, *("" for _ in head[len(row) :])) for row in rows]
    listed = [head, tuple("---" for _ in head), *filled]
    return "".join(f"| {' | '.join(map(str, row))} |\n" for row in listed)
