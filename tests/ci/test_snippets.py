"""The snippets of docs/ci.md, run as GitLab and make run them; and what it says of the action."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import fastjsonschema
import pytest
from git_repositories import commit, git
from published_schemas import hold_junit

from ci.action_runner import ROOT, action, run_action
from ci.ci_guide import GUIDE, block, yaml_block
from ci.mistaken_repository import POLICY, go_on, lay, make_mistake

OPENED = "opened 2 pairs; 1 edit\n"


@pytest.fixture(autouse=True)
def installed(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The netsim of these tests on the path, and nothing of the user's settings."""
    scripts = Path(sys.executable).parent
    monkeypatch.setenv("PATH", f"{scripts}{os.pathsep}{os.environ['PATH']}")
    for name in [name for name in os.environ if name.startswith(("NETSIM_", "GITHUB_", "MAKE"))]:
        monkeypatch.delenv(name)


def run(*command: str, **environ: str) -> tuple[int, str]:
    """The exit status, and all that it prints."""
    ran = subprocess.run(
        command,
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return ran.returncode, ran.stdout


def gitlab(**variables: str) -> tuple[int, str]:
    """Run the script of the job as GitLab's runner does: one shell for all its lines."""
    lines = ["set -eo pipefail", *yaml_block("GitLab")["netsim"]["script"]]
    return run("bash", "-c", "\n".join(lines), CI="true", GITLAB_CI="true", **variables)


def test_the_job_is_one_for_gitlab() -> None:
    text = (ROOT / "tests" / "schemas" / "gitlab-ci.json").read_text(encoding="utf-8")
    job = yaml_block("GitLab")
    fastjsonschema.compile(json.loads(text), use_default=False)(job)
    assert job["netsim"]["before_script"] == ["pip install netsim-k8s"]
    assert job["netsim"]["artifacts"]["reports"] == {"junit": "junit.xml"}


def test_gitlab_fails_for_a_mistake_and_reports_it() -> None:
    base = git("rev-parse", "HEAD")
    make_mistake()
    go_on()
    status, said = gitlab(CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert status == 1
    assert said.endswith(OPENED)
    report = Path("junit.xml").read_text(encoding="utf-8")
    hold_junit(report)
    assert 'failures="1"' in report


def test_gitlab_compares_a_merged_result_with_what_was_merged() -> None:
    base = git("rev-parse", "HEAD")
    make_mistake()
    go_on()
    target = git("rev-parse", "main")
    git("merge", "-q", "-m", "merge", "main")
    shas = {"CI_MERGE_REQUEST_TARGET_BRANCH_SHA": target, "CI_MERGE_REQUEST_DIFF_BASE_SHA": base}
    status, said = gitlab(**shas)
    assert status == 1
    assert said.endswith(OPENED)


def test_gitlab_passes_where_nothing_is_opened() -> None:
    base = git("rev-parse", "HEAD")
    Path("manifests/prom.yaml").rename("manifests/metrics.yaml")
    commit()
    status, said = gitlab(CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert status == 0, said
    hold_junit(Path("junit.xml").read_text(encoding="utf-8"))


def test_gitlab_fails_for_a_fault_alone() -> None:
    base = git("rev-parse", "HEAD")
    POLICY.write_text(POLICY.read_text().replace("podSelector:", "podSelectors:", 1))
    commit()
    status, said = gitlab(CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert status == 2
    assert said.count(f"{POLICY}:") >= 3  # of each command
    assert not Path("junit.xml").exists()


@pytest.fixture
def makefile(repository: Path) -> None:
    """The Makefile of the guide."""
    (repository / "Makefile").write_text(block("make", "Make"), encoding="utf-8")


@pytest.mark.needs_program("make")
@pytest.mark.usefixtures("makefile")
def test_make_passes_and_compares_what_is_not_committed() -> None:
    status, said = run("make", "netsim")
    assert status == 0, said
    lay("new")
    status, said = run("make", "netsim-diff")
    assert status == 2
    assert OPENED in said


@pytest.mark.needs_program("make")
@pytest.mark.usefixtures("makefile")
def test_make_stops_at_a_mistake_or_goes_on() -> None:
    make_mistake()
    go_on()
    status, said = run("make", "netsim")
    assert status == 2
    assert "0 of 1 expectation holds" in said
    assert OPENED not in said
    status, said = run("make", "-k", "netsim", "BASE=main")
    assert status == 2
    assert OPENED in said


def test_the_workflow_uses_the_action_as_it_is(tmp_path: Path) -> None:
    make_mistake()
    go_on()
    workflow = yaml_block("GitHub Actions")
    checkout, step = workflow["jobs"]["netsim"]["steps"]
    assert checkout == {"uses": "actions/checkout@v4"}
    job = run_action(tmp_path, {**step["with"], "base": "main"}, base_ref="")
    assert job.outputs == {"validate": "passed", "check": "failed", "diff": "failed"}


def test_the_guide_has_every_input_and_word_of_the_action() -> None:
    named = re.findall(r"^\| `([\w-]+)` \|", GUIDE, flags=re.MULTILINE)
    assert named == list(action()["inputs"])
    assert f"`{'`, `'.join(action()['outputs'])}`".replace("`, `diff`", "` and `diff`") in GUIDE
