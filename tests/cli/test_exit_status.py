"""Every way out of the program (DESIGN 3b)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from netsim.cli.main import main

NETSIM = [sys.executable, "-m", "netsim"]

FAULTY = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: faulty, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingres]}
"""
BY_ADDRESS = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]
"""


def add(manifests: Path, text: str) -> None:
    manifests.write_text(manifests.read_text() + text)


def test_0_allowed(ask: list[str]) -> None:
    assert main([*ask, "shop/web", "shop/db", "5432"]) == 0


def test_1_denied(ask: list[str]) -> None:
    assert main([*ask, "shop/web", "shop/db", "5433"]) == 1


def test_1_partly_allowed(ask: list[str]) -> None:
    assert main([*ask, "shop/*", "shop/db", "5432-5433"]) == 1


@pytest.mark.parametrize(
    "args",
    [
        ["shop/web", "shop/dv", "5432"],
        ["shop/web", "shop/db"],
        ["shop/web"],
        ["shop/web", "shop/db", "1", "2"],
        ["shop/web", "shop/db", "5432", "--flows", "-"],
        ["shop/web", "shop/db", "5432", "-o", "jsonl"],
        ["--flows", "nowhere"],
        ["--flows", "-", "-f", "-"],
        ["--flows", "-", "-o", "json"],
        ["shop/web", "shop/db", "5432", "--fail-on", "deny"],
        ["shop/web", "shop/db", "5432", "--wrong"],
        ["shop/web", "shop/db", "5432", "--set", "wrong=1"],
        ["shop/web", "shop/db", "5432", "--profile", "wrong"],
        ["shop/web", "shop/db", "5432", "-f", "nowhere"],
    ],
)
def test_2_the_question_or_the_input_is_at_fault(
    args: list[str], ask: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*ask, *args]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err
    assert "internal" not in captured.err


def test_2_faulty_manifests(ask: list[str], manifests: Path) -> None:
    add(manifests, FAULTY)
    assert main([*ask, "shop/web", "shop/db", "5432"]) == 2


@pytest.mark.parametrize("port", ["5432", "5433"])
def test_3_something_left_out_could_change_the_answer(
    port: str, ask: list[str], manifests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(manifests, FAULTY)
    assert main([*ask, "--keep-going", "shop/web", "shop/db", port]) == 3
    captured = capsys.readouterr()
    assert "\nincomplete: " in captured.out
    assert captured.err.endswith("warning: going on without 1 faulty object\n")


def test_3_an_assumption_under_strict(ask: list[str], manifests: Path) -> None:
    add(manifests, BY_ADDRESS)
    question = [*ask, "shop/db", "shop/web", "80"]
    assert main(question) == 1
    assert main([*question, "--strict"]) == 3


def test_2_an_internal_fault_in_one_line(
    ask: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("x\n\x1b[2J")

    monkeypatch.setattr("netsim.cli.can.load", broken)
    monkeypatch.delenv("NETSIM_DEBUG", raising=False)
    assert main([*ask, "shop/web", "shop/db", "1"]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("internal error: KeyError: ")
    assert "report" in captured.err
    assert captured.err.count("\n") == 1
    assert "\x1b" not in captured.err
    monkeypatch.setenv("NETSIM_DEBUG", "1")
    assert main([*ask, "shop/web", "shop/db", "1"]) == 2
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        (MemoryError(), "error: out of memory\n"),
        (OSError(28, "No space left on device"), "error: no space left on device\n"),
    ],
)
def test_2_the_machine_is_at_fault(
    fault: Exception,
    complaint: str,
    ask: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr("netsim.cli.can.load", broken)
    assert main([*ask, "shop/web", "shop/db", "1"]) == 2
    assert capsys.readouterr().err == complaint


def test_2_a_full_disk(ask: list[str]) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full, which this system has not")
    with Path("/dev/full").open("w") as full:
        command = [*NETSIM, *ask, "shop/web", "shop/db", "5432"]
        finished = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert finished.returncode == 2
    assert finished.stderr == "error: no space left on device\n"


@pytest.mark.parametrize(
    ("closing", "status", "complaint"),
    [
        (">&-", 2, "error: standard output is closed\n"),
        ("2>&-", 1, ""),
        ("<&-", 1, ""),
        ("--flows - <&-", 2, "<stdin>: standard input is closed\n"),
    ],
)
def test_closed_streams(closing: str, status: int, complaint: str, ask: list[str]) -> None:
    question = "" if "--flows" in closing else "shop/web shop/db 1"
    command = f'"{sys.executable}" -m netsim {" ".join(ask)} {question} {closing}'
    finished = subprocess.run(["sh", "-c", command], capture_output=True, text=True)
    assert finished.returncode == status
    assert finished.stderr.partition("  help")[0] == complaint


def test_130_ctrl_c(ask: list[str]) -> None:
    with subprocess.Popen(
        [*NETSIM, *ask, "--flows", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write('{"from": "shop/web", "to": "shop/db", "port": 5432}\n')
        process.stdin.flush()
        # The answer is there before the next question: now netsim waits.
        assert process.stdout.readline().startswith("allow\t")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors


@pytest.mark.parametrize("args", [["--help"], ["can", "--help"], ["config"]])
def test_141_a_closed_pipe(args: list[str], tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        finished = subprocess.run(
            [*NETSIM, *args], stdout=writer, stderr=subprocess.PIPE, text=True, cwd=tmp_path
        )
    finally:
        os.close(writer)
    assert (finished.returncode, finished.stderr) == (141, "")


def test_141_the_reader_of_many_answers_goes(ask: list[str], tmp_path: Path) -> None:
    flows = tmp_path / "flows.csv"
    flows.write_text("from,to,port\n" + "shop/web,shop/db,5432\n" * 5000)
    with subprocess.Popen(
        [*NETSIM, *ask, "--flows", str(flows)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read()
    assert (process.returncode, errors) == (141, b"")
