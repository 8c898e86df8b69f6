"""A tiny size of every benchmark, so that they keep working. Nothing is said about seconds."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks import __main__ as table
from benchmarks import bench_can, bench_flows, bench_reach, processes
from benchmarks.clusters import SIZES, write_cluster
from benchmarks.shapes import SHAPES


def test_same_bytes_for_the_same_seed(tmp_path: Path) -> None:
    contents = []
    for name in ("once", "twice"):
        folder = tmp_path / name
        write_cluster(folder, SIZES["tiny"], seed=7)
        contents.append({f.relative_to(folder): f.read_bytes() for f in folder.rglob("*.yaml")})
    assert contents[0] == contents[1]
    assert len(contents[0]) == 1 + 3 * (3 + SIZES["tiny"].namespaces)


def test_bench_can(capsys: pytest.CaptureFixture[str]) -> None:
    bench_can.main(["tiny", "1"])
    line = json.loads(capsys.readouterr().out)
    assert line["size"] == "tiny"
    assert line["ratio"] > 0
    assert line["netsim_peak_mib"] > 0


def test_bench_flows(capsys: pytest.CaptureFixture[str]) -> None:
    bench_flows.main(["tiny", "5000"])
    line = json.loads(capsys.readouterr().out)
    assert line["size"] == "tiny"
    assert line["by_name_per_second"] > 0
    assert line["by_id_per_second"] > 0
    assert "a second by name" in table.written([line])


def test_bench_reach(capsys: pytest.CaptureFixture[str]) -> None:
    bench_reach.main(["tiny", "small", "tiny"])
    *measures, growth = map(json.loads, capsys.readouterr().out.splitlines())
    assert [line["size"] for line in measures] == ["tiny", "small", "tiny"]
    assert measures[0]["checksum"] == measures[2]["checksum"]
    assert growth["classes"][1] > growth["classes"][0]


@pytest.mark.parametrize("name", SHAPES)
def test_hard_shapes(name: str) -> None:
    line = bench_reach.measured(f"{name}=60")
    assert line["classes"] > 1
    assert line["pairs"] > 0


def test_what_takes_too_long_is_ended() -> None:
    with pytest.raises(processes.TooLongError):
        processes.run([sys.executable, "-c", "import time; time.sleep(60)"], most_seconds=0.1)


def test_table_has_a_row_for_each() -> None:
    limited = {"benchmark": "reach-shape", "size": "endless", "limit": "more than 120 s"}
    lines = [
        *bench_reach.lines(["tiny", "small", "tiny"]),
        bench_reach.measured("flat=60"),
        limited,
    ]
    written = table.written([bench_can.measured("tiny", 1), *lines])
    rows = [line.split(" | ") for line in written.splitlines() if line.startswith("| ")]
    assert [row[0] for row in rows if row[0] != "| ---"] == [
        *("| size", "| tiny", "| small", "| tiny"),
        *("| shape", "| flat=60", "| endless"),
    ]
    assert {len(row) for row in rows} == {8, 6}
    assert "grows as n^" in written


def test_readme_has_a_place_for_the_table() -> None:
    assert table.TABLE.search(table.README.read_text(encoding="utf-8"))
