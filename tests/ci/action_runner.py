"""Runs the steps of action.yml as a runner of GitHub Actions does, as far as that goes without it.

The scripts run with bash, each with the environment and the files of its step. A step that uses
another action isn't run: it is kept, with what it would be given.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ci.expressions import filled, holds

ROOT = Path(__file__).parents[2]
_INSTALL = "Install netsim"


@dataclass
class Job:
    """What came of the steps."""

    failed: bool = False
    # By the name of a step that ran: what it wrote to its log.
    logs: dict[str, str] = field(default_factory=dict)
    summary: str = ""
    # By the `uses` of a step, and the name of a step.
    used: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)

    @property
    def annotations(self) -> list[str]:
        """The workflow commands of all steps, in order."""
        lines = "".join(self.logs.values()).splitlines()
        return [line for line in lines if line.startswith("::")]

    @property
    def titles(self) -> list[str]:
        """Of the annotations, what they are and where, without their texts."""
        return [line[2:].split("::")[0] for line in self.annotations]


@cache
def action() -> dict[str, Any]:
    """What action.yml says."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    return found


def environment(folder: Path, **github: str) -> dict[str, str]:
    """What all steps see of a runner with its temporary files in a folder."""
    temporary = folder / "runner-temp"
    temporary.mkdir(exist_ok=True)
    ours = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith(("GITHUB_", "NETSIM_", "RUNNER_", "INPUT_"))
    }
    return {
        **ours,
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_WORKSPACE": str(Path.cwd()),
        "RUNNER_TEMP": str(temporary),
        **{f"GITHUB_{name.upper()}": text for name, text in github.items()},
    }


def run_action(folder: Path, inputs: Mapping[str, str], **github: str) -> Job:
    """Run the action in the current folder, as what a workflow has checked out.

    Instead of the step that installs netsim, the one that these tests run with is put where that
    would have put it. `folder` is for files of the runner.
    """
    assert inputs.keys() <= action()["inputs"].keys()
    defaults = {name: each["default"] for name, each in action()["inputs"].items()}
    given = {**defaults, **inputs}
    job = Job()
    names = {"inputs": given, "github": github, "steps": job.steps}
    for step in action()["runs"]["steps"]:
        if not holds(step.get("if", "'true'"), names, failed=job.failed):
            continue
        filled_in = {name: filled(text, names) for name, text in _given(step).items()}
        if "uses" in step:
            job.used[step["uses"], step["name"]] = filled_in
        elif step["name"] == _INSTALL:
            job.steps[step["id"]] = {
                "outcome": "success",
                "outputs": {"folder": str(_installed(folder))},
            }
        else:
            run_step(job, step, {**environment(folder, **github), **filled_in}, folder)
    job.outputs = {name: filled(each["value"], names) for name, each in action()["outputs"].items()}
    return job


def run_step(job: Job, step: dict[str, Any], environ: dict[str, str], folder: Path) -> None:
    """Run the script of a step, and add to the job what came of it."""
    files = {name: folder / name for name in ("script", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for path in files.values():
        path.write_text("", encoding="utf-8")
    files["script"].write_text(step["run"], encoding="utf-8")
    assert step["shell"] == "bash"
    ran = subprocess.run(
        ("bash", "--noprofile", "--norc", "-eo", "pipefail", files["script"]),
        env={**environ, **{name: str(path) for name, path in files.items()}},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
    )
    job.failed = job.failed or ran.returncode != 0
    job.logs[step["name"]] = ran.stdout
    job.summary += files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
    lines = files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines()
    job.steps[step.get("id", step["name"])] = {
        "outcome": "failure" if ran.returncode else "success",
        "outputs": dict(line.split("=", 1) for line in lines),
    }


def step_named(name: str) -> dict[str, Any]:
    """A step of action.yml."""
    [found] = (step for step in action()["runs"]["steps"] if step["name"] == name)
    return dict(found)


def _given(step: dict[str, Any]) -> dict[str, str]:
    """What a step is given: its environment, or the inputs of the action that it uses."""
    found: dict[str, str] = step.get("env") or step.get("with") or {}
    return found


def _installed(folder: Path) -> Path:
    """A folder as the step that installs netsim leaves it."""
    made = folder / "installed"
    scripts = made / "venv" / "bin"
    scripts.mkdir(parents=True)
    (scripts / "netsim").symlink_to(Path(sys.executable).parent / "netsim")
    return made
