"""Every scenario of fixtures/cases, through the Python API and through the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import case_files
import pytest
from case_files import Probe, Step

import netsim
from netsim.cli.main import main
from netsim.errors import FaultType, Severity

READ = {path.stem: case_files.read_case(path) for path in case_files.FILES}
ASKING = [name for name, case in READ.items() if {"probes", "matrix", "steps"} & case.keys()]
TIERED = [path.stem for path in case_files.FILES if "tiers" in path.parts and path.stem in ASKING]
REFUSED = [name for name, case in READ.items() if "expect_error" in case]
VALID = [name for name, case in READ.items() if case.get("valid")]


def _first_of_each_folder(names: list[str]) -> list[str]:
    first: dict[Path, str] = {}
    for path in case_files.FILES:
        if path.stem in names:
            first.setdefault(path.parent, path.stem)
    return list(first.values())


def test_every_case_asserts_something_and_is_named_like_its_file() -> None:
    assert len(READ) == len(case_files.FILES)
    assert READ.keys() == {case["id"] for case in READ.values()}
    assert READ.keys() == {*ASKING, *REFUSED, *VALID}


@pytest.mark.parametrize("name", ASKING)
def test_verdicts_from_python(name: str) -> None:
    semantics = case_files.semantics_of(READ[name])
    for step in case_files.steps_of(READ[name]):
        snapshot = netsim.loads(step.manifests, semantics=semantics)
        wrong = [str(probe) for probe in step.probes if _ask(snapshot, probe) != probe.allowed]
        assert not wrong


def _ask(snapshot: netsim.Snapshot, probe: Probe) -> bool:
    return netsim.can(
        snapshot, probe.source, probe.destination, probe.port, protocol=probe.protocol
    ).allowed


@pytest.mark.parametrize("name", TIERED)
def test_the_engine_says_the_same_for_the_same_reasons(name: str) -> None:
    semantics = case_files.semantics_of(READ[name])
    for step in case_files.steps_of(READ[name]):
        snapshot = netsim.loads(step.manifests, semantics=semantics)
        by_reference = netsim.Questions(snapshot)
        program = netsim.compile_snapshot(snapshot)
        for probe in step.probes:
            question = probe.source, probe.destination, probe.port, probe.protocol
            expected = by_reference.can(*question[:3], protocol=probe.protocol)
            assert program.verdict(*question) == expected, probe
            assert program.allows(*question) == expected.allowed, probe


@pytest.mark.parametrize("name", ASKING)
def test_verdicts_from_the_command_line(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for step in case_files.steps_of(READ[name]):
        assert main(_command_line(READ[name], step, tmp_path)) == 0
        _compare(step, capfd.readouterr().out)


@pytest.mark.parametrize("name", _first_of_each_folder(ASKING))
def test_verdicts_from_a_process(name: str, tmp_path: Path) -> None:
    for step in case_files.steps_of(READ[name]):
        command = [sys.executable, "-m", "netsim", *_command_line(READ[name], step, tmp_path)]
        finished = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
        _compare(step, finished.stdout)


def _command_line(case: dict[str, Any], step: Step, folder: Path) -> list[str]:
    manifests, flows = folder / "manifests.yaml", folder / "flows.jsonl"
    manifests.write_bytes(step.manifests.encode())
    flows.write_text("".join(json.dumps(probe.keys()) + "\n" for probe in step.probes))
    return ["can", "-f", str(manifests), "--flows", str(flows), *_settings(case)]


def _settings(case: dict[str, Any]) -> list[str]:
    changed = case_files.semantics_of(case).changed()
    return [word for name, text in changed.items() for word in ("--set", f"{name}={text}")]


def _compare(step: Step, out: str) -> None:
    rows = [line.split("\t") for line in out.splitlines()]
    assert len(rows) == len(step.probes)
    # A workload whose pods differ is `mixed`: not all of it is allowed (WL-11).
    wrong = [
        f"{row[0]} {probe}"
        for row, probe in zip(rows, step.probes, strict=True)
        if row[0] not in (("allow",) if probe.allowed else ("deny", "mixed"))
    ]
    assert not wrong


@pytest.mark.parametrize("name", REFUSED)
def test_faults_from_python(name: str) -> None:
    case = READ[name]
    with pytest.raises(netsim.InputError) as caught:
        netsim.loads(case["manifests"], semantics=case_files.semantics_of(case))
    errors = [d for d in caught.value.diagnostics if d.severity is Severity.ERROR]
    assert {(d.path, d.type.value) for d in errors} == _expected_faults(case)


@pytest.mark.parametrize("name", REFUSED)
def test_faults_from_the_command_line(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(_validation(READ[name], tmp_path)) in (1, 2)
    _compare_faults(READ[name], capfd.readouterr().out)


@pytest.mark.parametrize("name", _first_of_each_folder(REFUSED))
def test_faults_from_a_process(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "netsim", *_validation(READ[name], tmp_path)]
    finished = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert finished.returncode in (1, 2)
    _compare_faults(READ[name], finished.stdout)


def _validation(case: dict[str, Any], folder: Path) -> list[str]:
    file = folder / "manifests.yaml"
    file.write_bytes(case["manifests"].encode())
    return ["validate", "-f", str(file), "-o", "json", *_settings(case)]


def _compare_faults(case: dict[str, Any], out: str) -> None:
    found = [item for item in json.loads(out)["diagnostics"] if item["severity"] == "error"]
    assert {(item["path"], item["type"]) for item in found} == _expected_faults(case)


def _expected_faults(case: dict[str, Any]) -> set[tuple[str, str]]:
    types = {kind.value for kind in FaultType}
    assert all(fault["type"] in types for fault in case["expect_error"])
    return {(fault["field"], fault["type"]) for fault in case["expect_error"]}


@pytest.mark.parametrize("name", VALID)
def test_no_fault_is_found(name: str) -> None:
    case = READ[name]
    snapshot = netsim.loads(case["manifests"], semantics=case_files.semantics_of(case))
    assert not [d for d in snapshot.diagnostics if d.severity is Severity.ERROR]
