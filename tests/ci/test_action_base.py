"""What the action compares with, in clones with all of the past (depth 0) and with one commit."""

from __future__ import annotations

from pathlib import Path

import pytest
from git_repositories import commit, git

from ci.action_runner import run_action
from ci.mistaken_repository import check_out, go_on, lay, make_mistake, merge_mistake

MANIFESTS = {"manifests": "manifests"}
OPENED = "### Reachability: opened 2 pairs; 1 edit\n"


@pytest.mark.parametrize("depth", [0, 1])
def test_what_others_did_to_the_base_is_not_compared(
    depth: int, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge_mistake()
    go_on()
    check_out(repository, tmp_path, monkeypatch, depth)
    job = run_action(tmp_path, MANIFESTS, base_ref="main")
    assert OPENED in job.summary


def test_a_branch_is_compared_with_where_it_branched_off(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_mistake()
    check_out(repository, tmp_path, monkeypatch)
    job = run_action(tmp_path, {**MANIFESTS, "base": "main"}, base_ref="")
    assert OPENED in job.summary


@pytest.mark.parametrize("depth", [0, 1])
def test_a_base_can_be_a_commit(
    depth: int, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = git("rev-parse", "HEAD")
    make_mistake()
    check_out(repository, tmp_path, monkeypatch, depth)
    job = run_action(tmp_path, {**MANIFESTS, "base": before}, base_ref="")
    assert OPENED in job.summary


@pytest.mark.parametrize("depth", [0, 1])
def test_without_a_common_past_the_base_is_compared_as_it_is(
    depth: int, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("checkout", "-q", "--orphan", "anew")
    lay("new")
    commit()
    check_out(repository, tmp_path, monkeypatch, depth)
    job = run_action(tmp_path, MANIFESTS, base_ref="main")
    assert "notice title=netsim diff" in job.titles
    assert OPENED in job.summary


@pytest.mark.parametrize("depth", [0, 1])
def test_a_base_that_is_not_there_is_trouble(
    depth: int, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge_mistake()
    check_out(repository, tmp_path, monkeypatch, depth)
    job = run_action(tmp_path, MANIFESTS, base_ref="mian")
    assert job.outputs == {"validate": "passed", "check": "skipped", "diff": "trouble"}
    assert "::error title=netsim diff::The base isn't here." in job.logs["Compare with the base"]
