"""A tiny size of every benchmark, so that they keep working. Nothing is said about seconds."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

import netsim
from benchmarks import __main__ as every
from benchmarks import (
    bench_can,
    bench_check,
    bench_diff,
    bench_flows,
    bench_reach,
    bench_tiers,
    bench_whole,
    phases,
    processes,
    table,
)
from benchmarks.changes import WAYS, changed_policy, policies_of, with_changes
from benchmarks.clusters import SIZES, Size, cluster, write_cluster, write_files, write_list
from benchmarks.parts import Manifest
from benchmarks.shapes import SHAPES
from benchmarks.tiers import ACTIONS, POLICIES, RULES, cluster_policies, write_tiers


def test_same_bytes_for_the_same_seed(tmp_path: Path) -> None:
    contents = []
    for name in ("once", "twice"):
        folder = tmp_path / name
        write_cluster(folder, SIZES["tiny"], seed=7)
        contents.append({f.relative_to(folder): f.read_bytes() for f in folder.rglob("*.yaml")})
    assert contents[0] == contents[1]
    assert len(contents[0]) == 1 + 3 * SIZES["tiny"].namespaces


def test_bench_can(capsys: pytest.CaptureFixture[str]) -> None:
    bench_can.main(["tiny", "1"])
    line = json.loads(capsys.readouterr().out)
    assert line["size"] == "tiny"
    assert line["ratio"] > 0
    assert line["netsim_peak_mib"] > 0


def test_bench_flows(capsys: pytest.CaptureFixture[str]) -> None:
    bench_flows.main(["tiny", "300"])
    line = json.loads(capsys.readouterr().out)
    assert line["size"] == "tiny"
    assert line["by_name_per_second"] > 0
    assert line["by_id_per_second"] > 0
    assert "a second by name" in table.written([line])


def test_bench_check(capsys: pytest.CaptureFixture[str]) -> None:
    for asked in (["quantified", "small"], ["plugin", "1"]):
        bench_check.main(asked)
    lines = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    assert [line["benchmark"] for line in lines] == ["quantified", "plugin"]
    assert lines[0]["slowest"] > 0


def test_bench_diff(capsys: pytest.CaptureFixture[str]) -> None:
    for asked in (["update", "tiny", "20"], ["file", "tiny", "1"], ["many", "small", "1"]):
        bench_diff.main(asked)
    update, file, many = map(json.loads, capsys.readouterr().out.splitlines())
    assert 0 < update["exact_p50"] <= update["exact_p90"] <= update["exact_p99"]
    assert update["exact_p50"] <= update["caused_p50"]
    assert file["changed"] == 1
    assert file["load_ratio"] > 0
    assert many["changed"] == 4
    assert min(many["exact_ratio"], many["caused_ratio"]) > 0


def test_so_many_policies_are_changed(tmp_path: Path) -> None:
    files = cluster(SIZES["small"])
    write_files(tmp_path / "old", files)
    write_files(tmp_path / "new", files)
    write_files(tmp_path / "new", with_changes(files, 20, Random(1)))
    old, new = netsim.load(tmp_path / "old"), netsim.load(tmp_path / "new")
    assert len(netsim.diff(old, new).edits) == 20
    assert len(new.policies) < len(old.policies)


def test_policies_are_changed_in_every_way() -> None:
    files, seen = cluster(SIZES["small"]), Counter[str]()
    for path, at in policies_of(files):
        old = files[path][at]
        new = changed_policy(old, Random(str(old["metadata"])))
        seen[_way(old, new)] += 1
    assert {*seen} == {*WAYS}, seen


def _way(old: Manifest, new: Manifest | None) -> str:
    if new is None:
        return "drop"
    ours, theirs = (
        next(each["spec"][key] for key in ("ingress", "egress") if key in each["spec"])
        for each in (old, new)
    )
    if len(theirs) > len(ours):
        return "add"
    return "loosen" if any("ports" not in rule for rule in theirs) else "tighten"


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


def test_bench_tiers(capsys: pytest.CaptureFixture[str]) -> None:
    bench_tiers.main(["tiny"])
    line = json.loads(capsys.readouterr().out)
    assert (line["policies"], line["rules"]) == (200, 25)
    assert line["engine_ratio"] > 0
    assert line["whole_ratio"] > 0


def test_policies_of_the_whole_cluster() -> None:
    """They are as many as they say, of both tiers and every action; some have the same priority."""
    written = cluster_policies(POLICIES, RULES)
    specs = [each["spec"] for each in written]
    rules = [[*spec["ingress"], *spec["egress"]] for spec in specs]
    assert written == cluster_policies(POLICIES, RULES)
    assert {len(listed) for listed in rules} == {RULES}
    assert len({each["metadata"]["name"] for each in written}) == POLICIES
    tiers = Counter(spec["tier"] for spec in specs)
    assert 0 < tiers["Baseline"] < tiers["Admin"] < POLICIES
    assert {rule["action"] for listed in rules for rule in listed} == {*ACTIONS}
    ranks = Counter((spec["tier"], spec["priority"]) for spec in specs)
    assert 0.8 * POLICIES < len(ranks) < POLICIES


def test_policies_of_the_whole_cluster_are_valid_and_decide(tmp_path: Path) -> None:
    """None decides everything, and most decide something: other answers come of leaving one out."""
    write_cluster(tmp_path, Size(39, 3))  # every team in every environment
    alone = netsim.compile_snapshot(netsim.load(tmp_path)).reach().checksum()
    write_tiers(tmp_path, 12)
    files = {"tiers": cluster_policies(12, RULES)}
    found = {alone, netsim.compile_snapshot(netsim.load(tmp_path)).reach().checksum()}
    for at in range(12):
        listed = [each for number, each in enumerate(files["tiers"]) if number != at]
        write_files(tmp_path, {"tiers": listed})
        found.add(netsim.compile_snapshot(netsim.load(tmp_path)).reach().checksum())
    assert len(found) > 2 + 12 // 2


def test_what_takes_too_long_is_ended() -> None:
    with pytest.raises(processes.TooLongError):
        processes.run([sys.executable, "-c", "import time; time.sleep(60)"], most_seconds=0.1)


def test_what_aims_are_measured_against() -> None:
    """Everything that is aimed at is measured, and told beside the aim."""
    lines = [
        *bench_reach.lines(["tiny", "small", "tiny"]),
        bench_whole.measured_list("tiny", 1),
        bench_whole.measured_listing("tiny", 1),
        bench_whole.measured_listing("small", 1),
        bench_reach.measured("flat=60"),
        {"benchmark": "reach-shape", "size": "endless", "limit": "more than 120 s"},
        bench_flows.measured("tiny", 300),
        bench_diff.measured_update("tiny", 5),
        bench_diff.measured_file("tiny", 1),
        {**bench_diff.measured_many("tiny", 1), "size": "thousand"},
        {**bench_check.measured_suite("tiny", 1), "size": "thousand"},
        bench_tiers.measured("tiny", 1),
        {**bench_tiers.measured("small", 1), "size": "quarter"},
        bench_check.measured_quantified("tiny"),
        bench_check.measured_plugin(1),
    ]
    sizes = {"tiny": "real", "small": "real"}
    as_asked = [
        {**line, "size": sizes.get(line.get("size", ""), line.get("size"))} for line in lines
    ]
    as_asked[5]["size"], as_asked[6]["size"] = "thousand", "ten-thousand"
    rows = table.written(as_asked).split("\n\n")[1].splitlines()
    assert len(rows) == 2 + len(table.AIMS)
    assert not [row for row in rows if table.NOT_MEASURED in row]
    assert table.written([]).count(table.NOT_MEASURED) == len(table.AIMS)


def test_table_has_a_row_for_each() -> None:
    limited = {"benchmark": "reach-shape", "size": "endless", "limit": "more than 120 s"}
    lines = [
        *bench_reach.lines(["tiny", "small", "tiny"]),
        bench_reach.measured("flat=60"),
        limited,
    ]
    written = table.written([bench_can.measured("tiny", 1), *lines])
    rows = [line.split(" | ") for line in written.splitlines() if line.startswith("| ")]
    first = [row[0] for row in rows if row[0] != "| ---"]
    assert first[1 + len(table.AIMS) :] == [
        *("| size", "| tiny", "| small", "| tiny"),
        *("| shape", "| flat=60", "| endless"),
    ]
    assert {len(row) for row in rows} == {2, 7, 8}
    assert "all pairs n^" in written


def test_the_list_is_the_same_cluster(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    write_cluster(tmp_path / "texts", SIZES["small"])
    write_list(tmp_path, SIZES["small"])
    texts = netsim.load(tmp_path / "texts")
    listed = netsim.load(tmp_path / "cluster.json")
    assert len(texts.policies) == 150
    assert phases.phases(str(tmp_path / "texts"))["checksum"] == (
        netsim.compile_snapshot(listed).reach().checksum()
    )


MANY: dict[str, Callable[[list[Manifest], list[Manifest]], int]] = {
    "unique-labels": lambda pods, _: len({str(pod["metadata"]["labels"]) for pod in pods}),
    "not-in": lambda _, policies: sum("NotIn" in str(policy["spec"]) for policy in policies),
    "select-all": lambda _, policies: sum(not each["spec"]["podSelector"] for each in policies),
    "selectors": lambda _, policies: len({str(each["spec"]["ingress"]) for each in policies}),
    "ports": lambda _, policies: len(_found("port", policies)),
    "cidrs": lambda _, policies: len(_found("cidr", policies)),
    "flat": lambda pods, _: len(pods) if len({_namespace(pod) for pod in pods}) == 1 else 0,
}


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_have_as_many_as_they_say(name: str) -> None:
    manifests = [*SHAPES[name].manifests(400)]
    pods, policies = (
        [each for each in manifests if each["kind"] == kind] for kind in ("Pod", "NetworkPolicy")
    )
    assert MANY[name](pods, policies) == 400


def _namespace(manifest: Manifest) -> str:
    return str(manifest["metadata"]["namespace"])


def _found(field: str, value: object) -> set[object]:
    """Every value under that field, at whatever depth."""
    if isinstance(value, list):
        return {found for item in value for found in _found(field, item)}
    if not isinstance(value, dict):
        return set()
    own = {value[field]} if field in value else set()
    return own | {found for item in value.values() for found in _found(field, item)}


def test_readme_has_a_place_for_the_table() -> None:
    assert every.TABLE.search(every.README.read_text(encoding="utf-8"))
