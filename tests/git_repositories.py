"""Small git repositories for tests, whatever the user's git is set to."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest


def start_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository with the branch `main`; it is the current folder from now on."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "somebody")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "somebody@example.com")
    here = tmp_path / "repository"
    here.mkdir()
    monkeypatch.chdir(here)
    git("init", "-q", "-b", "main")
    return here


def git(*arguments: str) -> str:
    """What git says, without blanks around it."""
    ran = subprocess.run(("git", *arguments), check=True, capture_output=True, text=True)
    return ran.stdout.strip()


def commit(message: str = "more") -> str:
    """Commit everything that is there; the id of the commit."""
    git("add", "--all")
    git("commit", "-q", "--allow-empty", "-m", message)
    return git("rev-parse", "HEAD")
