"""The repository that CI is tried in: fixtures/diffs/dash-makes-and-an-or, and a suite.

The suite holds before the dash too many, and doesn't after it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from git_repositories import commit, git, start_repository

POLICY = Path("manifests/policy-api.yaml")
SUITE = """\
apiVersion: netsim.dev/v1
kind: Suite
metadata: {name: metrics}
expect:
- only: {from: ops/prom, to: shop/api, port: 8080}
"""
_VERSIONS = Path(__file__).parents[2] / "fixtures" / "diffs" / "dash-makes-and-an-or"


def start_with_suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The repository before the mistake, all of it committed to `main`; it is the current folder."""
    here = start_repository(tmp_path, monkeypatch)
    lay("common")
    lay("old")
    (here / "suites").mkdir()
    (here / "suites" / "metrics.yaml").write_text(SUITE, encoding="utf-8")
    commit()
    return here


def lay(version: str) -> None:
    """Put the manifests of a version there, as files of now: git goes by their times."""
    folder = Path("manifests")
    shutil.copytree(_VERSIONS / version, folder, copy_function=shutil.copyfile, dirs_exist_ok=True)


def make_mistake() -> None:
    """A branch `dash` with the mistake; it is checked out."""
    git("checkout", "-q", "-b", "dash")
    lay("new")
    commit()


def go_on() -> None:
    """Something else that closes, on `main`; what was checked out is again."""
    git("checkout", "-q", "main")
    Path("manifests/ops-prom.yaml").unlink()
    commit()
    git("checkout", "-q", "-")


def merge_mistake() -> None:
    """The mistake merged into `main`, as GitHub does to try a pull request; no branch has it."""
    make_mistake()
    git("checkout", "-q", "--detach", "main")
    git("merge", "-q", "--no-ff", "-m", "merge", "dash")


def check_out(origin: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, depth: int = 1) -> None:
    """What actions/checkout does with HEAD of the origin; depth 0 is everything."""
    head = git("rev-parse", "HEAD")
    workspace = folder / "workspace"
    workspace.mkdir()
    monkeypatch.chdir(workspace)
    git("init", "-q")
    git("remote", "add", "origin", origin.as_uri())
    if depth:
        git("fetch", "-q", "--no-tags", f"--depth={depth}", "origin", f"+{head}:refs/remotes/pull")
    else:
        git("fetch", "-q", "origin", "+refs/heads/*:refs/remotes/origin/*", f"+{head}:refs/pull")
    git("checkout", "-q", "--force", head)
