"""The hooks of .pre-commit-hooks.yaml, run by pre-commit as docs/ci.md says to use them.

All is as a user has it, but that what pip would fetch is already there: pre-commit clones netsim,
makes a Python environment, builds and installs netsim into it, and is run by `git commit`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from git_repositories import git

from ci.ci_guide import yaml_block
from ci.mistaken_repository import POLICY, lay
from ci.offline_pip import offline

ROOT = Path(__file__).parents[2]
PRE_COMMIT = (sys.executable, "-m", "pre_commit")
HOOKS = ROOT / ".pre-commit-hooks.yaml"


def use(revision: str, repository: Path) -> None:
    """Write the configuration of docs/ci.md for a clone of netsim, and let git run its hooks."""
    configuration = yaml_block("pre-commit")
    [repo] = configuration["repos"]
    repo |= {"repo": repository.as_uri(), "rev": revision}
    Path(".pre-commit-config.yaml").write_text(yaml.safe_dump(configuration), encoding="utf-8")
    subprocess.run((*PRE_COMMIT, "install"), check=True, capture_output=True)


def publish(folder: Path) -> str:
    """What pre-commit needs of netsim's repository, as one; the commit."""
    folder.mkdir()
    shutil.copytree(
        ROOT / "netsim", folder / "netsim", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in (HOOKS.name, "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    subprocess.run(("git", "init", "-q", folder), check=True)
    for words in (("add", "--all"), ("commit", "-q", "-m", "netsim")):
        subprocess.run(("git", "-C", folder, *words), check=True)
    return git("-C", str(folder), "rev-parse", "HEAD")


def try_commit() -> tuple[bool, str]:
    """Commit everything: whether the hooks let it pass, and what they say."""
    git("add", "--all")
    ran = subprocess.run(
        ("git", "commit", "-m", "edited"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return ran.returncode == 0, ran.stdout


def test_hooks_are_hooks() -> None:
    subprocess.run((*PRE_COMMIT, "validate-manifest", HOOKS), check=True)


@pytest.mark.usefixtures("repository")
def test_hooks_are_run_by_git_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in offline(tmp_path / "packages").items():
        monkeypatch.setenv(name, text)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    monkeypatch.setenv("VIRTUALENV_OVERRIDE_APP_DATA", str(tmp_path / "virtualenv"))
    monkeypatch.setenv("VIRTUALENV_NO_PERIODIC_UPDATE", "1")  # of what it brings: over the network
    use(publish(tmp_path / "netsim"), tmp_path / "netsim")

    passed, said = try_commit()
    assert passed, said
    assert said.count("Passed") == 2

    right = POLICY.read_text(encoding="utf-8")
    lay("new")
    passed, said = try_commit()
    assert not passed
    assert said.count("Passed") == said.count("Failed") == 1
    assert "fail  only ops/prom -> shop/api 8080/tcp  (suites/metrics.yaml:5:3)" in said

    POLICY.write_text(right.replace("podSelector", "podSelectors"), encoding="utf-8")
    passed, said = try_commit()
    assert not passed
    assert said.count("Failed") == 2
    assert f"{POLICY}:5:3: " in said

    # A file that is deleted is none that pre-commit tells of.
    POLICY.unlink()
    passed, said = try_commit()
    assert not passed
    assert "fail  only ops/prom -> shop/api 8080/tcp" in said

    POLICY.write_text(right + "# edited\n", encoding="utf-8")
    Path("notes.txt").write_text("nothing for validate to look at", encoding="utf-8")
    passed, said = try_commit()
    assert passed, said
