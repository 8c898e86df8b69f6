"""A tiny size of every benchmark, so that they keep working. Nothing is said about seconds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import bench_can
from benchmarks.clusters import SIZES, write_cluster


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
