"""Repositories as the current folder of a test."""

from __future__ import annotations

from pathlib import Path

import pytest
from git_repositories import git

from ci.mistaken_repository import check_out, merge_mistake, start_with_suite


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with manifests, and a suite that holds; any of its commits can be fetched."""
    here = start_with_suite(tmp_path, monkeypatch)
    git("config", "uploadpack.allowAnySHA1InWant", "true")
    return here


@pytest.fixture
def pull_request(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is checked out of a pull request with the mistake."""
    merge_mistake()
    check_out(repository, tmp_path, monkeypatch)
