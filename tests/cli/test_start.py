"""What is loaded, and how the program names and completes itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from netsim.cli.commands import COMMANDS, ROOT
from netsim.cli.main import main

# netsim imports them where they are needed, and a plain question doesn't.
NEVER = {
    "networkx",
    "numpy",
    "rich",
    "watchdog",
    "difflib",
    "tomllib",
    "subprocess",
    "hashlib",
    "traceback",
}


def loaded(*args: str) -> set[str]:
    command = [sys.executable, "-X", "importtime", "-m", "netsim", *args]
    finished = subprocess.run(command, capture_output=True, encoding="utf-8")
    lines = (line for line in finished.stderr.splitlines() if line.startswith("import time:"))
    return {line.rpartition("|")[2].strip() for line in lines}


def loaded_by_check(manifests: Path, expectation: str) -> set[str]:
    suite = manifests.with_name("suite.yaml")
    head = "apiVersion: netsim.dev/v1\nkind: Suite\nmetadata: {name: shop}\n"
    suite.write_text(f"{head}expect:\n- {expectation}\n")
    return loaded("check", suite.name, "--filename", manifests.name)


def test_a_question_loads_nothing_that_it_does_not_need(manifests: Path) -> None:
    # Not `-f`: for an option of one letter click looks for near long ones, with difflib.
    found = loaded("can", "--filename", manifests.name, "shop/web", "shop/db", "5432")
    assert "netsim.reference.decide" in found
    assert found & (NEVER | {"textwrap", "json"}) == set()
    assert found & {"netsim.report.sarif", "netsim.report.rows", "netsim.source.flows"} == set()


def test_a_check_that_holds_loads_what_judging_needs(manifests: Path) -> None:
    found = loaded_by_check(manifests, "allow: {from: shop/web, to: shop/db, port: 5432}")
    assert "netsim.suites.pairs" in found
    assert found & (NEVER | {"yaml", "json"}) == set()
    tiers = {"netsim.compiler.overlay", "netsim.compiler.walk", "netsim.engine.beyond"}
    tiers |= {"netsim.engine.overruling", "netsim.dialects.tiers.lower"}
    reasons = {"netsim.analysis.query", "netsim.engine.explain"}
    reasons |= {"netsim.model.verdict", "netsim.model.profiles", "netsim.report.text", "shlex"}
    listings = {"netsim.engine.flows", "netsim.engine.counts", "netsim.engine.parties"}
    assert found & (tiers | reasons | listings) == set()


def test_help_loads_click_and_little_else(folder: Path) -> None:
    found = loaded("--help")
    assert found & (NEVER | {"yaml", "json"}) == set()
    assert {name for name in found if name.startswith("netsim.")} == {
        "netsim.cli",
        "netsim.cli.commands",
        "netsim.cli.main",
        "netsim.cli.output",
        "netsim.errors",
        "netsim.model",
        "netsim.model.nearest",
        "netsim.report",
        "netsim.report.diagnostics_text",
        "netsim.report.style",
        "netsim.source",
        "netsim.source.collector",
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_each_command(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith(f"Usage: netsim {name} ")
    assert captured.err == ""
    assert main([name, "-h"]) == 0


def test_help_names_each_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(f"  {name} " in text and summary in text for name, summary in COMMANDS.items())


def test_no_command_at_all_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("Usage: ")


def test_a_misspelt_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validat"]) == 2
    assert capsys.readouterr().err == (
        "error: there is no command `validat`\n  help: did you mean `validate`?\n"
    )


def test_a_misspelt_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["can", "--flow", "x"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: no such option")
    assert "--flows" in error
    assert error.endswith("help: see `netsim can --help`\n")


@pytest.mark.parametrize(
    ("args", "help"),
    [(["can", "-f"], " can"), (["diff", "--git"], " diff"), (["-f"], ""), (["--nosuch"], "")],
)
def test_help_is_that_of_the_command(
    args: list[str], help: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(args) == 2
    assert capsys.readouterr().err.endswith(f"{help} --help`\n")


def test_what_click_quotes_is_code_and_an_apostrophe_is_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["can", "--flows", "-", "-f", "-"]) == 2
    assert "questions can't both come" in capsys.readouterr().err
    assert main(["can", "-o", "xml"]) == 2
    assert "`xml` is not one of `text`, `json`, `jsonl`\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/usr/bin/netsim", "netsim"),
        ("/usr/bin/kubectl-netsim", "kubectl netsim"),
        ("/lib/netsim/__main__.py", "python -m netsim"),
    ],
)
def test_it_goes_by_the_name_that_it_was_called_by(
    path: str, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [path, "can", "--help"])
    assert main() == 0
    assert capsys.readouterr().out.startswith(f"Usage: {name} can ")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    name, version = capsys.readouterr().out.split()
    assert name == "netsim"
    assert version[0].isdigit()


def test_shell_completion() -> None:
    def complete(**variables: str) -> str:
        environment = {**os.environ, **variables}
        command = [sys.executable, "-m", "netsim"]
        return subprocess.run(command, env=environment, capture_output=True, text=True).stdout

    assert "netsim" in complete(_NETSIM_COMPLETE="zsh_source")
    words = {"_NETSIM_COMPLETE": "bash_complete", "COMP_CWORD": "1", "COMP_WORDS": "netsim v"}
    assert complete(**words) == "plain,validate\n"


def test_each_command_has_the_name_that_it_is_called_by() -> None:
    context = ROOT.make_context("netsim", ["can"])
    for name in COMMANDS:
        command = ROOT.get_command(context, name)
        assert command is not None
        assert command.name == name


def test_a_check_loads_nothing_that_it_does_not_need(manifests: Path) -> None:
    found = loaded_by_check(manifests, "deny: {from: shop/web, to: shop/db, port: 80}")
    assert "netsim.suites.pairs" in found
    assert found & (NEVER | {"json"}) == set()
    assert not [name for name in found if name.startswith("netsim.changes")]
    formats = {name for name in found if name.startswith("netsim.report.check_")}
    assert formats == {f"netsim.report.check_{name}" for name in ("formats", "told", "text")}


def test_reasons_where_there_are_no_tiers(manifests: Path) -> None:
    found = loaded_by_check(manifests, "allow: {from: shop/web, to: shop/db, port: 80}")
    assert "netsim.engine.explain" in found
    assert found & {"netsim.engine.ranked", "netsim.engine.tier_walk"} == set()
